"""Densities on a line that are no Gaussian mixtures."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .density import Formula
from .mixtures import working


class Laplace(Formula):
    """log p(x) = −|x| − log 2."""

    ranges = ((-6.0, 6.0),)

    def __init__(self) -> None:
        super().__init__()
        self.anchor: Tensor
        self.register_buffer("anchor", torch.zeros(()))

    def log_prob(self, x: Tensor) -> Tensor:
        return (-working(x)[:, 0].abs() - math.log(2.0)).to(x.dtype)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        pair = torch.empty(2, n, 1, device=self.anchor.device).exponential_(generator=generator)
        return pair[0] - pair[1]


class Exponential(Formula):
    """log p(x) = −x for x ≥ 0, −∞ below."""

    ranges = ((-1.0, 7.0),)

    def __init__(self) -> None:
        super().__init__()
        self.anchor: Tensor
        self.register_buffer("anchor", torch.zeros(()))

    def log_prob(self, x: Tensor) -> Tensor:
        return (-x[:, 0]).masked_fill(x[:, 0] < 0.0, -math.inf)

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        return torch.empty(n, 1, device=self.anchor.device).exponential_(generator=generator)
