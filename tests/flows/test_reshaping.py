"""Squeeze, Haar, split and flatten; logit, sigmoid and element-wise affine."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from flowviz.flows import FlowLayer
from flowviz.pipeline import (
    ElementwiseAffine,
    EventShape,
    Flatten,
    Haar,
    LayerSpec,
    Logit,
    Sigmoid,
    Split,
    Squeeze,
)

from .cases import Case

PICTURES: list[EventShape] = [(1, 4, 4), (3, 2, 6), (2, 6, 2)]
SEQUENCES: list[EventShape] = [(1, 6), (3, 4)]


def made(spec: LayerSpec, shape: EventShape, *, std: float = 0.0, context: int = 0) -> tuple[FlowLayer, Tensor]:
    case = Case(spec, shape, context)
    return case.layer(std=std), case.points()


@pytest.mark.parametrize("shape", PICTURES)
def test_squeeze_is_torchs_pixel_unshuffle(shape: EventShape) -> None:
    layer, x = made(Squeeze(), shape)
    z, log_det = layer.normalize(x)
    assert torch.equal(z, F.pixel_unshuffle(x, 2))
    assert not log_det.any()
    assert z[1, 4 * (shape[0] - 1) + 2 + 1, 0, 0] == x[1, -1, 1, 1]


def test_squeeze_takes_pairs_of_moments() -> None:
    layer, x = made(Squeeze(), (2, 6))
    z, _ = layer.normalize(x)
    assert torch.equal(z[:, 0], x[:, 0, 0::2])
    assert torch.equal(z[:, 1], x[:, 0, 1::2])
    assert torch.equal(z[:, 3], x[:, 1, 1::2])


@pytest.mark.parametrize("kind", [Squeeze, Flatten])
@pytest.mark.parametrize("shape", PICTURES + SEQUENCES)
def test_reordering_keeps_every_number_and_comes_back_exactly(kind: type[LayerSpec], shape: EventShape) -> None:
    layer, x = made(kind(), shape)
    z, log_det = layer.normalize(x)
    assert z.shape[1:] == layer.output_shape != shape
    assert torch.equal(z.flatten(1).sort(1).values, x.flatten(1).sort(1).values)
    assert torch.equal(layer.generate(z)[0], x)
    assert not log_det.any()


def test_flatten_reads_channels_then_rows_then_columns() -> None:
    layer, x = made(Flatten(), (2, 3, 2))
    z, _ = layer.normalize(x)
    assert z[0, 1 * 6 + 2 * 2 + 1] == x[0, 1, 2, 1]


def test_haar_is_its_formula() -> None:
    layer, x = made(Haar(), (3, 4, 6))
    z, _ = layer.normalize(x)
    p, q, r, s = x[:, :, 0::2, 0::2], x[:, :, 0::2, 1::2], x[:, :, 1::2, 0::2], x[:, :, 1::2, 1::2]
    bands = [(p + q + r + s) / 2, (p - q + r - s) / 2, (p + q - r - s) / 2, (p - q - r + s) / 2]
    torch.testing.assert_close(z, torch.cat(bands, 1), rtol=0, atol=1e-14)
    torch.testing.assert_close(z[:, :3], 2.0 * F.avg_pool2d(x, 2), rtol=0, atol=1e-14)


@pytest.mark.parametrize("shape", PICTURES + SEQUENCES)
def test_haar_keeps_lengths(shape: EventShape) -> None:
    layer, x = made(Haar(), shape)
    z, _ = layer.normalize(x)
    torch.testing.assert_close(z.flatten(1).norm(dim=1), x.flatten(1).norm(dim=1), rtol=0, atol=1e-13)


@pytest.mark.parametrize("context", [0, 2])
@pytest.mark.parametrize("shape", [(4, 2, 2), (2, 4)])
def test_a_split_starts_as_a_standard_normal_of_the_second_half(shape: EventShape, context: int) -> None:
    layer, x = made(Split(), shape, context=context)
    c = Case(Split(), shape, context).given()
    z, log_det = layer.normalize(x, c)
    assert layer.leaving == shape[0] // 2
    assert torch.equal(z, x)
    assert not log_det.detach().any()


@pytest.mark.parametrize("shape", [(4, 2, 2), (2, 4)])
def test_a_split_is_a_normal_of_what_leaves_given_what_goes_on(shape: EventShape) -> None:
    layer, x = made(Split(), shape, std=0.2)
    z, log_det = layer.normalize(x)
    half = shape[0] // 2
    assert torch.equal(z[:, :half], x[:, :half])
    zero = torch.cat((x[:, :half], torch.zeros_like(x[:, half:])), 1)
    mean = layer.generate(zero)[0][:, half:]
    deviation = layer.generate(torch.cat((x[:, :half], torch.ones_like(x[:, half:])), 1))[0][:, half:] - mean
    judged = torch.distributions.Normal(mean, deviation).log_prob(x[:, half:]).flatten(1).sum(1)
    standard = torch.distributions.Normal(0.0, 1.0).log_prob(z[:, half:]).flatten(1).sum(1)
    torch.testing.assert_close(standard + log_det, judged, rtol=0, atol=1e-11)
    moved = x.clone()
    moved[:, half:] += 1.0
    assert torch.equal(layer.normalize(moved)[1], log_det)


def test_no_width_of_a_split_explodes() -> None:
    layer, x = made(Split(), (2, 2, 2), std=20.0)
    assert float(layer.normalize(x)[1].detach().abs().max()) <= 4 * 5.0


def test_the_context_decides_what_a_split_expects() -> None:
    layer, x = made(Split(), (2, 2, 2), std=0.3, context=2)
    one, other = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64).unbind(0)
    a, b = (layer.normalize(x, c.expand(6, -1))[0] for c in (one, other))
    assert torch.equal(a[:, 0], b[:, 0])
    assert (a[:, 1] != b[:, 1]).all()


def test_logit_has_the_values_of_the_formula() -> None:
    layer, _ = made(Logit(alpha=0.05), (1,))
    x = torch.tensor([[0.5], [0.0], [1.0]], dtype=torch.float64)
    z, log_det = layer.normalize(x)
    torch.testing.assert_close(z[:, 0], torch.tensor([0.0, -2.944439, 2.944439]).double(), rtol=0, atol=1e-6)
    torch.testing.assert_close(log_det, torch.tensor([1.280934, 2.941665, 2.941665]).double(), rtol=0, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("alpha", [1e-6, 0.05, 0.4])
def test_both_ends_of_the_unit_interval_are_finite_and_alike(alpha: float, dtype: torch.dtype) -> None:
    layer = made(Logit(alpha=alpha), (1,))[0].to(dtype)
    x = torch.tensor([[0.0], [1.0]], dtype=dtype)
    z, log_det = layer.normalize(x)
    assert torch.isfinite(z).all()
    assert float(z[0, 0]) == -float(z[1, 0])
    assert float(log_det[0]) == float(log_det[1])
    torch.testing.assert_close(layer.generate(z)[0], x, rtol=0, atol=4 * torch.finfo(dtype).eps)


def test_beyond_the_reach_of_the_logit_there_is_no_density_and_gradients_stay_finite() -> None:
    layer, _ = made(Logit(alpha=0.05), (2,))
    x = torch.tensor([[0.5, 1.2], [-0.2, 0.5], [0.5, 1.04]], dtype=torch.float64, requires_grad=True)
    z, log_det = layer.normalize(x)
    assert log_det[:2].tolist() == [-math.inf, -math.inf]
    assert torch.isfinite(log_det[2])
    assert torch.isfinite(z).all()
    (z.sum() + log_det[2]).backward()
    assert x.grad is not None
    assert torch.isfinite(x.grad).all()


def test_the_density_behind_a_logit_integrates_to_1() -> None:
    layer, _ = made(Logit(alpha=0.05), (1,))
    x = torch.linspace(-0.2, 1.2, 40_001, dtype=torch.float64)[:, None]
    z, log_det = layer.normalize(x)
    density = torch.exp(torch.distributions.Normal(0.0, 1.0).log_prob(z)[:, 0] + log_det)
    assert float(torch.trapezoid(density, x[:, 0])) == pytest.approx(1.0, abs=1e-4)


def test_sigmoid_undoes_a_logit_and_says_where_nothing_comes_from() -> None:
    layer, x = made(Sigmoid(), (2,))
    z, log_det = layer.normalize(x)
    torch.testing.assert_close(z, torch.sigmoid(x), rtol=0, atol=0)
    torch.testing.assert_close(log_det, (z * (1 - z)).log().sum(1), rtol=0, atol=1e-12)
    far, log_det_far = layer.normalize(torch.tensor([[-800.0, 800.0]], dtype=torch.float64))
    assert far.tolist() == [[0.0, 1.0]]
    assert float(log_det_far) == -1600.0
    back, log_det_back = layer.generate(torch.tensor([[0.0, 0.5], [1.5, 0.5], [0.5, 0.5]], dtype=torch.float64))
    assert torch.isfinite(back).all()
    assert log_det_back.tolist()[:2] == [math.inf, math.inf]
    assert math.isfinite(float(log_det_back[2]))


def test_element_wise_affine_is_set_pixel_by_pixel_and_only_centres_a_constant_one() -> None:
    layer, _ = made(ElementwiseAffine(), (1, 4, 2))
    x = Case(ElementwiseAffine(), (1, 4, 2)).points(300) * torch.arange(1.0, 9.0).reshape(1, 4, 2) + 3.0
    x[:, 0, 0, 0] = 0.25
    assert layer.needs_data()
    layer.initialize(x)
    z = layer.normalize(x)[0].detach()
    assert float(z.mean(0).abs().max()) < 1e-12
    deviation = z.std(0, correction=0).flatten()
    assert float(deviation[0]) == 0.0
    assert float((deviation[1:] - 1.0).abs().max()) < 1e-12
    assert float(layer.get_parameter("log_scale").detach().flatten()[0]) == 0.0
