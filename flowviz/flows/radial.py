"""Radial layers: away from a centre, or towards it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .layer import Place
from .planar import OneWay


class Radial(OneWay):
    """f(x) = x + β h (x − c), h = 1/(α + r), r = ‖x − c‖; log|det f′| = (D − 1) log(1 + βh) + log(1 + βh − βrh²).

    Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770, eq. 13 and 14 and appendix A:
    α = softplus(·) and β = −α + softplus(·) =: k − α, so that an inverse exists. With ρ = ‖y − c‖ it is closed:
    r = ½ (ρ − k + √((ρ − k)² + 4αρ)) and x = c + (y − c) (r + α)/(r + k). A new layer has β = 0: the identity.
    """

    def __init__(self, spec: specs.Radial, place: Place) -> None:
        super().__init__(spec, place)
        self.center = nn.Parameter(torch.randn(place.dimensions, generator=place.generator, dtype=torch.float64))
        self.raw_alpha = nn.Parameter(torch.zeros((), dtype=torch.float64))
        self.raw_sum = nn.Parameter(torch.zeros((), dtype=torch.float64))
        """k = α + β before softplus."""

    def formula(self, x: Tensor) -> tuple[Tensor, Tensor]:
        away = x - self.center
        r = torch.linalg.vector_norm(away, dim=1)
        alpha, k = F.softplus(self.raw_alpha), F.softplus(self.raw_sum)
        tangential = (r + k) / (r + alpha)
        # (r² + 2αr + αk)/(r + α)² is 1 + βh − βrh² without a difference.
        radial = (r.square() + 2.0 * alpha * r + alpha * k) / (r + alpha).square()
        log_det = (self.dimensions - 1) * tangential.log() + radial.log()
        return x + away * ((k - alpha) / (r + alpha))[:, None], log_det

    def solution(self, y: Tensor) -> Tensor:
        alpha, k = F.softplus(self.raw_alpha), F.softplus(self.raw_sum)
        away = y - self.center
        rho = torch.linalg.vector_norm(away, dim=1)
        half = rho - k
        hypotenuse = (half.square() + 4.0 * alpha * rho).sqrt()
        # The one of the two forms of the root in which nothing cancels.
        outer = half > 0.0
        r = torch.where(
            outer, 0.5 * (half + hypotenuse), 2.0 * alpha * rho / torch.where(outer, 1.0, hypotenuse - half)
        )
        return y - away * ((k - alpha) / (r + k))[:, None]
