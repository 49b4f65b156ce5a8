"""Pictures and sequences as the views show them: at every state of the flow, in a range that is held and said."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import torch
from torch import Tensor

from ..engine.messages import DATA, Array, Tile
from ..flows import Flow, Standardize
from ..pipeline import EventShape
from ..targets import Density
from .frames_boxes import Floats
from .frames_states import Pushed

LOW, HIGH = 0.01, 0.99
"""The share of a state's numbers that black and white stand for."""
SLACK, SMALLEST_USE = 0.15, 0.6
"""A range is held while the numbers leave it by less than this share of it, and fill at least that share."""
Range = tuple[float, float]


class Ranges:
    """Ranges by name, with hysteresis: pictures of a state don't flicker while it learns."""

    def __init__(self) -> None:
        self._held: dict[str, Range] = {}

    def hold(self, name: str, values: Floats) -> Range:
        """The middle 98 % of the finite values, or the held range where it still fits."""
        finite = values[np.isfinite(values)]
        held = self._held.get(name)
        if not finite.size:
            return held or (0.0, 1.0)
        low, high = (float(end) for end in np.quantile(finite, (LOW, HIGH)))
        if high - low < 1e-6 * max(1.0, abs(low)):
            low, high = low - 0.5, high + 0.5
        if held is not None:
            width = held[1] - held[0]
            inside = low > held[0] - SLACK * width and high < held[1] + SLACK * width
            if inside and high - low > SMALLEST_USE * width:
                return held
        self._held[name] = (low, high)
        return low, high

    def keep(self, names: set[str]) -> None:
        """Forgets the ranges of all other names."""
        self._held = {name: ends for name, ends in self._held.items() if name in names}


def grey(values: Floats, ends: Range) -> Array:
    """Numbers as uint8: black is `ends[0]` and below, white `ends[1]` and above; what is no number is black."""
    low, high = ends
    scaled = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255.0 / (high - low))
    return Array.of(np.rint(np.clip(scaled, 0.0, 255.0)).astype(np.uint8))


def event_array(target: Density, x: Tensor) -> Array:
    """Events of the data as they are: pictures (N, C, H, W) uint8, sequences (N, C, T) float32 in data units."""
    if x.ndim == 4 and target.levels > 1:
        return Array.of(target.events_for_showing(x).cpu().numpy())
    if x.ndim == 4:
        return grey(x.cpu().float().numpy(), target.range(0))
    return Array.of(finite(x))


def finite(x: Tensor) -> Floats:
    """float32, with 0 for what is no number."""
    return np.asarray(torch.nan_to_num(x.float(), 0.0, 3e38, -3e38).cpu().numpy())


def drawable(shape: EventShape, last: EventShape) -> EventShape | None:
    """The shape in which a state can be shown: its own, or the last one before a flatten; None for vectors."""
    if len(shape) > 1:
        return shape
    return last if len(last) > 1 and math.prod(last) == math.prod(shape) else None


class StateEvents:
    """A few of the held-out events at every state of a flow, and where its log-determinants come from."""

    def __init__(self, flow: Flow, target: Density, pushed: Pushed, ranges: Ranges, count: int) -> None:
        self._flow, self._target, self._pushed, self._count = flow, target, pushed, count
        self._shapes: list[EventShape | None] = []
        last: EventShape = ()
        for state in pushed.trace.states:
            last = drawable(tuple(state.shape[1:]), last) or last
            self._shapes.append(drawable(tuple(state.shape[1:]), last))
        names = (DATA, *pushed.uids)
        ranges.keep(set(names))
        self._ends = [ranges.hold(name, state) for name, state in zip(names, pushed.states, strict=True)]

    def fill(self, tile: Tile, k: int, *, terms: bool) -> Tile:
        """The tile with what is to be seen of state k; `terms`: and of the layer before it."""
        state, shape = self._pushed.trace.states[k], self._shapes[k]
        if terms and k and tile.uid == self._pushed.uids[k - 1]:
            tile = msgspec.structs.replace(tile, terms=self._terms(k - 1))
        if not self._count or shape is None:
            return tile
        x = state[: self._count].reshape(-1, *shape)
        if k == 0 and self._target.levels > 1:
            ends = (0.0, self._target.levels - 1.0)
            return msgspec.structs.replace(tile, events=event_array(self._target, x), event_range=ends)
        left = self._pushed.trace.left.get(tile.uid)
        return msgspec.structs.replace(
            tile,
            events=self._shown(x, self._ends[k]),
            event_range=self._ends[k],
            left=None if left is None else self._shown(left[: self._count], self._ends[k]),
        )

    def _shown(self, x: Tensor, ends: Range) -> Array:
        return grey(x.cpu().float().numpy(), ends) if x.ndim == 4 else Array.of(finite(x))

    def _terms(self, k: int) -> Array | None:
        """The mean over the points of the summands of stage k's log|det J|, by place; None where it is no such sum."""
        stage = self._flow.stages()[k][1]
        state = self._pushed.trace.states[k]
        if state.ndim < 3:
            return None
        if isinstance(stage, Standardize):
            return Array.of(finite(-stage.std.log()))
        found = stage.terms(state, self._flow.encode(self._pushed.batch.context, len(state)))
        return None if found is None else Array.of(finite(found.mean(0)))
