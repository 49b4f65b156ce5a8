"""Painting on the cells of a drawn density: strokes are masks on a (256, 256) grid of numbers in 0..1. No Qt.

Positions are in cells: (0, 0) is the corner at the smallest x and y, (256, 256) the opposite one, and cell (row, column) has
its centre at (column + 1/2, row + 1/2). A stroke keeps one mask m in 0..1 of where it has gone, so that crossing itself or
resting adds nothing (but for the spray), and the drawing with it is

    cells = before + (ink - before) * strength * m,     ink = 1, or 0 for the eraser.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..pipeline import CANVAS, Box

Cells = NDArray[np.float32]
Tool = Literal["brush", "spray", "eraser", "line", "ellipse", "disc", "text"]
TOOLS: tuple[Tool, ...] = ("brush", "spray", "eraser", "line", "ellipse", "disc", "text")
SIZES = (1, 160)
"""Smallest and largest diameter of a brush, in cells."""
LEAST_INK = 0.05
"""Of a brush that can still be seen to paint."""
_SPRAY_DOTS = 0.05
"""Dots of one puff as a share of the cells under the brush."""
_SPRAY_INK = 0.35


@dataclass(frozen=True)
class Brush:
    """How a tool paints. Of text, `size` is the height of a line."""

    size: float = 28.0
    """Diameter, cells."""
    softness: float = 0.6
    """0: an even disc with a hard edge; 1: falls off from its centre."""
    strength: float = 0.7
    """How far a stroke takes a cell towards full (the eraser: towards empty)."""


class Stroke:
    """A stroke from where it was begun, until the mouse lets go."""

    def __init__(
        self, before: Cells, tool: Tool, brush: Brush, x: float, y: float, *, seed: int = 0, stamp: Cells | None = None
    ) -> None:
        """`stamp` (H, W) is the mask that the text tool puts down, centred; row 0 at its bottom."""
        self.before = before
        self.tool = tool
        self.brush = brush
        self.mask: Cells = np.zeros_like(before)
        self._start = self._last = (x, y)
        self._random = np.random.default_rng(seed)
        self._stamp = stamp
        self.move(x, y)

    def move(self, x: float, y: float, *, constrain: bool = False) -> None:
        """The mouse is here now. `constrain`: level, upright or (line) at 45 degrees; of an ellipse, a circle."""
        radius = self.brush.size / 2
        match self.tool:
            case "brush" | "eraser":
                if constrain:
                    x, y = _straight(self._start, (x, y), 2)
                _paint_segment(self.mask, self._last, (x, y), radius, self.brush.softness)
            case "spray":
                self._spray_along(self._last, (x, y))
            case "line":
                self.mask[:] = 0
                if constrain:
                    x, y = _straight(self._start, (x, y), 4)
                _paint_segment(self.mask, self._start, (x, y), radius, self.brush.softness)
            case "ellipse" | "disc":
                self.mask[:] = 0
                if constrain:
                    x, y = _square(self._start, (x, y))
                width = None if self.tool == "disc" else self.brush.size
                _paint_ellipse(self.mask, self._start, (x, y), width, self.brush.softness)
            case "text":
                self.mask[:] = 0
                if self._stamp is not None:
                    _put(self.mask, self._stamp, x, y)
        self._last = (x, y)

    def rest(self) -> None:
        """The mouse stays where it is for a moment: the spray goes on."""
        if self.tool == "spray":
            self._spray_along(self._last, self._last)

    def cells(self) -> Cells:
        """The drawing with this stroke on it."""
        ink = np.float32(0.0 if self.tool == "eraser" else 1.0)
        painted = self.before + (ink - self.before) * (np.float32(self.brush.strength) * self.mask)
        return np.clip(painted, 0, 1, out=painted)

    def _spray_along(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        radius = max(self.brush.size / 2, 1.0)
        puffs = 1 + int(math.dist(start, end) / (radius / 2))
        dots = max(1, round(_SPRAY_DOTS * math.pi * radius**2))
        along = np.repeat((np.arange(puffs) + 1) / puffs, dots)
        angle = self._random.uniform(0, 2 * np.pi, puffs * dots)
        distance = radius * self._random.uniform(0, 1, puffs * dots) ** (0.5 + 0.5 * self.brush.softness)
        x = start[0] + along * (end[0] - start[0]) + distance * np.cos(angle)
        y = start[1] + along * (end[1] - start[1]) + distance * np.sin(angle)
        rows, columns = np.floor(y).astype(np.int64), np.floor(x).astype(np.int64)
        height, width = self.mask.shape
        inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        dotted = np.bincount(rows[inside] * width + columns[inside], minlength=height * width)
        np.minimum(self.mask + np.float32(_SPRAY_INK) * dotted.reshape(height, width).astype(np.float32), 1, self.mask)


def blank() -> Cells:
    """An empty canvas."""
    return np.zeros((CANVAS, CANVAS), np.float32)


def invert(cells: Cells) -> Cells:
    """Empty becomes full and full empty."""
    return np.float32(1) - cells


def from_weights(weights: NDArray[np.uint16]) -> Cells:
    """The cells of a DrawnTarget as numbers in 0..1."""
    return weights.astype(np.float32) / np.float32(65535)


def from_density(density: NDArray[np.floating], source: Box, box: Box) -> Cells:
    """A density given on a grid over `source` (row 0 at the smallest y) as cells over `box`, its peak at 1."""
    x0, x1, y0, y1 = box
    centres = (np.arange(CANVAS) + 0.5) / CANVAS
    cells = bilinear(density, source, x0 + centres * (x1 - x0), (y0 + centres * (y1 - y0))[:, None])
    peak = float(cells.max())
    return (cells / peak if peak > 0 else cells).astype(np.float32)


def from_points(points: NDArray[np.floating], box: Box) -> Cells:
    """Points (N, 2) as cells over `box`: their histogram, softened so that no cell is a lone spike; its peak at 1."""
    x0, x1, y0, y1 = box
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=CANVAS, range=((y0, y1), (x0, x1)))
    cells = blur(counts.astype(np.float32), 2.5)
    peak = float(cells.max())
    return (cells / peak).astype(np.float32) if peak > 0 else cells


def bilinear(
    values: NDArray[np.floating], box: Box, x: NDArray[np.floating], y: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Values of cell centres over `box`, read at (x, y), which broadcast; half a cell beyond the box, and further, 0."""
    height, width = values.shape
    x0, x1, y0, y1 = box
    column = (np.asarray(x) - x0) / (x1 - x0) * width - 0.5
    row = (np.asarray(y) - y0) / (y1 - y0) * height - 0.5
    outside = (column < -0.5) | (column > width - 0.5) | (row < -0.5) | (row > height - 0.5)
    column, row = np.clip(column, 0, width - 1), np.clip(row, 0, height - 1)
    left, low = np.floor(column).astype(np.int64), np.floor(row).astype(np.int64)
    right, high = np.minimum(left + 1, width - 1), np.minimum(low + 1, height - 1)
    across, up = column - left, row - low
    found = (1 - up) * ((1 - across) * values[low, left] + across * values[low, right]) + up * (
        (1 - across) * values[high, left] + across * values[high, right]
    )
    return np.where(outside, 0, found).astype(np.float32)


