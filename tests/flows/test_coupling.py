"""Which coordinates a coupling leaves alone."""

from __future__ import annotations

import itertools
import math

import msgspec
import pytest
import torch

from flowviz.flows.convnet import ConvolutionalNet
from flowviz.flows.halves import Halves
from flowviz.pipeline import MLP, AdditiveCoupling, AffineCoupling, ConvNet, EventShape

from .cases import Case, fitted

MASKS = ("even", "odd", "first_half", "second_half")
PASSED = {
    ("even", 2): [0],
    ("odd", 2): [1],
    ("first_half", 2): [0],
    ("second_half", 2): [1],
    ("even", 5): [0, 2, 4],
    ("odd", 5): [1, 3],
    ("first_half", 5): [0, 1, 2],
    ("second_half", 5): [3, 4],
}


@pytest.mark.parametrize("kind", [AffineCoupling, AdditiveCoupling])
@pytest.mark.parametrize(("mask", "dimensions"), PASSED)
def test_what_passes_is_bit_equal_and_decides_alone(kind: type, mask: str, dimensions: int) -> None:
    case = Case(kind(mask=mask), (dimensions,))
    layer, x = case.layer(), case.points()
    passed = PASSED[mask, dimensions]
    changed = [i for i in range(dimensions) if i not in passed]
    for way in (layer.normalize, layer.generate):
        out, log_det = way(x)
        assert torch.equal(out[:, passed], x[:, passed])
        assert (out[:, changed] != x[:, changed]).all()
        moved = x.clone()
        moved[:, changed] += 1.0
        _, again = way(moved)
        assert torch.equal(log_det, again)
        J = torch.autograd.functional.jacobian(lambda p, way=way: way(p[None])[0][0], x[0])
        among = J[changed][:, changed]
        assert torch.equal(among, torch.diag(among.diagonal()))
        assert (J[changed][:, passed] != 0).all()


@pytest.mark.parametrize("mask", MASKS)
def test_a_single_coordinate_is_transformed_by_constants(mask: str) -> None:
    layer = Case(AffineCoupling(mask=mask), (1,)).layer()
    x = torch.tensor([[-2.0], [0.0], [3.0]], dtype=torch.float64)
    z, log_det = layer.normalize(x)
    slope = (z[2] - z[0]) / 5.0
    torch.testing.assert_close(z, z[1] + slope * x)
    torch.testing.assert_close(log_det, slope.log().expand(3))
    assert float(log_det.detach()[0]) != 0.0


@pytest.mark.parametrize("bound", [0.5, 3.0])
def test_no_log_scale_exceeds_the_bound(bound: float) -> None:
    case = Case(AffineCoupling(log_scale_bound=bound), (4,))
    layer, x = case.layer(std=5.0), case.points(200, scale=10.0)
    _, log_det = layer.normalize(x)
    assert float(log_det.detach().abs().max()) <= 2 * bound
    assert float(log_det.detach().abs().max()) > bound


def test_an_initial_weight_scale_breaks_the_identity() -> None:
    case = Case(AffineCoupling(initial_std=0.1), (2,))
    x = case.points()
    z, _ = case.layer(std=0.0).normalize(x)
    assert not torch.allclose(z, x)


def test_residual_adds_a_hidden_layer_to_its_input() -> None:
    for hidden, activation in itertools.product(((8, 8), (8, 5)), ("tanh", "gelu")):
        plain = AffineCoupling(conditioner=MLP(hidden=hidden, activation=activation))  # type: ignore[arg-type]
        residual = msgspec.structs.replace(plain, conditioner=msgspec.structs.replace(plain.conditioner, residual=True))
        one, other = Case(plain, (2,)).layer(), Case(residual, (2,)).layer()
        x = Case(plain, (2,)).points()
        same = torch.equal(one.normalize(x)[0], other.normalize(x)[0])
        assert same == (hidden[0] != hidden[1])


SPATIAL = [((4, 4, 2), mask) for mask in MASKS] + [
    (shape, mask) for shape in ((1, 4, 4), (2, 3, 5), (2, 5)) for mask in ("checkerboard", "checkerboard_odd")
]


