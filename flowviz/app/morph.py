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


def slope(inputs: NDArray[np.floating], outputs: NDArray[np.floating]) -> NDArray[np.float32]:
    """dz/dx of a layer of one dimension, from its lattice: the finite differences between neighbours, (G-1,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.diff(outputs) / np.diff(inputs)).astype(np.float32)
