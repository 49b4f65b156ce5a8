"""Layers that act on every number of an event by itself: scale and shift, logit, sigmoid."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import pipeline as specs
from .layer import FlowLayer, Place
from .linear import ScaleAndShift


class ElementwiseAffine(ScaleAndShift):
    """z = x ⊙ exp(s) + b, one s and b an element, a pixel each on pictures; log|det dz/dx| = Σ s.

    Set from the first batch as ActNorm is; an element that is constant there, such as a picture's border, is only centred.
    """

    def __init__(self, spec: specs.ElementwiseAffine, place: Place) -> None:
        super().__init__(place, place.shape)


class Logit(FlowLayer):
    """z = log(y/(1 − y)), y = α + (1 − 2α) x; log|det dz/dx| = Σ log(1 − 2α) − log y − log(1 − y).

    Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057, appendix E. It is finite on the whole
    of [0, 1] and a little beyond, as far as 0 < y < 1. Farther out there is no z: it is then that of the nearest y, and the
    log-determinant is −∞, so that such an x has no density.
    """

    def __init__(self, spec: specs.Logit, place: Place) -> None:
        super().__init__(place)
        self.alpha = spec.alpha
        self.stretch = math.log1p(-2.0 * spec.alpha)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        log_y, log_rest, outside = self._logs(x)
        return log_y - log_rest, self._terms(log_y, log_rest, outside).flatten(1).sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        log_slope = F.logsigmoid(z) + F.logsigmoid(-z) - self.stretch
        return (torch.sigmoid(z) - self.alpha) / (1.0 - 2.0 * self.alpha), log_slope.flatten(1).sum(1)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self._terms(*self._logs(x))

    def _logs(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """log y, log(1 − y), and where y is not between 0 and 1."""
        width = 1.0 - 2.0 * self.alpha
        # 1 − y from 1 − x, not from y: equal figures at both ends.
        y, rest = self.alpha + width * x, self.alpha + width * (1.0 - x)
        least = torch.finfo(x.dtype).eps
        return y.clamp_min(least).log(), rest.clamp_min(least).log(), (y <= 0.0) | (rest <= 0.0)

    def _terms(self, log_y: Tensor, log_rest: Tensor, outside: Tensor) -> Tensor:
        return (self.stretch - (log_y + log_rest)).masked_fill(outside, -math.inf)


class Sigmoid(FlowLayer):
    """z = 1/(1 + exp(−x)); log|det dz/dx| = Σ log z + log(1 − z).

    Only 0 < z < 1 comes from an x. `generate` gives for another z the x of the nearest one, and +∞ as log|det dx/dz|.
    """

    def __init__(self, spec: specs.Sigmoid, place: Place) -> None:
        super().__init__(place)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return torch.sigmoid(x), self.terms(x).flatten(1).sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        outside = (z <= 0.0) | (z >= 1.0)
        limits = torch.finfo(z.dtype)
        inner = z.clamp(limits.tiny, 1.0 - limits.eps)
        log_z, log_rest = inner.log(), torch.log1p(-inner)
        log_slope = (-log_z - log_rest).masked_fill(outside, math.inf)
        return log_z - log_rest, log_slope.flatten(1).sum(1)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return F.logsigmoid(x) + F.logsigmoid(-x)
