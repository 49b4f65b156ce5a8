"""normflows 1.7.3 (Stimper and others). Its flows run from the latent to the data; `inverse` normalizes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import normflows as nf
import torch
from normflows.flows.affine.autoregressive import MaskedAffineAutoregressive
from normflows.flows.neural_spline.autoregressive import MaskedPiecewiseRationalQuadraticAutoregressive
from normflows.flows.neural_spline.coupling import PiecewiseRationalQuadraticCoupling
from torch import Tensor, nn

from ..peers import BINS, BOUND, FINE, LAYERS, Net, Peer


def _peer(layers: list[nn.Module], dimensions: int) -> Peer:
    flow = nf.NormalizingFlow(nf.distributions.DiagGaussian(dimensions, trainable=False), layers)

    def states(x: Tensor) -> list[Tensor]:
        found = [x]
        for layer in reversed(layers):
            x, _ = layer.inverse(x)
            if not isinstance(layer, nf.flows.Permute):
                found.append(x)
        return found

    return Peer(
        "normflows",
        list(flow.parameters()),
        flow.forward_kld,
        flow.log_prob,
        lambda n: flow.sample(n)[0],
        states,
        flow,
    )


def _in_turn(make: Callable[[], nn.Module], model: str, dimensions: int) -> Peer:
    layers: list[nn.Module] = []
    for _ in range(LAYERS[model]):
        layers += [make(), nf.flows.Permute(dimensions, mode="swap")]
    return _peer(layers, dimensions)


def _realnvp(dimensions: int) -> Peer:
    # Its blocks give shift and raw scale in turn to the changed half.
    sizes = [dimensions - dimensions // 2, 64, 64, 2 * (dimensions // 2)]
    return _in_turn(lambda: nf.flows.AffineCouplingBlock(nf.nets.MLP(sizes)), "realnvp", dimensions)


def _affine(dimensions: int) -> nn.Module:
    return MaskedAffineAutoregressive(dimensions, 64, num_blocks=1, use_residual_blocks=False)


def _maf(dimensions: int) -> Peer:
    # Turned around: its own is one pass from the latent to the data.
    return _in_turn(lambda: nf.flows.Reverse(_affine(dimensions)), "maf", dimensions)


def _iaf(dimensions: int) -> Peer:
    return _in_turn(lambda: _affine(dimensions), "iaf", dimensions)


def _nsf(dimensions: int, bins: int = BINS) -> Peer:
    def spline() -> nn.Module:
        mask = 2 * (torch.arange(dimensions) % 2) - 1
        coupling = PiecewiseRationalQuadraticCoupling(mask, Net, num_bins=bins, tails="linear", tail_bound=BOUND)
        return nf.flows.Reverse(coupling)

    return _in_turn(spline, "nsf", dimensions)


def _nsf_autoregressive(dimensions: int) -> Peer:
    def spline() -> nn.Module:
        layer = MaskedPiecewiseRationalQuadraticAutoregressive(
            dimensions,
            64,
            num_bins=BINS,
            tails="linear",
            tail_bound=BOUND,
            num_blocks=1,
            use_residual_blocks=False,
            activation=nn.functional.relu,
        )
        return nf.flows.Reverse(layer)

    return _in_turn(spline, "nsf_autoregressive", dimensions)


BUILDERS: dict[str, Callable[[int], Peer]] = {
    "realnvp": _realnvp,
    "maf": _maf,
    "iaf": _iaf,
    "nsf": _nsf,
    "nsf_fine": partial(_nsf, bins=FINE),
    "nsf_autoregressive": _nsf_autoregressive,
}