def passing(mask: str, shape: EventShape) -> torch.Tensor:
    """Which elements of an event pass, by definition."""
    channel, *places = torch.meshgrid(*(torch.arange(n) for n in shape), indexing="ij")
    half = (shape[0] + 1) // 2
    return {
        "even": channel % 2 == 0,
        "odd": channel % 2 == 1,
        "first_half": channel < half,
        "second_half": channel >= half,
        "checkerboard": sum(places) % 2 == 0,
        "checkerboard_odd": sum(places) % 2 == 1,
    }[mask]


@pytest.mark.parametrize("kind", [AffineCoupling, AdditiveCoupling])
@pytest.mark.parametrize(("shape", "mask"), SPATIAL, ids=str)
def test_what_passes_a_picture_is_bit_equal_and_decides_alone(kind: type, shape: EventShape, mask: str) -> None:
    spec = fitted(kind(mask=mask), shape)
    if len(shape) == 3:
        spec = msgspec.structs.replace(spec, conditioner=ConvNet(channels=4, activation="gelu"))
    case = Case(spec, shape)
    layer, x = case.layer(), case.points()
    passed = passing(mask, shape)
    for way in (layer.normalize, layer.generate):
        out, log_det = way(x)
        assert torch.equal(out[:, passed], x[:, passed])
        assert (out[:, ~passed] != x[:, ~passed]).all()
        moved = x + 1.0 * ~passed
        assert torch.equal(way(moved)[1], log_det)
    terms = layer.terms(x)
    assert terms is not None
    assert not terms[:, passed].any()
    assert bool((terms[:, ~passed] != 0).all()) == (kind is AffineCoupling)


@pytest.mark.parametrize(
    ("one", "other"), [("even", "odd"), ("first_half", "second_half"), ("checkerboard", "checkerboard_odd")]
)
@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 5)])
def test_masks_come_in_pairs_that_make_a_whole(one: str, other: str, shape: EventShape) -> None:
    x = torch.arange(float(torch.Size(shape).numel())).reshape(1, *shape)
    parts = [Halves(mask, shape).float().take(x)[1].flatten() for mask in (one, other)]
    assert torch.equal(torch.cat(parts).sort().values, x.flatten())


@pytest.mark.parametrize("mask", ["checkerboard", "checkerboard_odd"])
def test_the_network_sees_no_changed_place_of_a_checkerboard(mask: str) -> None:
    halves = Halves(mask, (2, 3, 3)).double()
    x = Case(AffineCoupling(), (2, 3, 3)).points()
    seen, changed = halves.take(x)
    passed = passing(mask, (2, 3, 3))
    assert torch.equal(seen, x * passed)
    assert torch.equal(changed.flatten(1), x[:, ~passed])
    assert torch.equal(halves.put(x, changed), x)
    both = halves.parameters_of(torch.cat((x, -x), 1), 2)
    assert torch.equal(both, torch.stack((changed, -changed), 1))


def test_a_log_det_counts_changed_elements_alone() -> None:
    """Whatever the network sees, its log-scale is the same constant: the log-det is that times what changes."""
    for shape, mask, count in (((2, 4, 4), "even", 16), ((1, 4, 4), "checkerboard", 8), ((1, 3, 3), "checkerboard", 4)):
        layer = Case(AffineCoupling(mask=mask, conditioner=ConvNet(channels=2)), shape).layer(std=0.0)  # type: ignore[arg-type]
        with torch.no_grad():
            layer.get_parameter("network.last.bias")[: layer.halves.output_channels] = 0.5  # type: ignore[union-attr,index]
        _, log_det = layer.normalize(Case(AffineCoupling(), shape).points())
        scale = 3.0 * math.tanh(0.5 / 3.0)
        torch.testing.assert_close(log_det.detach(), torch.full((6,), count * scale, dtype=torch.float64))


def test_a_convolutional_network_gives_a_shift_behind_its_log_scale() -> None:
    layer = Case(AffineCoupling(conditioner=ConvNet(channels=2)), (2, 2, 2)).layer(std=0.0)
    with torch.no_grad():
        layer.get_parameter("network.last.bias").copy_(torch.tensor([math.log(2.0) * 1.0, 5.0]))
        layer.get_parameter("network.log_scale").copy_(torch.tensor([0.0, math.log(3.0) / 3.0]))
    x = Case(AffineCoupling(), (2, 2, 2)).points()
    z, _ = layer.normalize(x)
    scale = math.exp(3.0 * math.tanh(math.log(2.0) / 3.0))
    torch.testing.assert_close(z[:, 1].detach(), x[:, 1] * scale + 15.0)


