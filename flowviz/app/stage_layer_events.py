"""One layer on pictures or sequences, large: its input above its output, and where it stretches and shrinks."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..engine.messages import Array, Tile
from . import montage
from .pictures import HeldScale
from .stage_events import common_span
from .stage_readout import value_words
from .theme import UNIT, theme
from .tile_rendering import draw_histogram
from .units import Unit

MOST = 8


class LayerEvents(QWidget):
    """Rows of a few events before and after, the map of log|det J| by place, and its histogram over the held-out data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerEvents")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.before: Tile | None = None
        self.after: Tile | None = None
        self._scale = HeldScale()
        theme().changed.connect(self.update)

    def show_layer(self, before: Tile | None, after: Tile | None) -> None:
        """The states around a layer; `before` None: one state alone, of the data or the base."""
        if self.after is None or after is None or self.after.uid != after.uid:
            self._scale.reset()
        self.before, self.after = before, after
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(15 * UNIT, 12 * UNIT)

    def rows(self) -> list[tuple[str, Array, tuple[float, float]]]:
        """(words, events, range) of each row of pictures that is drawn."""
        found: list[tuple[str, Array, tuple[float, float]]] = []
        before, after = self.before, self.after
        if before is not None and before.events is not None:
            found.append((self.tr("input"), before.events, before.event_range))
        if after is not None and after.events is not None:
            words = self.tr("output") if before is not None else self.tr("state")
            words = self.tr("goes on") if after.left is not None else words
            found.append((words, after.events, after.event_range))
        if after is not None and after.left is not None:
            found.append((self.tr("leaves for the base"), after.left, after.event_range))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rows, after = self.rows(), self.after
        terms = after.terms if after is not None and self.before is not None else None
        histogram = after.histogram if after is not None and self.before is not None else None
        parts = len(rows) + (1 if terms is not None or histogram is not None else 0)
        if not parts:
            return
        height = self.height() / parts
        for number, (words, events, held) in enumerate(rows):
            room = QRectF(0, number * height, self.width(), height - UNIT)
            low, high = (value_words(edge, 2) for edge in held)
            shape = " × ".join(map(str, events.shape[1:]))
            self._caption(painter, room, f"{words}, {shape}", self.tr("{low} to {high}").format(low=low, high=high))
            self._paint_events(painter, room.adjusted(0, self._line(), 0, 0), events)
        if parts > len(rows):
            room = QRectF(0, len(rows) * height, self.width(), height - UNIT)
            self._paint_terms(painter, room, terms, histogram)
        painter.end()

    # ---- parts ----

    def _line(self) -> int:
        return self.fontMetrics().height() + 2

    def _caption(self, painter: QPainter, room: QRectF, left: str, right: str) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.9))
        painter.setFont(font)
        painter.setPen(theme().color("muted"))
        line = QRectF(room.left(), room.top(), room.width(), self._line())
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), right)
        space = room.width() - QFontMetricsF(font).horizontalAdvance(right) - UNIT
        left = QFontMetricsF(font).elidedText(left, Qt.TextElideMode.ElideRight, space)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), left)

    def _paint_events(self, painter: QPainter, room: QRectF, events: Array) -> None:
        values = events.numpy()[:MOST]
        if values.ndim == 3:
            self._paint_curves(painter, room, values[:3])
            return
        width, height = montage.size(values.shape[1:])
        gap = UNIT // 2
        # As many in a row, in one row or two, as keeps them largest while half of them at least are seen.
        best = (1, 1, 0.0)
        for down in (1, 2):
            for across in range(2, MOST // down + 1):
                scale = min(
                    (room.width() - gap * (across - 1)) / (across * width),
                    (room.height() - gap * (down - 1)) / (down * height),
                )
                if across * down >= min(4, len(values)) and scale > best[2]:
                    best = (across, down, scale)
        across, down, _ = best
        cell_w = (room.width() - gap * (across - 1)) / across
        cell_h = (room.height() - gap * (down - 1)) / down
        first = montage.fitted(width, height, QRectF(0, 0, cell_w, cell_h), self.devicePixelRatioF())
        left = room.left() + (room.width() - across * (first.width() + gap) + gap) / 2
        top = room.top() + (room.height() - down * (first.height() + gap) + gap) / 2
        for number, picture in enumerate(values[: across * down]):
            row, column = divmod(number, across)
            place = QRectF(
                round(left + column * (first.width() + gap)),
                round(top + row * (first.height() + gap)),
                first.width(),
                first.height(),
            )
            painter.drawImage(place, montage.image(picture))
            painter.setPen(QPen(theme().color("border"), 1))
            painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_curves(self, painter: QPainter, room: QRectF, values: np.ndarray) -> None:
        span = common_span(values)
        height = room.height() / len(values)
        for number, event in enumerate(values):
            row = QRectF(room.left(), room.top() + number * height, room.width(), height - 3)
            painter.fillRect(row, theme().color("plot"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            channel = event[0] if len(event) == 1 else event.T.reshape(-1)
            montage.curve(painter, channel, row.adjusted(0, 1, 0, -1), span, theme().color("held_out"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_terms(
        self, painter: QPainter, room: QRectF, terms: Array | None, histogram: tuple[Array, Array] | None
    ) -> None:
        """The map by place at the left, the histogram of the whole at the right, each with its figures."""
        half = room.width() / 2 - UNIT / 2
        left = QRectF(room.left(), room.top(), half if histogram is not None else room.width(), room.height())
        if terms is not None:
            values = terms.numpy()
            self._scale.update(montage.span_of(values))
            span = max(self._scale.top, 1e-3)
            words = self.tr("log|det J| by place")
            # Beside the histogram there is little room, and the unit is said there.
            amount = f"±{span:.2g}" if histogram is not None else self.tr("±{span} nats").format(span=f"{span:.2g}")
            self._caption(painter, left, words, amount)
            place = left.adjusted(0, self._line(), 0, 0)
            if values.ndim == 3:
                image = montage.mapped(values, span, theme().diverging_table())
                place = montage.fitted(image.width(), image.height(), place, self.devicePixelRatioF())
                painter.drawImage(place, image)
                painter.setPen(QPen(theme().color("border"), 1))
                painter.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))
            else:
                painter.fillRect(place, theme().color("plot"))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                montage.curve(painter, values.mean(0), place, span, theme().color("warning"))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if histogram is None:
            return
        right = QRectF(room.right() - half, room.top(), half, room.height()) if terms is not None else room
        counts, edges = (array.numpy() for array in histogram)
        words = spread_words(self.tr("{low} to {high} nats"), counts, edges)
        self._caption(painter, right, self.tr("log|det J|"), words)
        draw_histogram(painter, right.adjusted(0, self._line() + 2, 0, -1), counts, edges, theme().color("train"))
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawLine(right.bottomLeft(), right.bottomRight())


def spread_words(template: str, counts: np.ndarray, edges: np.ndarray) -> str:
    """From the least to the greatest value; a constant one has all its data in one bin, amid edges of its own making."""
    if np.count_nonzero(counts) == 1:
        return f"{value_words(float(edges[0] + edges[-1]) / 2, 2)} {Unit().words}"
    return template.format(low=value_words(float(edges[0]), 2), high=value_words(float(edges[-1]), 2))
