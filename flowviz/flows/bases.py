"""Bases: the densities that a pipeline ends in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from ..pipeline import say
from .layer import Place, set_dropout

LOG_2PI = math.log(2.0 * math.pi)
CHUNK = 2**18
"""Numbers in the largest temporary of a chunked sum: about what a core's cache holds."""


class BaseDensity(nn.Module):
    """A density of z: of vectors (B, D) where it is `flat` (the flow reads other events in raster order), else (B, *shape).

    `log_prob(z, context)` -> (B,) in nats. `sample(n, generator, temperature, context)` -> n draws; temperature T scales
    every draw's distance from its centre by T. `fit(z)` sets what depends on data, once more at every call. `context`
    (B, C) or (n, C) comes with each event where the place has one; a base that has no use for it passes it by.
    """

    flat: ClassVar[bool] = True
    like: Tensor

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.shape = place.shape
        self.dimensions = place.dimensions
        self.context = place.context
        self.register_buffer("like", torch.empty(0, dtype=torch.float64), persistent=False)

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        raise NotImplementedError

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        raise NotImplementedError

    def sampling(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Iterator[tuple[Tensor, float]]:
        """The same draws as `sample`, as they come about: (what there is so far, share done); the last one is whole."""
        yield self.sample(n, generator, temperature, context), 1.0

    def unit_of(self, place: Place) -> Tensor:
        """The place's unit as a row (D,); ones where nothing is known."""
        unit = place.unit
        return (
            torch.ones(place.dimensions, dtype=torch.float64)
            if unit is None
            else unit.detach().cpu().double().flatten()
        )

    def fits(self, place: Place) -> bool:
        """Whether what was learnt here keeps its meaning at this place."""
        return (self.shape, self.context) == (place.shape, place.context)

    def needs_data(self) -> bool:
        """Whether `fit` has still to be called."""
        return False

    def fit(self, z: Tensor) -> None:
        """Fits the density to z (N, D)."""

    def configure(self, spec: specs.BaseSpec, unit: Tensor) -> None:
        """Takes over what an edit may change without making the state meaningless."""
        for parameter in self.parameters():
            parameter.requires_grad_(getattr(spec, "trainable", True))
        set_dropout(self, spec)

    def _normal(self, n: int, generator: torch.Generator | None) -> Tensor:
        """(n, D) of N(0, 1), drawn where the generator lives: one seed gives the same numbers on every device."""
        device = self.like.device if generator is None else generator.device
        drawn = torch.randn(n, self.dimensions, generator=generator, device=device, dtype=self.like.dtype)
        return drawn.to(self.like.device)

    def _uniform(self, n: int, generator: torch.Generator | None) -> Tensor:
        """(n, D) of U(0, 1)."""
        device = self.like.device if generator is None else generator.device
        drawn = torch.rand(n, self.dimensions, generator=generator, device=device, dtype=self.like.dtype)
        return drawn.to(self.like.device)

    def _choose(self, n: int, weights: Tensor, generator: torch.Generator | None) -> Tensor:
        """(n,) indices, drawn with these weights (K,), which sum to 1."""
        device = self.like.device if generator is None else generator.device
        edges = weights.detach().to(device).cumsum(0)
        drawn = torch.rand(n, generator=generator, device=device, dtype=edges.dtype)
        return torch.searchsorted(edges, drawn, right=True).clamp_max(len(edges) - 1).to(self.like.device)


class FittedDensity(BaseDensity):
    """A density that is fitted to data before it is used; the flag is a buffer, so a loaded one is never fitted again."""

    initialized: Tensor

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.register_buffer("initialized", torch.tensor(False))

    def needs_data(self) -> bool:
        return not bool(self.initialized)


class StandardNormal(BaseDensity):
    """log p(z) = −½‖z‖² − (D/2) log 2π."""

    def __init__(self, spec: specs.StandardNormal, place: Place) -> None:
        super().__init__(place)

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        return (z * z).sum(1).mul(-0.5).sub(0.5 * self.dimensions * LOG_2PI)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        return self._normal(n, generator) * temperature


class Gaussian(FittedDensity):
    """log p(z) = −½ (z−μ)ᵀ Σ⁻¹ (z−μ) − ½ log det 2πΣ, with Σ⁻¹ = AᵀA and A lower triangular.

    `fit` is maximum likelihood (divide by N). Where the data have no extent in some direction, Σ gets a floor: 10⁻¹² of
    the largest eigenvalue of the correlations, and 10⁻⁶ for the deviation of a constant column (relative to its size).
    """

    def __init__(self, spec: specs.Gaussian, place: Place) -> None:
        super().__init__(place)
        self.mean = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))
        self.lower = nn.Parameter(torch.zeros(place.dimensions, place.dimensions, dtype=torch.float64))
        self.log_diagonal = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))

    def _whitening(self) -> Tensor:
        """A (D, D)."""
        return self.lower.tril(-1) + torch.diag(self.log_diagonal.exp())

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        y = (z - self.mean) @ self._whitening().T
        return (y * y).sum(1).mul(-0.5) + (self.log_diagonal.sum() - 0.5 * self.dimensions * LOG_2PI)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        noise = self._normal(n, generator) * temperature
        offset: Tensor = torch.linalg.solve_triangular(self._whitening(), noise.T, upper=False).T
        return self.mean + offset

    @torch.no_grad()
    def fit(self, z: Tensor) -> None:
        values = z.detach().cpu().double()
        mean = values.mean(0)
        centred = values - mean
        std = centred.square().mean(0).sqrt()
        size = values.abs().amax(0)
        std = torch.where(std > 1e-7 * size, std, 1e-6 * torch.where(size > 0, size, torch.ones_like(size)))
        scaled = centred / std
        correlation = scaled.T @ scaled / len(values)
        eigenvalues, vectors = torch.linalg.eigh(correlation)
        floor = max(1e-12 * float(eigenvalues.max()), 1e-12)
        if float(eigenvalues.min()) < floor:
            correlation = (vectors * eigenvalues.clamp_min(floor)) @ vectors.T
            constant = correlation.diagonal() < 1e-3
            correlation = correlation + torch.diag(constant.double())
        L = std[:, None] * torch.linalg.cholesky(correlation)
        A = torch.linalg.solve_triangular(L, torch.eye(self.dimensions, dtype=torch.float64), upper=False)
        self.mean.copy_(mean)
        self.lower.copy_(A.tril(-1))
        self.log_diagonal.copy_(A.diagonal().log())
        self.initialized.fill_(True)


