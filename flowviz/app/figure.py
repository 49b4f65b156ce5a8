"""A trained flow as one figure, PNG or SVG: target, model and samples above, and below what each layer does.

It is painted from the same messages that the window shows, so it needs no torch and no window.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen
from PySide6.QtSvg import QSvgGenerator

from ..engine.messages import Frame, Picture, TargetInfo, Tile
from ..pipeline import Box
from .theme import UNIT, hue_colors, theme

LARGE, SMALL = 344.0, 160.0
"""Sides of the pictures above and of the layers' pictures, in pixels of the figure."""
COLUMNS = 6
"""Layers side by side before the next band begins."""
SCALE = 2
"""Pixels of a PNG for one of the figure."""
MOST_DOTS = 20_000
ROWS = ("density", "grid", "samples", "log_det")


@dataclass(frozen=True)
class Content:
    """What a figure shows. `frames` maps each tile mode of ROWS to the frame made for it; log-densities in nats."""

    title: str
    caption: str
    target: TargetInfo
    frames: dict[str, Frame]
    names: dict[str, str]
    """Uid of a tile to the words above it."""


def write(content: Content, path: Path) -> None:
    """Paints the figure into a PNG or SVG file, by its suffix. Raises OSError when it cannot be written."""
    size = _size(content)
    if path.suffix.lower() == ".svg":
        generator = QSvgGenerator()
        generator.setFileName(str(path))
        generator.setSize(size.toSize())
        generator.setViewBox(QRectF(QPointF(0, 0), size))
        generator.setTitle(content.title)
        painter = QPainter()
        if not painter.begin(generator):
            raise OSError(f"{path}: the figure cannot be written")
        _paint(painter, content, size)
        painter.end()
        return
    image = QImage((size * SCALE).toSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(SCALE, SCALE)
    _paint(painter, content, size)
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"{path}: the figure cannot be written")


def write_samples(points: NDArray[np.float32], box: Box, title: str, path: Path) -> None:
    """Paints samples as a PNG: the first two columns as dots, or as counts on a 400 x 400 grid when
    there are too many for dots; a histogram for (N, 1)."""
    side = 800.0
    size = QSizeF(side + 4 * UNIT, side + 8 * UNIT)
    image = QImage(size.toSize(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(QPointF(0, 0), size), theme().color("window"))
    area = QRectF(2 * UNIT, 6 * UNIT, side, side)
    _text(painter, QRectF(2 * UNIT, UNIT, side, 4 * UNIT), title, "text", 12, bold=True)
    painter.fillRect(area, theme().color("plot"))
    if points.shape[1] == 1:
        counts, edges = np.histogram(points[:, 0], bins=120, range=(box[0], box[1]), density=True)
        _curve(painter, area, box[:2], 0.5 * (edges[1:] + edges[:-1]), counts, "accent", filled=True)
    elif len(points) <= MOST_DOTS:
        _dots(painter, area, box, points[:, :2], None, 1.2, theme().color("accent", 0.55))
    else:
        counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=400, range=(box[2:], box[:2]))
        _image(painter, area, counts / max(counts.max(), 1.0), theme().density_table())
    _frame(painter, area)
    painter.end()
    if not image.save(str(path)):
        raise OSError(f"{path}: the picture cannot be written")


# ---- layout ---------------------------------------------------------------------------------------------------------


def _rows(content: Content) -> list[str]:
    """The rows of pictures under each layer; more than two dimensions have points alone, one has no warped grid."""
    dimensions = content.target.event_shape[0]
    if dimensions > 2:
        return ["samples"]
    return [row for row in ROWS if row in content.frames and (dimensions == 2 or row != "grid")]


def _tiles(content: Content) -> int:
    return max((len(frame.tiles) for frame in content.frames.values()), default=0)


