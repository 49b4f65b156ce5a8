"""What a flow has to beat: the best single Gaussian, and a kernel density estimate. Both judged on held-out points, in nats."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

MOST_KERNELS = 2000
"""Training points that carry a kernel."""
_MOST_LEFT_OUT = 1000
"""Points that the bandwidth is judged on, each left out of the estimate that judges it."""
_CHUNK = 1 << 20
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def gaussian_nll(train: Tensor, held_out: Tensor) -> float:
    """−mean log N(x; μ, Σ) over held_out (M, D), nats, with μ, Σ of train (N, D) by maximum likelihood (divided by N).

    Directions in which the training points hardly vary keep a variance of 1e-10 of the widest one's.
    """
    points, judged = train.to(torch.float64), held_out.to(torch.float64)
    mean = points.mean(0)
    centred = points - mean
    scale = centred.square().mean(0).sqrt()
    scale = torch.where(scale > 0.0, scale, 1.0)
    # Correlations, not covariances, are decomposed: columns may differ by many orders of magnitude.
    centred = centred / scale
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(points))
    values = values.clamp_min(1e-10 * max(float(values[-1]), 1e-10))
    white = ((judged - mean) / scale) @ vectors
    squares = (white.square() / values).sum(1).mean()
    log_det = 2.0 * scale.log().sum() + values.log().sum()
    return float(0.5 * (squares + log_det + points.shape[1] * math.log(2.0 * math.pi)))


def kde_nll(train: Tensor, held_out: Tensor) -> float:
    """−mean log p̂(x) over held_out (M, D), nats, with a Gaussian kernel on each of the first 2,000 training points.

    p̂(x) = 1/n Σ_i N(x; x_i, h² diag(s²)), s the standard deviations; h maximises the leave-one-out likelihood of the
    training points, mean_i log[1/(n−1) Σ_{j≠i} N(x_i; x_j, h² diag(s²))], so the held-out points judge and do not choose.
    """
    points = train[:MOST_KERNELS].to(torch.float64)
    scale = points.std(0, correction=0)
    scale = torch.where(scale > 0.0, scale, 1.0)
    white, judged = points / scale, held_out.to(torch.float64) / scale
    bandwidth = leave_one_out_bandwidth(white)
    log_density = torch.cat(
        [
            _log_mean_kernel(torch.cdist(part, white).square(), bandwidth, white.shape[1], len(white))
            for part in torch.split(judged, max(1, _CHUNK // len(white)))
        ]
    )
    return float(-log_density.mean() + scale.log().sum())


def leave_one_out_bandwidth(points: Tensor) -> float:
    """The bandwidth h of a round Gaussian kernel on points (n, D) with the highest leave-one-out likelihood.

    Found by golden section over log h, between 1/50 and 5 times Scott's n^{−1/(D+4)}.
    """
    count, dimensions = points.shape
    squares = torch.cdist(points[:_MOST_LEFT_OUT], points).square()
    squares.fill_diagonal_(math.inf)

    def loss(log_bandwidth: float) -> float:
        return -float(_log_mean_kernel(squares, math.exp(log_bandwidth), dimensions, count - 1).mean())

    scott = -math.log(count) / (dimensions + 4)
    return math.exp(_least(loss, scott - math.log(50.0), scott + math.log(5.0)))


def _log_mean_kernel(squares: Tensor, bandwidth: float, dimensions: int, count: int) -> Tensor:
    """log 1/n Σ_j N(√squares_ij; 0, h² I), (B,)."""
    constant = math.log(count) + dimensions * (0.5 * math.log(2.0 * math.pi) + math.log(bandwidth))
    return torch.logsumexp(squares * (-0.5 / bandwidth**2), 1) - constant


def _least(function: Callable[[float], float], low: float, high: float, tolerance: float = 0.01) -> float:
    """Where a function with one valley is least, by golden section."""
    a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_a, at_b = function(a), function(b)
    while high - low > tolerance:
        if at_a < at_b:
            high, b, at_b = b, a, at_a
            a = high - _GOLDEN * (high - low)
            at_a = function(a)
        else:
            low, a, at_a = a, b, at_b
            b = low + _GOLDEN * (high - low)
            at_b = function(b)
    return (low + high) / 2.0
