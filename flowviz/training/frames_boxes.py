"""The range in which each state of the flow is shown: found from points, and held still while the flow learns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..pipeline import Box

Floats = NDArray[np.float32]

TAIL = 0.002
"""Share of the points that may lie outside at each side: one outlier shall not make everything else small."""
PADDING = 0.2
"""Room around the points at each side, as a share of their extent."""
SMALLEST_USE = 0.55
"""The box is made anew when the points fill less than this share of it in both directions."""
UNEQUAL = 4.0
"""Extents that differ by more than this factor keep scales of their own; else the box is square."""


class Boxes:
    """Boxes by name, with hysteresis: a box moves only when its points leave it, or need far less of it."""

    def __init__(self) -> None:
        self._held: dict[str, Box] = {}

    def hold(self, name: str, points: Floats) -> Box:
        """The box of this name for points (N, 2), or (N,) where the y range is (0, 1). Points that are not finite are left out."""
        needed = extent(points)
        held = self._held.get(name)
        if needed is None:
            return held or ((-3.0, 3.0, -3.0, 3.0) if points.ndim == 2 else (-3.0, 3.0, 0.0, 1.0))
        if held is None or not _fits(needed, held, flat=points.ndim == 1):
            held = self._held[name] = around(needed, flat=points.ndim == 1)
        return held

    def keep(self, names: set[str]) -> None:
        """Forgets the boxes of all other names."""
        self._held = {name: box for name, box in self._held.items() if name in names}


def extent(points: Floats) -> Box | None:
    """Where all but the tails of the points lie; None when not one is finite."""
    columns = points.reshape(len(points), -1).T
    finite = np.isfinite(columns)
    if not finite.all():
        columns = columns[:, finite.all(0)]
    count = columns.shape[1]
    if not count:
        return None
    first = int(TAIL * count)
    last = count - 1 - first
    (low, high), *other = np.partition(columns, (first, last), 1)[:, [first, last]].tolist()
    return low, high, *(other[0] if other else (0.0, 1.0))


def around(needed: Box, *, flat: bool = False) -> Box:
    """The padded box around an extent: square, unless the two directions differ too much in scale."""
    halves = []
    for low, high in (needed[:2], needed[2:]):
        middle = (low + high) / 2
        halves.append((middle, max((high - low) / 2 * (1 + 2 * PADDING), 1e-3 * max(1.0, abs(middle)))))
    (x, half_x), (y, half_y) = halves
    if flat:
        return x - half_x, x + half_x, 0.0, 1.0
    if max(half_x, half_y) <= UNEQUAL * min(half_x, half_y):
        half_x = half_y = max(half_x, half_y)
    return x - half_x, x + half_x, y - half_y, y + half_y


def _fits(needed: Box, held: Box, *, flat: bool) -> bool:
    uses = []
    for i in (0,) if flat else (0, 2):
        low, high = held[i], held[i + 1]
        if needed[i] < low or needed[i + 1] > high:
            return False
        uses.append((needed[i + 1] - needed[i]) / (high - low))
    return max(uses) * (1 + 2 * PADDING) >= SMALLEST_USE


def grid_shape(box: Box, resolution: int) -> tuple[int, int]:
    """(rows, columns) of a picture whose longer side has `resolution` cells; the shorter has at least half of that."""
    width, height = box[1] - box[0], box[3] - box[2]
    rows = round(resolution * min(1.0, max(0.5, height / width)))
    columns = round(resolution * min(1.0, max(0.5, width / height)))
    return max(2, rows), max(2, columns)


def centres(low: float, high: float, count: int) -> NDArray[np.float64]:
    """The centres (count,) of equal cells between low and high."""
    return low + (high - low) * (np.arange(count) + 0.5) / count


def grid_points(box: Box, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Cell centres (rows · columns, 2) of the box, row 0 at the smallest y."""
    x, y = np.meshgrid(centres(box[0], box[1], shape[1]), centres(box[2], box[3], shape[0]))
    return np.stack([x.ravel(), y.ravel()], 1)
