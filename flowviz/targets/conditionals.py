"""Densities written as p(x₁) p(x₂ | x₁), with normal conditionals: log-density and entropy are exact."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from .boxes import box_log_density
from .density import Formula, hue
from .mixtures import working

_HALF_LOG_2PI = 0.5 * math.log(2.0 * math.pi)
_WIDTH, _EDGE = 7.0, 0.2
"""Of the interval that ribbons live on, and of the blur of its ends: a log-density of −∞ could not teach reverse KL."""


class Banana(Formula):
    """x₂ ~ N(0, 4), x₁ | x₂ ~ N(x₂²/4, 1) (Papamakarios et al. 2017, arXiv 1705.07057, figure 1)."""

    ranges = ((-3.5, 11.5), (-7.5, 7.5))

    def __init__(self) -> None:
        super().__init__()
        self.scale: Tensor
        self.register_buffer("scale", torch.tensor([1.0, 2.0]))

    def log_prob(self, x: Tensor) -> Tensor:
        first, second = working(x).unbind(1)
        squares = (first - 0.25 * second.square()).square() + 0.25 * second.square()
        return (-0.5 * squares - 2.0 * _HALF_LOG_2PI - math.log(2.0)).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        points = torch.randn(n, 2, generator=generator, device=self.scale.device).mul_(self.scale)
        points[:, 0].addcmul_(points[:, 1], points[:, 1], value=0.25)
        return points

    def labels(self, x: Tensor) -> Tensor:
        return hue((x[:, 1] + 6.0) / 12.0, wrap=False)


class Funnel(Formula):
    """x₁ ~ N(0, 1), the others | x₁ ~ N(0, e^{2 x₁}); after Neal (2003), with a milder range of scales."""

    def __init__(self, dimensions: int) -> None:
        super().__init__()
        self.ranges = ((-6.0, 6.0),) * dimensions
        self.anchor: Tensor
        self.register_buffer("anchor", torch.zeros(()))

    def log_prob(self, x: Tensor) -> Tensor:
        points = working(x)
        first, others = points[:, :1], points[:, 1:]
        squares = first.square().sum(1) + (others * (-first).exp()).square().sum(1)
        log_det = others.shape[1] * first.squeeze(1)
        return (-0.5 * squares - log_det - points.shape[1] * _HALF_LOG_2PI).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        points = torch.randn(n, len(self.ranges), generator=generator, device=self.anchor.device)
        points[:, 1:].mul_(points[:, :1].exp())
        return points

    def labels(self, x: Tensor) -> Tensor:
        return hue((x[:, 0] + 3.0) / 6.0, wrap=False)


class Ribbon(NamedTuple):
    """x₂ | x₁ ~ N(middle(x₁), sd²), with this weight."""

    middle: Callable[[Tensor], Tensor]
    sd: float
    weight: float = 1.0


class Ribbons(Formula):
    """x₁ ~ U(−3.5, 3.5) + N(0, 0.2²), x₂ | x₁ a mixture of normals around curves. The hue is x₁, ribbon by ribbon."""

    def __init__(self, ribbons: Sequence[Ribbon], bottom: float = -4.0) -> None:
        super().__init__()
        self.ribbons = tuple(ribbons)
        self.ranges = ((-4.0, 4.0), (bottom, bottom + 8.0))
        self.anchor: Tensor
        self.register_buffer("anchor", torch.zeros(()))

    def _joint(self, x: Tensor) -> Tensor:
        """log p(x₂, ribbon | x₁), (B, K)."""
        first, second = working(x).unbind(1)
        each = [
            math.log(r.weight / r.sd) - _HALF_LOG_2PI - 0.5 * ((second - r.middle(first)) / r.sd).square()
            for r in self.ribbons
        ]
        return torch.stack(each, 1)

    def log_prob(self, x: Tensor) -> Tensor:
        first = box_log_density(working(x)[:, 0] + _WIDTH / 2.0, _WIDTH, _EDGE)
        return (first + torch.logsumexp(self._joint(x), 1)).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        device = self.anchor.device
        first = torch.rand(n, generator=generator, device=device).sub_(0.5).mul_(_WIDTH)
        edge, noise = torch.randn(2, n, generator=generator, device=device).unbind(0)
        first.add_(edge, alpha=_EDGE)
        second = torch.add(self.ribbons[0].middle(first), noise, alpha=self.ribbons[0].sd)
        if len(self.ribbons) == 2:
            other = torch.add(self.ribbons[1].middle(first), noise, alpha=self.ribbons[1].sd)
            pick = torch.rand(n, generator=generator, device=device) < self.ribbons[1].weight
            second = torch.where(pick, other, second)
        return torch.stack([first, second], 1)

    def labels(self, x: Tensor) -> Tensor:
        along = hue(x[:, 0] / (_WIDTH + 1.0) + 0.5, wrap=False)
        return hue((self._joint(x).argmax(1) + along) / len(self.ribbons))


def wave(x: Tensor) -> Tensor:
    """w₁ = sin(2πx/4) of Rezende and Mohamed 2015, arXiv 1505.05770, table 1."""
    return torch.sin(x * (math.pi / 2.0))


def split(x: Tensor) -> Tensor:
    """w₁ − w₂, w₂ = 3 exp(−½ ((x − 1)/0.6)²): the other branch of energy U3."""
    return wave(x) - 3.0 * torch.exp(((x - 1.0) / 0.6).square().mul(-0.5))


def fork(x: Tensor) -> Tensor:
    """w₁ − w₃, w₃ = 3 / (1 + exp(−(x − 1)/0.3)): the other branch of energy U4."""
    return wave(x) - 3.0 * torch.sigmoid((x - 1.0) / 0.3)
