"""Points and lattices at every state of a flow, and the ledger of where the density of a point comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..engine.messages import Array, Ledger
from ..flows import Flow, Trace
from ..flows.quick import Columns, Map
from ..pipeline import Box
from .contexts import Batch
from .frames_projection import Plane

Floats = NDArray[np.float32]

FARTHEST = 1e9
"""Where a coordinate that is not finite, or larger, is put: far off every picture, and still a number."""


@dataclass(frozen=True)
class Pushed:
    """Points at all K+1 states, in the normalizing order: states (N, D) each, flattened; log_dets (K, N), base (N,) log p(z).

    `trace` has the states as they are, and `batch` the points with their contexts.
    """

    batch: Batch
    trace: Trace
    uids: tuple[str, ...]
    states: list[Floats]
    log_dets: NDArray[np.float64]
    base: NDArray[np.float64]

    def ledger(self) -> Ledger:
        """The mean over the points: base + Σ log_dets = total."""
        log_dets = tuple(float(mean) for mean in self.log_dets.mean(1)) if len(self.log_dets) else ()
        base = float(self.base.mean())
        return Ledger(uids=self.uids, log_dets=log_dets, base=base, total=base + sum(log_dets))


@dataclass(frozen=True)
class Lattice:
    """One lattice at all K+1 states: states (G, G, 2) each, or (G,) in one dimension; stretch likewise, in nats.

    `stretch[k]` is log|det| of the map from where the lattice is regular (the data, or turned the base) to state k.
    """

    states: list[Floats]
    stretch: list[Floats]


def push(flow: Flow, batch: Batch) -> Pushed:
    """Points in data units, each under its own context where the flow has one, through the flow."""
    trace = flow.trace(*batch)
    base = flow.latent_log_prob(trace.latent, batch.context)
    states = [_floats(h.flatten(1)) for h in trace.states]
    return Pushed(batch, trace, trace.uids, states, _doubles(trace.log_dets), _doubles(base))


def pushed_by(maps: dict[int, Map], flow: Flow, batch: Batch) -> Pushed:
    """`push` of points without contexts by maps of all stages: by tables it takes a fifth of the time, and is exact to their
    rounding. While it trains, the pictures need the tables anyway."""
    h: Columns = tuple(batch.points.to(flow.like).T.contiguous())
    states, log_dets = [torch.stack(h, 1)], []
    for k in range(len(maps)):
        h, log_det = maps[k](h)
        states.append(torch.stack(h, 1))
        log_dets.append(log_det.expand(len(batch.points)))
    uids = tuple(uid for uid, _ in flow.stages())
    rows = torch.stack(log_dets) if log_dets else states[0].new_zeros(0, len(batch.points))
    trace = Trace(states, rows, uids, uids, states[-1])
    base = flow.latent_log_prob(trace.latent, None)
    return Pushed(batch, trace, uids, [_floats(state) for state in states], _doubles(rows), _doubles(base))


def lattice(flow: Flow, box: Box, count: int, *, turned: bool, context: Tensor | None = None) -> Lattice:
    """A lattice of `count` vertices a side over `box`, pushed from the data to the base, or turned: pulled back from the base.

    All of it under one context (1, ...), where the flow has one.
    """
    x = np.linspace(box[0], box[1], count)
    shape: tuple[int, ...]
    if flow.event_shape == (1,):
        corners, shape = x[:, None], (count,)
    else:
        X, Y = np.meshgrid(x, np.linspace(box[2], box[3], count))
        corners, shape = np.stack([X.ravel(), Y.ravel()], 1), (count, count)
    points = torch.from_numpy(corners).to(flow.like)
    trace: Trace = flow.trace_generate(points, context) if turned else flow.trace(points, context)
    log_dets = _doubles(trace.log_dets)
    none = np.zeros((1, len(corners)))
    if turned:
        stretch = np.concatenate([np.cumsum(log_dets[::-1], 0)[::-1], none])
    else:
        stretch = np.concatenate([none, np.cumsum(log_dets, 0)])
    states = [clipped(_floats(h)).reshape(shape if len(shape) == 1 else (*shape, 2)) for h in trace.states]
    return Lattice(states, [clipped(part.reshape(shape)) for part in stretch])


def seen(state: Floats, axes: tuple[int, int], plane: Plane | None = None) -> Floats:
    """What the views show of points (N, D): a plane, or two coordinates (N, 2), or the one that there is (N,)."""
    if plane is not None:
        return clipped(plane.see(state))
    dimensions = state.shape[1]
    if dimensions == 1:
        return clipped(state[:, 0])
    if dimensions == 2:
        return clipped(state)
    first, second = (axis if 0 <= axis < dimensions else i for i, axis in enumerate(axes))
    return clipped(state[:, [first, second]])


def clipped(values: NDArray[np.floating]) -> Floats:
    """As float32 that can be drawn: what is not finite, or beyond `FARTHEST`, stands there."""
    # The smaller one of no number and a number is the number.
    found: Floats = np.maximum(np.fmin(values, FARTHEST), -FARTHEST).astype(np.float32)
    return found


def histograms(log_dets: NDArray[np.float64], bins: int) -> list[tuple[Array, Array]]:
    """Of each row (N,): counts (bins,) and edges (bins + 1,) of its finite values."""
    finite = np.isfinite(log_dets)
    some: Any = True if finite.all() else finite
    low = log_dets.min(1, where=some, initial=np.inf)
    high = log_dets.max(1, where=some, initial=-np.inf)
    none = low > high
    low[none] = high[none] = 0.0
    narrow = high - low < 1e-6
    low[narrow] -= 0.5
    high[narrow] += 0.5
    with np.errstate(invalid="ignore"):
        places = ((log_dets - low[:, None]) * (bins / (high - low))[:, None]).astype(np.int64)
    places = np.minimum(places, bins - 1) + bins * np.arange(len(log_dets))[:, None]
    counts = np.bincount(places[finite], minlength=bins * len(log_dets)).astype(np.int32).reshape(-1, bins)
    edges = np.linspace(low, high, bins + 1, axis=1, dtype=np.float32)
    return [(Array.of(own), Array.of(ends)) for own, ends in zip(counts, edges, strict=True)]


def _floats(values: Tensor) -> Floats:
    return np.asarray(values.cpu().float().numpy())


def _doubles(values: Tensor) -> NDArray[np.float64]:
    return np.asarray(values.cpu().double().numpy())
