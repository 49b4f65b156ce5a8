"""The flow to judge by: a copy whose weights are the moving average, or the weights themselves where there is none."""

from __future__ import annotations

import copy

import torch

from ..flows import Flow
from .optimization import Optimization

CHUNK = 2048
"""Points whose log-density is computed at once."""


class Evaluation:
    """A copy of `flow`, refreshed in one operation for each flat tensor of `optimization`."""

    def __init__(self, flow: Flow, optimization: Optimization) -> None:
        self.flow = copy.deepcopy(flow).eval().requires_grad_(False)
        self._optimization = optimization
        self._flats = [torch.empty_like(chunk.gradient) for chunk in optimization.chunks]
        twins = dict(zip(flow.parameters(), self.flow.parameters(), strict=True))
        for chunk, flat in zip(optimization.chunks, self._flats, strict=True):
            for parameter, part in zip(chunk.parameters, chunk.slices(flat), strict=True):
                twins[parameter].data = part

    def refresh(self, *, averaged: bool) -> Flow:
        """The copy, with the weights of this moment."""
        for chunk, flat in zip(self._optimization.chunks, self._flats, strict=True):
            flat.copy_(chunk.average if averaged and chunk.average_age else chunk.weights.detach())
        return self.flow


@torch.no_grad()
def mean_nll(flow: Flow, x: torch.Tensor) -> float:
    """-mean_i log p(x_i) in nats for x (N, D); NaN when there are no points."""
    if not len(x):
        return float("nan")
    return -float(torch.cat([flow.log_prob(part) for part in torch.split(x, CHUNK)]).double().mean())
