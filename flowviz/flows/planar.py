"""Planar layers, and the one equation that their inverse, and that of Sylvester's, has to solve."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .layer import FlowLayer, Place

SOFTPLUS_OF_ONE = math.log(math.expm1(1.0))
"""Where softplus is 1: there the strength −1 + softplus is 0, and a layer the identity."""
STEPS = 100
"""More halvings than a root can need in float64."""


class OneWay(FlowLayer):
    """A formula f and its inverse. 'density' has normalize = f, and 'samples' has generate = f."""

    def __init__(self, spec: specs.Planar | specs.Radial | specs.Sylvester, place: Place) -> None:
        super().__init__(place)
        self.density = spec.one_pass == "density"

    def formula(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, D) -> (f(x), log|det f′(x)| (B,))."""
        raise NotImplementedError

    def solution(self, y: Tensor) -> Tensor:
        """y (B, D) -> the x with f(x) = y; differentiable once."""
        raise NotImplementedError

    def undone(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """y (B, D) -> (f⁻¹(y), −log|det f′| there)."""
        x = self.solution(y)
        return x, -self.formula(x)[1]

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return self.formula(x) if self.density else self.undone(x)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return self.undone(z) if self.density else self.formula(z)


class Planar(OneWay):
    """f(x) = x + û · tanh(wᵀx + b); log|det f′| = log|1 + ûᵀw · tanh′(wᵀx + b)|.

    Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770, eq. 10 to 12 and appendix A:
    û = u + (m(wᵀu) − wᵀu) w/‖w‖² with m(a) = −1 + softplus(a), so that wᵀû > −1 and an inverse exists. It is found from
    one number: a + wᵀû · tanh(a + b) = wᵀy has one root a = wᵀx, and x = y − û · tanh(a + b).
    A new layer has u = w ln(e − 1)/‖w‖², for which û = 0: the identity.
    """

    def __init__(self, spec: specs.Planar, place: Place) -> None:
        super().__init__(spec, place)
        drawn = torch.randn(place.dimensions, generator=place.generator, dtype=torch.float64)
        w = drawn / drawn.norm()
        self.w = nn.Parameter(w)
        self.u = nn.Parameter(w * (SOFTPLUS_OF_ONE / float(w @ w)))
        self.b = nn.Parameter(torch.zeros((), dtype=torch.float64))

    def _directions(self) -> tuple[Tensor, Tensor]:
        """û (D,) and 1 + wᵀû = softplus(wᵀu)."""
        along = self.w @ self.u
        above = F.softplus(along)
        square = (self.w @ self.w).clamp_min(torch.finfo(self.w.dtype).tiny)
        return self.u + (above - 1.0 - along) * self.w / square, above

    def formula(self, x: Tensor) -> tuple[Tensor, Tensor]:
        u_hat, above = self._directions()
        pre = x @ self.w + self.b
        return x + pre.tanh()[:, None] * u_hat, slope(pre, above).log()

    def solution(self, y: Tensor) -> Tensor:
        u_hat, above = self._directions()
        pre = root(y @ self.w, above, self.b) + self.b
        return y - pre.tanh()[:, None] * u_hat


def slope(pre: Tensor, above: Tensor) -> Tensor:
    """1 + p·tanh′(pre) with above = 1 + p > 0, as the sum of two positive numbers: tanh² + above · tanh′."""
    # 1 − tanh² is 0 too early.
    return pre.tanh().square() + above / torch.cosh(pre.clamp(-40.0, 40.0)).square()


def root(c: Tensor, above: Tensor, b: Tensor) -> Tensor:
    """The one a (B,) with a + p·tanh(a + b) = c, to the last bits; p = above − 1 > −1. Differentiable once.

    Newton's method, and halving wherever that leaves the bracket c ± |p|. Its gradient is that of one more step of Newton's
    from the root, which is what the implicit function theorem gives.
    """
    p = above - 1.0
    with torch.no_grad():
        width = p.abs() * (1.0 + 1e-6) + 1e-300
        low, high = c - width, c + width
        a = c.clone()
        for _ in range(STEPS):
            excess = a + p * torch.tanh(a + b) - c
            low, high = torch.where(excess < 0.0, a, low), torch.where(excess > 0.0, a, high)
            new = a - excess / slope(a + b, above)
            new = torch.where((new >= low) & (new <= high), new, 0.5 * (low + high))
            # What a transform of torch.func vectorises cannot be asked when it is done.
            step, a = (new - a).abs(), new
            if torch._C._are_functorch_transforms_active():
                continue
            if bool((step <= 4.0 * torch.finfo(a.dtype).eps * (1.0 + a.abs())).all()):
                break
        own_slope = slope(a + b, above)
    return a - (a + p * torch.tanh(a + b) - c) / own_slope
