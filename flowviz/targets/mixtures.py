"""Gaussian mixtures: p(x) = Σ_k w_k N(x; c_k, σ² I), and those with a covariance of their own."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .density import Formula, hue

CHUNK = 1 << 18
"""Pairs of point and centre computed at once: they stay in the cache."""


def working(x: Tensor) -> Tensor:
    """The points in the dtype that densities are computed in: float64, where the device has it.

    It is no slower than float32 here, whose denormals stall the exponentials.
    """
    return x if x.device.type == "mps" else x.to(torch.float64)


def chunks(x: Tensor, pairs: int) -> list[Tensor]:
    """Points (B, D) in pieces, so that a piece times `pairs` fits the cache; one empty piece where there is no point."""
    size = max(1, CHUNK // pairs)
    return [x[start : start + size] for start in range(0, max(1, len(x)), size)]


def blurred_log_prob(x: Tensor, centres: Tensor, weights: Tensor, sd: float) -> Tensor:
    """log Σ_k w_k N(x; c_k, σ² I) for x (B, D), centres (K, D), weights (K,); returns (B,), nats.

    Distances are taken directly, not by a matrix product, which would cancel.
    """
    scale = 1.0 / (math.sqrt(2.0) * sd)
    constant = centres.shape[1] * (0.5 * math.log(2.0 * math.pi) + math.log(sd))
    columns = (centres * scale).unbind(1)
    parts = []
    for chunk in chunks(working(x) * scale, len(weights)):
        distance = (chunk[:, 0, None] - columns[0]).square()
        for axis, column in enumerate(columns[1:], 1):
            distance = distance + (chunk[:, axis, None] - column).square()
        nearest = distance.detach().amin(1)
        parts.append(torch.mv(torch.exp(nearest[:, None] - distance), weights).log() - nearest)
    return (torch.cat(parts) - constant).to(x.dtype)


def nearest_index(x: Tensor, centres: Tensor) -> Tensor:
    """Index (B,) of the centre (K, D) nearest to each point (B, D)."""
    centres = centres.to(x.dtype)
    return torch.cat([torch.cdist(chunk, centres).argmin(1) for chunk in chunks(x, len(centres))])


class RoundMixture(Formula):
    """Equal weights, one standard deviation: p(x) = 1/K Σ_k N(x; c_k, σ² I). The hue is the nearest mode."""

    def __init__(self, centres: Tensor, sd: float, ranges: tuple[tuple[float, float], ...]) -> None:
        super().__init__()
        self.sd, self.ranges, self.classes = sd, ranges, len(centres)
        self.centres: Tensor
        self.weights: Tensor
        self.starts: Tensor
        self.register_buffer("centres", centres.to(torch.float64))
        self.register_buffer("weights", torch.full((len(centres),), 1.0 / len(centres), dtype=torch.float64))
        self.register_buffer("starts", centres.to(torch.float32))

    def log_prob(self, x: Tensor) -> Tensor:
        return blurred_log_prob(x, self.centres, self.weights, self.sd)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        starts = self.starts
        mode = torch.randint(len(starts), (n,), generator=generator, device=starts.device)
        noise = torch.randn(n, starts.shape[1], generator=generator, device=starts.device)
        return starts[mode].add_(noise, alpha=self.sd), mode

    def labels(self, x: Tensor) -> Tensor:
        return hue(nearest_index(x, self.centres) / len(self.centres))


class GaussianMixture(Formula):
    """p(x) = Σ_k w_k N(x; μ_k, Σ_k), with Σ_k = A_k A_kᵀ; weights (K,), means (K, D), factors A (K, D, D) lower triangular.

    The hue is the component that most likely made the point, where there are several.
    """

    def __init__(
        self, weights: Tensor, means: Tensor, factors: Tensor, ranges: tuple[tuple[float, float], ...]
    ) -> None:
        super().__init__()
        self.ranges, self.classes = ranges, len(weights)
        self.means: Tensor
        self.log_scales: Tensor
        self.whitening: Tensor
        self.cumulative: Tensor
        self.starts: Tensor
        self.factors: Tensor
        weights, means, factors = (t.to(torch.float64) for t in (weights, means, factors))
        log_det = factors.diagonal(dim1=1, dim2=2).log().sum(1)
        constant = 0.5 * means.shape[1] * math.log(2.0 * math.pi)
        self.register_buffer("means", means)
        self.register_buffer("log_scales", weights.log() - log_det - constant)
        self.register_buffer("whitening", torch.linalg.inv(factors))
        self.register_buffer("cumulative", weights.cumsum(0)[:-1].to(torch.float32))
        self.register_buffer("starts", means.to(torch.float32))
        self.register_buffer("factors", factors.to(torch.float32))

    def _joint(self, x: Tensor) -> Tensor:
        """log w_k N(x; μ_k, Σ_k), (B, K)."""
        white = (self.whitening @ (working(x)[:, None, :] - self.means).unsqueeze(-1)).squeeze(-1)
        return self.log_scales - 0.5 * white.square().sum(2)

    def log_prob(self, x: Tensor) -> Tensor:
        return torch.logsumexp(self._joint(x), 1).to(x.dtype)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        starts = self.starts
        noise = torch.randn(n, starts.shape[1], generator=generator, device=starts.device)
        if self.classes == 1:
            only = torch.zeros(n, dtype=torch.int64, device=starts.device)
            return torch.addmm(starts, noise, self.factors[0].T), only
        mode = torch.bucketize(torch.rand(n, generator=generator, device=starts.device), self.cumulative, right=True)
        return torch.baddbmm(starts[mode].unsqueeze(2), self.factors[mode], noise.unsqueeze(2)).squeeze(2), mode

    def labels(self, x: Tensor) -> Tensor | None:
        count = len(self.means)
        return hue(self._joint(x).argmax(1) / count) if count > 1 else None
