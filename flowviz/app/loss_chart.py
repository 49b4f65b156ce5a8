"""The curves of the loss over the steps, drawn with as many points as there are pixels, and lines to measure them by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from .loss_record import LossRecord
from .loss_series import Floats, Numbers, decimate, decimate_log, visible
from .pictures import HeldRange
from .stage_plane import ZOOM, Chart
from .theme import theme
from .units import Unit

MOST_POINTS = 1600
FEWEST_STEPS = 50
CURVES = ("train", "smoothed", "held_out")
LINES = ("floor", "gaussian", "kde")
COLORS = {
    "train": "train",
    "smoothed": "text",
    "held_out": "held_out",
    "floor": "floor",
    "gaussian": "gaussian",
    "kde": "kde",
}


@dataclass
class Level:
    """A line to measure by: its value in nats (None: not known) and what stands on it."""

    value: float | None = None
    words: str = ""


class LossChart(Chart):
    """Wheel zooms along the steps, dragging moves, 0 fits; the nats always fit what is seen."""

    hovered = Signal(float)
    """The mouse is at this step."""
    left = Signal()

    def __init__(self, record: LossRecord, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossChart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 70)
        self.record = record
        self.shown = dict.fromkeys((*CURVES, *LINES), True)
        self.levels = {name: Level() for name in LINES}
        self.log_steps = False
        self.fitted = True
        self._range = HeldRange()
        self.unit = Unit()
        """What the nats of the record and of the levels are drawn in."""
        self._drag: QPointF | None = None
        self._cursor: float | None = None
        self.curves = {name: pg.PlotCurveItem() for name in CURVES}
        self.dots = pg.ScatterPlotItem(size=5, pen=None)
        self.lines = {name: pg.InfiniteLine(angle=0, movable=False) for name in LINES}
        for depth, item in enumerate((*self.lines.values(), *self.curves.values(), self.dots)):
            item.setZValue(depth)
            self.view.addItem(item, ignoreBounds=True)
        self.view.setLimits(xMin=-1)
        self.recolor()
        self.redraw()

    # ---- drawing ----

    def start_over(self) -> None:
        """Another run: its losses may lie anywhere."""
        self._range.reset()
        if not self.record.last_step:
            self.fitted = True

    def redraw(self) -> None:
        """Draws what is in view, in as many points as it takes."""
        if self.fitted:
            low, high = (1.0, max(self.record.last_step, FEWEST_STEPS)) if self.log_steps else (0.0, self._longest())
            self.view.setXRange(*self._places(np.array([low, high])), padding=0)
        x0, x1 = self._steps(np.array(self.view.viewRange()[0]))
        seen: list[tuple[str, Floats]] = []
        for name, curve in self.curves.items():
            series = self.record.series[name]
            part = visible(series.steps, x0, x1)
            if self.log_steps and part.start < len(series) and series.steps[part.start] < 1:
                part = slice(part.start + 1, part.stop)
            if not self.shown[name] or part.stop - part.start < 1:
                curve.clear()
                if name == "held_out":
                    self.dots.clear()
                continue
            thin = decimate_log if self.log_steps else decimate
            x, y = thin(series.steps[part], series.values[part], MOST_POINTS)
            places, y = self._places(x), y.astype(np.float64) / self.unit.divisor
            curve.setData(places, y, connect="finite")
            if name == "held_out":
                self.dots.setData(places, y) if len(x) <= 60 else self.dots.clear()
            stride = -(-len(y) // 4000)
            seen.append((name, y[::stride]))
        for name, line in self.lines.items():
            value = self.levels[name].value
            line.setVisible(self.shown[name] and value is not None)
            if value is not None:
                line.setValue(self.unit.of(value))
        self.view.setYRange(*self._nats(seen), padding=0)
        self.viewport().update()

    def _longest(self) -> float:
        return max(self.record.last_step * 1.02, FEWEST_STEPS)

    def _nats(self, seen: list[tuple[str, Floats]]) -> tuple[float, float]:
        """What all but the outermost hundredth lies in, and the lines; the last held-out value is never outside."""
        ends: list[float] = []
        for name, values in seen:
            finite = values[np.isfinite(values)]
            if finite.size:
                ends += [float(v) for v in np.quantile(finite, (0.01, 0.9 if name == "train" else 0.97))]
                if name != "train":
                    ends.append(float(finite[-1]))
        ends += [
            self.unit.of(level.value)
            for name, level in self.levels.items()
            if self.shown[name] and level.value is not None
        ]
        return self._range.update(min(ends), max(ends), margin=0.08) if ends else (0.0, 4.0)

    def _places(self, steps: Numbers) -> Floats:
        return np.asarray(np.log10(steps) if self.log_steps else steps, np.float64)

    def _steps(self, places: Floats) -> tuple[float, float]:
        low, high = (10.0**places) if self.log_steps else places
        return float(low), float(high)

    def set_log_steps(self, on: bool) -> None:
        """Steps on a logarithmic scale."""
        self.log_steps = on
        self.bottom_axis.setLogMode(x=on)
        self.fit()

    def set_shown(self, name: str, on: bool) -> None:
        self.shown[name] = on
        self._range.reset()
        self.redraw()

    def set_unit(self, unit: Unit) -> None:
        """Another unit on the upright axis."""
        if unit != self.unit:
            self.unit = unit
            self._range.reset()
            self.redraw()

    def set_levels(self, levels: dict[str, Level]) -> None:
        if levels != self.levels:
            self.levels = levels
            self._range.reset()
            self.redraw()

    def fit(self) -> None:
        """All steps."""
        self.fitted = True
        self._range.reset()
        self.redraw()

    def recolor(self) -> None:
        super().recolor()
        if not hasattr(self, "lines"):
            return
        for name, curve in self.curves.items():
            color = _faint(COLORS[name]) if name == "train" else theme().color(COLORS[name])
            curve.setPen(pg.mkPen(color, width=2 if name == "held_out" else 1))
        self.dots.setBrush(theme().color(COLORS["held_out"]))
        for name, line in self.lines.items():
            line.setPen(pg.mkPen(theme().color(COLORS[name]), width=1, style=Qt.PenStyle.DashLine))

    def cursor_x(self) -> float:
        """Where the step under the mouse lies in this widget."""
        place = self._places(np.array([max(self._cursor or 0.0, 1.0)]))[0]
        return self.to_widget(float(place), 0.0).x()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """The words on the lines, kept apart, and the upright line at the mouse."""
        super().drawForeground(painter, rect)
        area = self.view.sceneBoundingRect()
        if self._cursor is not None:
            x = self.cursor_x()
            painter.setPen(pg.mkPen(theme().color("muted"), width=1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        font = self.tick_font
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        painter.setPen(theme().color("muted"))
        wide = metrics.horizontalAdvance(self.unit.words) + 2
        corner = QRectF(0, area.bottom() + 3, max(area.left() - 8, wide), metrics.height())
        painter.drawText(corner, int(Qt.AlignmentFlag.AlignRight), self.unit.words)
        for top, name, words in self._labels(area, metrics.height()):
            width = metrics.horizontalAdvance(words)
            box = QRectF(area.right() - width - 6, top, width + 2, metrics.height())
            painter.fillRect(box, QColor(theme().color("plot", 0.8)))
            painter.setPen(theme().color(COLORS[name]))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _labels(self, area: QRectF, height: float) -> list[tuple[float, str, str]]:
        """(top, name, words) of each line's label: above its line, and as far from it as keeps them apart and inside."""
        places = sorted(
            (self.view.mapViewToScene(QPointF(0, self.unit.of(level.value))).y(), name, level.words)
            for name, level in self.levels.items()
            if self.shown[name] and level.value is not None
        )
        places = [place for place in places if area.top() - 1 <= place[0] <= area.bottom() + 1]
        tops: list[float] = []
        for y, _, _ in places:
            tops.append(max(y - height - 1, tops[-1] + height if tops else area.top()))
        limit = area.bottom() - height * 1.1
        for i in reversed(range(len(tops))):
            tops[i] = min(tops[i], limit)
            limit = tops[i] - height
        return [(top, name, words) for top, (_, name, words) in zip(tops, places, strict=True)]

    # ---- mouse and keys ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.position()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.buttons():
            shift = self.to_data(self._drag).x() - self.to_data(event.position()).x()
            self._drag = event.position()
            self.fitted = False
            self.view.translateBy(x=shift)
            self.redraw()
        step, _ = self._steps(np.array([self.to_data(event.position()).x()] * 2))
        self._cursor = step
        self.viewport().update()
        self.hovered.emit(step)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self.zoom(ZOOM ** (turned / 120), self.to_data(event.position()).x())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._cursor = None
        self.viewport().update()
        self.left.emit()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom(ZOOM)
            case Qt.Key.Key_Minus:
                self.zoom(1 / ZOOM)
            case Qt.Key.Key_0:
                self.fit()
            case _:
                event.ignore()
                return
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def zoom(self, factor: float, around: float | None = None) -> None:
        """Enlarges along the steps, keeping a place where it is."""
        self.fitted = False
        x0, x1 = self.view.viewRange()[0]
        middle = (x0 + x1) / 2 if around is None else around
        self.view.setXRange(middle - (middle - x0) / factor, middle + (x1 - middle) / factor, padding=0)
        self._range.reset()
        self.redraw()


def _faint(name: str) -> QColor:
    """A colour half way to the background, and opaque: translucent lines are slow to draw."""
    color, plot = theme().color(name), theme().color("plot")
    return QColor(
        (color.red() + plot.red()) // 2, (color.green() + plot.green()) // 2, (color.blue() + plot.blue()) // 2
    )
