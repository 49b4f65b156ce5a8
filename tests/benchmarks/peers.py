"""RealNVP-8 and MAF-5 on two coordinates in four other libraries, with FlowViz's own networks: 2 hidden layers of 64.

Each builder gives the parameters and a function from a batch (B, 2) to its mean negative log-likelihood, written as the
library's own examples write it. A library that is not installed is left out.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

LAYERS = {"realnvp": 8, "maf": 5}


@dataclass(frozen=True)
class Peer:
    """A flow of another library: `loss(x)` for x (B, 2), mean over the batch, in nats."""

    name: str
    parameters: list[nn.Parameter]
    loss: Callable[[Tensor], Tensor]


def peers(model: str) -> list[Peer]:
    """The libraries that are here and have this model ("realnvp" or "maf"), each with newly made weights."""
    found = []
    for name, builders in BUILDERS.items():
        if model in builders and importlib.util.find_spec(name) is not None:
            torch.manual_seed(0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found.append(builders[model]())
    return found


def _standard_normal(z: Tensor) -> Tensor:
    return -0.5 * z.square().sum(-1) - 1.8378770664093453


class _Net(nn.Sequential):
    """1 -> 64 -> 64 -> 2 with ReLU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs))

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        return super().forward(x)


def _nflows_realnvp() -> Peer:
    from nflows.distributions import StandardNormal
    from nflows.flows import Flow
    from nflows.transforms import AffineCouplingTransform, CompositeTransform

    layers = [AffineCouplingTransform([1 - 2 * (i % 2), 2 * (i % 2) - 1], _Net) for i in range(LAYERS["realnvp"])]
    flow = Flow(CompositeTransform(layers), StandardNormal([2]))
    return Peer("nflows", list(flow.parameters()), lambda x: -flow.log_prob(x).mean())


def _nflows_maf() -> Peer:
    from nflows.distributions import StandardNormal
    from nflows.flows import Flow
    from nflows.transforms import CompositeTransform, MaskedAffineAutoregressiveTransform, ReversePermutation

    layers: list[nn.Module] = []
    for _ in range(LAYERS["maf"]):
        layers += [
            MaskedAffineAutoregressiveTransform(2, 64, num_blocks=1, use_residual_blocks=False),
            ReversePermutation(2),
        ]
    flow = Flow(CompositeTransform(layers), StandardNormal([2]))
    return Peer("nflows", list(flow.parameters()), lambda x: -flow.log_prob(x).mean())


def _zuko_realnvp() -> Peer:
    from zuko.distributions import DiagNormal
    from zuko.flows import Flow, GeneralCouplingTransform, UnconditionalDistribution

    layers = [
        GeneralCouplingTransform(2, mask=torch.tensor([i % 2 == 0, i % 2 == 1]), hidden_features=(64, 64))
        for i in range(LAYERS["realnvp"])
    ]
    flow = Flow(layers, UnconditionalDistribution(DiagNormal, torch.zeros(2), torch.ones(2), buffer=True))
    return Peer("zuko", list(flow.parameters()), lambda x: -flow().log_prob(x).mean())


def _zuko_maf() -> Peer:
    from zuko.flows import MAF

    flow = MAF(2, transforms=LAYERS["maf"], hidden_features=(64, 64))
    return Peer("zuko", list(flow.parameters()), lambda x: -flow().log_prob(x).mean())


def _normflows_realnvp() -> Peer:
    import normflows as nf

    layers: list[nn.Module] = []
    for _ in range(LAYERS["realnvp"]):
        layers += [nf.flows.AffineCouplingBlock(nf.nets.MLP([1, 64, 64, 2])), nf.flows.Permute(2, mode="swap")]
    flow = nf.NormalizingFlow(nf.distributions.DiagGaussian(2, trainable=False), layers)
    return Peer("normflows", list(flow.parameters()), flow.forward_kld)


def _normflows_maf() -> Peer:
    import normflows as nf

    layers: list[nn.Module] = []
    for _ in range(LAYERS["maf"]):
        block = nf.flows.MaskedAffineAutoregressive(2, 64, num_blocks=1, use_residual_blocks=False)
        layers += [nf.flows.Reverse(block), nf.flows.Permute(2, mode="swap")]  # Reverse: density in one pass
    flow = nf.NormalizingFlow(nf.distributions.DiagGaussian(2, trainable=False), layers)
    return Peer("normflows", list(flow.parameters()), flow.forward_kld)


def _freia_realnvp() -> Peer:
    import FrEIA.modules as fm

    layers = nn.ModuleList(fm.AffineCouplingOneSided([(2,)], subnet_constructor=_Net) for _ in range(LAYERS["realnvp"]))

    def loss(x: Tensor) -> Tensor:
        total = torch.zeros(len(x))
        for layer in layers:
            (x,), log_det = layer([x])
            total = total + log_det
            x = x.flip(1)
        return -(_standard_normal(x) + total).mean()

    return Peer("FrEIA", list(layers.parameters()), loss)


BUILDERS: dict[str, dict[str, Callable[[], Peer]]] = {
    "nflows": {"realnvp": _nflows_realnvp, "maf": _nflows_maf},
    "zuko": {"realnvp": _zuko_realnvp, "maf": _zuko_maf},
    "normflows": {"realnvp": _normflows_realnvp, "maf": _normflows_maf},
    "FrEIA": {"realnvp": _freia_realnvp},
}
