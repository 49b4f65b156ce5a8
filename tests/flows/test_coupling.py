"""Which coordinates a coupling leaves alone."""

from __future__ import annotations

import itertools

import msgspec
import pytest
import torch

from flowviz.pipeline import MLP, AdditiveCoupling, AffineCoupling

from .cases import Case

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
