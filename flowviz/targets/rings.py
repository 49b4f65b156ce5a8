"""Blurred circles in the plane, exactly: p(x) = exp(−(r² + R²)/2σ²) I₀(r R/σ²) / 2πσ² with r the distance from the centre."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .curves import Arm, BlurredCurves
from .density import Formula, angle_hue
from .mixtures import chunks, working

Circle = tuple[float, float, float]
"""Centre x, centre y, radius."""


def ring_log_prob(squared_distance: Tensor, radius: Tensor, sd: float) -> Tensor:
    """Log-density of a blurred circle, nats, from the squared distance to its centre."""
    # The root's gradient is infinite at the very centre, where the density's is 0.
    distance = squared_distance.clamp_min(1e-30).sqrt()
    bessel: Tensor = torch.special.i0e(distance * radius / sd**2).log()
    return bessel - (distance - radius).square() / (2.0 * sd**2) - math.log(2.0 * math.pi * sd**2)


class Rings(BlurredCurves):
    """Circles of equal weight. The hue is the ring, and within it the angle."""

    def __init__(self, circles: Sequence[Circle], sd: float, ranges: tuple[tuple[float, float], ...]) -> None:
        super().__init__([_circle(*circle) for circle in circles], sd, ranges)
        self.circles: Tensor
        self.register_buffer("circles", torch.tensor(circles, dtype=torch.float64))

    def log_prob(self, x: Tensor) -> Tensor:
        centred = working(x)[:, None, :] - self.circles[:, :2]
        each = ring_log_prob(centred.square().sum(2), self.circles[:, 2], self.sd)
        return (torch.logsumexp(each, 1) - math.log(len(self.circles))).to(x.dtype)


class Torus(Formula):
    """A tube around a circle, both angles uniform, blurred: the ring's density integrated over the tube's angle.

    The integrand is periodic and smooth, so the trapezoid rule over `_ANGLES` angles is exact to rounding.
    """

    _ANGLES = 160

    def __init__(self, radius: float, tube: float, sd: float) -> None:
        super().__init__()
        self.radius, self.tube, self.sd = radius, tube, sd
        reach = radius + tube + 4 * sd
        self.ranges = ((-reach, reach), (-reach, reach), (-tube - 4 * sd, tube + 4 * sd))
        self.radii: Tensor
        self.heights: Tensor
        angles = torch.arange(self._ANGLES, dtype=torch.float64) * (2.0 * math.pi / self._ANGLES)
        self.register_buffer("radii", radius + tube * angles.cos())
        self.register_buffer("heights", tube * angles.sin())

    def log_prob(self, x: Tensor) -> Tensor:
        parts = []
        for chunk in chunks(working(x), self._ANGLES):
            ring = ring_log_prob(chunk[:, :2].square().sum(1, keepdim=True), self.radii, self.sd)
            height = (chunk[:, 2:] - self.heights).square() / (2.0 * self.sd**2)
            parts.append(torch.logsumexp(ring - height, 1))
        constant = math.log(self._ANGLES) + 0.5 * math.log(2.0 * math.pi * self.sd**2)
        return (torch.cat(parts) - constant).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        device = self.radii.device
        angles = torch.rand(n, 2, generator=generator, device=device).mul_(2.0 * math.pi)
        (cos_u, cos_v), (sin_u, sin_v) = angles.cos().unbind(1), angles.sin().unbind(1)
        distance = self.radius + self.tube * cos_v
        points = torch.stack([distance * cos_u, distance * sin_u, self.tube * sin_v], 1)
        return points.add_(torch.randn(n, 3, generator=generator, device=device), alpha=self.sd)

    def labels(self, x: Tensor) -> Tensor:
        return angle_hue(x[:, 0], x[:, 1])


def _circle(x: float, y: float, radius: float) -> Arm:
    def curve(s: Tensor) -> Tensor:
        angle = 2.0 * math.pi * s
        return torch.stack([x + radius * angle.cos(), y + radius * angle.sin()], 1)

    return Arm(curve)
