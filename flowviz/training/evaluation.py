"""The flow to judge by: a copy whose weights are the moving average, or the weights themselves where there is none."""

from __future__ import annotations

import copy
import math

import torch

from ..flows import Flow
from .contexts import Batch
from .optimization import Optimization

CHUNK = 2048
"""Points whose log-density is computed at once, where an event has few numbers."""
NUMBERS = 1 << 17
"""Numbers of events that go through a flow at once: networks over pictures need many times as much memory."""


class Evaluation:
    """A copy of `flow`, refreshed in one operation for each flat tensor of `optimization` and each buffer that may change."""

    def __init__(self, flow: Flow, optimization: Optimization) -> None:
        self.flow = copy.deepcopy(flow).eval().requires_grad_(False)
        self._optimization = optimization
        self._flats = [torch.empty_like(chunk.gradient) for chunk in optimization.chunks]
        kept = flow.state_dict().keys()
        twin = dict(self.flow.named_buffers())
        # What is not saved is made from the spec, and never changes.
        self._buffers = [(buffer, twin[name]) for name, buffer in flow.named_buffers() if name in kept]
        twins = dict(zip(flow.parameters(), self.flow.parameters(), strict=True))
        for chunk, flat in zip(optimization.chunks, self._flats, strict=True):
            for parameter, part in zip(chunk.parameters, chunk.slices(flat), strict=True):
                twins[parameter].data = part

    def refresh(self, *, averaged: bool) -> Flow:
        """The copy, with the weights of this moment."""
        for chunk, flat in zip(self._optimization.chunks, self._flats, strict=True):
            flat.copy_(chunk.average if averaged and chunk.average_age else chunk.weights)
        for buffer, copied in self._buffers:
            copied.copy_(buffer)
        return self.flow


@torch.no_grad()
def log_prob(flow: Flow, batch: Batch) -> torch.Tensor:
    """log p(x_i), or log p(x_i | c_i), (N,) nats float64 on the CPU, a part of the points at a time."""
    size = max(1, min(CHUNK, NUMBERS // math.prod(flow.event_shape)))
    parts = [flow.log_prob(*part) for part in batch.split(size)]
    return torch.cat(parts).cpu().double() if parts else torch.empty(0, dtype=torch.float64)


def mean_nll(flow: Flow, batch: Batch) -> float:
    """-mean_i log p(x_i) in nats; NaN when there are no points."""
    return -float(log_prob(flow, batch).mean()) if len(batch.points) else float("nan")
