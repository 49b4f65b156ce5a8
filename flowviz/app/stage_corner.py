"""Every pair of the first coordinates at once: held-out points and the model's samples, and each coordinate's histogram."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ..engine.messages import Frame, TargetInfo
from .document import Document
from .pictures import HeldRange, span
from .running import target_title
from .stage_curves import Key
from .stage_panel import FlatButton, Panel
from .theme import UNIT, theme
from .translation import language

_GAP = UNIT // 2
_BINS = 32
_MOST = 1500


class CornerPlot(QWidget):
    """Below the diagonal the pairs, on it the histograms; columns are named at the foot and at the left."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("cornerPlot")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.names: tuple[str, ...] = ()
        self.data: NDArray[np.float32] | None = None
        self.samples: NDArray[np.float32] | None = None
        self._ranges: list[HeldRange] = []
        theme().changed.connect(self.update)

    def show_points(
        self, names: tuple[str, ...], data: NDArray[np.float32] | None, samples: NDArray[np.float32] | None
    ) -> None:
        """(N, K) each, K at most 6."""
        self.data, self.samples = data, samples
        count = data.shape[1] if data is not None else samples.shape[1] if samples is not None else 0
        if count != len(self._ranges) or names[:count] != self.names:
            self._ranges = [HeldRange() for _ in range(count)]
        self.names = names[:count]
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * UNIT, 20 * UNIT)

    def cell(self, row: int, column: int) -> QRectF:
        count = max(len(self._ranges), 1)
        edge = self.fontMetrics().height() + 2
        wide, high = (self.width() - edge) / count, (self.height() - edge) / count
        return QRectF(edge + column * wide, row * high, wide - _GAP, high - _GAP)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        count = len(self._ranges)
        both = [
            (points, theme().color(color, alpha))
            for points, color, alpha in ((self.data, "floor", 0.7), (self.samples, "held_out", 0.5))
            if points is not None and points.shape[1] == count
        ]
        if not count or not both:
            return
        limits = []
        for axis, held in enumerate(self._ranges):
            found = span(both[0][0][:, axis], 0.002) or (0.0, 1.0)
            limits.append(held.update(*found))
        for row in range(count):
            for column in range(row + 1):
                room = self.cell(row, column)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                painter.setPen(QPen(theme().color("border"), 1))
                painter.setBrush(theme().color("plot"))
                painter.drawRect(room)
                painter.save()
                painter.setClipRect(room)
                for points, color in both:
                    if row == column:
                        _bars(painter, room, points[:, row], limits[row], color)
                    else:
                        _dots(painter, room, points[:_MOST], (column, row), limits, color)
                painter.restore()
        self._paint_names(painter)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
        painter.setFont(font)
        painter.setPen(theme().color("muted"))
        for number, name in enumerate(self.names):
            below = self.cell(len(self.names) - 1, number)
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(below.width()))
            foot = QRectF(below.left(), below.bottom() + 1, below.width(), self.fontMetrics().height() + 2)
            painter.drawText(foot, int(Qt.AlignmentFlag.AlignCenter), words)
            if number:
                beside = self.cell(number, 0)
                words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(beside.height()))
                painter.save()
                painter.translate(0, beside.bottom())
                painter.rotate(-90)
                place = QRectF(0, 0, beside.height(), self.fontMetrics().height())
                painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), words)
                painter.restore()


class CornerPanel(Panel):
    """The corner plot in the place of target and model."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("cornerStage")
        self._document = document
        self._frame: Frame | None = None
        self.plot = CornerPlot()
        self.set_body(self.plot)
        self.back = FlatButton()
        self.back.setObjectName("leaveCorner")
        self.back.clicked.connect(lambda: document.look(corner=False))
        self._data, self._model = Key("floor"), Key("held_out")
        self.row(self.back, None, self._data, self._model)
        self.row(None)
        language().changed.connect(self.retranslate)
        self.retranslate()

    def show_frame(self, info: TargetInfo | None, frame: Frame | None) -> None:
        self._frame = frame
        data = info.corner.numpy() if info is not None and info.corner is not None else None
        samples = frame.corner.numpy() if frame is not None and frame.corner is not None else None
        self.plot.show_points(info.columns if info is not None else (), data, samples)
        self.hint.say("" if data is not None or samples is not None else self.tr("The points are on their way."))
        self._describe()

    def _describe(self) -> None:
        count = len(self.plot.names)
        words = self.tr("{name}: the first {count} coordinates, step {step}").format(
            name=target_title(self._document.project),
            count=count,
            step=f"{self._frame.step:,}" if self._frame is not None else "0",
        )
        self.say(self.tr("All pairs"), words if count else "")

    def retranslate(self) -> None:
        self.back.set_words(self.tr("Two coordinates"), self.tr("Back to target and model side by side"))
        self._data.set_words(self.tr("held-out"))
        self._model.set_words(self.tr("samples"))
        self._describe()


def _bars(
    painter: QPainter, room: QRectF, values: NDArray[np.float32], limits: tuple[float, float], color: QColor
) -> None:
    counts, _ = np.histogram(values[np.isfinite(values)], _BINS, limits)
    top = counts / max(int(counts.max(initial=0)), 1)
    edges = np.linspace(room.left(), room.right(), _BINS + 1)
    lines = []
    for number, height in enumerate(top):
        y = room.bottom() - 0.9 * height * room.height()
        lines.append(QPointF(edges[number], y))
        lines.append(QPointF(edges[number + 1], y))
    painter.setPen(QPen(color, 1.5))
    painter.drawPolyline(QPolygonF([QPointF(room.left(), room.bottom()), *lines, QPointF(room.right(), room.bottom())]))


def _dots(
    painter: QPainter,
    room: QRectF,
    points: NDArray[np.float32],
    axes: tuple[int, int],
    limits: list[tuple[float, float]],
    color: QColor,
) -> None:
    across, up = axes
    x = room.left() + (points[:, across] - limits[across][0]) / (limits[across][1] - limits[across][0]) * room.width()
    y = room.bottom() - (points[:, up] - limits[up][0]) / (limits[up][1] - limits[up][0]) * room.height()
    kept = np.isfinite(x) & np.isfinite(y)
    painter.setPen(QPen(color, 1.5))
    painter.drawPoints(QPolygonF([QPointF(a, b) for a, b in zip(x[kept].tolist(), y[kept].tolist(), strict=True)]))
