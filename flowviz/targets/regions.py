"""Uniform densities: log p(x) = −log(area) inside a region, −∞ outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .density import Formula, hue
from .mixtures import working

_EDGE = 1e-6
"""A point so close to an edge is inside: float32 rounds samples onto it and over it."""
Rectangle = tuple[float, float, float, float]
"""x minimum, x maximum, y minimum, y maximum."""


class Rectangles(Formula):
    """Rectangles that do not overlap; `groups` names the hue of each one."""

    def __init__(
        self, rectangles: Sequence[Rectangle], groups: Sequence[int], ranges: tuple[tuple[float, float], ...]
    ) -> None:
        super().__init__()
        self.ranges, self.classes = ranges, max(groups) + 1
        self.low: Tensor
        self.high: Tensor
        self.origins: Tensor
        self.sizes: Tensor
        self.cumulative: Tensor
        self.hues: Tensor
        table = torch.tensor(rectangles, dtype=torch.float64)
        low, high = table[:, [0, 2]], table[:, [1, 3]]
        areas = (high - low).prod(1)
        self.log_area = math.log(float(areas.sum()))
        self.register_buffer("low", low - _EDGE)
        self.register_buffer("high", high + _EDGE)
        self.register_buffer("origins", low.to(torch.float32))
        self.register_buffer("sizes", (high - low).to(torch.float32))
        self.register_buffer("cumulative", (areas.cumsum(0) / areas.sum())[:-1].to(torch.float32))
        self.groups: Tensor
        self.register_buffer("groups", torch.tensor(groups))
        self.register_buffer("hues", torch.tensor(groups, dtype=torch.float32) / self.classes)

    def _inside(self, x: Tensor) -> Tensor:
        points = working(x)[:, None, :]
        return ((points >= self.low) & (points <= self.high)).all(2)

    def log_prob(self, x: Tensor) -> Tensor:
        return _uniform(x, self._inside(x).any(1), self.log_area)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        device = self.origins.device
        index = torch.bucketize(torch.rand(n, generator=generator, device=device), self.cumulative, right=True)
        place = torch.rand(n, 2, generator=generator, device=device)
        return torch.addcmul(self.origins[index], self.sizes[index], place), self.groups[index]

    def labels(self, x: Tensor) -> Tensor:
        return hue(self.hues[self._inside(x).to(torch.uint8).argmax(1)])


class Star(Formula):
    """A five-pointed star (its sides extend each other), one point upwards, with outer radius R."""

    def __init__(self, radius: float) -> None:
        super().__init__()
        self.ranges = ((-4.0, 4.0), (-4.0, 4.0))
        self.outer = radius
        self.inner = radius * math.sin(math.radians(18.0)) / math.sin(math.radians(54.0))
        self.log_area = math.log(5.0 * self.outer * self.inner * math.sin(math.radians(36.0)))
        self.starts: Tensor
        self.steps: Tensor
        angles = torch.arange(11, dtype=torch.float64) * math.radians(36.0) + math.radians(90.0)
        radii = torch.tensor([self.outer, self.inner], dtype=torch.float64).repeat(6)[:11]
        corners = torch.stack([radii * angles.cos(), radii * angles.sin()], 1)
        self.register_buffer("starts", corners[:-1].to(torch.float32))
        self.register_buffer("steps", corners.diff(dim=0).to(torch.float32))

    def log_prob(self, x: Tensor) -> Tensor:
        points = working(x)
        turned = torch.atan2(points[:, 0].abs(), points[:, 1]) + math.radians(36.0)
        angle = (torch.remainder(turned, math.radians(72.0)) - math.radians(36.0)).abs()
        distance = points.square().sum(1).sqrt()
        along, across = distance * angle.cos(), distance * angle.sin()
        tip, notch = self.outer, math.radians(36.0)
        run, rise = self.inner * math.cos(notch) - tip, self.inner * math.sin(notch)
        return _uniform(x, run * across - rise * (along - tip) >= -_EDGE, self.log_area)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        device = self.starts.device
        index = torch.randint(10, (n,), generator=generator, device=device)
        place = torch.rand(n, 2, generator=generator, device=device)
        edge = torch.addcmul(self.starts[index], self.steps[index], place[:, 1:])
        return edge.mul_(place[:, :1].sqrt())


def _uniform(x: Tensor, inside: Tensor, log_area: float) -> Tensor:
    return torch.where(inside, -log_area, -math.inf).to(x.dtype)
