"""One choice of a few, all of them in sight: a segmented control."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from .theme import UNIT, theme

_RADIUS = 5.0


class Segments(QWidget):
    """Buttons in one frame, one of them down; the arrow keys go along. `chosen(key)` tells of the user's choices."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(lambda button: self.chosen.emit(button.objectName()))
        self._buttons: dict[str, _Segment] = {}
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_choices(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """(key, text, tooltip) of each segment; the segments are made once, later calls change their texts."""
        for number, (key, text, tip) in enumerate(choices):
            if key not in self._buttons:
                button = _Segment(first=number == 0, last=number == len(choices) - 1)
                button.setObjectName(key)
                self._buttons[key] = button
                self._group.addButton(button)
                self._row.addWidget(button)
            self._buttons[key].setText(text)
            self._buttons[key].setAccessibleName(text)
            self._buttons[key].setToolTip(tip)
            self._buttons[key].updateGeometry()

    @property
    def current(self) -> str:
        button = self._group.checkedButton()
        return button.objectName() if button is not None else ""

    def set_current(self, key: str) -> None:
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> QAbstractButton:
        return self._buttons[key]


class _Segment(QAbstractButton):
    def __init__(self, *, first: bool, last: bool) -> None:
        super().__init__()
        self._first, self._last = first, last
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + 3 * UNIT, max(3 * UNIT, metrics.height() + UNIT))

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * UNIT, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        # Neighbours share their border: each segment draws its left one, the last the right one too.
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5 if self._last else 0.5, -0.5)
        shape = _rounded(box, left=self._first, right=self._last)
        fill = "selection" if self.isChecked() else "hover" if self.underMouse() and self.isEnabled() else "raised"
        painter.setBrush(colors.color(fill))
        painter.setPen(QPen(colors.color("border"), 1))
        painter.drawPath(shape)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colors.color("accent"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), _RADIUS - 2, _RADIUS - 2)
        painter.setPen(colors.color("text", 1.0 if self.isEnabled() else 0.4))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - UNIT)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


def _rounded(box: QRectF, *, left: bool, right: bool) -> QPainterPath:
    """A rectangle with the corners of its outer sides rounded."""
    path = QPainterPath()
    path.addRoundedRect(box, _RADIUS, _RADIUS)
    square = QPainterPath()
    if not left:
        square.addRect(QRectF(box.left(), box.top(), box.width() / 2, box.height()))
    if not right:
        square.addRect(QRectF(box.center().x(), box.top(), box.width() / 2, box.height()))
    return path.united(square).simplified()
