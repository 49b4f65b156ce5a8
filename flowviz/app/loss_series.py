"""A curve of a million steps, drawn with a thousand points: storage, smoothing and decimation. No Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.number]
Floats = NDArray[np.floating]
Steps = NDArray[np.integer]


class Series:
    """Values at rising steps. Appending at a step that was already passed forgets what came after it: the run went back.

    A night's run has tens of millions of steps, so that each takes no more than 8 bytes.
    """

    def __init__(self) -> None:
        self._steps: Steps = np.empty(1024, np.int32)
        self._values: Floats = np.empty(1024, np.float32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def steps(self) -> Steps:
        return self._steps[: self._count]

    @property
    def values(self) -> Floats:
        return self._values[: self._count]

    def clear(self) -> None:
        self._count = 0

    def append(self, steps: Numbers, values: Numbers) -> int:
        """Adds values at rising steps; returns the index of the first one added."""
        steps, values = np.asarray(steps), np.asarray(values)
        if steps.size:
            self._count = int(np.searchsorted(self.steps, steps[0]))
        first, count = self._count, self._count + steps.size
        if count > self._steps.size:
            size = max(count, 2 * self._steps.size)
            self._steps, self._values = np.resize(self._steps, size), np.resize(self._values, size)
        self._steps[first:count], self._values[first:count] = steps, values
        self._count = count
        return first

    def at(self, step: float) -> tuple[float, float] | None:
        """(step, value) nearest to this step, or None."""
        if not self._count:
            return None
        index = int(np.searchsorted(self.steps, step))
        near = [i for i in (index - 1, index) if 0 <= i < self._count]
        best = min(near, key=lambda i: abs(self._steps[i] - step))
        return float(self._steps[best]), float(self._values[best])


class Smoothed(Series):
    """The exponential average of a series over about `window` steps, its start corrected for the missing past:

    y_t = a y_{t-1} + (1 - a) x_t,  a = 1 - 1/window,  shown as y_t / (1 - a^t); a value that is not finite changes nothing.
    """

    def __init__(self, window: int) -> None:
        super().__init__()
        self.window = window
        self._decay = 1 - 1 / window

    def append(self, steps: Numbers, values: Numbers) -> int:
        kept = np.isfinite(values)
        steps, values = np.asarray(steps)[kept], np.asarray(values, np.float64)[kept]
        if not steps.size:
            return len(self)
        first = int(np.searchsorted(self.steps, steps[0]))
        before = float(self.values[first - 1]) * (1 - self._decay**first) if first else 0.0
        missing = 1 - self._decay ** np.arange(first + 1, first + 1 + steps.size, dtype=np.float64)
        return super().append(steps, ema(values, self._decay, before) / missing)


def ema(values: Numbers, decay: float, before: float) -> Floats:
    """y_t = decay * y_{t-1} + (1 - decay) * values_t from y_{-1} = before, in blocks: no loop over the steps."""
    x = np.asarray(values, np.float64)
    block = max(1, int(np.log(1e-6) / np.log(decay)))  # decay ** -block stays far from overflow
    powers = decay ** np.arange(1, block + 1)
    result = np.empty_like(x)
    for start in range(0, x.size, block):
        part = x[start : start + block]
        p = powers[: part.size]
        result[start : start + part.size] = p * (before + (1 - decay) * np.cumsum(part / p))
        before = float(result[start + part.size - 1])
    return result


def decimate(x: Numbers, y: Floats, most: int) -> tuple[Numbers, Floats]:
    """At most `most` points that draw the same curve: of every run of neighbours its first, lowest, highest and last.

    Every extreme survives, in order; a curve that is short enough comes back as it is.
    """
    if x.size <= most:
        return x, y
    length = -(-x.size // max(1, most // 4))
    starts = np.arange(0, x.size, length)
    ends = np.append(starts[1:], x.size) - 1
    kept = np.unique(np.concatenate([starts, *_extremes(y, length), ends]))
    return x[kept], y[kept]


def decimate_log(x: Numbers, y: Floats, most: int) -> tuple[Numbers, Floats]:
    """As `decimate`, for a logarithmic axis: each tenfold of x > 0 gets its equal share of the points."""
    if x.size <= most:
        return x, y
    low, high = int(np.floor(np.log10(x[0]))), int(np.ceil(np.log10(x[-1])))
    cuts = np.searchsorted(x, 10.0 ** np.arange(low + 1, max(high, low + 1)))
    share = max(8, most // (len(cuts) + 1))
    parts = [decimate(a, b, share) for a, b in zip(np.split(x, cuts), np.split(y, cuts), strict=True)]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _extremes(y: Floats, length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The indices of the lowest and of the highest finite value in each run of `length` (any one, where there is none)."""
    low = high = y
    if not np.isfinite(y).all():
        finite = np.isfinite(y)
        low, high = np.where(finite, y, np.inf), np.where(finite, y, -np.inf)
    whole = y.size // length
    cut = whole * length
    first = np.arange(whole) * length
    lowest = low[:cut].reshape(whole, length).argmin(axis=1) + first
    highest = high[:cut].reshape(whole, length).argmax(axis=1) + first
    if cut < y.size:
        lowest = np.append(lowest, cut + low[cut:].argmin())
        highest = np.append(highest, cut + high[cut:].argmax())
    return lowest, highest


def visible(x: Numbers, low: float, high: float) -> slice:
    """The part of rising x between two values, and one neighbour beyond each, so that lines run to the edge."""
    first = max(0, int(np.searchsorted(x, low)) - 1)
    return slice(first, min(x.size, int(np.searchsorted(x, high, side="right")) + 1))
