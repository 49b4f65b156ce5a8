"""Two bars: a slider that says its value within itself, and the scale of a picture's colours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from .stage_panel import ROW
from .theme import UNIT, theme


class BarSlider(QSlider):
    """A slider as a bar that is filled up to its value, with its name and value written on it. It runs from 0 to 100."""

    def __init__(self, words: Callable[[int], str], value: int) -> None:
        """`words(position)` is what it says at a position."""
        super().__init__(Qt.Orientation.Horizontal)
        self._words = words
        self.setRange(0, 100)
        self.setPageStep(10)
        self.setValue(value)
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme().changed.connect(self.update)

    def words(self) -> str:
        """What it says now."""
        return self._words(self.value())

    def sizeHint(self) -> QSize:
        widest = max(self.fontMetrics().horizontalAdvance(self._words(v)) for v in (0, 100))
        return QSize(widest + 2 * UNIT, ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(5 * UNIT, ROW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._take(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._take(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)

    def _take(self, event: QMouseEvent) -> None:
        share = (event.position().x() - 1) / max(1, self.width() - 2)
        self.setValue(round(100 * min(max(share, 0.0), 1.0)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        box = QRectF(self.rect()).adjusted(0.5, 2.5, -0.5, -2.5)
        shape = QPainterPath()
        shape.addRoundedRect(box, 4, 4)
        painter.fillPath(shape, colors.color("hover" if self.underMouse() else "raised"))
        painter.save()
        painter.setClipPath(shape)
        filled = QRectF(box.left(), box.top(), box.width() * self.value() / 100, box.height())
        painter.fillRect(filled, colors.color("selection"))
        painter.fillRect(QRectF(filled.left(), box.bottom() - 2, filled.width(), 2), colors.color("accent"))
        painter.restore()
        painter.setPen(QPen(colors.color("accent" if self.hasFocus() else "border"), 1))
        painter.drawPath(shape)
        painter.setPen(colors.color("text", 1.0 if self.isEnabled() else 0.4))
        text = QFontMetrics(self.font()).elidedText(self.words(), Qt.TextElideMode.ElideRight, self.width() - UNIT)
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self.update()


class ColorBar(QWidget):
    """The colours from the lowest to the highest value, with both written beside them and the unit after."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._low, self._high, self._unit = "", "", ""
        self._diverging = False
        theme().changed.connect(self.update)

    def show_scale(self, low: float, high: float, unit: str, *, diverging: bool = False) -> None:
        """Says what the first and the last colour stand for."""
        texts = figure(low), figure(high), unit
        if (*texts, diverging) != (self._low, self._high, self._unit, self._diverging):
            self._low, self._high, self._unit = texts
            self._diverging = diverging
            self.setAccessibleName("{} – {} {}".format(*texts))
            self.setToolTip(self.accessibleName())
            self.update()

    def clear(self) -> None:
        self._low = self._high = self._unit = ""
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * UNIT, ROW)

    def sizeHint(self) -> QSize:
        return QSize(24 * UNIT, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._high:
            return
        painter = QPainter(self)
        table = theme().diverging_table() if self._diverging else theme().density_table()
        row = np.ascontiguousarray(table)
        image = QImage(row.data, len(row), 1, QImage.Format.Format_RGBA8888)
        metrics = QFontMetrics(self.font())
        gap = UNIT // 2
        low, high = metrics.horizontalAdvance(self._low), metrics.horizontalAdvance(self._high)
        free = self.width() - low - high - 2 * gap
        bar = max(4 * UNIT, min(18 * UNIT, free - metrics.horizontalAdvance("  " + self._unit) - gap))
        painter.setPen(theme().color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, low + 1, self.height()), int(middle), self._low)
        strip = QRectF(low + gap, self.height() / 2 - 5, bar, 10)
        painter.drawImage(strip, image)
        painter.setPen(theme().color("border"))
        painter.drawRect(strip.toAlignedRect().adjusted(0, 0, -1, -1))
        painter.setPen(theme().color("muted"))
        at = low + bar + 2 * gap
        rest = self._high + "  " + self._unit
        rest = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width() - int(at))
        painter.drawText(QRectF(at, 0, self.width() - at, self.height()), int(middle), rest)


def figure(value: float) -> str:
    """A number of a scale, short: three digits that mean something, with a true minus."""
    return f"{value:.3g}".replace("-", "−")
