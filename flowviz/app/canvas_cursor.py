"""Painting with the keyboard: the arrow keys move a cursor on the canvas, Space or Enter puts the tool down, and up again.

What is painted is a stroke like the mouse's, from where the tool is put down along all the places that the cursor goes to,
until the tool is put up. Line, ellipse and text follow the cursor in between, as they do the mouse.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QObject, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from ..pipeline import CANVAS
from .canvas_words import tool_name
from .stage_readout import point_words
from .theme import theme

if TYPE_CHECKING:
    from .canvas import TargetCanvas

STEP, STRIDE = 4, 32
"""Cells that an arrow key moves the cursor, and with Shift."""
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Down: (0, -1),
    Qt.Key.Key_Up: (0, 1),
}
_PUT = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_SPEAK = 200
"""Milliseconds of rest before a screen reader is told of the place: a held key shall not make it stammer."""


class Cross(pg.GraphicsObject):  # type: ignore[misc]
    """A cross of one size on the screen; with a dot in its middle while the tool is down."""

    REACH, GAP = 12, 4

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(70)
        self.hide()
        theme().changed.connect(self.update)

    def boundingRect(self) -> QRectF:
        r = self.REACH + 3
        return QRectF(-r, -r, 2 * r, 2 * r)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        arms = [
            QLineF(self.GAP * x, self.GAP * y, self.REACH * x, self.REACH * y)
            for x, y in ((-1, 0), (1, 0), (0, -1), (0, 1))
        ]
        for color, width in (("plot", 5), ("accent", 2)):
            painter.setPen(pg.mkPen(theme().color(color), width=width))
            painter.drawLines(arms)
            if self.down:
                painter.setBrush(theme().color("accent"))
                painter.drawEllipse(QPointF(0, 0), 2, 2)


class CanvasCursor(QObject):
    """Where the keyboard is on a canvas. It is seen while the canvas has the keyboard and the mouse is left alone."""

    def __init__(self, canvas: TargetCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._place: QPointF | None = None
        self._words = ""
        self.down = False
        """Whether the keyboard is painting a stroke."""
        self.cross = Cross()
        canvas.view.addItem(self.cross, ignoreBounds=True)
        self._speech = QTimer(self)
        self._speech.setInterval(_SPEAK)
        self._speech.setSingleShot(True)
        self._speech.timeout.connect(self._speak)

    @property
    def shown(self) -> bool:
        return bool(self.cross.isVisible())

    @property
    def place(self) -> QPointF:
        """Data units, never beyond the canvas: where it was left, or the mouse was last; first the middle."""
        x0, x1, y0, y1 = self._canvas.paper
        if self._place is None:
            return QPointF((x0 + x1) / 2, (y0 + y1) / 2)
        return QPointF(min(max(self._place.x(), x0), x1), min(max(self._place.y(), y0), y1))

    # ---- keys ----

    def press(self, event: QKeyEvent) -> bool:
        """Does what the key says; False: it is none of the cursor's."""
        key = event.key()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers & ~Qt.KeyboardModifier.ShiftModifier or not self._canvas.paintable:
            return False
        if key not in ARROWS and key not in _PUT:
            return False
        if self._canvas.painting and not self.down:
            return True  # the mouse has the tool
        if key in _PUT:
            if not event.isAutoRepeat():
                self._put()
            return True
        across, up = ARROWS[Qt.Key(key)]
        step = STRIDE if modifiers else STEP
        self._move(across * step, up * step)
        return True

    def _move(self, across: int, up: int) -> None:
        x0, x1, y0, y1 = self._canvas.paper
        self._place = self.place + QPointF(across * (x1 - x0) / CANVAS, up * (y1 - y0) / CANVAS)
        self.show()
        if self.down:
            self._canvas.move_stroke(self.place)

    def _put(self) -> None:
        if self.down:
            self._canvas.finish_stroke()
        else:
            self.show()
            self._canvas.begin_stroke(self.place)
            self.down = True
        self._say()

    # ---- where it is seen ----

    def show(self) -> None:
        """Shows it where it is, and the view there."""
        place = self._place = self.place
        self._canvas.look_at(place)
        self.cross.setPos(place)
        self.cross.show()
        self._canvas.show_ring(place)
        self._canvas.hovered.emit(place.x(), place.y())
        self._say()

    def lifted(self) -> None:
        """The stroke is at its end: put down, taken back, or undone from elsewhere."""
        if self.down:
            self.down = False
            self._say()

    def follow(self, place: QPointF) -> None:
        """The mouse is here: the keys go on from there, and their cursor is out of the way."""
        self._place = place
        if self.shown:
            self.cross.hide()
            self._say()

    def leave(self) -> None:
        """The keyboard goes elsewhere; what it was painting is done."""
        if self.down:
            self._canvas.finish_stroke()
        if self.shown:
            self.cross.hide()
            self._canvas.hide_ring()
            self._canvas.left.emit()
            self._say()

    # ---- in words ----

    def describe(self) -> None:
        """What a screen reader says of the canvas: the tool and where it is, in data units; or how to begin."""
        point = point_words((self.place.x(), self.place.y()))
        tool = tool_name(self._canvas.tool)
        if not self.shown:
            self._words = ""
            self._canvas.setAccessibleDescription(
                self.tr("Arrow keys move a cursor; Space puts the tool down, and up again")
            )
            return
        down, up = self.tr("{tool} down at {point}"), self.tr("{tool} up at {point}")
        self._words = (down if self.down else up).format(tool=tool, point=point)
        self._canvas.setAccessibleDescription(self._words)

    def _say(self) -> None:
        self.cross.down = self.down
        self.cross.update()
        self.describe()
        self._speech.start()

    def _speak(self) -> None:
        if self._words:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, self._words))
