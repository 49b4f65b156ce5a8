"""ActNorm, the invertible matrix, scaling and permutations."""

from __future__ import annotations

import io
import math

import pytest
import torch

from flowviz.flows.linear import ActNorm, Linear, Permutation
from flowviz.pipeline import ActNorm as ActNormSpec
from flowviz.pipeline import EventShape
from flowviz.pipeline import Linear as LinearSpec
from flowviz.pipeline import Permutation as PermutationSpec
from flowviz.pipeline import Scaling as ScalingSpec

from .cases import Case, shape_of_data


def actnorm(dimensions: int) -> ActNorm:
    layer = Case(ActNormSpec(), (dimensions,)).layer(std=0.0)
    assert isinstance(layer, ActNorm)
    return layer


def linear(spec: LinearSpec, dimensions: int, std: float = 0.0) -> Linear:
    layer = Case(spec, (dimensions,)).layer(std=std)
    assert isinstance(layer, Linear)
    return layer


@pytest.mark.parametrize("dimensions", [1, 2, 5])
def test_actnorm_makes_mean_0_and_variance_1_of_its_first_batch(dimensions: int) -> None:
    layer, x = actnorm(dimensions), shape_of_data(300, dimensions)
    assert layer.needs_data()
    buffer = layer.initialized
    layer.initialize(x)
    assert not layer.needs_data()
    assert layer.initialized is buffer
    z, _ = layer.normalize(x)
    assert float(z.detach().mean(0).abs().max()) < 1e-12
    assert float((z.detach().std(0, correction=0) - 1.0).abs().max()) < 1e-12


def test_actnorm_is_set_once_and_loading_does_not_set_it_again() -> None:
    layer, x = actnorm(3), shape_of_data(100, 3)
    layer.initialize(x)
    before = {name: value.clone() for name, value in layer.state_dict().items()}
    layer.initialize(x * 5.0 + 1.0)
    file = io.BytesIO()
    torch.save(layer.state_dict(), file)
    file.seek(0)
    loaded = actnorm(3)
    loaded.load_state_dict(torch.load(file, weights_only=True))
    loaded.initialize(x * 7.0)
    for name, value in before.items():
        assert torch.equal(layer.state_dict()[name], value)
        assert torch.equal(loaded.state_dict()[name], value)


@pytest.mark.parametrize("constant", [0.0, 1.0, -1e8, 1e-12, 0.1])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_constant_column_is_only_centred(constant: float, dtype: torch.dtype) -> None:
    layer = actnorm(2).to(dtype)
    x = shape_of_data(50, 2).to(dtype)
    x[:, 1] = constant
    layer.initialize(x)
    z, log_det = layer.normalize(x)
    assert float(layer.log_scale.detach()[1]) == 0.0
    assert float(z.detach()[:, 1].abs().max()) <= abs(constant) * 1e-6
    assert torch.isfinite(log_det).all()


def test_one_point_is_enough_and_none_is_not() -> None:
    layer = actnorm(2)
    with pytest.raises(ValueError, match="empty batch"):
        layer.initialize(torch.zeros(0, 2, dtype=torch.float64))
    layer.initialize(torch.tensor([[3.0, 4.0]], dtype=torch.float64))
    assert torch.equal(
        layer.normalize(torch.tensor([[4.0, 4.0]], dtype=torch.float64))[0].detach(),
        torch.tensor([[1.0, 0.0]]).double(),
    )


