"""Curves blurred by a round Gaussian: p(x) = ∫₀¹ N(x; c(u), σ² I) du, by Gauss-Legendre quadrature along the curve.

The quadrature is a mixture of as many Gaussians as there are nodes; they stand closer than σ, where the rule converges
geometrically: the error of the log-density is below 1e-9 wherever that is above −100 nats.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from .density import Formula, hue
from .mixtures import blurred_log_prob, nearest_index

_NODES = 24
_PANEL = 8.0
"""Nodes in a panel, and its length along the curve in units of σ."""
_SEGMENTS = 4096
"""Straight pieces that an arm is sampled from: they leave it by less than 1e-5 of σ."""


class Arm(NamedTuple):
    """A curve s -> (D,) for s in [0, 1], (T,) -> (T, D), visited with u = s^power uniform."""

    curve: Callable[[Tensor], Tensor]
    power: int = 1


class BlurredCurves(Formula):
    """Arms of equal weight. The hue is the place along the arms, one after the other."""

    def __init__(self, arms: Sequence[Arm], sd: float, ranges: tuple[tuple[float, float], ...]) -> None:
        super().__init__()
        self.sd, self.ranges, self.classes = sd, ranges, len(arms)
        self.nodes: Tensor
        self.weights: Tensor
        self.segments: Tensor
        self.node_hues: Tensor
        rules = [quadrature(arm, sd) for arm in arms]
        self.register_buffer("nodes", torch.cat([nodes for nodes, _, _ in rules]))
        self.register_buffer("weights", torch.cat([weights for _, weights, _ in rules]) / len(arms))
        places = [(places + i) / len(arms) for i, (_, _, places) in enumerate(rules)]
        self.register_buffer("node_hues", torch.cat(places).to(torch.float32))
        quantiles = torch.linspace(0.0, 1.0, _SEGMENTS + 1, dtype=torch.float64)
        knots = [arm.curve(quantiles ** (1.0 / arm.power)) for arm in arms]
        # Where each begins and where it leads, side by side: a draw jumps about in the table, and waits for memory at
        # every jump.
        self.register_buffer("segments", torch.cat([torch.cat((k[:-1], k.diff(dim=0)), 1) for k in knots]).float())

    def log_prob(self, x: Tensor) -> Tensor:
        return blurred_log_prob(x, self.nodes, self.weights, self.sd)

    def curve_points(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        """Points (n, D) on the arms, before the blur, and the segments (n,) that they lie on."""
        segments = self.segments
        place = torch.rand(n, generator=generator, device=segments.device).mul_(len(segments) - 1e-3)
        index = place.long()
        start, step = segments.index_select(0, index).chunk(2, 1)
        return torch.addcmul(start, step, place.frac_().unsqueeze(1)), index

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        points, segment = self.curve_points(n, generator)
        noise = torch.randn(n, points.shape[1], generator=generator, device=points.device)
        return points.add_(noise, alpha=self.sd), segment // _SEGMENTS

    def labels(self, x: Tensor) -> Tensor:
        return hue(self.node_hues[nearest_index(x, self.nodes)], wrap=False)


def quadrature(arm: Arm, sd: float, *, nodes: int = _NODES, panel: float = _PANEL) -> tuple[Tensor, Tensor, Tensor]:
    """Nodes (K, D), weights (K,) and places u (K,) of ∫ f(c(u)) du, in panels of equal length along the curve."""
    s = torch.linspace(0.0, 1.0, 20_001, dtype=torch.float64)
    length = np.concatenate([[0.0], arm.curve(s).diff(dim=0).norm(dim=1).cumsum(0).numpy()])
    panels = max(1, math.ceil(length[-1] / (panel * sd)))
    edges = np.interp(np.linspace(0.0, length[-1], panels + 1), length, s.numpy())
    abscissae, rule = np.polynomial.legendre.leggauss(nodes)
    half = np.diff(edges)[:, None] / 2
    places = torch.from_numpy(((edges[:-1, None] + half) + half * abscissae).reshape(-1))
    weights = torch.from_numpy((half * rule).reshape(-1)) * arm.power * places ** (arm.power - 1)
    return arm.curve(places), weights, places**arm.power
