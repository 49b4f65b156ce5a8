"""Kernel density estimation as a base: one Gaussian kernel on each training point."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from .. import pipeline as specs
from ..pipeline import say
from .bases import CHUNK, LOG_2PI, FittedDensity
from .layer import Place
from .linear import moments


class KDE(FittedDensity):
    """p(z) = 1/n Σ_i Π_d K((z_d − z_id)/h_d)/h_d with the normal kernel K, summed as logsumexp in chunks.

    Rules for h_d = f·σ_d (σ_d: deviation of column d): Scott f = n^(−1/(D+4)); Silverman f = (4/(D+2))^(1/(D+4))
    n^(−1/(D+4)); leave-one-out: the f that maximises mean_i log [1/(n−1) Σ_{j≠i} K_h(z_i − z_j)]. By hand h is the same in
    every coordinate, in the data's units. (Scott 1992, Multivariate density estimation; Silverman 1986, section 4.3.2.)
    """

    points: Tensor
    bandwidth: Tensor

    def __init__(self, spec: specs.KDE, place: Place) -> None:
        super().__init__(place)
        self.spec, self.unit = spec, self.unit_of(place)
        self.register_buffer("points", torch.zeros(0, place.dimensions, dtype=torch.float64))
        self.register_buffer("bandwidth", spec.bandwidth / self.unit)

    @torch.no_grad()
    def fit(self, z: Tensor) -> None:
        if len(z) > self.spec.points:
            chosen = torch.randperm(len(z), generator=torch.Generator().manual_seed(0))[: self.spec.points]
            z = z[chosen.to(z.device)]
        self.points = z.detach().to(self.like)
        self._set_bandwidth()
        self.initialized.fill_(True)

    def configure(self, spec: specs.BaseSpec, unit: Tensor) -> None:
        """A new rule or bandwidth is taken over at once, from the points that are there."""
        assert isinstance(spec, specs.KDE)
        before, before_unit, self.spec, self.unit = self.spec, self.unit, spec, unit.flatten()
        if not self.needs_data() and (before != spec or not torch.equal(before_unit, self.unit)):
            self._set_bandwidth()

    @torch.no_grad()
    def _set_bandwidth(self) -> None:
        if self.spec.rule == "manual":
            self.bandwidth.copy_(self.spec.bandwidth / self.unit)
            return
        values = self.points.cpu().double()
        _, std = moments(values)
        self.bandwidth.copy_(std * bandwidth_factor(values / std, self.spec.rule))

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        if not len(self.points):
            raise ValueError(say("the kernel density has no points yet; initialize the flow with training data first"))
        constant = self.bandwidth.log().sum() + 0.5 * self.dimensions * LOG_2PI + math.log(len(self.points))
        centres = self.points / self.bandwidth
        parts = [
            torch.logsumexp(squared_distances(part, centres) * -0.5, 1) - constant
            for part in torch.split(z / self.bandwidth, max(1, CHUNK // len(self.points)))
        ]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        if not len(self.points):
            raise ValueError(say("the kernel density has no points yet; initialize the flow with training data first"))
        count = len(self.points)
        which = self._choose(n, torch.full((count,), 1.0 / count, dtype=torch.float64), generator)
        return self.points[which] + self.bandwidth * (self._normal(n, generator) * temperature)

    def _load_from_state_dict(self, state_dict: dict[str, Any], prefix: str, *rest: Any) -> None:
        """The number of points is part of the state, not of the spec: makes room for those that come."""
        points = state_dict.get(f"{prefix}points")
        if isinstance(points, Tensor) and points.ndim == 2 and points.shape[1] == self.dimensions:
            self.points = self.points.new_zeros(points.shape)
        super()._load_from_state_dict(state_dict, prefix, *rest)


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """(N, M) of ‖a_i − b_j‖², without the cancellation of ‖a‖² + ‖b‖² − 2a·b."""
    total = (a[:, :1] - b[:, 0]).square()
    for d in range(1, a.shape[1]):
        total = total + (a[:, d : d + 1] - b[:, d]).square()
    return total


def bandwidth_factor(values: Tensor, rule: str) -> float:
    """The factor f for values (n, D) whose columns have deviation 1."""
    n, dimensions = values.shape
    scott = n ** (-1.0 / (dimensions + 4))
    if rule == "scott":
        return float(scott)
    if rule == "silverman":
        return float((4.0 / (dimensions + 2)) ** (1.0 / (dimensions + 4)) * scott)
    return _leave_one_out(values) if n > 1 else float(scott)


def _leave_one_out(values: Tensor) -> float:
    """Golden-section search of log f between 0.001 and 2; of many points, a part is judged, against all the others."""
    n, dimensions = values.shape
    judged = min(n, max(1, 2_000_000 // n))
    parts = list(torch.split(squared_distances(values[:judged].float(), values.float()), max(1, CHUNK // n)))
    row = 0
    for part in parts:
        part[:, row : row + len(part)].fill_diagonal_(math.inf)
        row += len(part)

    def log_likelihood(log_factor: float) -> float:
        factor = -0.5 * math.exp(-2.0 * log_factor)
        total = sum(float(torch.logsumexp(part * factor, 1).sum()) for part in parts)
        return total / judged - dimensions * log_factor

    grid = torch.linspace(math.log(1e-3), math.log(2.0), 12).tolist()
    best = max(range(len(grid)), key=lambda i: log_likelihood(grid[i]))
    low, high = grid[max(0, best - 1)], grid[min(len(grid) - 1, best + 1)]
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    left, right = high - ratio * (high - low), low + ratio * (high - low)
    at_left, at_right = log_likelihood(left), log_likelihood(right)
    while high - low > 0.01:
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + ratio * (high - low)
            at_right = log_likelihood(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - ratio * (high - low)
            at_left = log_likelihood(left)
    return math.exp(0.5 * (low + high))
