"""A mouse over a plane, in data units."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class Hand:
    """A mouse over a plane, in data units."""

    def __init__(self, plane, qtbot):
        self.plane, self.qtbot = plane, qtbot

    def at(self, x, y):
        return self.plane.to_widget(x, y).toPoint()

    def press(self, x, y, button=LEFT, modifier=NONE):
        self.qtbot.mousePress(self.plane.viewport(), button, modifier, self.at(x, y))

    def move(self, x, y, buttons=LEFT, modifier=NONE):
        place = QPointF(self.at(x, y))
        held = Qt.MouseButton.NoButton if buttons is None else buttons
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            self.plane.viewport().mapToGlobal(place),
            Qt.MouseButton.NoButton,
            held,
            modifier,
        )
        QApplication.sendEvent(self.plane.viewport(), event)

    def release(self, x, y, button=LEFT, modifier=NONE):
        self.qtbot.mouseRelease(self.plane.viewport(), button, modifier, self.at(x, y))

    def drag(self, *points, modifier=NONE):
        self.press(*points[0], modifier=modifier)
        for point in points[1:]:
            self.move(*point, modifier=modifier)
        self.release(*points[-1], modifier=modifier)


def wheel(plane, place, turned):
    """Turns the wheel at a place of the plane, in its pixels."""
    no_button, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(place, plane.mapToGlobal(place), QPoint(), QPoint(0, turned), no_button, NONE, phase, False)
    QApplication.sendEvent(plane.viewport(), event)
