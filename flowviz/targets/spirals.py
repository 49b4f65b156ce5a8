"""FFJORD's two spirals: points on two arms, moved within a small box, then blurred (Grathwohl et al. 2019, arXiv 1810.01367).

p(x) = ½ Σ_± ∫ k(±x₁ − c₁(u)) k(±x₂ − c₂(u)) du, with k the density of U(0, w) + N(0, σ²).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from .boxes import box_density, box_log_density
from .curves import Arm, BlurredCurves
from .mixtures import chunks, working

_WIDTH, _SD = 1.0 / 6.0, 0.1
Kernel = Callable[[Tensor, float, float], Tensor]
_LINES = 2048
"""Up to so many distinct coordinates the kernels are made once for each: points on a grid share them."""


def _arm(s: Tensor) -> Tensor:
    """n = 3π √u at s = √u: (−n cos n, n sin n)/3."""
    n = 3.0 * math.pi * s
    return torch.stack([-n * n.cos(), n * n.sin()], 1) / 3.0


class TwoSpirals(BlurredCurves):
    """The arm and its negative. The hue is the place along them."""

    def __init__(self) -> None:
        super().__init__([Arm(_arm, power=2), Arm(lambda s: -_arm(s), power=2)], _SD, ((-4.0, 4.0), (-4.0, 4.0)))
        half = len(self.segments) // 2
        self.shifts: Tensor
        self.register_buffer("shifts", torch.tensor([_WIDTH, -_WIDTH], dtype=torch.float32).repeat_interleave(half))

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        points, index = self.curve_points(n, generator)
        device = points.device
        points.addcmul_(torch.rand(n, 2, generator=generator, device=device), self.shifts[index].unsqueeze(1))
        points.add_(torch.randn(n, 2, generator=generator, device=device), alpha=self.sd)
        return points, index // (len(self.shifts) // 2)

    def log_prob(self, x: Tensor) -> Tensor:
        half = len(self.nodes) // 2
        nodes, weights = self.nodes[:half], self.weights[:half]
        points = working(x)
        rows = _rows(points, nodes, box_density)
        parts = []
        for index in chunks(torch.arange(len(x), device=x.device), half):
            first, second, first_negative, second_negative = (row(index) for row in rows)
            parts.append(torch.mv(first * second + first_negative * second_negative, weights))
        density = torch.cat(parts)
        # Below this the sum has lost terms to underflow, and is taken again by logarithms.
        smallest = torch.finfo(density.dtype).tiny ** 0.8
        thin = density.detach() < smallest
        log_density = density.clamp_min(smallest).log()
        if bool(thin.any()):
            log_density = log_density.masked_scatter(thin, _far(points[thin], nodes, weights.log()))
        return log_density.to(x.dtype)


def _far(points: Tensor, nodes: Tensor, log_weights: Tensor) -> Tensor:
    """The log-density (B,) of points where the sum of kernels underflows."""
    rows = _rows(points, nodes, box_log_density)
    parts = []
    for index in chunks(torch.arange(len(points), device=points.device), 2 * len(nodes)):
        first, second, first_negative, second_negative = (row(index) for row in rows)
        arms = torch.cat([first + second + log_weights, first_negative + second_negative + log_weights], 1)
        parts.append(torch.logsumexp(arms, 1))
    return torch.cat(parts)


def _rows(points: Tensor, nodes: Tensor, kernel: Kernel) -> list[Callable[[Tensor], Tensor]]:
    """For the arm, then its negative, for x₁, then x₂: a function of indices (b,) that gives their kernels (b, K)."""
    return [_row(points[:, axis], nodes[:, axis], sign, kernel) for sign in (1, -1) for axis in (0, 1)]


def _row(values: Tensor, nodes: Tensor, sign: int, kernel: Kernel) -> Callable[[Tensor], Tensor]:
    if not values.requires_grad:
        distinct, inverse = values.unique(return_inverse=True)  # type: ignore[no-untyped-call]
        if len(distinct) <= _LINES:
            kernels = kernel(sign * distinct[:, None] - nodes, _WIDTH, _SD)
            return lambda index: kernels[inverse[index]]
    return lambda index: kernel(sign * values[index, None] - nodes, _WIDTH, _SD)