def blur(values: Cells, sigma: float) -> Cells:
    """A Gaussian blur of `sigma` cells; what reaches over the edge is lost."""
    if sigma <= 0:
        return values
    height, width = values.shape
    return np.asarray(_blurring(height, sigma) @ values @ _blurring(width, sigma).T, np.float32)


@lru_cache(maxsize=16)
def _blurring(count: int, sigma: float) -> Cells:
    """(count, count): the Gaussian of each cell, normalised over the endless line."""
    distance = np.arange(count)[:, None] - np.arange(count)
    reach = np.arange(-4 * math.ceil(sigma) - 1, 4 * math.ceil(sigma) + 2)
    total = np.exp(-0.5 * (reach / sigma) ** 2).sum()
    return np.asarray(np.exp(-0.5 * (distance / sigma) ** 2) / total, np.float32)


def _profile(distance: Cells, radius: float, softness: float) -> Cells:
    """1 within the hard core, 0 beyond the radius, a smooth step between; never steeper than one cell, against jaggies."""
    core = max(0.0, min(radius * (1 - softness), radius - 0.5))
    edge = max(radius, core + 1.0)
    step = np.clip((np.float32(edge) - distance) / np.float32(edge - core), 0, 1)
    return np.asarray(step * step * (3 - 2 * step), np.float32)


