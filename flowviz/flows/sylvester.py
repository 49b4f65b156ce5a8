"""Sylvester layers: several planar steps at once."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .householder import reflections
from .layer import Place
from .planar import SOFTPLUS_OF_ONE, OneWay, root, slope


class Sylvester(OneWay):
    """f(x) = x + Q R tanh(R̃ Qᵀx + b); log|det f′| = Σ log|1 + r_ii r̃_ii tanh′_i|.

    van den Berg, Hasenclever, Tomczak, Welling 2018, Sylvester normalizing flows for variational inference, arXiv
    1803.05649, eq. 9 to 14 (Householder form). Q (D, M) has orthonormal columns, the first M of a product of M Householder
    reflections; R and R̃ (M, M) are upper triangular; M is the rank, at most D. With r̃_ii > 0 and r_ii r̃_ii > −1 there
    is an inverse: v = Qᵀx is found from its last number to its first, each the root of one equation as of a planar layer.
    A new layer has R = 0: the identity.
    """

    def __init__(self, spec: specs.Sylvester, place: Place) -> None:
        super().__init__(spec, place)
        rank, dimensions = min(spec.rank, place.dimensions), place.dimensions

        def drawn(*shape: int) -> Tensor:
            return torch.randn(*shape, generator=place.generator, dtype=torch.float64)

        self.vectors = nn.Parameter(drawn(rank, dimensions))
        self.outer = nn.Parameter(torch.zeros(rank, rank, dtype=torch.float64))
        """R above its diagonal."""
        self.inner = nn.Parameter(drawn(rank, rank) / math.sqrt(rank))
        """R̃ above its diagonal, and log r̃_ii on it."""
        self.strength = nn.Parameter(torch.full((rank,), SOFTPLUS_OF_ONE, dtype=torch.float64))
        """softplus of it is 1 + r_ii r̃_ii."""
        self.b = nn.Parameter(drawn(rank))

    def _matrices(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Q (D, M), R, R̃ (M, M), and 1 + r_ii r̃_ii (M,)."""
        above = F.softplus(self.strength)
        diagonal = self.inner.diagonal().exp()
        R = self.outer.triu(1) + torch.diag((above - 1.0) / diagonal)
        R_tilde = self.inner.triu(1) + torch.diag(diagonal)
        return reflections(self.vectors)[:, : len(above)], R, R_tilde, above

    def formula(self, x: Tensor) -> tuple[Tensor, Tensor]:
        Q, R, R_tilde, above = self._matrices()
        pre = x @ Q @ R_tilde.T + self.b
        return x + pre.tanh() @ R.T @ Q.T, slope(pre, above).log().sum(1)

    def solution(self, y: Tensor) -> Tensor:
        Q, R, R_tilde, above = self._matrices()
        rank = len(above)
        wanted = (y @ Q).unbind(1)
        # From the last row up, each row of the triangles knows all but its own number.
        v = [wanted[0]] * rank
        t = [wanted[0]] * rank
        for i in reversed(range(rank)):
            own, shift = wanted[i], self.b[i]
            for j in range(i + 1, rank):
                own = own - R[i, j] * t[j]
                shift = shift + R_tilde[i, j] * v[j]
            stretched = root(R_tilde[i, i] * own, above[i], shift)
            v[i] = stretched / R_tilde[i, i]
            t[i] = torch.tanh(stretched + shift)
        return y - torch.stack(t, 1) @ R.T @ Q.T
