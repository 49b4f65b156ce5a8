"""Two samples, or a sample and the standard normal: how far apart they are, and how likely that is by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_PROJECTIONS = 64
_BANDWIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Distance:
    """A distance between two samples; `p`: the share of shuffled samples that are at least as far apart, `limit`: the
    distance that 1 % of them exceed."""

    value: float
    p: float
    limit: float


def normal_quantiles(z: Tensor, count: int = 99) -> Tensor:
    """(count, 4): the normal's quantile, that of the sample z (N,), and the normal's 95 % band for N independent draws.

    The band is pointwise: ±1.96 √(p(1−p)/N)/φ(q).
    """
    p = torch.arange(1, count + 1, dtype=torch.float64) / (count + 1)
    q = torch.special.ndtri(p)
    spread = 1.96 * (p * (1.0 - p) / len(z)).sqrt() / (torch.exp(-0.5 * q.square()) / math.sqrt(2.0 * math.pi))
    ordered = z.double().sort().values
    places = (p * len(z)).ceil().long().sub(1).clamp(0, len(z) - 1)
    return torch.stack((q, ordered[places], q - spread, q + spread), 1)


def normality(z: Tensor) -> tuple[float, int]:
    """Kolmogorov-Smirnov test of every column of z (N, D) against N(0, 1): the smallest p-value after Holm's correction, and
    its column.

    p by Kolmogorov's series with Stephens's correction (√N + 0.12 + 0.11/√N) for finite N.
    """
    count = len(z)
    below = torch.special.ndtr(z.double().sort(0).values)
    steps = torch.arange(1, count + 1, dtype=torch.float64)[:, None] / count
    distance = torch.maximum((steps - below).amax(0), (below - (steps - 1.0 / count)).amax(0))
    scaled = distance * (math.sqrt(count) + 0.12 + 0.11 / math.sqrt(count))
    j = torch.arange(1, 101, dtype=torch.float64)[:, None]
    series = 2.0 * ((-1.0) ** (j - 1) * torch.exp(-2.0 * j.square() * scaled.square())).sum(0)
    p = torch.where(scaled < 0.2, torch.ones_like(series), series.clamp(0.0, 1.0))
    smallest = int(p.argmin())
    return min(1.0, float(p[smallest]) * z.shape[1]), smallest


def mmd(x: Tensor, y: Tensor, *, permutations: int = 200, seed: int = 0) -> Distance:
    """MMD² of x (n, D) and y (n, D), unbiased, with the sum of Gaussian kernels of width ¼, ½, 1, 2 and 4 medians.

    MMD² = mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2 mean_{ij} k(x_i, y_j) (Gretton et al. 2012, JMLR 13, eq. 3).
    """
    n = len(x)
    both = torch.cat((x, y)).double()
    squares = torch.cdist(both, both).square()
    median = squares[~torch.eye(2 * n, dtype=torch.bool)].median().clamp_min(1e-30)
    kernel = torch.stack([(-0.5 * squares / (median * width**2)).exp() for width in _BANDWIDTHS]).sum(0)
    kernel.fill_diagonal_(0.0)
    signs = _signs(n, permutations, seed)
    # Within a sample n(n−1) pairs count, across n²: two sums, of all pairs and of those with their signs.
    total, signed = kernel.sum(), ((signs @ kernel) * signs).sum(1)
    within, across = (total + signed) / 2.0, (total - signed) / 2.0
    values = within / (n * (n - 1)) - across / n**2
    return _judged(values)


def sliced_wasserstein(x: Tensor, y: Tensor, *, permutations: int = 100, seed: int = 0) -> Distance:
    """√ of the mean squared difference of the sorted projections of x (n, D) and y (n, D) on 64 fixed random directions: the
    sliced 2-Wasserstein distance, in data units (Bonneel et al. 2015)."""
    n = len(x)
    generator = torch.Generator().manual_seed(seed)
    directions = torch.randn(x.shape[1], _PROJECTIONS, generator=generator, dtype=torch.float64)
    directions = directions / directions.norm(dim=0)
    both = torch.cat((x, y)).double() @ directions
    values = []
    for signs in _signs(n, permutations, seed):
        one, other = both[signs > 0].sort(0).values, both[signs < 0].sort(0).values
        values.append((one - other).square().mean().sqrt())
    return _judged(torch.stack(values))


def _signs(n: int, permutations: int, seed: int) -> Tensor:
    """(1 + permutations, 2n): +1 for the first sample and −1 for the second, as they are and then shuffled."""
    generator = torch.Generator().manual_seed(seed + 1)
    true = torch.cat((torch.ones(n, dtype=torch.float64), -torch.ones(n, dtype=torch.float64)))
    shuffled = [true[torch.randperm(2 * n, generator=generator)] for _ in range(permutations)]
    return torch.stack([true, *shuffled])


def _judged(values: Tensor) -> Distance:
    """The first of the values is the true one, the others are of shuffled samples."""
    value, others = values[0], values[1:]
    p = (1.0 + float((others >= value).sum())) / (1.0 + len(others))
    return Distance(float(value), p, float(others.quantile(0.99)))
