"""One tile's picture: what a state of the flow looks like in the chosen mode, as an image of the theme's colours."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ..engine.messages import Picture, Tile
from ..pipeline import Box, EventKind, TileMode
from .pictures import HeldScale, log_peak, squared
from .theme import hue_colors, theme
from .tile_events import render_events, render_terms
from .tile_pictures import (
    Pixels,
    Table,
    argb,
    canvas,
    density_pixels,
    diverging_pixels,
    draw_lattice,
    draw_points,
    draw_segments,
    places,
)
from .units import Unit

FEW_LINES = 200
"""Pictures smaller than this (pixels) show every second line of a lattice: all of them would run together."""
_NICE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0)


class HeldSpan:
    """A scale from −span to span that does not flicker; its ends are round numbers."""

    def __init__(self) -> None:
        self._scale = HeldScale()

    @property
    def span(self) -> float:
        """1 nat while nothing but zeros was seen."""
        top = self._scale.top
        if top < 1e-3:
            return 1.0
        power = 10.0 ** math.floor(math.log10(top))
        return power * next(nice for nice in _NICE if nice >= top / power * 0.999)

    def update(self, values: list[NDArray[np.float32]], beyond: float = 0.02) -> None:
        """Takes all that is shown with this scale; a share `beyond` of it may be stronger than the scale's ends."""
        flat = np.abs(np.concatenate([v.reshape(-1) for v in values])) if values else np.zeros(0)
        flat = flat[np.isfinite(flat)]
        if flat.size:
            rank = flat.size - 1 - int(beyond * flat.size)
            self._scale.update(float(np.partition(flat, rank)[rank]))

    def reset(self) -> None:
        self._scale.reset()


@dataclass
class Look:
    """What the pictures of all tiles have in common."""

    mode: TileMode = "density"
    dimensions: int = 2
    kind: EventKind = "vector"
    unit: Unit = field(default_factory=Unit)
    """What the layers' log-dets are written in."""
    hues: NDArray[np.float32] | None = None
    source: NDArray[np.float32] | None = None
    """D = 1: the lattice over the data (or the base's), which the warped ones are drawn against."""
    fine: bool = False
    """Twice the resolution, for smooth lines; off while it learns."""
    log_det: HeldSpan = field(default_factory=HeldSpan)
    stretch: HeldSpan = field(default_factory=HeldSpan)
    terms: HeldSpan = field(default_factory=HeldSpan)
    """Of log|det J| by place, nats an element."""

    def point_colors(self, count: int) -> Pixels:
        """(count,) colours of the points: the hues where they fit, else the accent."""
        if self.hues is not None and len(self.hues) == count:
            return argb(hue_colors(self.hues, theme().dark))
        return np.full(count, theme().color("accent").rgba(), np.uint32)


