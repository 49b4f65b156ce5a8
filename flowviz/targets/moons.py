"""FFJORD's two moons, and the same turned by an angle that the density depends on."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .curves import Arm, BlurredCurves
from .density import Formula

SD = 0.2
PLANE = ((-4.0, 4.0), (-4.0, 4.0))


def two_moons() -> BlurredCurves:
    """make_moons(noise=0.1) · 2 + (−1, −0.2). The class is the moon."""

    def upper(s: Tensor) -> Tensor:
        return torch.stack([2.0 * (math.pi * s).cos() - 1.0, 2.0 * (math.pi * s).sin() - 0.2], 1)

    def lower(s: Tensor) -> Tensor:
        return torch.stack([1.0 - 2.0 * (math.pi * s).cos(), 0.8 - 2.0 * (math.pi * s).sin()], 1)

    return BlurredCurves([Arm(upper), Arm(lower)], SD, PLANE)


class TurningMoons(Formula):
    """The two moons turned about the origin by c ~ U(−π, π), the number that the density depends on.

    p(x | c) is that of the moons at x turned back, so H(x | c) is their entropy whatever c is; p(x) alone is not offered.
    """

    ranges = PLANE
    numbers = ((-math.pi, math.pi),)

    def __init__(self) -> None:
        super().__init__()
        self.moons = two_moons()

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        points = self.moons.sample(n, generator)
        angle = torch.rand(n, 1, generator=generator, device=points.device).sub_(0.5).mul_(2.0 * math.pi)
        return turned(points, angle), angle


def turned(points: Tensor, angle: Tensor) -> Tensor:
    """Points (N, 2) turned about the origin by angles (N, 1), radians."""
    cos, sin = angle.cos(), angle.sin()
    x, y = points[:, :1], points[:, 1:]
    return torch.cat([x * cos - y * sin, x * sin + y * cos], 1)