def _window(mask: Cells, low: tuple[float, float], high: tuple[float, float]) -> tuple[Cells, Cells, Cells]:
    """The part of the mask between two corners, with the x (1, W) and y (H, 1) of its cells' centres."""
    height, width = mask.shape
    left, right = (int(np.clip(v, 0, width)) for v in (math.floor(low[0]), math.ceil(high[0])))
    bottom, top = (int(np.clip(v, 0, height)) for v in (math.floor(low[1]), math.ceil(high[1])))
    x = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5)
    y = np.arange(bottom, top, dtype=np.float32)[:, None] + np.float32(0.5)
    return mask[bottom:top, left:right], x, y


def _paint_segment(
    mask: Cells, start: tuple[float, float], end: tuple[float, float], radius: float, softness: float
) -> None:
    """Everything within the radius of the segment, at once: however far the mouse jumped, there is no gap."""
    reach = max(radius, 1.0)
    low = (min(start[0], end[0]) - reach, min(start[1], end[1]) - reach)
    high = (max(start[0], end[0]) + reach, max(start[1], end[1]) + reach)
    part, x, y = _window(mask, low, high)
    if part.size == 0:
        return
    x, y = x - np.float32(start[0]), y - np.float32(start[1])
    dx, dy = np.float32(end[0] - start[0]), np.float32(end[1] - start[1])
    squared = dx * dx + dy * dy
    if squared > 0:
        along = np.clip((x * dx + y * dy) / squared, 0, 1)
        x, y = (x - along * dx).astype(np.float32), (y - along * dy).astype(np.float32)
    np.maximum(part, _profile(np.sqrt(x * x + y * y), radius, softness), part)


def _paint_ellipse(
    mask: Cells, start: tuple[float, float], end: tuple[float, float], width: float | None, softness: float
) -> None:
    """The ellipse in the rectangle of two corners: its line of this width, or (None) all that is in it."""
    a, b = max(abs(end[0] - start[0]) / 2, 0.5), max(abs(end[1] - start[1]) / 2, 0.5)
    centre = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    reach = 1.0 if width is None else max(width / 2, 1.0)
    part, x, y = _window(
        mask, (centre[0] - a - reach, centre[1] - b - reach), (centre[0] + a + reach, centre[1] + b + reach)
    )
    if part.size == 0:
        return
    x, y = x - np.float32(centre[0]), y - np.float32(centre[1])
    scaled = np.sqrt((x / a) ** 2 + (y / b) ** 2)
    slope = np.maximum(np.sqrt((x / a**2) ** 2 + (y / b**2) ** 2), np.float32(1e-6))
    distance = scaled * (scaled - 1) / slope  # to first order the distance from the curve, negative inside
    if width is None:
        inner = min(a, b)
        filled = _profile(np.maximum(distance + np.float32(inner), 0), inner, softness)
        np.maximum(part, filled, part)
    else:
        np.maximum(part, _profile(np.abs(distance), width / 2, softness), part)


def _put(mask: Cells, stamp: Cells, x: float, y: float) -> None:
    """Lays a stamp on the mask with its centre at (x, y), as far as it fits."""
    height, width = stamp.shape
    left, bottom = round(x - width / 2), round(y - height / 2)
    rows = slice(max(bottom, 0), min(bottom + height, mask.shape[0]))
    columns = slice(max(left, 0), min(left + width, mask.shape[1]))
    if rows.start < rows.stop and columns.start < columns.stop:
        part = stamp[rows.start - bottom : rows.stop - bottom, columns.start - left : columns.stop - left]
        mask[rows, columns] = np.maximum(mask[rows, columns], part)


def _straight(start: tuple[float, float], end: tuple[float, float], directions: int) -> tuple[float, float]:
    """`end` moved onto the nearest of the directions through `start`: 2 are level and upright, 4 the diagonals too."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    step = math.pi / directions
    angle = round(math.atan2(dy, dx) / step) * step
    along = dx * math.cos(angle) + dy * math.sin(angle)
    return start[0] + along * math.cos(angle), start[1] + along * math.sin(angle)


def _square(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    side = max(abs(dx), abs(dy))
    return start[0] + math.copysign(side, dx), start[1] + math.copysign(side, dy)