def stretch_table() -> Table:
    """(256,) colours of lines: like the diverging table, but with a middle that stands out from the background."""
    table = theme().diverging_table()
    muted, border = (np.array(theme().color(name).getRgb(), np.float64) for name in ("muted", "border"))
    middle = (muted + border) / 2
    away = np.minimum(np.abs(np.linspace(-1, 1, len(table)))[:, None] * 1.6, 1.0)
    ends = np.where(np.arange(len(table))[:, None] < len(table) // 2, table[24], table[-25])
    return argb(np.rint((1 - away) * middle + away * ends).astype(np.uint8))


def render(tile: Tile, side: int, look: Look, scale: HeldScale) -> QImage | None:
    """The picture, to be drawn `side` pixels large; None where the tile has nothing for this mode. `scale` is the tile's own,
    held."""
    if tile.events is not None and (look.mode != "log_det" or tile.log_det is None):
        return render_events(tile, side)
    if look.mode == "log_det" and tile.terms is not None:
        return render_terms(tile, side, look.terms.span)
    if look.mode == "log_det":
        return _log_det(tile, side, look)
    if look.mode == "density" and tile.picture is not None:
        return _density(tile, tile.picture, side, look, scale)
    if look.mode == "grid" and tile.lattice is not None:
        return _grid(tile, side, look)
    if tile.points is not None and (look.mode == "samples" or look.dimensions > 2):
        return _points(tile, side, look)
    return None


def draw_histogram(
    painter: QPainter, box: QRectF, counts: NDArray[np.generic], edges: NDArray[np.generic], color: QColor
) -> None:
    """Bars over [edges[0], edges[-1]], the highest as high as the box."""
    top = float(np.max(counts, initial=0)) or 1.0
    width = float(edges[-1] - edges[0]) or 1.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for count, left, right in zip(counts, edges[:-1], edges[1:], strict=True):
        height = float(count) / top * box.height()
        x0 = round(box.left() + float(left - edges[0]) / width * box.width())
        x1 = round(box.left() + float(right - edges[0]) / width * box.width())
        painter.drawRect(QRectF(x0, box.bottom() - height, x1 - x0 - (x1 - x0 > 3), height))


@lru_cache(maxsize=2)
def _density_colors(dark: bool) -> Table:
    return argb(theme().density_table())


# ---- the modes ----


def _density(tile: Tile, picture: Picture, side: int, look: Look, scale: HeldScale) -> QImage:
    values = picture.values.numpy()
    top = scale.update(log_peak(values))
    if values.ndim == 1:
        with np.errstate(over="ignore"):
            curve = np.exp(np.minimum(values, 80)) / top
        return _curve(
            _centres(picture), curve, (*picture.box[:2], 0.0, 1.1), side, theme().color("held_out"), fill=True
        )
    table = _density_colors(theme().dark)
    return _framed(density_pixels(values, top, table), picture.box, tile.box, side, int(table[0]))


def _log_det(tile: Tile, side: int, look: Look) -> QImage | None:
    span = look.log_det.span
    if tile.picture is not None:
        values = tile.picture.values.numpy()
        if values.ndim == 1:
            box = (*tile.picture.box[:2], -1.1 * span, 1.1 * span)
            return _curve(_centres(tile.picture), values, box, side, theme().color("warning"), zero=True)
        table = argb(theme().diverging_table())
        return _framed(diverging_pixels(values, span, table), tile.picture.box, tile.picture.box, side, _background())
    if tile.histogram is None:
        return None
    counts, edges = (array.numpy() for array in tile.histogram)
    image = _blank(side)
    painter = QPainter(image)
    draw_histogram(
        painter, QRectF(0, 0.1 * side, side, 0.9 * side).adjusted(6, 0, -6, -6), counts, edges, theme().color("train")
    )
    painter.end()
    return image


def _grid(tile: Tile, side: int, look: Look) -> QImage:
    assert tile.lattice is not None
    lattice = tile.lattice.numpy()
    if lattice.ndim == 1:
        source = look.source if look.source is not None and len(look.source) == len(lattice) else lattice
        low, high = float(source[0]), float(source[-1])
        return _curve(source, lattice, (low, high, *tile.box[:2]), side, theme().color("accent"))
    drawn = 2 * side if look.fine else side
    stretch = tile.stretch.numpy() if tile.stretch is not None else np.zeros(lattice.shape[:2], np.float32)
    pixels = canvas(drawn, _background())
    every = 2 if side < FEW_LINES else 1
    draw_lattice(pixels, places(lattice, tile.box, drawn), stretch, look.stretch.span, stretch_table(), every)
    return _smoothed(pixels, side)


def _points(tile: Tile, side: int, look: Look) -> QImage:
    assert tile.points is not None
    points = tile.points.numpy()
    drawn = 2 * side if look.fine else side
    pixels = canvas(drawn, _background())
    colors = look.point_colors(len(points))
    if points.ndim == 1:
        low, high = tile.box[:2]
        x = (points - np.float32(low)) * np.float32(drawn / max(high - low, 1e-30))
        draw_segments(pixels, *_ticks(x, drawn), colors)
    else:
        draw_points(pixels, places(points, tile.box, drawn), colors, 3 if look.fine else 2)
    return _smoothed(pixels, side)


# ---- parts ----


def _ticks(x: NDArray[np.float32], side: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Short upright ticks for points on a line, in rows by turns, so that near ones stay apart."""
    rows = 24
    height = side / rows
    y = (np.arange(len(x)) * 7 % rows).astype(np.float32) * np.float32(height)
    return np.stack([x, y], 1), np.stack([x, y + np.float32(height)], 1)


def _centres(picture: Picture) -> NDArray[np.float64]:
    count = picture.values.shape[-1]
    low, high = picture.box[:2]
    return low + (np.arange(count) + 0.5) * (high - low) / count


def _background() -> int:
    return theme().color("plot").rgba()


def _blank(side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(theme().color("plot"))
    return image


def _image(pixels: Pixels) -> QImage:
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _smoothed(pixels: Pixels, side: int) -> QImage:
    image = _image(pixels)
    if pixels.shape[0] == side:
        return image
    return image.scaled(
        side, side, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)


def _framed(pixels: Pixels, box: Box, frame: Box, side: int, background: int) -> QImage:
    """A picture of `box` where it lies in the square around `frame`; one that fills it comes as it is, with fewer pixels."""
    x0, x1, y0, y1 = square = squared(frame)
    if max(abs(a - b) for a, b in zip(square, box, strict=True)) < 1e-6 * (x1 - x0):
        return _image(pixels)
    scale_x, scale_y = side / max(x1 - x0, 1e-30), side / max(y1 - y0, 1e-30)
    place = QRectF(
        (box[0] - x0) * scale_x, (y1 - box[3]) * scale_y, (box[1] - box[0]) * scale_x, (box[3] - box[2]) * scale_y
    )
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(background)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, _image(pixels))
    painter.end()
    return image


def _curve(
    x: NDArray[np.floating],
    y: NDArray[np.floating],
    box: tuple[float, float, float, float],
    side: int,
    color: QColor,
    *,
    fill: bool = False,
    zero: bool = False,
) -> QImage:
    """A function of one variable in a box of data units."""
    image = _blank(side)
    margin = 3.0
    inner = side - 2 * margin
    low, high, bottom, top = box
    across = margin + (np.asarray(x, np.float64) - low) / max(high - low, 1e-30) * inner
    up = side - margin - (np.asarray(y, np.float64) - bottom) / max(top - bottom, 1e-30) * inner
    up = np.clip(np.nan_to_num(up, nan=side), -side, 2 * side)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if zero:
        level = side - margin + bottom / (top - bottom) * inner
        painter.setPen(QPen(theme().color("border"), 1))
        painter.drawLine(0, round(level), side, round(level))
    if fill:
        closed = pg.functions.arrayToQPath(
            np.concatenate([across[:1], across, across[-1:]]), np.concatenate([[side], up, [side]]), connect="all"
        )
        shade = QColor(color)
        shade.setAlphaF(0.25)
        painter.fillPath(closed, shade)
    painter.setPen(QPen(color, 1.5))
    painter.drawPath(pg.functions.arrayToQPath(across, up, connect="all"))
    painter.end()
    return image
