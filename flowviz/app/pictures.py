"""From the engine's arrays to what is drawn: densities and their scale, level lines, robust ranges. No Qt.

Pictures are (H, W), row 0 at the smallest y, over a box in data units; densities are per unit of area.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..engine.messages import Picture
from ..pipeline import Box, DrawnTarget

Values = NDArray[np.float32]
DEFAULT_BOX: Box = (-4.0, 4.0, -4.0, 4.0)


class Known(NamedTuple):
    """A density on a grid over a box, and the value at the top of its colour scale."""

    values: Values
    box: Box
    top: float


def density(picture: Picture) -> Values:
    """exp of a picture of log-densities; what is not finite is drawn as 0."""
    values = np.exp(np.minimum(picture.values.numpy(), np.float32(80.0)))
    return np.asarray(np.nan_to_num(values, nan=0.0, posinf=0.0), np.float32)


def drawn_density(cells: NDArray[np.floating], box: Box) -> Values:
    """The density of painted cells, which integrates to 1 over the box; all 0 for a blank canvas."""
    total = float(cells.sum(dtype=np.float64))
    area = (box[1] - box[0]) * (box[3] - box[2]) / cells.size
    return (cells / np.float32(total * area)).astype(np.float32) if total > 0 else np.zeros(cells.shape, np.float32)


def peak(values: NDArray[np.floating]) -> float:
    """The top of a colour scale: the value that all but a thousandth of the area stays below, yet at least a quarter of
    the maximum, so that neither one spike darkens the picture nor small modes drown in it."""
    if values.size == 0:
        return 0.0
    flat = values.ravel()
    rank = max(0, flat.size - 1 - flat.size // 1000)
    return max(float(np.partition(flat, rank)[rank]), 0.25 * float(flat.max()))


def log_peak(values: NDArray[np.floating]) -> float:
    """`peak` of exp(values), found on the log-densities themselves: one exponential in place of thousands."""
    if values.size == 0:
        return 0.0
    flat = values.ravel()
    rank = max(0, flat.size - 1 - flat.size // 1000)
    above = np.partition(flat, rank)[rank:]
    return float(np.exp(min(max(float(above[0]), float(above.max()) + np.log(0.25)), 80.0)))


class HeldScale:
    """The top of a colour scale that does not flicker: it follows only when the picture leaves it by a good deal."""

    def __init__(self) -> None:
        self.top = 0.0

    def reset(self) -> None:
        self.top = 0.0

    def update(self, top: float) -> float:
        """Takes the newest picture's peak and returns the top to draw with (1 while there is nothing)."""
        if top > 0 and not 0.55 * self.top <= top <= 1.15 * self.top:
            self.top = top
        return self.top or 1.0


class HeldRange:
    """A range of an axis that does not flicker: it is left alone while the data fill it well and stay inside."""

    def __init__(self) -> None:
        self.low, self.high = 0.0, 0.0

    def reset(self) -> None:
        self.low = self.high = 0.0

    def update(self, low: float, high: float, *, margin: float = 0.06) -> tuple[float, float]:
        """Takes the data's newest range and returns the range to show."""
        if not high > low:
            pad = max(abs(low), 1.0) * 0.5
            low, high = low - pad, high + pad
        shown = self.high - self.low
        if not (shown > 0 and self.low <= low and high <= self.high and high - low >= 0.6 * shown):
            pad = margin * (high - low)
            self.low, self.high = low - pad, high + pad
        return self.low, self.high


class HeldBoxes:
    """The boxes of a row of states, each held as a range is."""

    def __init__(self) -> None:
        self._ranges: list[tuple[HeldRange, HeldRange]] = []

    def reset(self) -> None:
        self._ranges = []

    def update(self, states: NDArray[np.floating]) -> list[Box]:
        """Takes points at all states, (K, N, 2), and returns a box for each state that holds all but the outermost."""
        if len(self._ranges) != len(states):
            self._ranges = [(HeldRange(), HeldRange()) for _ in states]
        low, high = np.quantile(states, (0.005, 0.995), axis=1)
        boxes = []
        for (across, up), a, b in zip(self._ranges, low, high, strict=True):
            x, y = across.update(float(a[0]), float(b[0])), up.update(float(a[1]), float(b[1]))
            boxes.append(squared((*x, *y)))
        return boxes


