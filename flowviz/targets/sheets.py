"""A sheet in space: the Swiss roll's curve times an interval, blurred."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .boxes import box_log_density
from .curves import Arm, BlurredCurves
from .mixtures import working

_HEIGHT, _SD = 6.0, 0.2


class SwissRollSheet(BlurredCurves):
    """(x₁, x₃) is the Swiss roll of the plane, x₂ ~ U(−3, 3), all blurred by σ. The hue is the place along the roll."""

    def __init__(self) -> None:
        super().__init__([Arm(roll)], _SD, ((-4.0, 4.0), (-4.0, 4.0), (-4.0, 4.0)))

    def log_prob(self, x: Tensor) -> Tensor:
        height = box_log_density(working(x)[:, 1] + _HEIGHT / 2, _HEIGHT, _SD)
        return super().log_prob(x[:, [0, 2]]) + height.to(x.dtype)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        points, arm = super().draw_with_context(n, generator)
        device = points.device
        height = torch.rand(n, generator=generator, device=device).sub_(0.5).mul_(_HEIGHT)
        height.add_(torch.randn(n, generator=generator, device=device), alpha=_SD)
        return torch.stack([points[:, 0], height, points[:, 1]], 1), arm

    def labels(self, x: Tensor) -> Tensor:
        return super().labels(x[:, [0, 2]])


def roll(s: Tensor) -> Tensor:
    """t = 1.5π (1 + 2s): (t cos t, t sin t)/5."""
    t = 1.5 * math.pi * (1.0 + 2.0 * s)
    return torch.stack([t * t.cos(), t * t.sin()], 1) / 5.0
