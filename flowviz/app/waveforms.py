"""Sequences as curves above each other, all on one scale; the moments that decide about the one under the mouse are bracketed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from . import montage
from .theme import UNIT, theme

MOST = 8
"""Curves that are shown at most."""
_LOWEST = 30
"""Pixels of a curve's row below which fewer are shown."""
_CHANNELS = ("held_out", "warning", "floor", "kde")


class Waveforms(QWidget):
    """(N, C, T) in small multiples. A click, or the arrow keys, choose one; `hovered` tells the moment under the mouse."""

    chosen = Signal(int)
    hovered = Signal(int)
    """−1: none."""

    def __init__(self, name: str = "waveforms", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.current = 0
        """The chosen one: what is played."""
        self.field = 0
        """Earlier moments that decide about one; 0: nothing is bracketed."""
        self.moment = -1
        self._events: NDArray[np.float32] = np.zeros((0, 1, 1), np.float32)
        self._span = 1.0
        self._rate = 0
        self._row = -1
        theme().changed.connect(self.update)

    def show_events(self, events: NDArray[np.float32] | None, rate: int, span: float) -> None:
        """Sequences, their moments a second (0: no meaning), and what the head of every row stands for."""
        self._events = np.zeros((0, 1, 1), np.float32) if events is None else events
        self._rate, self._span = rate, span or 1.0
        self.current = min(self.current, max(len(self._events) - 1, 0))
        self.update()

    @property
    def count(self) -> int:
        return len(self._events)

    @property
    def shown(self) -> int:
        return min(self.count, MOST, max(1, (self.height() - self._foot()) // _LOWEST))

    @property
    def chosen_event(self) -> NDArray[np.float32] | None:
        """(C, T), or None where there is nothing."""
        return self._events[self.current] if self.count else None

    def time_words(self, moments: float) -> str:
        """'256 moments', with milliseconds where the rate is known."""
        words = str(self.tr("%n moment(s)", "", round(moments)))
        if self._rate:
            words += " = " + self.tr("{time} ms").format(time=f"{1000 * moments / self._rate:.3g}")
        return words

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, 40 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(15 * UNIT, 12 * UNIT)

    # ---- drawing ----

    def _foot(self) -> int:
        return self.fontMetrics().height() + 2

    def row_rect(self, number: int) -> QRectF:
        """Where a curve lies."""
        height = (self.height() - self._foot()) / max(self.shown, 1)
        return QRectF(0.5, round(number * height) + 0.5, self.width() - 1, round(height) - 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme()
        for number in range(self.shown):
            room = self.row_rect(number)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(colors.color("accent" if number == self.current else "border"), 1))
            painter.setBrush(colors.color("plot"))
            painter.drawRect(room)
            painter.setPen(QPen(colors.color("grid"), 1))
            painter.drawLine(QPointF(room.left() + 1, room.center().y()), QPointF(room.right() - 1, room.center().y()))
            if number == self._row and self.moment >= 0:
                self._paint_field(painter, room)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner = room.adjusted(2, 2, -2, -2)
            for channel, values in enumerate(self._events[number]):
                montage.curve(painter, values, inner, self._span, colors.color(_CHANNELS[channel % len(_CHANNELS)]))
        if self.count:
            self._paint_foot(painter)
        painter.end()

    def _paint_field(self, painter: QPainter, room: QRectF) -> None:
        """The moment under the mouse, and the bracket over those before it that decide about it."""
        x = self._place(self.moment, room)
        painter.setPen(QPen(theme().color("warning"), 1))
        painter.drawLine(QPointF(x, room.top() + 1), QPointF(x, room.bottom() - 1))
        if not self.field:
            return
        first = max(0, self.moment - self.field)
        left = self._place(first, room)
        painter.fillRect(QRectF(left, room.top() + 1, x - left, room.height() - 2), theme().color("warning", 0.12))
        top = room.top() + 3
        painter.setPen(QPen(theme().color("warning"), 2))
        painter.drawPolyline([QPointF(left, top + 5), QPointF(left, top), QPointF(x, top), QPointF(x, top + 5)])

    def _place(self, moment: int, room: QRectF) -> float:
        inner = room.adjusted(2, 2, -2, -2)
        return float(inner.left() + (moment + 0.5) / self._events.shape[2] * inner.width())

    def _paint_foot(self, painter: QPainter) -> None:
        """The scale of all rows, and the length; or the bracket in words while the mouse is at a moment."""
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        painter.setFont(font)
        painter.setPen(theme().color("muted"))
        foot = QRectF(2, self.height() - self._foot(), self.width() - 4, self._foot())
        left = self.tr("±{span}, every row").format(span=f"{self._span:.3g}")
        right = self.time_words(self._events.shape[2])
        if self.moment >= 0:
            left = self.tr("moment {number}").format(number=self.moment + 1)
            if self.field:
                seen = min(self.moment, self.field)
                right = self.tr("sees {time} before it, {field} at most").format(
                    time=self.time_words(seen), field=f"{self.field:,}"
                )
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), left)
        room = foot.width() - QFontMetricsF(font).horizontalAdvance(left) - UNIT
        right = QFontMetricsF(font).elidedText(right, Qt.TextElideMode.ElideRight, room)
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), right)

    # ---- mouse and keys ----

    def row_at(self, place: QPointF) -> int:
        return next((i for i in range(self.shown) if self.row_rect(i).contains(place)), -1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._row = self.row_at(event.position())
        moment = -1
        if self._row >= 0:
            inner = self.row_rect(self._row).adjusted(2, 2, -2, -2)
            share = (event.position().x() - inner.left()) / inner.width()
            moment = int(min(max(share, 0.0), 0.999999) * self._events.shape[2])
        self._hover(moment)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self._choose(row)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._row = -1
        self._hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down if self.shown:
                by = 1 if event.key() == Qt.Key.Key_Down else -1
                self._choose(min(max(self.current + by, 0), self.shown - 1))
            case _:
                super().keyPressEvent(event)

    def _choose(self, row: int) -> None:
        self.current = row
        self.chosen.emit(row)
        self.update()

    def _hover(self, moment: int) -> None:
        if moment != self.moment:
            self.moment = moment
            self.hovered.emit(moment)
        self.update()
