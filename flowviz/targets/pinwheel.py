"""The pinwheel: points (r, s), r ~ N(1, 0.3²), s ~ N(0, 0.1²), turned by 72°k + e^r/4, then doubled (Johnson et al. 2016).

p(x) = ⅕ Σ N(r; 1, 0.3²) N(s; 0, 0.1²) / |1 − s e^r/4| / 4 over every (r, s) and arm k that lands on x. Beyond r = 3, where
1e-11 of the mass lies, the turn grows no further: without that, countless windings would land on every far point.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .density import Formula, hue
from .mixtures import chunks, working

_ARMS = 5
_RADIAL, _TANGENTIAL, _RATE, _SCALE = 0.3, 0.1, 0.25, 2.0
_FIFTH = 2.0 * math.pi / _ARMS
_LARGEST_R = 3.0
_STEPS = 256
"""Angles at which the roots are bracketed; a pair of roots between neighbours occurs only where log p is below −15."""


class Pinwheel(Formula):
    """Before the turn a point lies at (r, s) = ρ (cos a, sin a). Turning keeps ρ, so a solves a + e^r/4 = φ (mod 72°).

    The hue is the arm, and within it the radius.
    """

    ranges = ((-5.0, 5.0), (-5.0, 5.0))
    classes = _ARMS

    def __init__(self) -> None:
        super().__init__()
        self.angles: Tensor
        self.arms: Tensor
        self.register_buffer("angles", torch.linspace(-math.pi, math.pi, _STEPS + 1, dtype=torch.float64))
        self.register_buffer("arms", torch.arange(_ARMS, dtype=torch.float32) * _FIFTH)

    def log_prob(self, x: Tensor) -> Tensor:
        return torch.cat([self._log_prob(chunk) for chunk in chunks(working(x) / _SCALE, _STEPS // 2)]).to(x.dtype)

    def _log_prob(self, x: Tensor) -> Tensor:
        radius = x.square().sum(1).clamp_min(1e-30).sqrt()
        angle = torch.atan2(x[:, 1], x[:, 0])
        point, root = self._roots(radius.detach(), angle.detach())
        radius, angle = radius[point], angle[point]
        # One Newton step, which differentiates through the equation and doubles the digits.
        turn = root + _twist(radius * root.cos()) - angle
        miss = turn - (turn.detach() / _FIFTH).round() * _FIFTH
        root = root - miss / _slope(radius.detach(), root)
        r, s = radius * root.cos(), radius * root.sin()
        each = (
            -0.5 * ((r - 1.0) / _RADIAL).square()
            - 0.5 * (s / _TANGENTIAL).square()
            - _slope(radius, root).abs().log()
            - math.log(2.0 * math.pi * _RADIAL * _TANGENTIAL * _ARMS * _SCALE**2)
        )
        largest = torch.full_like(x[:, 0], -math.inf).scatter_reduce(0, point, each.detach(), "amax")
        total = torch.zeros_like(x[:, 0]).index_add(0, point, (each - largest[point]).exp())
        return total.log() + largest

    def _roots(self, radius: Tensor, angle: Tensor) -> tuple[Tensor, Tensor]:
        """Every root (R,), with the index of its point: brackets where a multiple of 72° is crossed, then bisection."""
        turns = (self.angles + _twist(radius[:, None] * self.angles.cos()) - angle[:, None]) / _FIFTH
        whole = turns.floor()
        point, step = (whole[:, 1:] != whole[:, :-1]).nonzero(as_tuple=True)
        first, last = whole[point, step], whole[point, step + 1]
        crossed = (last - first).abs().long()
        which = torch.repeat_interleave(crossed)
        rank = torch.arange(len(which), device=which.device) - (crossed.cumsum(0) - crossed)[which]
        target = torch.minimum(first, last)[which] + 1 + rank
        point, rising = point[which], (last > first)[which]
        low, high = self.angles[step[which]], self.angles[step[which] + 1]
        radius, angle = radius[point], angle[point]
        for _ in range(26):
            middle = (low + high) / 2
            above = (middle + _twist(radius * middle.cos()) - angle) / _FIFTH >= target
            left = above == rising
            low, high = torch.where(left, low, middle), torch.where(left, middle, high)
        return point, (low + high) / 2

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        device = self.arms.device
        noise = torch.randn(n, 2, generator=generator, device=device)
        r, s = (_SCALE + _SCALE * _RADIAL * noise[:, 0]), _SCALE * _TANGENTIAL * noise[:, 1]
        arm = torch.randint(_ARMS, (n,), generator=generator, device=device)
        angle = self.arms[arm] + _twist(r / _SCALE)
        cos, sin = angle.cos(), angle.sin()
        return torch.stack([r * cos - s * sin, r * sin + s * cos], 1), arm

    def labels(self, x: Tensor) -> Tensor:
        radius = x.square().sum(1).sqrt() / _SCALE
        turned = (torch.atan2(x[:, 1], x[:, 0]) - _twist(radius)) / _FIFTH
        arm = torch.remainder(turned.round(), _ARMS)
        return hue((arm + (radius / 2.0).clamp(0.0, 0.999)) / _ARMS)


def _twist(r: Tensor) -> Tensor:
    """The angle that a point at r is turned by, e^r/4."""
    return r.clamp_max(_LARGEST_R).exp() * _RATE


def _slope(radius: Tensor, angle: Tensor) -> Tensor:
    """d(a + e^r/4)/da = 1 − s e^r/4, which is also the Jacobian of the turn."""
    r = radius * angle.cos()
    return 1.0 - radius * angle.sin() * torch.where(r < _LARGEST_R, _twist(r), 0.0)
