"""The figures of a flow on a target, in nats and in bits per dimension: what `train` and `eval` print."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .flows import PREPROCESSING, Flow
from .targets import Density
from .training.contexts import Batch, conditional
from .training.evaluation import log_prob

DRAWS = 10
"""Draws of the noise that pictures are judged with."""
_SEED = 0xB175
_GRID = 1 << 15
"""The noise is (j + ½)/2¹⁵, exact in single precision: never on the edge of the next level."""


def entropy(density: Density, flow: Flow) -> float | None:
    """The smallest expected NLL in nats: of p(x), or of p(x | c) where the flow is conditional. None: not known."""
    return density.conditional_entropy if conditional(flow.spec) else density.entropy


def bits(nats: float, density: Density) -> float | None:
    """nats/(D ln 2): bits per dimension in units of a level; None where data has no levels."""
    return nats / (math.prod(density.event_shape) * math.log(2.0)) if density.levels else None


def judged(flow: Flow, density: Density, points: Batch) -> tuple[Tensor, int]:
    """log q(x_i), (N,) nats, and over how many draws of the noise it is the mean: pictures get 10, always the same ones.

    A flow whose density is constant over each level needs none.
    """
    if not density.levels or flow.spec.base.needs_levels:
        return log_prob(flow, points), 1
    total = torch.zeros(len(points.points), dtype=torch.float64)
    for draw in noisy(points):
        total += log_prob(flow, draw).cpu()
    return total / DRAWS, DRAWS


def noisy(points: Batch) -> list[Batch]:
    """The pictures in levels ⌊x⌋, with 10 draws of uniform noise."""
    drawn = []
    for number in range(DRAWS):
        generator = torch.Generator().manual_seed(_SEED + number)
        noise = torch.randint(_GRID, points.points.shape, generator=generator).float().add_(0.5).div_(_GRID)
        drawn.append(Batch(points.points.floor() + noise.to(points.points), points.context))
    return drawn


@torch.no_grad()
def parts(flow: Flow, points: Batch) -> dict[str, float]:
    """−mean log p in nats by where it comes from: the base, the layers and the preprocessing, which add up."""
    found = {"base": 0.0, "layers": 0.0, "preprocessing": 0.0}
    for part in points.split(256):
        trace = flow.trace(*part)
        found["base"] -= float(flow.latent_log_prob(trace.latent, part.context).double().sum())
        for uid, row in zip(trace.uids, trace.log_dets.double(), strict=True):
            found["preprocessing" if uid == PREPROCESSING else "layers"] -= float(row.sum())
    return {name: value / len(points.points) for name, value in found.items()}