def test_tiny_and_huge_scales_come_out_at_1() -> None:
    layer = actnorm(2)
    x = torch.randn(100, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    layer.initialize(x * torch.tensor([1e-9, 1e9]))
    z, _ = layer.normalize(x * torch.tensor([1e-9, 1e9]))
    torch.testing.assert_close(z.std(0, correction=0).detach(), torch.ones(2, dtype=torch.float64))


@pytest.mark.parametrize("dimensions", [1, 2, 3, 5, 8, 64])
@pytest.mark.parametrize("parameterization", ["plu", "plain"])
@pytest.mark.parametrize("start", ["identity", "rotation"])
def test_the_matrix_starts_as_it_says(dimensions: int, parameterization: str, start: str) -> None:
    layer = linear(LinearSpec(parameterization=parameterization, start=start), dimensions)  # type: ignore[arg-type]
    W = layer.matrix().detach()
    identity = torch.eye(dimensions, dtype=torch.float64)
    torch.testing.assert_close(W @ W.T, identity, rtol=0, atol=1e-12)
    torch.testing.assert_close(torch.linalg.det(W), torch.tensor(1.0, dtype=torch.float64), rtol=0, atol=1e-12)
    assert torch.equal(W, identity) == (start == "identity" or dimensions == 1)
    _, log_det = layer.normalize(torch.zeros(2, dimensions, dtype=torch.float64))
    assert float(log_det.detach().abs().max()) < 1e-12


def test_both_parameterizations_start_as_the_same_rotation() -> None:
    plu, plain = (linear(LinearSpec(parameterization=p, start="rotation"), 5) for p in ("plu", "plain"))  # type: ignore[arg-type]
    torch.testing.assert_close(plu.matrix(), plain.matrix(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("dimensions", [1, 2, 5, 8])
@pytest.mark.parametrize("parameterization", ["plu", "plain"])
def test_the_map_is_the_matrix(dimensions: int, parameterization: str) -> None:
    layer = linear(LinearSpec(parameterization=parameterization, start="rotation"), dimensions, std=0.3)  # type: ignore[arg-type]
    W = layer.matrix()
    x = Case(LinearSpec(), (dimensions,)).points()
    z, log_det = layer.normalize(x)
    torch.testing.assert_close(z, torch.stack([W @ point for point in x]), rtol=0, atol=1e-12)
    torch.testing.assert_close(log_det, torch.linalg.slogdet(W)[1].expand(len(x)), rtol=0, atol=1e-12)
    back, log_det_back = layer.generate(z)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-10)
    assert torch.equal(log_det_back, -log_det)


def test_training_leaves_the_permutation_and_the_signs() -> None:
    layer = linear(LinearSpec(start="rotation"), 6)
    order, sign = layer.order.clone(), layer.sign.clone()
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.1)
    x = Case(LinearSpec(), (6,)).points(50)
    for _ in range(20):
        z, log_det = layer.normalize(x)
        optimizer.zero_grad()
        (0.5 * z.square().sum(1) - log_det).mean().backward()
        optimizer.step()
    assert torch.equal(layer.order, order)
    assert torch.equal(layer.sign, sign)
    assert {"order", "sign", "lower", "upper", "log_diagonal"} == set(layer.state_dict())
    W = layer.matrix().detach()
    assert float(torch.linalg.det(W).sign()) == float(sign.prod() * permutation_sign(order))


def permutation_sign(order: torch.Tensor) -> torch.Tensor:
    return torch.linalg.det(torch.eye(len(order), dtype=torch.float64)[order]).round()


def test_single_precision_inverts_an_ill_conditioned_plain_matrix() -> None:
    layer = linear(LinearSpec(parameterization="plain"), 8).float()
    with torch.no_grad():
        layer.weight.copy_(
            torch.diag(torch.logspace(-4, 4, 8))
            @ torch.linalg.qr(torch.randn(8, 8, generator=torch.Generator().manual_seed(0)))[0]
        )
    x = Case(LinearSpec(), (8,)).points().float()
    back, _ = layer.generate(layer.normalize(x)[0])
    torch.testing.assert_close(back, x, rtol=0, atol=1e-4)


def test_the_log_det_of_a_matrix_with_a_negative_determinant_is_real() -> None:
    layer = linear(LinearSpec(parameterization="plain"), 2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[0.0, 2.0], [3.0, 0.0]]))
    _, log_det = layer.normalize(torch.zeros(1, 2, dtype=torch.float64))
    assert float(log_det.detach()) == pytest.approx(math.log(6.0), abs=1e-12)


def test_scaling_is_its_formula() -> None:
    layer = Case(ScalingSpec(), (2,)).layer(std=0.0)
    with torch.no_grad():
        layer.get_parameter("log_scale").copy_(torch.tensor([2.0, 3.0]).log())
    z, log_det = layer.normalize(torch.tensor([[1.0, -2.0]], dtype=torch.float64))
    torch.testing.assert_close(z.detach(), torch.tensor([[2.0, -6.0]], dtype=torch.float64))
    assert float(log_det.detach()) == pytest.approx(math.log(6.0), abs=1e-6)


