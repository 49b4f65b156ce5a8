"""The whole flow: one density, every state open to view, and samples that a seed repeats."""

from __future__ import annotations

import copy
import io
import math

import numpy as np
import pytest
import torch
from scipy import stats
from torch import Tensor

from flowviz.flows import PREPROCESSING, Flow, build
from flowviz.flows.linear import ActNorm
from flowviz.pipeline import PRESETS, PipelineSpec, Scaling
from flowviz.pipeline import ActNorm as ActNormSpec

from .cases import chainable, shape_of_data

KINDS = chainable()
EVERYTHING = PipelineSpec(layers=tuple(kind(label="" if i else "mine") for i, kind in enumerate(KINDS)))  # type: ignore[misc]
"""One layer of each kind that takes points as they are."""
PLANE = {name: preset.recipe("vector").pipeline for name, preset in PRESETS.items() if "vector" in preset.kinds}
"""The presets for points, and what they make of them."""
EVERY_PRESET = pytest.mark.parametrize("name", list(PLANE))


def scrambled(flow: Flow, std: float = 0.2, seed: int = 3) -> Flow:
    """The flow with noise on all of its weights."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in flow.parameters():
            noise = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter += std * noise.to(parameter)
    return flow


def made(spec: PipelineSpec, dimensions: int = 2, *, standardized: bool = False, std: float = 0.2) -> Flow:
    """A float64 flow of this spec, initialized and then scrambled."""
    data = shape_of_data(400, dimensions)
    standardization = (data.mean(0), data.std(0)) if standardized else None
    flow = build(spec, (dimensions,), dtype=torch.float64, standardization=standardization)
    flow.initialize(data)
    return scrambled(flow, std).eval()


@pytest.mark.parametrize("standardized", [False, True])
@pytest.mark.parametrize("dimensions", [1, 2, 3, 5])
def test_log_prob_is_the_base_plus_every_log_det(dimensions: int, standardized: bool) -> None:
    flow, x = made(EVERYTHING, dimensions, standardized=standardized), shape_of_data(30, dimensions, seed=5)
    trace = flow.trace(x)
    z, log_det = flow.normalize(x)
    assert torch.equal(trace.states[0], x)
    assert torch.equal(trace.states[-1], z)
    assert trace.log_dets.shape == (len(flow.stages()), 30)
    torch.testing.assert_close(trace.log_dets.sum(0), log_det, rtol=0, atol=1e-12)
    torch.testing.assert_close(flow.log_prob(x), flow.base.log_prob(z) + trace.log_dets.sum(0), rtol=0, atol=1e-12)
    h = x
    for k, (_, stage) in enumerate(flow.stages()):
        h, _ = stage.normalize(h)
        assert torch.equal(h, trace.states[k + 1])


def test_a_trace_lists_its_states_from_data_to_base_whichever_way_it_went() -> None:
    flow, x = made(EVERYTHING, standardized=True), shape_of_data(30, 2, seed=5)
    there = flow.trace(x)
    back = flow.trace_generate(there.states[-1])
    uids = (PREPROCESSING, *(layer.uid for layer in flow.spec.layers))
    names = ("Standardise", "mine", *(kind.title for kind in KINDS[1:]))
    for trace in (there, back):
        assert trace.uids == uids
        assert trace.layer_names == names
        assert len(trace.states) == len(uids) + 1
    for one, other in zip(there.states, back.states, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-8)
    torch.testing.assert_close(there.log_dets, -back.log_dets, rtol=0, atol=1e-8)
    generated, log_det = flow.generate(there.states[-1])
    assert torch.equal(generated, back.states[0])
    torch.testing.assert_close(log_det, back.log_dets.sum(0), rtol=0, atol=1e-12)


def test_a_flow_without_layers_is_its_base() -> None:
    flow = build({}, (3,), dtype=torch.float64)
    x = shape_of_data(20, 3)
    wanted = stats.multivariate_normal(np.zeros(3), np.eye(3)).logpdf(x.numpy())
    np.testing.assert_allclose(flow.log_prob(x).numpy(), wanted, rtol=0, atol=1e-12)
    trace = flow.trace(x)
    assert trace.log_dets.shape == (0, 20)
    assert len(trace.states) == 1
    assert trace.uids == trace.layer_names == ()
    assert torch.equal(flow.generate(x)[0], x)
    assert flow.initialized


def test_the_standardisation_is_undone_and_counted() -> None:
    mean, std = torch.tensor([3.0, -100.0]), torch.tensor([0.01, 50.0])
    flow = build({}, (2,), standardization=(mean, std), dtype=torch.float64)
    x = flow.sample(50, seed=0)
    wanted = stats.multivariate_normal(mean.numpy(), np.diag(std.numpy().astype(float) ** 2)).logpdf(x.numpy())
    np.testing.assert_allclose(flow.log_prob(x).numpy(), wanted, rtol=0, atol=1e-6)
    np.testing.assert_allclose(stats.zscore(flow.sample(20_000, seed=1).numpy()).std(0), 1.0)
    assert abs(float(flow.sample(20_000, seed=1)[:, 1].std()) - 50.0) < 1.5


@pytest.mark.parametrize("std", [(0.0, 1.0), (float("nan"), 1.0), (-1.0, 1.0), (float("inf"), 1.0)])
def test_an_impossible_standardisation_is_refused(std: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="deviations above 0"):
        build({}, (2,), standardization=(torch.zeros(2), torch.tensor(std)))


@pytest.mark.parametrize("standardized", [False, True])
def test_the_whole_jacobian_is_autograds(standardized: bool) -> None:
    flow, x = made(EVERYTHING, 3, standardized=standardized), shape_of_data(6, 3, seed=5)
    J = torch.func.vmap(torch.func.jacrev(lambda p: flow.normalize(p[None])[0][0]))(x)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], flow.normalize(x)[1], rtol=0, atol=1e-9)


@EVERY_PRESET
@pytest.mark.parametrize("dimensions", [1, 2, 3, 16])
def test_every_preset_goes_there_and_back(name: str, dimensions: int) -> None:
    flow = made(PLANE[name], dimensions, std=0.05 if dimensions < 10 else 0.01)
    box = torch.linspace(-30.0, 30.0, 50, dtype=torch.float64)[:, None].expand(-1, dimensions)
    far = 4.0 * torch.randn(50, dimensions, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        for points in (shape_of_data(50, dimensions), far, box):
            z, log_det = flow.normalize(points)
            x, log_det_back = flow.generate(z)
            torch.testing.assert_close(x, points, rtol=1e-8, atol=1e-8)
            torch.testing.assert_close(log_det + log_det_back, torch.zeros(50).double(), rtol=0, atol=1e-8)
            assert torch.isfinite(flow.log_prob(points)).all()


@EVERY_PRESET
def test_every_preset_keeps_its_figures_in_single_precision(name: str) -> None:
    flow = made(PLANE[name], 2, std=0.05)
    single = build(flow.spec, (2,)).eval()
    single.load_state_dict(flow.state_dict())
    x = shape_of_data(200, 2, seed=8)
    with torch.no_grad():
        torch.testing.assert_close(single.log_prob(x).double(), flow.log_prob(x), rtol=1e-4, atol=1e-3)
        back, _ = single.generate(single.normalize(x)[0])
        torch.testing.assert_close(back.double(), x, rtol=1e-4, atol=1e-4)


@EVERY_PRESET
def test_the_density_integrates_to_1_and_the_sampler_draws_from_it(name: str) -> None:
    flow = made(PLANE[name], 2, std=0.02)
    # The midpoint rule is exact, or nearly, for densities as smooth as these; equations to solve are slow.
    numerical = any(layer.inverse == "numerical" for layer in PLANE[name].layers)
    count, draws = (75, 1000) if numerical else (150, 5000)
    side = torch.linspace(-12.0, 18.0, count + 1, dtype=torch.float64)[:-1] + 15.0 / count
    cell = (30.0 / count) ** 2
    grid = torch.cartesian_prod(side, side)
    with torch.no_grad():
        log_prob = torch.cat([flow.log_prob(part) for part in torch.split(grid, 8192)])
        mass = log_prob.exp() * cell
        assert float(mass.sum()) == pytest.approx(1.0, abs=2e-3)
        nll = -flow.log_prob(flow.sample(draws, seed=0))
    entropy = -float((mass * log_prob).nan_to_num().sum())
    assert abs(float(nll.mean()) - entropy) < 5.0 * float(nll.std()) / math.sqrt(len(nll)) + 2e-3


def test_a_flow_of_single_precision_takes_what_it_is_given() -> None:
    flow = build(EVERYTHING, (2,)).eval()
    x = shape_of_data(5, 2)
    flow.initialize(x)
    assert flow.log_prob(x).dtype == torch.float32
    assert torch.equal(flow.log_prob(x), flow.log_prob(x.float()))
    assert torch.equal(flow.log_prob(x.float()), flow(x.float()))
    assert torch.equal(flow.log_prob(x.numpy()), flow.log_prob(x))  # type: ignore[arg-type]
    assert flow.double().log_prob(x).dtype == torch.float64


@pytest.mark.parametrize("shape", [(2,), (5, 3), (5, 1), (2, 5, 2), ()])
def test_a_wrong_shape_is_refused_with_the_one_wanted(shape: tuple[int, ...]) -> None:
    flow = build(PRESETS["realnvp"].pipeline, (2,))
    wrong = torch.zeros(shape)
    for use in (flow.log_prob, flow.normalize, flow.generate, flow.trace, flow.trace_generate, flow.initialize):
        with pytest.raises(ValueError, match=r"the shape wanted is \(batch, 2\)"):
            use(wrong)


def test_a_seed_repeats_its_samples_and_torchs_own_generator_is_left_alone() -> None:
    flow = made(EVERYTHING, 2)
    state = torch.get_rng_state()
    assert torch.equal(flow.sample(100, seed=4), flow.sample(100, seed=4))
    assert not torch.equal(flow.sample(100, seed=4), flow.sample(100, seed=5))
    assert not torch.equal(flow.sample(100), flow.sample(100))
    assert torch.equal(state, torch.get_rng_state())
    assert flow.sample(0, seed=0).shape == (0, 2)
    assert not flow.sample(3, seed=0).requires_grad


def test_many_samples_are_the_same_as_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = made(EVERYTHING, 2)
    whole = flow.sample(100, seed=0)
    monkeypatch.setattr("flowviz.flows.quick.NUMBERS", 14)
    torch.testing.assert_close(flow.sample(100, seed=0), whole)


def test_temperature_scales_the_noise_of_the_base() -> None:
    flow = made(EVERYTHING, 2)
    z, cold = flow.normalize(flow.sample(10, seed=0))[0], flow.normalize(flow.sample(10, temperature=0.5, seed=0))[0]
    torch.testing.assert_close(cold, 0.5 * z, rtol=0, atol=1e-8)
    still = flow.sample(10, temperature=0.0, seed=0)
    torch.testing.assert_close(still, still[:1].expand(10, 2))


@pytest.mark.parametrize(("n", "temperature"), [(-1, 1.0), (5, -0.1), (5, float("nan"))])
def test_impossible_samples_are_refused(n: int, temperature: float) -> None:
    with pytest.raises(ValueError, match="neither may be negative"):
        build({}).sample(n, temperature)


def chain() -> PipelineSpec:
    return PipelineSpec(layers=(ActNormSpec(), Scaling(), ActNormSpec(bypass=True), ActNormSpec()))


def test_each_layer_is_initialized_from_the_outputs_of_those_before() -> None:
    flow, x = build(chain(), (2,), dtype=torch.float64), shape_of_data(300, 2)
    assert not flow.initialized
    flow.initialize(x)
    assert flow.initialized
    trace = flow.trace(x)
    for uid, state in zip(trace.uids, trace.states[1:], strict=True):
        if isinstance(flow.layers[uid], ActNorm):
            assert float(state.detach().mean(0).abs().max()) < 1e-12
            assert float((state.detach().std(0, correction=0) - 1).abs().max()) < 1e-12
    assert flow.layers["l3"].needs_data()


def test_a_second_call_and_a_loaded_flow_are_not_initialized_again() -> None:
    flow, x = made(EVERYTHING, 2), shape_of_data(30, 2)
    before = flow.log_prob(x)
    flow.initialize(10.0 * x)
    file = io.BytesIO()
    torch.save(flow.state_dict(), file)
    file.seek(0)
    loaded = build(EVERYTHING, (2,), seed=9, dtype=torch.float64).eval()
    loaded.load_state_dict(torch.load(file, weights_only=True))
    assert loaded.initialized
    loaded.initialize(10.0 * x)
    assert torch.equal(flow.log_prob(x), before)
    assert torch.equal(loaded.log_prob(x), before)


@EVERY_PRESET
def test_every_preset_is_bit_equal_after_saving_and_loading(name: str) -> None:
    flow, x = made(PLANE[name], 2), shape_of_data(30, 2)
    file = io.BytesIO()
    torch.save(flow.state_dict(), file)
    file.seek(0)
    loaded = build(flow.spec, (2,), seed=9, dtype=torch.float64).eval()
    loaded.load_state_dict(torch.load(file, weights_only=True))
    assert torch.equal(loaded.log_prob(x), flow.log_prob(x))


def test_nothing_to_initialize_from_is_refused() -> None:
    with pytest.raises(ValueError, match="empty batch"):
        build(chain(), (2,)).initialize(torch.zeros(0, 2))


@pytest.mark.parametrize("kind", ["gaussian", "gaussian_mixture", "kde"])
def test_a_base_is_fitted_behind_the_layers_and_again_when_asked(kind: str) -> None:
    flow = build({"layers": [{"kind": "actnorm"}], "base": {"kind": kind}}, (2,), dtype=torch.float64)
    first, second = shape_of_data(300, 2), shape_of_data(300, 2, seed=11) * 0.2 - 5.0
    flow.initialize(first)
    before = float(flow.log_prob(second).mean().detach())
    flow.initialize(second)
    assert float(flow.log_prob(second).mean().detach()) == before
    flow.fit_base(second)
    assert float(flow.log_prob(second).mean().detach()) > before + 1.0


def test_a_copy_has_weights_of_its_own() -> None:
    flow, x = made(EVERYTHING, 2), shape_of_data(5, 2)
    twin = copy.deepcopy(flow)
    before = flow.log_prob(x)
    assert torch.equal(twin.log_prob(x), before)
    scrambled(twin, seed=4)
    assert torch.equal(flow.log_prob(x), before)
    assert not torch.allclose(twin.log_prob(x), before)


def test_sixty_four_layers_run() -> None:
    layers = tuple(KINDS[i % len(KINDS)](uid=str(i)) for i in range(64))
    flow = build(PipelineSpec(layers=layers), (2,), dtype=torch.float64).eval()  # type: ignore[arg-type]
    x = shape_of_data(20, 2)
    flow.initialize(x)
    z, _ = flow.normalize(x)
    torch.testing.assert_close(flow.generate(z)[0], x, rtol=0, atol=1e-8)


def test_a_trained_flow_still_integrates_to_1_and_beats_the_gaussian() -> None:
    torch.manual_seed(0)
    flow = build(PRESETS["realnvp"].pipeline, (2,))
    generator = torch.Generator().manual_seed(0)

    def batch(n: int) -> Tensor:
        """A ring of radius 2."""
        angle = torch.rand(n, generator=generator) * 2 * math.pi
        radius = 2.0 + 0.1 * torch.randn(n, generator=generator)
        return torch.stack((radius * angle.cos(), radius * angle.sin()), 1)

    flow.initialize(batch(512))
    optimizer = torch.optim.Adam(flow.parameters(), lr=2e-3, fused=True)
    for _ in range(300):
        optimizer.zero_grad()
        (-flow.log_prob(batch(256)).mean()).backward()
        optimizer.step()
    side = torch.linspace(-6.0, 6.0, 401)[:-1] + 6.0 / 400
    with torch.no_grad():
        integral = float(flow.log_prob(torch.cartesian_prod(side, side)).double().exp().sum()) * (12.0 / 400) ** 2
        nll = -float(flow.log_prob(batch(5000)).mean())
    assert integral == pytest.approx(1.0, abs=5e-3)
    gaussian_nll = math.log(2 * math.pi * math.e) + math.log(2.0)
    assert nll < gaussian_nll - 0.5
