"""Graphics items for clouds of coloured points and warped lattices: each is one item, drawn in a few calls of the painter."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.Qt import internals
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from .theme import hue_colors, theme

HUES = 24
"""Colours that the cyclic scale is drawn with."""
SHADES = 17
"""Colours that the diverging scale is drawn with; the middle one is 0."""
MOST_DOTS = 4000
_CELL = 10


class Cloud(pg.GraphicsObject):  # type: ignore[misc]
    """Points as round dots of one size on the screen, in one colour or coloured by hue: one draw call for all of them.

    (A ScatterPlotItem takes several milliseconds for as many points of many colours; this takes 0.3.)
    """

    def __init__(self, diameter: float = 4.0, color: str = "text", alpha: float = 0.55) -> None:
        super().__init__()
        self._diameter, self._color, self._alpha = diameter, color, alpha
        self._points = np.zeros((0, 2))
        self._hues: NDArray[np.int64] | None = None
        self._bounds = QRectF()
        self._atlas: QPixmap | None = None
        self._fragments = internals.PrimitiveArray(QPainter.PixmapFragment, 10)
        theme().changed.connect(self._recolor)

    @property
    def points(self) -> NDArray[np.float64]:
        """What is shown, (N, 2)."""
        return self._points

    def show_points(self, points: NDArray[np.floating] | None, hues: NDArray[np.floating] | None = None) -> None:
        """Shows points (N, 2), at most MOST_DOTS of them, evenly picked; hues (N,) in [0, 1). None: nothing."""
        if points is None or len(points) == 0:
            if len(self._points):
                self._set(np.zeros((0, 2)), None)
            return
        step = -(-len(points) // MOST_DOTS)
        shown = np.asarray(points[::step], np.float64)
        kept = np.isfinite(shown).all(axis=1)
        colors = None if hues is None else (np.asarray(hues[::step])[kept] * HUES).astype(np.int64) % HUES
        self._set(shown[kept], colors)

    def _set(self, points: NDArray[np.float64], hues: NDArray[np.int64] | None) -> None:
        if (hues is None) != (self._hues is None):
            self._atlas = None
        self._points, self._hues = points, hues
        self.prepareGeometryChange()
        self._bounds = _bounds(points)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not len(self._points):
            return
        ratio = painter.device().devicePixelRatioF()
        if self._atlas is None or self._atlas.devicePixelRatio() != ratio:
            self._atlas = self._draw_atlas(ratio)
        transform = painter.worldTransform()
        self._fragments.resize(len(self._points))
        table = self._fragments.ndarray()
        table[:, 0], table[:, 1] = _mapped(transform, self._points)
        table[:, 2] = 0 if self._hues is None else self._hues * (_CELL * ratio)
        table[:, 3] = 0
        table[:, 4:6] = _CELL * ratio
        table[:, 6:8] = 1 / ratio
        table[:, 8] = 0
        table[:, 9] = 1
        painter.save()
        painter.setWorldTransform(QTransform())
        painter.drawPixmapFragments(*self._fragments.drawargs(), self._atlas)  # type: ignore[call-arg]
        painter.restore()

    def _draw_atlas(self, ratio: float) -> QPixmap:
        """One dot of each colour, side by side."""
        if self._hues is None:
            colors = [theme().color(self._color, self._alpha)]
        else:
            table = hue_colors(((np.arange(HUES) + 0.5) / HUES).astype(np.float32), theme().dark)
            colors = [QColor(*(int(v) for v in row)) for row in table]
        atlas = QPixmap(round(_CELL * len(colors) * ratio), round(_CELL * ratio))
        atlas.setDevicePixelRatio(ratio)
        atlas.fill(Qt.GlobalColor.transparent)
        painter = QPainter(atlas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        rest = (_CELL - self._diameter) / 2
        for i, color in enumerate(colors):
            painter.setBrush(color)
            painter.drawEllipse(QRectF(_CELL * i + rest, rest, self._diameter, self._diameter))
        painter.end()
        return atlas

    def _recolor(self) -> None:
        self._atlas = None
        self.update()


class Lattice(pg.GraphicsObject):  # type: ignore[misc]
    """A lattice of (G, G) points as lines between neighbours, each coloured by how much it was stretched there."""

    def __init__(self) -> None:
        super().__init__()
        self._ends = np.zeros((0, 4))
        self._shades = np.zeros(0, np.int64)
        self._bounds = QRectF()
        self._lines = internals.PrimitiveArray(QLineF, 4)
        theme().changed.connect(self.update)

    @property
    def ends(self) -> NDArray[np.float64]:
        """What is shown: (lines, 4) of x1, y1, x2, y2."""
        return self._ends

    def show_lattice(self, points: NDArray[np.floating] | None, stretch: NDArray[np.floating] | None = None) -> None:
        """Shows points (G, G, 2); `stretch` (G, G) in -1..1 is the place on the diverging scale. None: nothing."""
        if points is None:
            ends, shades = np.zeros((0, 4)), np.zeros(0, np.int64)
        else:
            across = np.concatenate([points[:, :-1], points[:, 1:]], axis=-1).reshape(-1, 4)
            up = np.concatenate([points[:-1], points[1:]], axis=-1).reshape(-1, 4)
            ends = np.concatenate([across, up]).astype(np.float64)
            if stretch is None:
                stretch = np.zeros(points.shape[:2], np.float32)
            place = np.nan_to_num(np.clip(stretch, -1, 1))
            mean = np.concatenate(
                [((place[:, :-1] + place[:, 1:]) / 2).ravel(), ((place[:-1] + place[1:]) / 2).ravel()]
            )
            shades = np.rint((mean + 1) / 2 * (SHADES - 1)).astype(np.int64)
            kept = np.isfinite(ends).all(axis=1)
            ends, shades = ends[kept], shades[kept]
            order = np.argsort(shades, kind="stable")
            ends, shades = ends[order], shades[order]
        self._ends, self._shades = ends, shades
        self.prepareGeometryChange()
        self._bounds = _bounds(ends.reshape(-1, 2))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if not len(self._ends):
            return
        for shade in np.unique(self._shades):
            lines = self._ends[slice(*np.searchsorted(self._shades, [shade, shade + 1]))]
            self._lines.resize(len(lines))
            self._lines.ndarray()[:] = lines
            pen = QPen(shade_color(int(shade)), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(*self._lines.drawargs())


def shade_color(shade: int) -> QColor:
    """A colour of the diverging scale for lines: its middle is a grey that shows on the background."""
    if shade == (SHADES - 1) // 2:
        return theme().color("muted", 0.7)
    row = theme().diverging_table()[round(shade / (SHADES - 1) * 255)]
    return QColor(*(int(v) for v in row[:3]))


def _mapped(transform: QTransform, points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = points[:, 0], points[:, 1]
    return (
        transform.m11() * x + transform.m21() * y + transform.dx(),
        transform.m12() * x + transform.m22() * y + transform.dy(),
    )


def _bounds(points: NDArray[np.floating]) -> QRectF:
    if not len(points):
        return QRectF()
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    pad = 0.05 * max(right - left, top - bottom, 1e-9)
    return QRectF(left - pad, bottom - pad, right - left + 2 * pad, top - bottom + 2 * pad)
