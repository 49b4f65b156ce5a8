"""FrEIA 0.2 (Ardizzone and others): affine couplings; it has no autoregressive layers and no splines."""

from __future__ import annotations

from collections.abc import Callable

import FrEIA.modules as fm
import torch
from torch import Tensor, nn

from ..peers import LAYERS, Net, Peer, standard_normal


def _realnvp(dimensions: int) -> Peer:
    layers = nn.ModuleList(
        fm.AffineCouplingOneSided([(dimensions,)], subnet_constructor=Net) for _ in range(LAYERS["realnvp"])
    )

    def log_prob(x: Tensor) -> Tensor:
        total: Tensor | float = 0.0
        for layer in layers:
            (x,), log_det = layer([x])
            total = total + log_det
            x = x.flip(1)
        return standard_normal(x) + total

    def states(x: Tensor) -> list[Tensor]:
        found = [x]
        for layer in layers:
            (x,), _ = layer([x])
            found.append(x)
            x = x.flip(1)
        return found

    def sample(n: int) -> Tensor:
        z = torch.randn(n, dimensions, device=next(layers.parameters()).device)
        for layer in reversed(layers):
            (z,), _ = layer([z.flip(1)], rev=True)
        return z

    return Peer("FrEIA", list(layers.parameters()), lambda x: -log_prob(x).mean(), log_prob, sample, states, layers)


BUILDERS: dict[str, Callable[[int], Peer]] = {"realnvp": _realnvp}