def _size(content: Content) -> QSizeF:
    rows, bands = len(_rows(content)), -(-_tiles(content) // COLUMNS)
    width = max(3 * (LARGE + 2 * UNIT), COLUMNS * (SMALL + UNIT) + 8 * UNIT) + 4 * UNIT
    band = 4 * UNIT + rows * (SMALL + UNIT) + UNIT
    return QSizeF(width, 9 * UNIT + 4 * UNIT + LARGE + 3 * UNIT + bands * band + 2 * UNIT)


def _paint(painter: QPainter, content: Content, size: QSizeF) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(QRectF(QPointF(0, 0), size), theme().color("window"))
    width = size.width() - 4 * UNIT
    _text(painter, QRectF(2 * UNIT, 1.5 * UNIT, width, 3 * UNIT), content.title, "text", 15, bold=True)
    _text(painter, QRectF(2 * UNIT, 4.5 * UNIT, width, 3 * UNIT), content.caption, "muted", 10)
    _above(painter, content, 9 * UNIT)
    rows, reach = _rows(content), _reach(content)
    top = 9 * UNIT + 4 * UNIT + LARGE + 3 * UNIT
    band = 4 * UNIT + len(rows) * (SMALL + UNIT) + UNIT
    for index in range(_tiles(content)):
        x = 8 * UNIT + 2 * UNIT + (index % COLUMNS) * (SMALL + UNIT)
        y = top + (index // COLUMNS) * band
        _column(painter, content, rows, reach, index, x, y)
    words = {"density": "density", "grid": "grid", "samples": "points", "log_det": "log|det J|"}
    for start in range(-(-_tiles(content) // COLUMNS)):
        for number, row in enumerate(rows):
            y = top + start * band + 4 * UNIT + number * (SMALL + UNIT)
            _text(painter, QRectF(2 * UNIT, y, 8 * UNIT, 2 * UNIT), words[row], "muted", 9)
            if row in reach:
                area = QRectF(2 * UNIT, y + 2 * UNIT, 8 * UNIT, 2 * UNIT)
                _text(painter, area, f"±{reach[row]:.1f} nats", "muted", 8)


def _above(painter: QPainter, content: Content, top: float) -> None:
    target = content.target
    frame = next(iter(content.frames.values()))
    peak = _peak(target.density if target.density is not None else frame.model)
    areas = [QRectF(2 * UNIT + i * (LARGE + 2 * UNIT), top + 3 * UNIT, LARGE, LARGE) for i in range(3)]
    for area, word in zip(areas, ("target", "model", "samples of the model"), strict=True):
        _text(painter, QRectF(area.left(), top, LARGE, 3 * UNIT), word, "text", 10)
        painter.fillRect(area, theme().color("plot"))
    if target.density is not None:
        _picture(painter, areas[0], target.density, peak)
    elif target.points is not None:
        _points(painter, areas[0], target.box, target.points.numpy(), None)
    if frame.model is not None:
        _picture(painter, areas[1], frame.model, peak)
    if frame.samples is not None:
        _points(painter, areas[2], target.box, frame.samples.numpy(), None)
    for area in areas:
        _frame(painter, area)


def _column(
    painter: QPainter, content: Content, rows: list[str], reach: dict[str, float], index: int, x: float, y: float
) -> None:
    """One layer: its name, its mean log-det, and one picture a row."""
    first = next(frame.tiles[index] for frame in content.frames.values())
    name = content.names.get(first.uid, first.uid)
    _text(painter, QRectF(x, y, SMALL, 2 * UNIT), name, "text", 9, bold=True)
    if first.log_det is not None:
        _text(painter, QRectF(x, y + 2 * UNIT, SMALL, 2 * UNIT), f"log|det J| {first.log_det:+.3f} nats", "muted", 8)
    for number, row in enumerate(rows):
        area = QRectF(x, y + 4 * UNIT + number * (SMALL + UNIT), SMALL, SMALL)
        tile = content.frames[row].tiles[index]
        if row == "log_det" and tile.picture is None:
            continue  # data and base are no maps
        painter.fillRect(area, theme().color("plot"))
        painter.save()
        painter.setClipRect(area)
        _tile(painter, area, tile, row, reach.get(row, 1.0), content.target)
        painter.restore()
        _frame(painter, area)


def _reach(content: Content) -> dict[str, float]:
    """Largest stretch and log|det J| (nats) of all layers, but for the outermost hundredth: one scale for a whole row."""
    values: dict[str, list[NDArray[np.float32]]] = {"grid": [], "log_det": []}
    for row in values:
        for tile in content.frames[row].tiles if row in content.frames else ():
            if row == "grid" and tile.stretch is not None:
                values[row].append(tile.stretch.numpy().ravel())
            elif row == "log_det" and tile.picture is not None:
                values[row].append(tile.picture.values.numpy().ravel())
    found = {}
    for row, parts in values.items():
        sizes = np.abs(np.concatenate(parts)) if parts else np.ones(1)
        found[row] = max(float(np.quantile(sizes[np.isfinite(sizes)], 0.99)), 1e-3)
    return found


def _tile(painter: QPainter, area: QRectF, tile: Tile, row: str, reach: float, target: TargetInfo) -> None:
    if row == "log_det" and tile.picture is not None:
        _signed(painter, area, tile.picture, reach)
    elif row == "density" and tile.picture is not None:
        _picture(painter, area, tile.picture, _peak(tile.picture))
    elif row == "grid" and tile.lattice is not None:
        stretch = tile.stretch.numpy() if tile.stretch is not None else None
        _lattice(painter, area, tile.box, tile.lattice.numpy(), stretch, reach)
    elif tile.points is not None and row == "samples":
        hues = target.hues.numpy() if target.hues is not None else None
        _points(painter, area, tile.box, tile.points.numpy(), hues)


# ---- one picture ----------------------------------------------------------------------------------------------------


def _peak(picture: Picture | None) -> float:
    if picture is None:
        return 0.0
    values = picture.values.numpy()
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 0.0


def _picture(painter: QPainter, area: QRectF, picture: Picture, peak: float) -> None:
    """A density: p relative to the peak, in the colours of the window."""
    values = np.nan_to_num(picture.values.numpy(), nan=-np.inf, neginf=-np.inf)
    if values.ndim == 1:
        positions = np.linspace(picture.box[0], picture.box[1], len(values))
        _curve(painter, area, picture.box[:2], positions, np.exp(values - peak), "accent", filled=True, top=1.0)
        return
    level = np.exp(np.clip(values - peak, -40.0, 0.0))
    _image(painter, area, level, theme().density_table())


def _signed(painter: QPainter, area: QRectF, picture: Picture, reach: float) -> None:
    """A function that may be negative: blue below 0, orange above, full at `reach`."""
    values = np.clip(np.nan_to_num(picture.values.numpy()), -reach, reach)
    if values.ndim == 1:
        positions = np.linspace(picture.box[0], picture.box[1], len(values))
        _curve(painter, area, picture.box[:2], positions, 0.5 + 0.5 * values / reach, "accent", top=1.0)
        return
    _image(painter, area, 0.5 + 0.5 * values / reach, theme().diverging_table())


def _image(painter: QPainter, area: QRectF, level: NDArray[np.float64], table: NDArray[np.uint8]) -> None:
    """Levels in [0, 1], row 0 at the smallest y, through a table of 256 colours."""
    colors = np.ascontiguousarray(table[np.clip(np.rint(255 * level[::-1]), 0, 255).astype(np.uint8)])
    height, width = level.shape
    painter.drawImage(area, QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy())


def _lattice(
    painter: QPainter,
    area: QRectF,
    box: Box,
    lattice: NDArray[np.float32],
    stretch: NDArray[np.float32] | None,
    reach: float,
) -> None:
    """The lattice's lines; each piece is coloured by how much the plane was stretched there, full at `reach` nats."""
    x, y = _to_area(area, box, lattice[..., 0], lattice[..., 1])
    colors = _stretch_colors(np.zeros(x.shape, np.float32) if stretch is None else stretch, reach)
    for axis in (0, 1):
        xs, ys, tints = (x, y, colors) if axis == 0 else (x.T, y.T, colors.T)
        for line in range(0, xs.shape[0], max(1, xs.shape[0] // 32)):
            for start, end, tint in _runs(tints[line]):
                painter.setPen(QPen(QColor.fromRgb(tint), 0.6))
                painter.drawPath(_polyline(xs[line, start : end + 1], ys[line, start : end + 1]))


def _stretch_colors(stretch: NDArray[np.float32], reach: float) -> NDArray[np.uint32]:
    """One colour (0xffrrggbb) for each vertex: the diverging scale in 17 steps, muted where nothing was stretched."""
    level = np.rint(8 * np.clip(np.nan_to_num(stretch) / reach, -1.0, 1.0))
    table = theme().diverging_table()[np.rint(np.linspace(0, 255, 17)).astype(int)].astype(np.uint32)
    packed = 0xFF000000 | table[:, 0] << 16 | table[:, 1] << 8 | table[:, 2]
    packed[7:10] = theme().color("muted").rgb()
    colors: NDArray[np.uint32] = packed[(level + 8).astype(int)]
    return colors


def _runs(tints: NDArray[np.uint32]) -> list[tuple[int, int, int]]:
    """(first vertex, last vertex, colour) of the pieces of a line that have one colour."""
    cuts = [0, *(np.flatnonzero(tints[1:-1] != tints[:-2]) + 1).tolist(), len(tints) - 1]
    return [(start, end, int(tints[start])) for start, end in pairwise(cuts)]


def _points(
    painter: QPainter, area: QRectF, box: Box, points: NDArray[np.float32], hues: NDArray[np.float32] | None
) -> None:
    if points.ndim == 1:
        counts, edges = np.histogram(points, bins=80, range=(box[0], box[1]), density=True)
        _curve(painter, area, box[:2], 0.5 * (edges[1:] + edges[:-1]), counts, "accent", filled=True)
        return
    _dots(painter, area, box, points, hues, 0.9, theme().color("accent", 0.6))


def _dots(
    painter: QPainter,
    area: QRectF,
    box: Box,
    points: NDArray[np.float32],
    hues: NDArray[np.float32] | None,
    radius: float,
    color: QColor,
) -> None:
    x, y = _to_area(area, box, points[:, 0], points[:, 1])
    colors = None if hues is None else hue_colors(hues[: len(x)], theme().dark)
    painter.save()
    painter.setClipRect(area)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
    for i in np.flatnonzero(inside):
        if colors is not None and i < len(colors):
            painter.setBrush(QColor(*(int(c) for c in colors[i, :3])))
        painter.drawEllipse(QPointF(x[i], y[i]), radius, radius)
    painter.restore()


def _curve(
    painter: QPainter,
    area: QRectF,
    span: tuple[float, float],
    positions: NDArray[np.floating],
    heights: NDArray[np.floating],
    color: str,
    *,
    filled: bool = False,
    top: float | None = None,
) -> None:
    """A function of one number over `span`; `top` is the value at the upper edge, by default a little above the peak."""
    highest = top if top is not None else 1.08 * max(float(np.max(heights, initial=0.0)), 1e-12)
    x, y = _to_area(area, (span[0], span[1], 0.0, highest), positions, np.clip(heights, 0.0, highest))
    path = _polyline(x, y)
    painter.setPen(QPen(theme().color(color), 1.2))
    painter.drawPath(path)
    if filled:
        path.lineTo(float(x[-1]), area.bottom())
        path.lineTo(float(x[0]), area.bottom())
        painter.fillPath(path, theme().color(color, 0.25))


def _to_area(
    area: QRectF, box: Box, x: NDArray[np.floating], y: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Data units to pixels of the figure, y upwards; kept within what a painter can take."""
    left = area.left() + area.width() * (np.asarray(x, np.float64) - box[0]) / (box[1] - box[0])
    top = area.bottom() - area.height() * (np.asarray(y, np.float64) - box[2]) / (box[3] - box[2])
    return np.clip(np.nan_to_num(left), -1e5, 1e5), np.clip(np.nan_to_num(top), -1e5, 1e5)


def _polyline(x: NDArray[np.float64], y: NDArray[np.float64]) -> QPainterPath:
    path = QPainterPath(QPointF(float(x[0]), float(y[0])))
    for i in range(1, len(x)):
        path.lineTo(float(x[i]), float(y[i]))
    return path


def _frame(painter: QPainter, area: QRectF) -> None:
    painter.setPen(QPen(theme().color("border"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)


def _text(painter: QPainter, area: QRectF, text: str, color: str, points: int, *, bold: bool = False) -> None:
    font = QFont(painter.font())
    font.setPixelSize(round(points * 4 / 3))
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(theme().color(color))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
