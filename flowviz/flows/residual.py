"""Residual layers: x plus a network that is held back so far that the sum can be undone."""

from __future__ import annotations

import itertools
import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .inversion import implicit, invert, log_abs_det
from .layer import FlowLayer, Place

EXACT_UP_TO = 16
"""The most coordinates with which training, too, takes the whole Jacobian."""
SURE, STOP = 3, 0.5
"""Terms of the series that are always taken; the chance of stopping before each further one."""


class Residual(FlowLayer):
    """z = x + g(x) with Lip(g) ≤ κ < 1; log|det dz/dx| = log|det(I + J_g)|.

    Behrmann et al. 2019, Invertible residual networks, arXiv 1811.00995; Chen et al. 2019, Residual flows, arXiv 1906.02735.

    g is a network of L layers. Each weight is divided by its largest singular value (in float64, exact, not by power
    iteration) where that is above κ^(1/L); the activation between them is LipSwish, x σ(softplus(β) x)/1.1, whose slope is
    below 1. J_g is multiplied through the layers, D columns at a time, so the log-determinant is exact. While training (in
    training mode, with gradients) with more than 16 coordinates it is Chen's unbiased estimate Σ (−1)^{k+1}/k vᵀJ^k v,
    of which three terms are sure and each further one goes on with a chance of one half, divided by it.

    The inverse is found by Newton's method to rounding. With r the residue left, ‖x − x*‖ ≤ ‖r‖/(1 − κ).
    A new layer has a last weight of 0: the identity.
    """

    def __init__(self, spec: specs.Residual, place: Place) -> None:
        super().__init__(place)
        sizes = (place.dimensions, *spec.hidden, place.dimensions)
        self.depth = len(sizes) - 1
        self.most = spec.lipschitz ** (1.0 / self.depth)
        """What each weight may stretch by."""
        for i, (before, after) in enumerate(itertools.pairwise(sizes)):
            bound = 0.0 if i == self.depth - 1 else 1.0 / math.sqrt(before)
            drawn = torch.rand(after, before + 1, generator=place.generator, dtype=torch.float64) * 2.0 - 1.0
            self.register_parameter(f"weight_{i}", nn.Parameter(drawn[:, :-1] * bound * math.sqrt(3.0)))
            self.register_parameter(f"bias_{i}", nn.Parameter(drawn[:, -1] * bound))
        self.sharpness = nn.Parameter(torch.full((self.depth - 1,), 0.5, dtype=torch.float64))
        """β of each activation."""

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.Residual)
        self.most = spec.lipschitz ** (1.0 / self.depth)

    def weights(self) -> list[Tensor]:
        """The weights as they are used: none stretches any direction by more than κ^(1/L)."""
        return [held(getattr(self, f"weight_{i}"), self.most) for i in range(self.depth)]

    def _network(self, x: Tensor, weights: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """g(x) (B, D), and the slopes of each activation (B, H)."""
        h, slopes = x, []
        for i, W in enumerate(weights):
            h = F.linear(h, W, getattr(self, f"bias_{i}"))
            if i < self.depth - 1:
                beta = F.softplus(self.sharpness[i])
                gate = torch.sigmoid(beta * h)
                swished = h * gate / 1.1
                slopes.append(gate / 1.1 + beta * swished * (1.0 - gate))
                h = swished
        return h, slopes

    def _directions(self, along: Tensor, weights: list[Tensor], slopes: list[Tensor]) -> Tensor:
        """Rows J_g v (B, S, D) for rows v (B or 1, S, D)."""
        for W, slope in zip(weights, [*slopes, None], strict=True):
            along = along @ W.T
            if slope is not None:
                along = along * slope[:, None]
        return along

    def _forward(self, x: Tensor, weights: list[Tensor]) -> tuple[Tensor, Tensor]:
        """z (B, D) and its Jacobian (B, D, D)."""
        g, slopes = self._network(x, weights)
        eye = torch.eye(self.dimensions, dtype=x.dtype, device=x.device)
        columns = self._directions(eye[None], weights, slopes)
        return x + g, eye + columns.mT

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        weights = self.weights()
        if self.training and torch.is_grad_enabled() and self.dimensions > EXACT_UP_TO:
            g, slopes = self._network(x, weights)
            return x + g, self._estimate(x, weights, slopes)
        z, J = self._forward(x, weights)
        return z, log_abs_det(J)

    def _estimate(self, x: Tensor, weights: list[Tensor], slopes: list[Tensor]) -> Tensor:
        """An unbiased estimate of log|det(I + J_g)| (B,) by one direction v of ±1 and a series of random length."""
        v = torch.randint(0, 2, x.shape, device=x.device).to(x) * 2.0 - 1.0
        return self._series(x, v, int(torch.empty(()).geometric_(STOP)) - 1, weights, slopes)

    def _series(self, x: Tensor, v: Tensor, further: int, weights: list[Tensor], slopes: list[Tensor]) -> Tensor:
        """The sure terms and so many further ones (B,), each divided by the chance that it is reached."""
        along, total = v[:, None], x.new_zeros(len(x))
        for k in range(1, SURE + further + 1):
            along = self._directions(along, weights, slopes)
            reached = (1.0 - STOP) ** max(0, k - SURE)
            total = total + (-1.0) ** (k + 1) / (k * reached) * (along[:, 0] * v).sum(1)
        return total

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        weights = self.weights()
        x = invert(lambda x: x + self._network(x, weights)[0], lambda x: self._forward(x, weights), z, z)
        if not torch.is_grad_enabled():
            return x, -log_abs_det(self._forward(x, weights)[1])
        reached, J = self._forward(x, weights)
        x = implicit(x, J.detach(), reached - z)
        return x, -log_abs_det(self._forward(x, weights)[1])


def held(weight: Tensor, most: float) -> Tensor:
    """W · min(1, most/σ) with σ the largest singular value of W, found in float64."""
    with torch.no_grad():
        exact = (weight.cpu() if weight.device.type == "mps" else weight).double()
        U, _, V = torch.linalg.svd(exact, full_matrices=False)
        u, v = U[:, 0].to(weight), V[0].to(weight)
    # Its value and its gradient are those of the singular value, with u and v held still.
    stretch = u @ weight @ v
    held_back: Tensor = weight * (most / stretch.clamp_min(most))
    return held_back