@pytest.mark.parametrize("dimensions", [2, 3, 5])
def test_a_random_permutation_is_fixed_by_its_seed_and_never_the_identity(dimensions: int) -> None:
    orders = set()
    for seed in range(40):
        layer = Case(PermutationSpec(order="random", seed=seed), (dimensions,)).layer()
        again = Case(PermutationSpec(order="random", seed=seed), (dimensions,)).layer()
        assert isinstance(layer, Permutation)
        assert isinstance(again, Permutation)
        assert torch.equal(layer.order, again.order)
        assert layer.order.tolist() != list(range(dimensions))
        assert sorted(layer.order.tolist()) == list(range(dimensions))
        orders.add(tuple(layer.order.tolist()))
    assert len(orders) == {2: 1, 3: 5}.get(dimensions, len(orders))


def test_reverse_reverses() -> None:
    x = Case(PermutationSpec(), (5,)).points()
    z, log_det = Case(PermutationSpec(), (5,)).layer().normalize(x)
    assert torch.equal(z, x.flip(1))
    assert not log_det.any()


PICTURE, SEQUENCE = (3, 4, 2), (3, 5)
SPATIAL = pytest.mark.parametrize("shape", [PICTURE, SEQUENCE])


def test_the_log_det_of_actnorm_counts_every_place() -> None:
    layer = Case(ActNormSpec(), (2, 4, 4)).layer(std=0.0)
    with torch.no_grad():
        layer.get_parameter("log_scale").copy_(torch.tensor([2.0, 3.0]).log())
    _, log_det = layer.normalize(torch.zeros(1, 2, 4, 4, dtype=torch.float64))
    assert float(log_det.detach()) == pytest.approx(16 * math.log(6.0), abs=1e-5)
    assert 16 * math.log(6.0) == pytest.approx(28.668152, abs=1e-6)


@SPATIAL
def test_actnorm_is_set_channel_by_channel(shape: EventShape) -> None:
    layer = Case(ActNormSpec(), shape).layer(std=0.0)
    x = Case(ActNormSpec(), shape).points(200)
    x = x * torch.tensor([0.1, 1.0, 30.0]).reshape(3, *(1 for _ in shape[1:])) + 2.0
    layer.initialize(x)
    assert layer.get_parameter("log_scale").shape == (3,)
    z = layer.normalize(x)[0].detach().transpose(0, 1).flatten(1)
    assert float(z.mean(1).abs().max()) < 1e-12
    assert float((z.std(1, correction=0) - 1.0).abs().max()) < 1e-12


@SPATIAL
@pytest.mark.parametrize("parameterization", ["plu", "plain"])
def test_the_matrix_mixes_the_channels_of_every_place(shape: EventShape, parameterization: str) -> None:
    spec = LinearSpec(parameterization=parameterization, start="rotation")  # type: ignore[arg-type]
    layer, x = Case(spec, shape).layer(), Case(spec, shape).points()
    assert isinstance(layer, Linear)
    z, log_det = layer.normalize(x)
    W, places = layer.matrix(), math.prod(shape[1:])
    torch.testing.assert_close(z, torch.einsum("oc,bc...->bo...", W, x), rtol=0, atol=1e-13)
    torch.testing.assert_close(log_det, (places * torch.linalg.slogdet(W)[1]).expand(6), rtol=0, atol=1e-11)
    by_place = layer.terms(x)
    assert by_place is not None
    torch.testing.assert_close(by_place.sum(1), torch.linalg.slogdet(W)[1].expand(6, *shape[1:]), rtol=0, atol=1e-12)


@SPATIAL
def test_a_permutation_moves_whole_channels(shape: EventShape) -> None:
    x = Case(PermutationSpec(), shape).points()
    assert torch.equal(Case(PermutationSpec(), shape).layer().normalize(x)[0], x.flip(1))


@SPATIAL
def test_scaling_has_one_scale_an_element(shape: EventShape) -> None:
    layer, x = Case(ScalingSpec(), shape).layer(), Case(ScalingSpec(), shape).points()
    s = layer.get_parameter("log_scale")
    assert s.shape == shape
    z, log_det = layer.normalize(x)
    torch.testing.assert_close(z, x * s.exp())
    torch.testing.assert_close(log_det, s.sum().expand(6))
