"""Layers on vectors against zuko, nflows, FrEIA and normflows: same weights, same numbers, in both directions."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from flowviz.flows.batch_norm import EPSILON
from flowviz.flows.networks import bounded
from flowviz.pipeline import MADE, MLP
from flowviz.pipeline.layers import (
    IAF,
    MAF,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    BatchNorm,
    Continuous,
    Householder,
    Linear,
    Planar,
    Radial,
)

from .oracles import Chosen, agrees, both_ways, interleaved, noisy, perceptron, points

D, BOUND = 5, 2.0
MASKS = pytest.mark.parametrize("mask", ["even", "odd", "first_half", "second_half"])


def log_scale(raw: Tensor) -> Tensor:
    return bounded(raw, BOUND)


def nflows_mask(mask: str) -> list[float]:
    """Positive where a coordinate changes."""
    passes = {"even": "10101", "odd": "01010", "first_half": "11100", "second_half": "00011"}[mask]
    return [-1.0 if letter == "1" else 1.0 for letter in passes]


@MASKS
def test_affine_coupling_zuko(mask: str) -> None:
    zuko = pytest.importorskip("zuko")
    layer = noisy(AffineCoupling(mask=mask, log_scale_bound=BOUND, conditioner=MLP(hidden=(16, 16))), (D,))
    passes = torch.tensor(nflows_mask(mask)) < 0
    changed = int((~passes).sum())
    theirs = zuko.flows.GeneralCouplingTransform(
        D,
        mask=passes,
        hidden_features=(16, 16),
        univariate=lambda t, raw: torch.distributions.AffineTransform(t, log_scale(raw).exp()),
    ).double()
    # Theirs wants (shift, raw) of each number side by side; ours are a block of raws and one of shifts.
    rows = interleaved(2, changed).reshape(changed, 2).flip(1).flatten()
    theirs.hyper.load_state_dict(perceptron(layer.network, rows).state_dict())
    transform = theirs()
    both_ways(layer, transform.call_and_ladj, transform.inv.call_and_ladj, points((D,)))


@MASKS
def test_affine_coupling_nflows(mask: str) -> None:
    coupling = pytest.importorskip("nflows.transforms.coupling")
    layer = noisy(AffineCoupling(mask=mask, log_scale_bound=BOUND, conditioner=MLP(hidden=(16, 16))), (D,))

    class Theirs(coupling.AffineCouplingTransform):  # type: ignore[misc,name-defined]
        def _scale_and_shift(self, parameters: Tensor) -> tuple[Tensor, Tensor]:
            shift, raw = parameters.chunk(2, 1)
            return log_scale(raw).exp(), shift

    def network(inputs: int, outputs: int) -> nn.Module:
        raws, shifts = torch.arange(outputs).chunk(2)
        return Chosen(perceptron(layer.network, torch.cat((shifts, raws))))

    theirs = Theirs(nflows_mask(mask), network)
    both_ways(layer, theirs, theirs.inverse, points((D,)))


def test_affine_coupling_freia() -> None:
    modules = pytest.importorskip("FrEIA.modules")
    layer = noisy(AffineCoupling(mask="first_half", log_scale_bound=BOUND, conditioner=MLP(hidden=(16, 16))), (D,))
    theirs = modules.AffineCouplingOneSided(
        [(D,)],
        subnet_constructor=lambda inputs, outputs: perceptron(layer.network, torch.arange(outputs)),
        clamp=1.0,
        clamp_activation=log_scale,
        split_len=3,
    )
    both_ways(layer, first(theirs, False), first(theirs, True), points((D,)))


@MASKS
def test_additive_coupling_nflows(mask: str) -> None:
    coupling = pytest.importorskip("nflows.transforms.coupling")
    layer = noisy(AdditiveCoupling(mask=mask, conditioner=MLP(hidden=(16, 16))), (D,))

    def network(inputs: int, outputs: int) -> nn.Module:
        return Chosen(perceptron(layer.network, torch.arange(outputs)))

    theirs = coupling.AdditiveCouplingTransform(nflows_mask(mask), network)
    both_ways(layer, theirs, theirs.inverse, points((D,)))


def test_actnorm_nflows() -> None:
    normalization = pytest.importorskip("nflows.transforms.normalization")
    layer, theirs = noisy(ActNorm(), (D,)), normalization.ActNorm(D).double().eval()
    theirs.log_scale.data, theirs.shift.data = layer.log_scale.data, layer.shift.data
    both_ways(layer, theirs, theirs.inverse, points((D,)))


def test_actnorm_is_set_as_by_nflows() -> None:
    normalization = pytest.importorskip("nflows.transforms.normalization")
    layer, theirs, x = noisy(ActNorm(), (D,)), normalization.ActNorm(D).double().train(), points((D,))
    layer.initialize(x)
    theirs(x)
    # Theirs divides the variance by N − 1, ours by N.
    ratio = (len(x) / (len(x) - 1)) ** 0.5
    torch.testing.assert_close(layer.log_scale.exp() / ratio, theirs.log_scale.exp().detach())
    torch.testing.assert_close(layer.shift / ratio, theirs.shift.detach())


@pytest.mark.parametrize("parameterization", ["plain", "plu"])
def test_linear_freia_and_nflows(parameterization: Any) -> None:
    modules = pytest.importorskip("FrEIA.modules")
    linear = pytest.importorskip("nflows.transforms.linear")
    layer = noisy(Linear(parameterization=parameterization, start="rotation"), (D,))
    W = layer.matrix()
    theirs = modules.FixedLinearTransform([(D,)], M=W)
    both_ways(layer, first(theirs, False), first(theirs, True), points((D,)))
    # The way back of theirs calls what torch has taken away.
    naive = linear.NaiveLinear(D, orthogonal_initialization=False).double()
    naive._weight.data = W
    naive.bias.data.zero_()
    agrees(layer.normalize, naive, points((D,)))


@pytest.mark.parametrize("order", ["natural", "reversed"])
@pytest.mark.parametrize("kind", [MAF, IAF])
def test_autoregressive_zuko(kind: type[MAF | IAF], order: Any) -> None:
    zuko = pytest.importorskip("zuko")
    layer = noisy(kind(order=order, log_scale_bound=BOUND, conditioner=MADE(hidden=(16, 16))), (D,))
    steps = torch.arange(D) if order == "natural" else torch.arange(D).flip(0)
    theirs = zuko.flows.MaskedAutoregressiveTransform(
        D,
        order=steps,
        hidden_features=(16, 16),
        univariate=lambda t, raw: torch.distributions.AffineTransform(t, log_scale(raw).exp()),
    ).double()
    rows = interleaved(2, D).reshape(D, 2).flip(1).flatten()
    plain = perceptron(layer.network, rows)
    if order == "natural":
        # Masks of their own making: equal to ours only if both follow the same rule.
        for module, own in zip(list(theirs.hyper)[::2], plain[::2], strict=True):
            module.weight.data, module.bias.data = own.weight.data, own.bias.data
    else:
        # Their hidden units have other degrees in this order; the net itself is torch's, under our masks.
        masks = [mask if mask is not None else torch.ones(()) for mask in layer.network.masks]
        masks[-1] = masks[-1][rows]
        for module, mask in zip(plain[::2], masks, strict=True):
            module.weight.data *= mask
        theirs.hyper = plain
    there, back = theirs().call_and_ladj, theirs().inv.call_and_ladj
    both_ways(layer, *((there, back) if kind is MAF else (back, there)), points((D,)))


@pytest.mark.parametrize("kind", [MAF, IAF])
def test_autoregressive_nflows(kind: type[MAF | IAF]) -> None:
    autoregressive = pytest.importorskip("nflows.transforms.autoregressive")
    layer = noisy(kind(log_scale_bound=BOUND, conditioner=MADE(hidden=(16, 16))), (D,))

    class Theirs(autoregressive.MaskedAffineAutoregressiveTransform):  # type: ignore[misc,name-defined]
        def _elementwise_forward(self, inputs: Tensor, parameters: Tensor) -> tuple[Tensor, Tensor]:
            raw, shift = self._unconstrained_scale_and_shift(parameters)
            return inputs * log_scale(raw).exp() + shift, log_scale(raw).sum(1)

        def _elementwise_inverse(self, inputs: Tensor, parameters: Tensor) -> tuple[Tensor, Tensor]:
            raw, shift = self._unconstrained_scale_and_shift(parameters)
            return (inputs - shift) * (-log_scale(raw)).exp(), -log_scale(raw).sum(1)

    theirs = Theirs(D, 16, num_blocks=1, use_residual_blocks=False).double().eval()
    net = theirs.autoregressive_net
    linears = [net.initial_layer, net.blocks[0].linear, net.final_layer]
    for module, own in zip(linears, perceptron(layer.network, interleaved(2, D))[::2], strict=True):
        module.weight.data, module.bias.data = own.weight.data, own.bias.data
    ways = (theirs, theirs.inverse) if kind is MAF else (theirs.inverse, theirs)
    both_ways(layer, *ways, points((D,)))


def test_batch_norm_nflows() -> None:
    normalization = pytest.importorskip("nflows.transforms.normalization")
    layer, theirs = noisy(BatchNorm(momentum=0.3), (D,)), normalization.BatchNorm(D, momentum=0.3).double()
    theirs.unconstrained_weight.data = torch.log(torch.expm1(layer.log_scale.exp() - EPSILON))
    theirs.bias.data = layer.shift.data
    x = points((D,)) + 1.0
    theirs.train()
    theirs(x)
    layer.mean.copy_(theirs.running_mean)
    layer.variance.copy_(theirs.running_var)
    both_ways(layer, theirs.eval(), theirs.inverse, x)


def test_householder_nflows() -> None:
    orthogonal = pytest.importorskip("nflows.transforms.orthogonal")
    layer = noisy(Householder(reflections=4), (D,), 1.0)
    theirs = orthogonal.HouseholderSequence(D, 4).double()
    theirs.q_vectors.data = layer.vectors.data
    both_ways(layer, theirs, theirs.inverse, points((D,)))


@pytest.mark.parametrize("one_pass", ["density", "samples"])
def test_planar_normflows(one_pass: Any) -> None:
    flows = pytest.importorskip("normflows.flows")
    layer = noisy(Planar(one_pass=one_pass), (D,), 0.7)
    theirs = flows.Planar((D,), u=layer.u[None], w=layer.w[None], b=layer.b)
    agrees(layer.normalize if one_pass == "density" else layer.generate, theirs, points((D,)))


@pytest.mark.parametrize("one_pass", ["density", "samples"])
def test_radial_normflows(one_pass: Any) -> None:
    flows = pytest.importorskip("normflows.flows")
    layer = noisy(Radial(one_pass=one_pass), (D,), 0.7)
    theirs = flows.Radial((D,), z_0=layer.center[None])
    theirs.alpha.data = torch.nn.functional.softplus(layer.raw_alpha)[None]
    theirs.beta.data = layer.raw_sum[None]
    agrees(layer.normalize if one_pass == "density" else layer.generate, theirs, points((D,)))


def test_continuous_zuko() -> None:
    """Their adaptive solver and its trace by autograd, against our steps of fixed length and their exact determinant."""
    zuko = pytest.importorskip("zuko")
    layer = noisy(Continuous(hidden=(16, 16), steps=40), (2,))

    def field(t: Tensor, x: Tensor) -> Tensor:
        out: Tensor = layer.field(x, x.new_empty(1, 0, 2), float(t), None)[0]
        return out

    theirs = zuko.transforms.FreeFormJacobianTransform(field, atol=1e-10, rtol=1e-10)
    both_ways(layer, theirs.call_and_ladj, theirs.inv.call_and_ladj, points((2,), 5), atol=1e-6)


def first(module: Any, rev: bool) -> Any:
    """A module of FrEIA, which takes and gives tuples, in one direction."""

    def way(x: Tensor) -> tuple[Tensor, Tensor]:
        (out,), log_det = module((x,), rev=rev)
        return out, log_det

    return way
