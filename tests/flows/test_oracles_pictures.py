"""Layers on pictures against nflows, FrEIA and normflows: same weights, same numbers, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from flowviz.flows.networks import bounded
from flowviz.pipeline import ConvNet
from flowviz.pipeline.layers import ActNorm, AffineCoupling, Haar, Linear, Squeeze

from .oracles import Chosen, both_ways, noisy, points
from .test_oracles_vectors import first

SHAPE, BOUND = (4, 4, 6), 2.0


def glow_network(own: Any, rows: Tensor) -> nn.Sequential:
    """torch's own convolutions with the weights of a plain ConvNet, its outputs in the order of `rows`."""
    layers: list[nn.Module] = []
    scale = (3.0 * own.log_scale).exp()[:, None, None, None]
    for source in (own.first, *own.hidden, own.last):
        weight, bias = source.weight.detach(), source.bias.detach()
        if source is own.last:
            weight, bias = (weight * scale)[rows], (bias * scale.flatten())[rows]
        convolution = nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2], padding="same", dtype=torch.float64)
        convolution.weight.data, convolution.bias.data = weight.clone(), bias.clone()  # type: ignore[union-attr]
        layers += [convolution, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def coupling(mask: Any) -> Any:
    return noisy(AffineCoupling(mask=mask, log_scale_bound=BOUND, conditioner=ConvNet(channels=8)), SHAPE, 0.1)


@pytest.mark.parametrize("mask", ["even", "odd", "first_half", "second_half"])
def test_affine_coupling_nflows(mask: str) -> None:
    module = pytest.importorskip("nflows.transforms.coupling")
    layer = coupling(mask)

    class Theirs(module.AffineCouplingTransform):  # type: ignore[misc,name-defined]
        def _scale_and_shift(self, parameters: Tensor) -> tuple[Tensor, Tensor]:
            shift, raw = parameters.chunk(2, 1)
            return bounded(raw, BOUND).exp(), shift

    def network(inputs: int, outputs: int) -> nn.Module:
        raws, shifts = torch.arange(outputs).chunk(2)
        return Chosen(glow_network(layer.network, torch.cat((shifts, raws))))

    passes = {"even": [1, 0, 1, 0], "odd": [0, 1, 0, 1], "first_half": [1, 1, 0, 0], "second_half": [0, 0, 1, 1]}[mask]
    theirs = Theirs([1 - 2 * bit for bit in passes], network)
    both_ways(layer, theirs, theirs.inverse, points(SHAPE, 10))


def test_affine_coupling_freia() -> None:
    modules = pytest.importorskip("FrEIA.modules")
    layer = coupling("first_half")
    theirs = modules.AffineCouplingOneSided(
        [SHAPE],
        subnet_constructor=lambda inputs, outputs: glow_network(layer.network, torch.arange(outputs)),
        clamp=1.0,
        clamp_activation=lambda raw: bounded(raw, BOUND),
    )
    both_ways(layer, first(theirs, False), first(theirs, True), points(SHAPE, 10))


@pytest.mark.parametrize("mask", ["checkerboard", "checkerboard_odd"])
def test_checkerboard_normflows(mask: str) -> None:
    """normflows' masked coupling, whose networks see the masked picture and give full-width scales and shifts."""
    flows = pytest.importorskip("normflows.flows")
    layer = coupling(mask)
    sides = torch.arange(4)[:, None] + torch.arange(6)
    passes = (sides % 2 == (1 if mask.endswith("odd") else 0)).double().expand(SHAPE)

    class Scales(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return bounded(glow_network(layer.network, torch.arange(4))(x), BOUND)

    theirs = flows.MaskedAffineFlow(passes, glow_network(layer.network, torch.arange(4, 8)), Scales())
    both_ways(layer, theirs, theirs.inverse, points(SHAPE, 10))


@pytest.mark.parametrize("parameterization", ["plain", "plu"])
def test_one_by_one_freia(parameterization: Any) -> None:
    modules = pytest.importorskip("FrEIA.modules")
    layer = noisy(Linear(parameterization=parameterization, start="rotation"), SHAPE)
    # Its y is Mᵀx.
    theirs = modules.Fixed1x1Conv([SHAPE], M=layer.matrix().T)
    both_ways(layer, first(theirs, False), first(theirs, True), points(SHAPE, 10))


def test_one_by_one_nflows() -> None:
    """Theirs is L U P x, ours P L U x: with the order left as it is, both have the same factors."""
    conv = pytest.importorskip("nflows.transforms.conv")
    layer = noisy(Linear(parameterization="plu", start="identity"), SHAPE)
    theirs = conv.OneByOneConvolution(4).double()
    theirs.permutation._permutation.copy_(torch.arange(4))
    theirs.lower_entries.data = layer.lower[torch.tril_indices(4, 4, -1).unbind()]
    theirs.upper_entries.data = layer.upper[torch.triu_indices(4, 4, 1).unbind()]
    theirs.unconstrained_upper_diag.data = torch.log(torch.expm1(layer.log_diagonal.exp() - theirs.eps))
    theirs.bias.data.zero_()
    x = points(SHAPE, 10)
    with torch.no_grad():
        z, log_det = theirs(x)
        out, own = layer.normalize(x)
    torch.testing.assert_close(out, z, rtol=0, atol=1e-9)
    torch.testing.assert_close(own, log_det, rtol=0, atol=1e-9)


def test_actnorm_nflows() -> None:
    normalization = pytest.importorskip("nflows.transforms.normalization")
    layer, theirs = noisy(ActNorm(), SHAPE), normalization.ActNorm(4).double().eval()
    theirs.log_scale.data, theirs.shift.data = layer.log_scale.data, layer.shift.data
    both_ways(layer, theirs, theirs.inverse, points(SHAPE, 10))


def test_squeeze_nflows() -> None:
    reshape = pytest.importorskip("nflows.transforms.reshape")
    theirs = reshape.SqueezeTransform()
    both_ways(noisy(Squeeze(), SHAPE), theirs, theirs.inverse, points(SHAPE, 10))


def test_haar_freia() -> None:
    modules = pytest.importorskip("FrEIA.modules")
    theirs = modules.HaarDownsampling([SHAPE], order_by_wavelet=True).double()
    both_ways(noisy(Haar(), SHAPE), first(theirs, False), first(theirs, True), points(SHAPE, 10))
