"""The logistic base, NICE's prior."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import pipeline as specs
from .bases import BaseDensity
from .layer import Place


class Logistic(BaseDensity):
    """log p(z) = Σ −softplus(z) − softplus(−z); drawn as T (log u − log(1−u)). Dinh, Krueger, Bengio 2015, arXiv 1410.8516."""

    def __init__(self, spec: specs.Logistic, place: Place) -> None:
        super().__init__(place)

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        return -(F.softplus(z) + F.softplus(-z)).sum(1)

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        u = self._uniform(n, generator)
        # A generator may give 0 itself.
        return torch.logit(u.clamp_min(torch.finfo(u.dtype).tiny)) * temperature