@pytest.mark.parametrize("residual", [False, True])
def test_glows_network_starts_at_zero_and_learns_at_once(residual: bool) -> None:
    spec = AffineCoupling(mask="first_half", conditioner=ConvNet(channels=4, residual=residual))
    case = Case(spec, (4, 4, 4))
    layer, x = case.layer(std=0.0), case.points()
    z, log_det = layer.normalize(x)
    assert torch.equal(z, x)
    assert not log_det.detach().any()
    (z.square().sum() - log_det.sum()).backward()
    for name in ("network.last.weight", "network.last.bias"):
        gradient = layer.get_parameter(name).grad
        assert gradient is not None
        assert gradient.abs().max() > 0


def test_a_residual_network_adds_its_blocks() -> None:
    net = ConvolutionalNet(ConvNet(channels=3, blocks=2, residual=True), 1, 2, 0, torch.Generator().manual_seed(0), 0.5)
    plain = ConvolutionalNet(ConvNet(channels=3, blocks=2), 1, 2, 0, torch.Generator().manual_seed(0), 0.5)
    assert [tuple(layer.weight.shape[2:]) for layer in net.hidden] == [(3, 3)] * 4
    assert [tuple(layer.weight.shape[2:]) for layer in plain.hidden] == [(1, 1)] * 2
    x = torch.randn(2, 1, 4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    h = net.first(x)
    for layer in net.hidden[1::2]:
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    torch.testing.assert_close(net(x), net.last(torch.relu(h)))


DROPPING = [
    Case(AffineCoupling(conditioner=MLP(dropout=0.5)), (4,)),
    Case(AffineCoupling(conditioner=ConvNet(channels=8, dropout=0.5)), (2, 4, 4)),
    Case(AffineCoupling(conditioner=ConvNet(channels=8, dropout=0.5, residual=True)), (2, 4, 4)),
]


@pytest.mark.parametrize("case", DROPPING, ids=str)
def test_dropout_acts_while_training_and_at_no_other_time(case: Case) -> None:
    layer, x = case.layer(), case.points()
    assert layer.steps(generative=False) == ()
    torch.manual_seed(0)
    assert not torch.equal(layer.train().normalize(x)[1], layer.normalize(x)[1])
    layer.eval()
    assert torch.equal(layer.normalize(x)[0], layer.normalize(x)[0])
    network = msgspec.structs.replace(case.spec.conditioner, dropout=0.0)  # type: ignore[attr-defined]
    whole = Case(msgspec.structs.replace(case.spec, conditioner=network), case.shape).layer()  # type: ignore[call-arg]
    torch.testing.assert_close(layer.normalize(x), whole.normalize(x), rtol=0, atol=1e-13)


@pytest.mark.parametrize("shape", [(3,), (2, 4, 2), (2, 4)])
def test_the_context_moves_every_changed_element(shape: EventShape) -> None:
    case = Case(fitted(AffineCoupling(), shape), shape, 2)
    layer, x = case.layer(), case.points()
    c = torch.tensor([[0.7, -0.3]], dtype=torch.float64)
    one, other = (layer.normalize(x, given.expand(6, -1))[0] for given in (c, -c))
    changed = ~passing("even", shape)
    assert (one[:, changed] != other[:, changed]).all()
    assert torch.equal(one[:, ~changed], other[:, ~changed])


def test_the_vectors_step_is_the_plain_formula_with_an_empty_context() -> None:
    """The hand-written step and the way through `Halves` are the same layer."""
    case = Case(AffineCoupling(), (5,))
    layer, x = case.layer(), case.points()
    assert layer.steps(generative=False)
    z, log_det = layer.normalize(x)
    passed, changed = layer.halves.take(x)  # type: ignore[operator,union-attr]
    raw, t = layer.network(passed).chunk(2, 1)  # type: ignore[operator]
    s = 3.0 * torch.tanh(raw / 3.0)
    torch.testing.assert_close(z[:, 1::2], changed * s.exp() + t, rtol=0, atol=1e-13)
    torch.testing.assert_close(log_det, s.sum(1), rtol=0, atol=1e-13)