class GaussianMixture(FittedDensity):
    """p(z) = Σ_k w_k N(z; μ_k, diag σ_k²), with w = softmax(logits).

    `fit`: centres as k-means++ chooses them (Arthur, Vassilvitskii 2007), then expectation-maximisation (Dempster, Laird,
    Rubin 1977) on at most 5,000 of the points, with a floor of 1 % of the data's deviation under every σ.
    """

    def __init__(self, spec: specs.GaussianMixture, place: Place) -> None:
        super().__init__(place)
        count = spec.components
        self.logits = nn.Parameter(torch.zeros(count, dtype=torch.float64))
        self.means = nn.Parameter(torch.randn(count, place.dimensions, generator=place.generator, dtype=torch.float64))
        self.log_scales = nn.Parameter(torch.zeros(count, place.dimensions, dtype=torch.float64))

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        rows = max(1, CHUNK // self.means.numel())
        parts = [self._log_prob(part) for part in torch.split(z, rows)]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _log_prob(self, z: Tensor) -> Tensor:
        return torch.logsumexp(mixture_terms(z, self.logits, self.means, self.log_scales), 1)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        which = self._choose(n, self.logits.softmax(0), generator)
        noise = self._normal(n, generator) * temperature
        return self.means[which] + self.log_scales[which].exp() * noise

    @torch.no_grad()
    def fit(self, z: Tensor) -> None:
        generator = torch.Generator().manual_seed(0)
        values = z.detach().cpu().double()
        if len(values) > 5000:
            values = values[torch.randperm(len(values), generator=generator)[:5000]]
        logits, means, log_scales = expectation_maximization(values, len(self.logits), generator)
        self.logits.copy_(logits)
        self.means.copy_(means)
        self.log_scales.copy_(log_scales)
        self.initialized.fill_(True)


class Uniform(BaseDensity):
    """p(z) = (2w)^−D inside the box [−w, w]^D, and 0 outside: log p is −∞ there. Temperature scales the box."""

    def __init__(self, spec: specs.Uniform, place: Place) -> None:
        super().__init__(place)
        self.half_width = spec.half_width

    def configure(self, spec: specs.BaseSpec, unit: Tensor) -> None:
        assert isinstance(spec, specs.Uniform)
        self.half_width = spec.half_width

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        inside = (z.abs() <= self.half_width).all(1)
        height = -self.dimensions * math.log(2.0 * self.half_width)
        return torch.full_like(z[:, 0], height).masked_fill(~inside, -math.inf)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        return (self._uniform(n, generator) * 2.0 - 1.0) * (self.half_width * temperature)


class ConditionalGaussian(BaseDensity):
    """p(z|c) = N(z; M c + m, diag exp(2 (S c + s))): mean and log-width are linear in the context. Starts as N(0, 1)."""

    def __init__(self, spec: specs.ConditionalGaussian, place: Place) -> None:
        super().__init__(place)
        self.mean = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))
        self.log_width = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))
        self.by_context: nn.Parameter | None = None
        """M, then S, (2D, C)."""
        if place.context:
            self.by_context = nn.Parameter(torch.zeros(2 * place.dimensions, place.context, dtype=torch.float64))

    def _mean_and_log_width(self, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """(B, D) each with a context, (D,) without."""
        if self.by_context is None:
            return self.mean, self.log_width
        if context is None:
            raise ValueError(say("This density is conditional: a context is needed with every point."))
        both = F.linear(context.to(self.mean), self.by_context, torch.cat((self.mean, self.log_width)))
        mean, log_width = both.chunk(2, 1)
        return mean, log_width

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        mean, log_width = self._mean_and_log_width(context)
        scaled = (z - mean) * torch.exp(-log_width)
        return (-0.5 * scaled.square() - log_width).sum(1) - 0.5 * self.dimensions * LOG_2PI

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        mean, log_width = self._mean_and_log_width(context)
        return mean + torch.exp(log_width) * (self._normal(n, generator) * temperature)


def mixture_terms(z: Tensor, logits: Tensor, means: Tensor, log_scales: Tensor) -> Tensor:
    """log w_k + log N(z; μ_k, diag σ_k²), (B, K)."""
    scaled = (z[:, None, :] - means) * (-log_scales).exp()
    constant = logits.log_softmax(0) - log_scales.sum(1) - 0.5 * means.shape[1] * LOG_2PI
    return scaled.square().sum(2) * -0.5 + constant


def expectation_maximization(values: Tensor, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """(logits, means, log_scales) of a diagonal mixture fitted to values (N, D), float64. Stops at a gain below 1e-6."""
    std = values.std(0, correction=0)
    std = torch.where(std > 0, std, torch.ones_like(std))
    floor = 0.01 * std
    means = _spread_centres(values / std, count, generator) * std
    logits = torch.zeros(count, dtype=values.dtype)
    log_scales = (std / max(1.0, count ** (1.0 / values.shape[1]))).log().expand(count, -1).clone()
    squares = values.square()
    before = -math.inf
    for _ in range(200):
        responsibility, log_likelihood = [], 0.0
        for part in torch.split(values, max(1, CHUNK // means.numel())):
            terms = mixture_terms(part, logits, means, log_scales)
            total = torch.logsumexp(terms, 1, keepdim=True)
            log_likelihood += float(total.sum())
            responsibility.append((terms - total).exp())
        shares = torch.cat(responsibility)
        mass = shares.sum(0)
        known = mass > 1e-6 * len(values) / count
        safe = torch.where(known, mass, torch.ones_like(mass))[:, None]
        new_means = shares.T @ values / safe
        variance = (shares.T @ squares / safe - new_means.square()).clamp_min(0.0)
        means = torch.where(known[:, None], new_means, means)
        log_scales = torch.where(known[:, None], torch.maximum(variance.sqrt(), floor).log(), log_scales)
        logits = (mass / len(values)).clamp_min(1e-6).log()
        if log_likelihood - before < 1e-6 * len(values):
            break
        before = log_likelihood
    return logits, means, log_scales


def _spread_centres(values: Tensor, count: int, generator: torch.Generator) -> Tensor:
    """k-means++: each next centre is a point drawn with weight d², the squared distance to the nearest centre so far."""
    first = int(torch.randint(len(values), (1,), generator=generator))
    centres = [values[first]]
    nearest = (values - centres[0]).square().sum(1)
    for _ in range(count - 1):
        weights = nearest if float(nearest.sum()) > 0 else torch.ones_like(nearest)
        centres.append(values[int(torch.multinomial(weights, 1, generator=generator))])
        nearest = torch.minimum(nearest, (values - centres[-1]).square().sum(1))
    return torch.stack(centres)
