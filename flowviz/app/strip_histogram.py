"""The histogram of log|det J| that appears over a tile under the mouse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from .pictures import HeldRange
from .theme import UNIT, theme
from .tile import signed
from .tile_rendering import draw_histogram


class HistogramPopup(QWidget):
    """Counts over the held-out points, in nats, with zero and the mean marked; it takes neither mouse nor focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._counts: NDArray[np.generic] = np.zeros(0)
        self._edges: NDArray[np.generic] = np.zeros(1)
        self._mean: float | None = None
        self._range = HeldRange()
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(272, 96 + 2 * line + 2 * UNIT)

    def show_histogram(self, counts: NDArray[np.generic], edges: NDArray[np.generic], mean: float | None) -> None:
        self._counts, self._edges, self._mean = counts, edges, mean
        self.update()

    def appear(self, above: QPoint) -> None:
        """Shows itself with the middle of its lower edge at this place of the screen."""
        self._range.reset()
        self.move(above - QPoint(self.width() // 2, self.height() + UNIT // 2))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme()
        painter.fillRect(self.rect(), colors.color("surface"))
        painter.setPen(colors.color("border"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        line = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(UNIT, UNIT + line, -UNIT, -UNIT - line)
        painter.setPen(colors.color("text"))
        heading = self.tr("log|det J| over the held-out points, nats")
        painter.drawText(QRectF(UNIT, UNIT / 2, self.width() - 2 * UNIT, line), Qt.AlignmentFlag.AlignLeft, heading)
        if len(self._counts):
            self._paint_bars(painter, area)
        painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        low, high = self._range.update(float(self._edges[0]), float(self._edges[-1]))

        def across(value: float) -> float:
            return area.left() + (value - low) / (high - low) * area.width()

        left, right = across(float(self._edges[0])), across(float(self._edges[-1]))
        bars = QRectF(left, area.top(), max(right - left, 2.0), area.height())
        draw_histogram(painter, bars, self._counts, self._edges, theme().color("train"))
        painter.setPen(theme().color("border"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if low < 0 < high:
            painter.setPen(QPen(theme().color("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(round(across(0)), round(area.top()), round(across(0)), round(area.bottom()))
        if self._mean is not None and low < self._mean < high:
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawLine(
                round(across(self._mean)), round(area.top()), round(across(self._mean)), round(area.bottom())
            )
        foot = QRectF(area.left(), area.bottom() + 2, area.width(), self.fontMetrics().height())
        painter.setPen(theme().color("muted"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, signed(low))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, signed(high))
        if self._mean is not None:
            painter.setPen(theme().color("accent"))
            mean = self.tr("mean {value}").format(value=signed(self._mean))
            painter.drawText(foot, Qt.AlignmentFlag.AlignHCenter, mean)
