"""Between a layer's input and its output, and through the whole flow: straight lines between computed states. No Qt.

The states are the model's; what lies between two of them is drawing, and the window says so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def between(start: NDArray[np.floating], end: NDArray[np.floating], share: float) -> NDArray[np.float32]:
    """The array `share` (0 to 1) of the way from start to end."""
    return ((1 - share) * start + share * end).astype(np.float32)


def along(states: NDArray[np.floating], share: float) -> NDArray[np.float32]:
    """Of states (K+1, ...) in the normalizing direction: 0 is the last (the base), 1 the first (the data)."""
    place = (1 - min(max(share, 0.0), 1.0)) * (len(states) - 1)
    first = min(int(place), max(len(states) - 2, 0))
    if len(states) < 2:
        return np.asarray(states[0], np.float32)
    return between(states[first], states[first + 1], place - first)


def layer_at(states: int, share: float) -> int:
    """Which layer (0 to K-1 of K) the morph stands in, for K+1 states."""
    place = (1 - min(max(share, 0.0), 1.0)) * (states - 1)
    return min(int(place), max(states - 2, 0))


def log_det(before: NDArray[np.floating], after: NDArray[np.floating]) -> NDArray[np.float32]:
    """A layer's log|det J| in the normalizing direction, nats, from how much the lattice is stretched before and after it.

    Whether the lattice comes from the data or, turned, from the base, the difference is the layer's own.
    """
    return (after - before).astype(np.float32)


def spread(values: NDArray[np.floating], rows: int = 24) -> NDArray[np.float32]:
    """Numbers (N,) as points (N, 2), in rows by turns between 0 and 1, so that near ones stay apart."""
    height = (np.arange(len(values)) * 7 % rows + 0.5) / rows
    return np.stack([values, height], axis=1).astype(np.float32)
