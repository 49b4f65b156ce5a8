"""The pictures on tiles as arrays of pixels: (H, W) uint32 of 0xAARRGGBB, row 0 at the top. No Qt.

They are made anew for every tile of every frame, so each is a handful of numpy calls and no loop: lines and points are
rasterised here, which for thousands of short coloured segments is many times faster than a painter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..engine.messages import Frame
from ..pipeline import Box, TileMode
from .pictures import squared

Pixels = NDArray[np.uint32]
Table = NDArray[np.uint32]
_DARK = np.float32(-80.0)
"""Nats below the top of the scale, from where on everything is as good as 0."""


def argb(table: NDArray[np.uint8]) -> Table:
    """A table of colours (N, 4) RGBA as (N,) pixels."""
    wide = table.astype(np.uint32)
    packed: Table = (wide * np.array([1 << 16, 1 << 8, 1, 1 << 24], np.uint32)).sum(1, dtype=np.uint32)
    return packed


def made_for(frame: Frame, mode: TileMode, dimensions: int) -> bool:
    """Whether the tiles of a frame hold what this mode shows. Right after the mode was changed, the newest does not yet."""
    tiles = frame.tiles
    if not tiles:
        return False
    if any(tile.events is not None for tile in tiles):
        return mode != "log_det" or any(tile.terms is not None or tile.histogram is not None for tile in tiles)
    if any(tile.lattice is not None for tile in tiles):
        return mode == "grid"
    if any(tile.points is not None for tile in tiles):
        return mode == "samples" or dimensions > 2
    if tiles[0].picture is not None:
        return mode == "density"
    return mode == "log_det"


def density_pixels(log_density: NDArray[np.float32], top: float, table: Table) -> Pixels:
    """exp of log-densities (H, W) in nats, from 0 at the table's start to `top` at its end; what is no number is drawn as 0."""
    shade = log_density[::-1] - np.float32(np.log(top))
    np.fmax(shade, _DARK, out=shade)
    np.minimum(shade, np.float32(0.0), out=shade)
    np.exp(shade, out=shade)
    shade *= np.float32(len(table) - 1)
    pixels: Pixels = table.take(shade.astype(np.int32))
    return pixels


def diverging_pixels(values: NDArray[np.float32], span: float, table: Table) -> Pixels:
    """Values (H, W) from −span to span, 0 in the middle of the table; what is not finite is drawn as 0."""
    return np.ascontiguousarray(table[_diverging(values, span, len(table))][::-1])


def canvas(side: int, background: int) -> Pixels:
    return np.full((side, side), background, np.uint32)


def places(points: NDArray[np.floating], box: Box, side: int) -> NDArray[np.float32]:
    """Points (..., 2) in data units as pixels (x, y) of a square picture of the box, which keeps its proportions."""
    x0, x1, y0, y1 = squared(box)
    scale = np.array([side / max(x1 - x0, 1e-30), -side / max(y1 - y0, 1e-30)], np.float32)
    return (points - np.array([x0, y1], np.float32)) * scale


def draw_points(pixels: Pixels, at: NDArray[np.float32], colors: Pixels, size: int = 2) -> None:
    """Squares of `size` pixels at places (N, 2); those outside the picture are left out."""
    side = pixels.shape[0]
    with np.errstate(invalid="ignore"):
        inside = np.all((at >= 0) & (at < side - size + 1), axis=1)
    corner = at[inside].astype(np.int32)
    flat = corner[:, 1] * side + corner[:, 0]
    shown = colors[inside]
    target = pixels.reshape(-1)
    for row in range(size):
        for column in range(size):
            target[flat + (row * side + column)] = shown


def draw_lattice(
    pixels: Pixels, at: NDArray[np.float32], stretch: NDArray[np.float32], span: float, table: Table, every: int = 1
) -> None:
    """Every `every`-th line of a lattice with nodes at places (G, G, 2), in the colours of the log-stretch (G, G) along it."""
    level = _diverging(stretch, span, len(table))
    starts, ends, levels = [], [], []
    for nodes, height in ((at[::every], level[::every]), (at.swapaxes(0, 1)[::every], level.T[::every])):
        starts.append(nodes[:, :-1].reshape(-1, 2))
        ends.append(nodes[:, 1:].reshape(-1, 2))
        levels.append(((height[:, :-1] + height[:, 1:]) // 2).reshape(-1))
    draw_segments(pixels, np.concatenate(starts), np.concatenate(ends), table[np.concatenate(levels)])


def draw_segments(pixels: Pixels, starts: NDArray[np.float32], ends: NDArray[np.float32], colors: Pixels) -> None:
    """Straight pieces of one pixel's width from starts (S, 2) to ends (S, 2)."""
    side = pixels.shape[0]
    x, y, along_x, along_y, shown = _clipped(starts, ends, colors, side)
    count = np.maximum(np.abs(along_x), np.abs(along_y)).astype(np.int32) + 1
    index = np.repeat(np.arange(len(x)), count)
    step = np.arange(len(index)) - np.repeat(np.cumsum(count) - count, count)
    share = (step + np.float32(0.5)) / count[index]
    column = np.minimum((x[index] + along_x[index] * share).astype(np.int32), side - 1)
    row = np.minimum((y[index] + along_y[index] * share).astype(np.int32), side - 1)
    pixels.reshape(-1)[row * side + column] = shown[index]


def _clipped(
    starts: NDArray[np.float32], ends: NDArray[np.float32], colors: Pixels, side: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32], Pixels]:
    """The parts of the pieces that lie in the square from 0 to `side` (Liang, Barsky 1984): x, y, dx, dy, colours."""
    x, y = np.ascontiguousarray(starts.T)
    dx, dy = np.ascontiguousarray(ends.T) - (x, y)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        enter, leave = np.zeros_like(x), np.ones_like(x)
        seen = np.isfinite(x + y + dx + dy)
        for start, along in ((x, dx), (y, dy)):
            near, far = -start / along, (side - start) / along
            still = along == 0
            enter = np.where(still, enter, np.maximum(enter, np.minimum(near, far)))
            leave = np.where(still, leave, np.minimum(leave, np.maximum(near, far)))
            seen &= ~still | ((start >= 0) & (start < side))
        seen &= enter < leave
        x, y, dx, dy, enter, leave = (part[seen] for part in (x, y, dx, dy, enter, leave))
        length = leave - enter
        return x + dx * enter, y + dy * enter, dx * length, dy * length, colors[seen]


def _diverging(values: NDArray[np.float32], span: float, count: int) -> NDArray[np.int32]:
    level = (np.nan_to_num(values, nan=0.0, posinf=1e30, neginf=-1e30) / np.float32(span) + 1) * np.float32(count / 2)
    index: NDArray[np.int32] = np.clip(level, 0, count - 1).astype(np.int32)
    return index