def span(values: NDArray[np.floating], share: float = 0.01) -> tuple[float, float] | None:
    """The range that all but `share` of the finite values at each end lie in; None when there is none."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return None
    low, high = np.quantile(finite, (share, 1 - share))
    return float(low), float(high)


def similar_units(box: Box) -> bool:
    """Whether the axes of a box are near enough in length to be drawn at one scale."""
    width, height = box[1] - box[0], box[3] - box[2]
    return max(width, height) <= 3 * min(width, height)


def squared(box: Box) -> Box:
    """The square around a box, where its axes can be drawn at one scale; otherwise the box."""
    if not similar_units(box):
        return box
    half = max(box[1] - box[0], box[3] - box[2]) / 2
    x, y = (box[0] + box[1]) / 2, (box[2] + box[3]) / 2
    return (x - half, x + half, y - half, y + half)


def mix(a: Box, b: Box, share: float) -> Box:
    """The box `share` of the way from a to b."""
    return tuple((1 - share) * p + share * q for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def drawing_box(target: object, shown: Box) -> Box:
    """Where a canvas lies that starts from a target shown in this box."""
    return target.box if isinstance(target, DrawnTarget) else squared(shown)


SHARES = (0.25, 0.5, 0.75, 0.95)
"""Level lines enclose these shares of the reference density's mass."""


def mass_levels(values: NDArray[np.floating], shares: tuple[float, ...] = SHARES) -> list[float]:
    """For each share of the mass, the density above which it lies: the outlines of the highest-density regions."""
    ordered = np.sort(values.ravel())[::-1].astype(np.float64)
    mass = np.cumsum(ordered)
    if mass[-1] <= 0:
        return []
    return [float(ordered[np.searchsorted(mass, share * mass[-1])]) for share in shares]


# Which edges of a cell (0 bottom, 1 right, 2 top, 3 left) a level line joins, by which corners lie above it
# (1 lower left, 2 lower right, 4 upper right, 8 upper left).
_JOINED: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 2), (0, 1)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((0, 2),),
    10: ((3, 0), (1, 2)),
    11: ((1, 2),),
    12: ((1, 3),),
    13: ((0, 1),),
    14: ((0, 3),),
}


def level_lines(values: NDArray[np.floating], levels: list[float], box: Box, *, most: int = 96) -> Values:
    """Marching squares on a grid thinned to `most` cells a side: (2 S, 2) points, the ends of S segments, in data units."""
    stride = max(1, -(-max(values.shape) // most))
    grid = values[stride // 2 :: stride, stride // 2 :: stride].astype(np.float64)
    if min(grid.shape) < 2:
        return np.zeros((0, 2), np.float32)
    low_left, low_right = grid[:-1, :-1], grid[:-1, 1:]
    up_left, up_right = grid[1:, :-1], grid[1:, 1:]
    ends = []
    for level in levels:
        case = (
            (low_left > level) + 2 * (low_right > level) + 4 * (up_right > level) + 8 * (up_left > level)
        )  # of every square between four neighbours
        rows, columns = np.nonzero((case > 0) & (case < 15))
        if rows.size == 0:
            continue
        sw, se, ne, nw = (side[rows, columns] for side in (low_left, low_right, up_right, up_left))
        # Where an edge is not crossed this is no place on it, and is not used.
        with np.errstate(divide="ignore", invalid="ignore"):
            bottom, right, top, left = ((level - a) / (b - a) for a, b in ((sw, se), (se, ne), (nw, ne), (sw, nw)))
        crossing = np.empty((4, rows.size, 2))
        crossing[:, :, 0], crossing[:, :, 1] = columns, rows
        crossing[0, :, 0] += bottom
        crossing[1, :, 0] += 1
        crossing[1, :, 1] += right
        crossing[2, :, 0] += top
        crossing[2, :, 1] += 1
        crossing[3, :, 1] += left
        here = case[rows, columns]
        for number, joined in _JOINED.items():
            chosen = here == number
            for first, second in joined:
                ends.append(np.stack([crossing[first, chosen], crossing[second, chosen]], 1))
    if not ends:
        return np.zeros((0, 2), np.float32)
    points = np.concatenate(ends).reshape(-1, 2)
    cell = np.array([(box[1] - box[0]) / values.shape[1], (box[3] - box[2]) / values.shape[0]])
    placed = (points * stride + stride // 2 + 0.5) * cell + np.array([box[0], box[2]])
    return np.asarray(placed, np.float32)


def density_lines(log_density: NDArray[np.floating], box: Box, levels: list[float]) -> Values:
    """Level lines at densities, from log-densities: straight interpolation is truer there, down to a fair depth."""
    above = [level for level in levels if level > 0]
    if not above:
        return np.zeros((0, 2), np.float32)
    floor = np.float32(np.log(min(above)) - 4)
    return level_lines(np.maximum(log_density, floor), [float(np.log(level)) for level in above], box)
