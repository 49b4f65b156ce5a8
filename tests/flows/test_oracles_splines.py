"""The rational-quadratic spline and its layers against nflows (the authors' code) and zuko."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from flowviz.flows.splines import SLOPE_OF_ZERO, knots, spline
from flowviz.pipeline import MADE, MLP, ConvNet
from flowviz.pipeline.layers import SplineAutoregressive, SplineCoupling

from .oracles import Chosen, both_ways, interleaved, noisy, perceptron, points

BINS, D, WIDTH = 6, 5, 16
EACH = 3 * BINS - 1
BOTH_WAYS = pytest.mark.parametrize("inverse", [False, True])


def shifted(raw: Tensor) -> Tensor:
    """Raw parameters (..., 3K − 1) as nflows wants them: its slope of 0 is not 1."""
    return torch.cat((raw[..., : 2 * BINS], raw[..., 2 * BINS :] + SLOPE_OF_ZERO), -1)


@BOTH_WAYS
def test_spline_nflows(inverse: bool) -> None:
    theirs = pytest.importorskip("nflows.transforms.splines")
    x, raw = points((7,), scale=3.0), points((EACH, 7), 40).movedim(1, 0)
    widths, heights, slopes = shifted(raw.movedim(0, -1)).split([BINS, BINS, BINS - 1], -1)
    y, log_slope = spline(x, raw, 4.0, inverse=inverse)
    wanted = theirs.unconstrained_rational_quadratic_spline(
        x, widths, heights, slopes, inverse=inverse, tails="linear", tail_bound=4.0
    )
    torch.testing.assert_close(y, wanted[0], rtol=0, atol=1e-10)
    torch.testing.assert_close(log_slope, wanted[1], rtol=0, atol=1e-9)


@BOTH_WAYS
def test_spline_zuko(inverse: bool) -> None:
    """Theirs makes knots of parameters in a way of its own: it is given ours."""
    zuko = pytest.importorskip("zuko")
    x, raw = points((7,), scale=3.0), points((EACH, 7), 40).movedim(1, 0)
    made = knots(raw, 4.0)
    nothing = torch.zeros(BINS, dtype=torch.float64)
    theirs = zuko.transforms.MonotonicRQSTransform(nothing, nothing, nothing[1:], bound=4.0)
    theirs.horizontal, theirs.vertical = made.edges.movedim(1, -1).unbind(0)
    theirs.derivatives = made.slopes.movedim(0, -1)
    wanted = (theirs.inv if inverse else theirs).call_and_ladj(x)
    y, log_slope = spline(x, raw, 4.0, inverse=inverse)
    torch.testing.assert_close(y, wanted[0], rtol=0, atol=1e-10)
    torch.testing.assert_close(log_slope, wanted[1], rtol=0, atol=1e-9)


class Theirs(Chosen):
    """A network with nflows' parameters, and the attribute by which it divides widths and heights."""

    def __init__(self, network: nn.Module, axis: int) -> None:
        super().__init__(network)
        self.hidden_features, self.axis = WIDTH, axis

    def forward(self, x: Tensor, context: object = None) -> Tensor:
        out = super().forward(x)
        blocks = out.unflatten(self.axis, (-1, EACH))
        return shifted(blocks.movedim(self.axis + 1, -1)).movedim(-1, self.axis + 1).flatten(self.axis, self.axis + 1)


@pytest.mark.parametrize("mask", ["even", "second_half"])
def test_spline_coupling_nflows(mask: Any) -> None:
    coupling = pytest.importorskip("nflows.transforms.coupling")
    layer = noisy(SplineCoupling(mask=mask, bins=BINS, conditioner=MLP(hidden=(WIDTH, WIDTH))), (D,))
    passes = {"even": [1, 0, 1, 0, 1], "second_half": [0, 0, 0, 1, 1]}[mask]

    def network(inputs: int, outputs: int) -> nn.Module:
        return Theirs(perceptron(layer.network, interleaved(EACH, outputs // EACH)), 1)

    theirs = coupling.PiecewiseRationalQuadraticCouplingTransform(
        [1 - 2 * bit for bit in passes], network, num_bins=BINS, tails="linear", tail_bound=4.0
    )
    both_ways(layer, theirs, theirs.inverse, points((D,), scale=2.5))


def test_spline_coupling_of_pictures_nflows() -> None:
    coupling = pytest.importorskip("nflows.transforms.coupling")
    spec = SplineCoupling(mask="first_half", bins=BINS, conditioner=ConvNet(channels=WIDTH))
    layer = noisy(spec, (4, 4, 6), 0.1)

    def network(inputs: int, outputs: int) -> nn.Module:
        return Theirs(Reordered(layer.network, interleaved(EACH, outputs // EACH)), 1)

    theirs = coupling.PiecewiseRationalQuadraticCouplingTransform(
        [-1, -1, 1, 1], network, num_bins=BINS, tails="linear", tail_bound=4.0
    )
    both_ways(layer, theirs, theirs.inverse, points((4, 4, 6), 10, scale=2.5))


class Reordered(nn.Module):
    """A network with its output channels in another order."""

    def __init__(self, network: nn.Module, rows: Tensor) -> None:
        super().__init__()
        self.network, self.rows = network, rows

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.network(x)[:, self.rows]
        return out


def test_spline_autoregressive_nflows() -> None:
    autoregressive = pytest.importorskip("nflows.transforms.autoregressive")
    layer = noisy(SplineAutoregressive(bins=BINS, conditioner=MADE(hidden=(WIDTH, WIDTH))), (D,))
    theirs = autoregressive.MaskedPiecewiseRationalQuadraticAutoregressiveTransform(
        D, WIDTH, num_bins=BINS, tails="linear", tail_bound=4.0, num_blocks=1, use_residual_blocks=False
    )
    theirs = theirs.double().eval()
    net = theirs.autoregressive_net
    net.hidden_features = WIDTH
    linears = [net.initial_layer, net.blocks[0].linear, net.final_layer]
    for module, own in zip(linears, perceptron(layer.network, interleaved(EACH, D))[::2], strict=True):
        module.weight.data, module.bias.data = own.weight.data, own.bias.data
    net.final_layer.bias.data = shifted(net.final_layer.bias.data.reshape(D, EACH)).flatten()
    both_ways(layer, theirs, theirs.inverse, points((D,), scale=2.5))
