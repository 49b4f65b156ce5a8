"""The ledger as bars: from the base's log-density, each layer's log|det J| up or down, to log p(x). One row for each ledger.

The columns of both rows are the same layers, so that a point can be compared with the mean at every one of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ..engine.messages import Ledger
from .pictures import HeldRange
from .stage_items import SHADES, shade_color
from .stage_readout import value_words
from .theme import UNIT, theme
from .units import Unit

NARROWEST = 5
"""Pixels of a column below which the chart is wider than its place, and scrolls."""
_WIDEST = 72
_NAMES = 16
"""Height of the layers' names."""


@dataclass(frozen=True)
class Row:
    """One ledger, and what it is of."""

    title: str
    ledger: Ledger | None = None
    empty: str = ""
    """What is said while there is no ledger."""


class LedgerChart(QWidget):
    """Columns: the base, the layers from the data's side to the base's, the sum. A click on one selects it."""

    chosen = Signal(str)
    """The uid of the column that was clicked, or gone to with the arrow keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ledgerChart")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.rows: list[Row] = []
        self.names: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        """What stands under a column where names don't fit: the layers' numbers; preprocessing has none."""
        self.selected = ""
        self.base_words = "base"
        self.sum_words = "log p(x)"
        self.unit = Unit()
        """What the ledgers' nats are drawn and written in; the tooltip has the nats, too."""
        self._hovered: int | None = None
        self._ranges = (HeldRange(), HeldRange())
        theme().changed.connect(self.update)

    # ---- what is shown ----

    def show_rows(self, rows: list[Row]) -> None:
        if rows != self.rows:
            if self.uids(rows) != self.uids(self.rows):
                for held in self._ranges:
                    held.reset()
            self.rows = rows
            self.setMinimumWidth((len(self.uids(rows)) + 2) * NARROWEST)
            self.update()

    def set_unit(self, unit: Unit) -> None:
        """Another unit: its ranges are others, too."""
        self.unit = unit
        for held in self._ranges:
            held.reset()
        self.update()

    def uids(self, rows: list[Row] | None = None) -> tuple[str, ...]:
        """The layers of the columns."""
        found = [row.ledger.uids for row in (self.rows if rows is None else rows) if row.ledger is not None]
        return found[0] if found else ()

    def column_box(self, index: int) -> QRectF:
        """Where a column lies: 0 the base, 1 to K the layers, K + 1 the sum."""
        count = len(self.uids()) + 2
        width = min(self.width() / count, _WIDEST)
        return QRectF(index * width, 0, width, self.height())

    def name(self, index: int) -> str:
        """What stands under a column."""
        uids = self.uids()
        if index == 0:
            return self.base_words
        return self.sum_words if index > len(uids) else self.names.get(uids[index - 1], uids[index - 1])

    def short_name(self, index: int) -> str:
        """What stands under a layer's column where the names don't fit."""
        return self.numbers.get(self.uids()[index - 1], "")

    def sizeHint(self) -> QSize:
        return QSize(40 * UNIT, 20 * UNIT)

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * UNIT, 8 * UNIT)

    # ---- drawing ----

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        uids = self.uids()
        if not uids and not any(row.ledger for row in self.rows):
            return
        self._paint_selection(painter)
        titles = QFontMetricsF(self.font()).height() + 2
        bottom = self.height() - _NAMES
        height = bottom / max(1, len(self.rows))
        for number, row in enumerate(self.rows):
            top = number * height
            self._paint_title(painter, row, QRectF(0, top, self.width(), titles))
            if row.ledger is not None and row.ledger.uids == uids:
                self._paint_bars(
                    painter, self.unit.ledger(row.ledger), self._ranges[number], top + titles, top + height - 4
                )
        self._paint_names(painter, bottom)

    def _paint_title(self, painter: QPainter, row: Row, box: QRectF) -> None:
        """What the row is of, and its sum written out, shortened in the middle where it is long."""
        metrics = QFontMetricsF(self.font())
        painter.setPen(theme().color("muted"))
        words = row.title
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), words)
        left = metrics.horizontalAdvance(words) + 2 * UNIT
        rest = box.adjusted(left, 0, 0, 0)
        if row.ledger is None:
            painter.drawText(
                rest,
                int(Qt.AlignmentFlag.AlignVCenter),
                metrics.elidedText(row.empty, Qt.TextElideMode.ElideRight, rest.width()),
            )
            return
        painter.setPen(theme().color("text"))
        words = fitted_sum(self.unit.ledger(row.ledger), metrics, rest.width(), self.unit)
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_bars(self, painter: QPainter, ledger: Ledger, held: HeldRange, top: float, bottom: float) -> None:
        steps = [ledger.base, *ledger.log_dets]
        heights = [0.0]
        for step in steps:
            heights.append(heights[-1] + step)
        low, high = self._seen(heights, held)
        scale = (bottom - top) / (high - low)
        levels = [bottom - (min(max(nats, low), high) - low) * scale for nats in heights]
        zero, width = levels[0], self.column_box(0).width()
        pad = min(3.0, width * 0.15)
        bars: dict[str, list[QRectF]] = {"up": [], "down": []}
        links = [QLineF(0, zero, width * (len(steps) + 1), zero)]
        for index, (start, end) in enumerate(pairwise(levels)):
            left = index * width + pad
            if index:
                bar = QRectF(left, min(start, end), width - 2 * pad, max(abs(end - start), 1.0))
                bars["up" if end <= start else "down"].append(bar)
            links.append(QLineF(left, end, left + width, end))  # from the end of one bar to the start of the next
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawLines(links)
        painter.setPen(Qt.PenStyle.NoPen)
        for direction, shade in (("up", SHADES - 3), ("down", 2)):
            painter.setBrush(shade_color(shade))
            painter.drawRects(bars[direction])
        for index, level, color in ((0, levels[1], "muted"), (len(steps), levels[-1], "accent")):
            bar = QRectF(index * width + pad, min(level, zero), width - 2 * pad, max(abs(level - zero), 1.0))
            painter.fillRect(bar, theme().color(color))
            if not low <= 0.0 <= high:
                self._paint_break(painter, bar, at_top=high < 0)

    def _seen(self, heights: list[float], held: HeldRange) -> tuple[float, float]:
        """The nats from the lowest to the highest running sum, and from 0 unless the layers would be too small to see."""
        low, high = min(heights[1:]), max(heights[1:])
        room = max(high - low, self.unit.of(0.1))
        if len(heights) == 2:  # the base alone: there are no layers to see
            low, high = min(low, 0.0), max(high, 0.0)
        elif low > 0 and room < 0.4 * high:
            low, high = low - 0.5 * room, high
        elif high < 0 and room < -0.4 * low:
            low, high = low, high + 0.5 * room
        else:
            low, high = min(low, 0.0), max(high, 0.0)
        return held.update(low, high, margin=0.03)

    def _paint_break(self, painter: QPainter, bar: QRectF, *, at_top: bool) -> None:
        """Two slanted gaps: this bar goes on to 0, which is not in view."""
        painter.save()
        painter.setClipRect(bar)
        painter.setPen(QPen(theme().color("surface"), 2))
        place = bar.top() + 5 if at_top else bar.bottom() - 9
        for gap in (0, 4):
            painter.drawLine(QPointF(bar.left(), place + gap + 3), QPointF(bar.right(), place + gap - 3))
        painter.restore()

    def _paint_names(self, painter: QPainter, top: float) -> None:
        """The names where they fit, else the layers' numbers, some of them where those are many; the chosen one's in full."""
        last = len(self.uids()) + 1
        width = self.column_box(0).width()
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        fit = all(metrics.horizontalAdvance(self.name(i)) <= width - 2 for i in range(1, last))
        every = max(1, math.ceil(22 / width))
        chosen = next((i for i, uid in enumerate(self.uids(), 1) if uid == self.selected), None)
        first = [index for index in (last, chosen, 0) if index is not None]
        taken: list[QRectF] = []
        for index in (*first, *(i for i in range(every, last, every) if i not in first)):
            words = self.name(index) if fit or index in first else self.short_name(index)
            wide = metrics.horizontalAdvance(words) + 4
            left = min(max(self.column_box(index).center().x() - wide / 2, 0.0), self.width() - wide)
            box = QRectF(left, top, wide, _NAMES)  # centred under its column, but inside the chart
            if not any(box.intersects(other) for other in taken):
                taken.append(box)
                painter.setPen(theme().color("text" if index in (last, chosen) else "muted"))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _paint_selection(self, painter: QPainter) -> None:
        for index, uid in enumerate(("base", *self.uids())):
            if uid == self.selected:
                painter.fillRect(self.column_box(index), theme().color("selection"))
            elif index == self._hovered:
                painter.fillRect(self.column_box(index), theme().color("hover"))
        if self.hasFocus():
            painter.setPen(theme().color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    # ---- mouse and keys ----

    def _column_at(self, position: QPointF) -> int | None:
        index = int(position.x() // max(self.column_box(0).width(), 1e-6))
        return index if self.uids() and 0 <= index <= len(self.uids()) + 1 else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._column_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None and index <= len(self.uids()):
            self.chosen.emit(("base", *self.uids())[index])
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._column_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        uids = ("base", *self.uids())
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or len(uids) < 2:
            event.ignore()
            return
        place = uids.index(self.selected) + by if self.selected in uids else 1
        self.chosen.emit(uids[min(max(place, 0), len(uids) - 1)])
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._column_at(QPointF(event.pos()))
            if index is not None:
                QToolTip.showText(event.globalPos() + QPoint(0, 8), self.words(index), self)
            return True
        return super().event(event)

    def words(self, index: int) -> str:
        """A column in words: its name, and its nats in each row."""
        lines = [self.name(index)]
        for row in self.rows:
            if row.ledger is not None and index <= len(row.ledger.uids) + 1:
                values = (row.ledger.base, *row.ledger.log_dets, row.ledger.total)
                words = f"{row.title}: {signed(self.unit.of(values[index]))} {self.unit.words}"
                lines.append(words if self.unit.plain else f"{words} = {signed(values[index])} {Unit().words}")
        return "\n".join(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()


def signed(value: float) -> str:
    """A value with its sign, '+0.310' or '−0.950'."""
    return value_words(value) if value < 0 else "+" + value_words(value)


def terms(ledger: Ledger, digits: int = 2) -> list[str]:
    """The base and each log-det as they are added: ['−1.90', '+ 0.31', '− 0.95'], two decimals."""
    found = [value_words(ledger.base, digits)]
    for value in ledger.log_dets:
        zero = float(f"{-value:.{digits}f}") == 0
        sign = "−" if value < 0 and not zero else "+"  # what is written as 0.00 has no minus
        found.append(f"{sign} {value_words(abs(value), digits)}")
    return found


def whole_sum(ledger: Ledger, unit: Unit | None = None) -> str:
    """'−1.90 + 0.31 − 0.95 = −2.540 nats', every term of it; the ledger is in this unit already."""
    unit = unit or Unit()
    parts = terms(ledger, 2 if unit.plain else 3)
    return "{} = {} {}".format(" ".join(parts), value_words(ledger.total), unit.words)


def fitted_sum(ledger: Ledger, metrics: QFontMetricsF, width: float, unit: Unit | None = None) -> str:
    """The sum with dots for its middle terms where it would be wider than `width`; at last, the total alone."""
    unit = unit or Unit()
    words = whole_sum(ledger, unit)
    if metrics.horizontalAdvance(words) <= width:
        return words
    parts, end = terms(ledger, 2 if unit.plain else 3), f"{value_words(ledger.total)} {unit.words}"
    rest = f" … {parts[-1]} = {end}"
    room = width - metrics.horizontalAdvance(rest)
    shown = 1
    while shown < len(parts) - 1 and metrics.horizontalAdvance(" ".join(parts[: shown + 1])) <= room:
        shown += 1
    words = " ".join(parts[:shown]) + rest
    return words if metrics.horizontalAdvance(words) <= width else end
