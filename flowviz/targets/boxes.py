"""The density k of U(0, w) + N(0, σ²): a box with blurred edges, exact far out in its tails."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def _edges(offsets: Tensor, width: float, sd: float) -> tuple[Tensor, Tensor]:
    """Distances from the near and the far edge in units of √2 σ; k is even around the middle of the box."""
    away = (offsets - width / 2).abs()
    scale = 1.0 / (math.sqrt(2.0) * sd)
    return (away - width / 2) * scale, (away + width / 2) * scale


def box_density(offsets: Tensor, width: float, sd: float) -> Tensor:
    """k(d) = (erfc(near) − erfc(far)) / 2w: no cancellation, but 0 beyond 37 σ."""
    near, far = _edges(offsets, width, sd)
    return (near.erfc() - far.erfc()) / (2.0 * width)


def box_log_density(offsets: Tensor, width: float, sd: float) -> Tensor:
    """log k(d) at any distance, nats: erfc(a) = erfcx(a) exp(−a²) for a > 0."""
    near, far = _edges(offsets, width, sd)
    outside = near.clamp_min(0.0)
    tail = torch.special.erfcx(outside).log() - outside.square()
    near_log = torch.where(near > 0.0, tail, near.clamp_max(0.0).erfc().log())
    far_log = torch.special.erfcx(far).log() - far.square()
    return near_log + torch.log1p(-(far_log - near_log).exp()) - math.log(2.0 * width)
