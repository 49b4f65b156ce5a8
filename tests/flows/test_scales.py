"""Flows of pictures and sequences: several scales in one latent, and densities under a context."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from flowviz.flows import Flow, build
from flowviz.pipeline import (
    ActNorm,
    AffineCoupling,
    Context,
    ConvNet,
    EventShape,
    Flatten,
    Gaussian,
    Linear,
    PipelineSpec,
    Split,
    Squeeze,
    WaveNet,
)

from .test_flow import scrambled

SMALL = ConvNet(channels=4)
STEP = (ActNorm(), Linear(), AffineCoupling(mask="first_half", conditioner=SMALL))
GLOW = PipelineSpec(layers=(Squeeze(), *STEP, Split(uid="high"), Squeeze(), *STEP))
"""Glow's form: on 1 x 8 x 8, 32 numbers leave and 32 go on."""
THREE = PipelineSpec(layers=(Squeeze(), *STEP, Split(uid="high"), *STEP, Split(uid="low"), Flatten()), base=Gaussian())
"""A split at the end, and one before it, ahead of a flat base: on 2 x 2 x 2, 4, 2 and 2 numbers."""
CLASSES = Context(kind="classes", count=3)


def pictures(count: int, shape: EventShape, seed: int = 4) -> Tensor:
    return torch.randn(count, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2.0 + 1.0


def made(spec: PipelineSpec, shape: EventShape, context: Tensor | None = None) -> Flow:
    data = pictures(200, shape, 1)
    mean, std = data.mean(0), data.std(0)
    flow = build(spec, shape, dtype=torch.float64, standardization=(mean, std))
    flow.initialize(data, None if context is None else context[:1])
    return scrambled(flow, 0.1)


def test_every_number_of_a_multi_scale_flow_is_in_its_latent() -> None:
    flow, x = made(GLOW, (1, 8, 8)), pictures(20, (1, 8, 8))
    z, log_det = flow.normalize(x)
    assert z.shape == (20, 32 + 32)
    back, log_det_back = flow.generate(z)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-8)
    torch.testing.assert_close(log_det_back, -log_det, rtol=0, atol=1e-8)
    standard = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1)
    torch.testing.assert_close(flow.log_prob(x), standard + log_det, rtol=0, atol=1e-10)


@pytest.mark.parametrize("spec", [GLOW, THREE], ids=["glow", "three"])
def test_the_log_det_is_that_of_the_whole_latent(spec: PipelineSpec) -> None:
    shape = (1, 4, 4) if spec is GLOW else (2, 2, 2)
    flow, x = made(spec, shape), pictures(4, shape)
    J = torch.func.vmap(torch.func.jacrev(lambda p: flow.normalize(p[None])[0][0]))(x).reshape(4, x[0].numel(), -1)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], flow.normalize(x)[1], rtol=0, atol=1e-9)


def test_the_last_split_comes_first_behind_what_reaches_the_base() -> None:
    flow, x = made(THREE, (2, 2, 2)), pictures(10, (2, 2, 2))
    trace = flow.trace(x)
    assert set(trace.left) == {"high", "low"}
    assert trace.left["high"].shape == (10, 4, 1, 1)
    assert trace.left["low"].shape == (10, 2, 1, 1)
    parts = (trace.states[-1], trace.left["low"], trace.left["high"])
    assert torch.equal(trace.latent, torch.cat([part.flatten(1) for part in parts], 1))
    assert torch.equal(trace.latent, flow.normalize(x)[0])
    judged = flow.base.log_prob(trace.states[-1])
    for part in trace.left.values():
        judged = judged + torch.distributions.Normal(0.0, 1.0).log_prob(part).flatten(1).sum(1)
    torch.testing.assert_close(flow.log_prob(x), judged + trace.log_dets.sum(0), rtol=0, atol=1e-10)


@pytest.mark.parametrize("spec", [GLOW, THREE], ids=["glow", "three"])
def test_a_trace_back_has_the_states_of_the_trace_there(spec: PipelineSpec) -> None:
    shape = (1, 8, 8) if spec is GLOW else (2, 2, 2)
    flow, x = made(spec, shape), pictures(5, shape)
    there = flow.trace(x)
    back = flow.trace_generate(there.latent)
    assert there.uids == back.uids
    assert len(there.states) == len(flow.stages()) + 1
    for one, other in zip(there.states, back.states, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-8)
    for uid, part in there.left.items():
        torch.testing.assert_close(back.left[uid], part, rtol=0, atol=1e-8)
    torch.testing.assert_close(back.latent, there.latent, rtol=0, atol=1e-8)
    torch.testing.assert_close(there.log_dets, -back.log_dets, rtol=0, atol=1e-8)
    torch.testing.assert_close(there.log_dets.sum(0), flow.normalize(x)[1], rtol=0, atol=1e-11)


def test_temperature_scales_the_noise_at_every_scale() -> None:
    flow = made(GLOW, (1, 8, 8))
    warm, cold = flow.sample(10, seed=2), flow.sample(10, temperature=0.7, seed=2)
    torch.testing.assert_close(0.7 * flow.normalize(warm)[0], flow.normalize(cold)[0], rtol=0, atol=1e-8)
    still = flow.sample(3, temperature=0.0, seed=2)
    torch.testing.assert_close(still, still[:1].expand(3, 1, 8, 8))
    assert flow.sample(0, seed=0).shape == (0, 1, 8, 8)


def test_what_left_is_drawn_from_a_standard_normal_at_every_scale() -> None:
    flow = made(THREE, (2, 2, 2))
    with torch.no_grad():
        left = flow.normalize(flow.sample(4000, seed=3))[0][:, 2:]
    # Four standard errors of the mean, and of the deviation.
    assert float(left.mean(0).abs().max()) < 4.0 / 4000**0.5
    assert float((left.std(0) - 1.0).abs().max()) < 4.0 / 8000**0.5
    assert float((torch.corrcoef(left.T) - torch.eye(6)).abs().max()) < 4.0 / 4000**0.5


def test_a_sequence_has_scales_too() -> None:
    network = WaveNet(channels=4, skip=4, layers=2, blocks=1)
    step = (ActNorm(), Linear(), AffineCoupling(mask="first_half", conditioner=network))
    spec = PipelineSpec(layers=(Squeeze(), *step, Split(), Squeeze(), *step))
    flow, x = made(spec, (1, 8)), pictures(6, (1, 8))
    z, log_det = flow.normalize(x)
    assert z.shape == (6, 8)
    torch.testing.assert_close(flow.generate(z)[0], x, rtol=0, atol=1e-8)
    J = torch.func.vmap(torch.func.jacrev(lambda p: flow.normalize(p[None])[0][0]))(x).reshape(6, 8, 8)
    torch.testing.assert_close(torch.linalg.slogdet(J)[1], log_det, rtol=0, atol=1e-9)


def test_the_base_behind_splits_is_fitted_to_what_reaches_it() -> None:
    flow, x = build(THREE, (2, 2, 2), dtype=torch.float64), pictures(300, (2, 2, 2))
    flow.initialize(x)
    flow.fit_base(x)
    top = flow.trace(x).states[-1]
    wanted = torch.distributions.MultivariateNormal(top.mean(0), torch.cov(top.T, correction=0))
    torch.testing.assert_close(flow.base.log_prob(top), wanted.log_prob(top), rtol=0, atol=1e-6)


def test_a_latent_of_the_wrong_size_is_refused_with_the_one_wanted() -> None:
    flow = build(GLOW, (1, 8, 8))
    with pytest.raises(ValueError, match=r"the shape wanted is \(batch, 64\)"):
        flow.generate(torch.zeros(2, 32))
    with pytest.raises(ValueError, match=r"the shape wanted is \(batch, 1, 8, 8\)"):
        flow.log_prob(torch.zeros(2, 64))


CONDITIONAL = PipelineSpec(
    layers=(Squeeze(), AffineCoupling(conditioner=SMALL), Split(), AffineCoupling(mask="odd", conditioner=SMALL)),
    context=CLASSES,
)
VECTORS = PipelineSpec(layers=(AffineCoupling(), AffineCoupling(mask="odd")), context=CLASSES)
BOTH = pytest.mark.parametrize(
    ("spec", "shape"), [(CONDITIONAL, (1, 4, 4)), (VECTORS, (3,))], ids=["picture", "vector"]
)


@BOTH
def test_classes_are_rows_of_one_and_decide(spec: PipelineSpec, shape: EventShape) -> None:
    classes = torch.tensor([0, 1, 2, 2, 1])
    flow, x = made(spec, shape, classes), pictures(5, shape)
    rows = torch.nn.functional.one_hot(classes, 3)
    log_prob = flow.log_prob(x, classes)
    assert torch.equal(log_prob, flow.log_prob(x, rows))
    assert torch.equal(log_prob, flow.log_prob(x, rows.double()))
    assert (flow.log_prob(x, (classes + 1) % 3) != log_prob).all()
    assert torch.equal(flow.log_prob(x, torch.tensor([1])), flow.log_prob(x, torch.ones(5, dtype=torch.long)))
    z, log_det = flow.normalize(x, classes)
    back, log_det_back = flow.generate(z, classes)
    torch.testing.assert_close(back, x, rtol=0, atol=1e-9)
    torch.testing.assert_close(log_det_back, -log_det, rtol=0, atol=1e-9)
    assert torch.equal(flow.trace(x, classes).latent, z)
    torch.testing.assert_close(flow.trace_generate(z, classes).states[0], x, rtol=0, atol=1e-9)


@BOTH
def test_one_context_serves_all_samples_and_each_may_have_its_own(spec: PipelineSpec, shape: EventShape) -> None:
    flow = made(spec, shape, torch.tensor([0]))
    one = flow.sample(4, seed=1, context=torch.tensor([2]))
    assert torch.equal(one, flow.sample(4, seed=1, context=torch.tensor([2, 2, 2, 2])))
    mixed = flow.sample(4, seed=1, context=torch.tensor([2, 0, 2, 2]))
    assert torch.equal(mixed[[0, 2, 3]], one[[0, 2, 3]])
    assert not torch.allclose(mixed[1], one[1])
    assert flow.sample(0, seed=1, context=torch.tensor([2])).shape == (0, *shape)


@BOTH
def test_a_context_that_is_missing_or_does_not_fit_is_refused(spec: PipelineSpec, shape: EventShape) -> None:
    flow, x = made(spec, shape, torch.tensor([0])), pictures(5, shape)
    for use in (flow.log_prob, flow.normalize, flow.trace):
        with pytest.raises(ValueError, match="a context is needed with every point"):
            use(x)
    with pytest.raises(ValueError, match="a context is needed"):
        flow.sample(3)
    for wrong in (torch.tensor([0, 1, 3, 0, 0]), torch.tensor([0, 1, -1, 0, 0])):
        with pytest.raises(ValueError, match="0 to 2 are known"):
            flow.log_prob(x, wrong)
    for wrong in (torch.tensor([0, 1]), torch.zeros(5, 2), torch.zeros(5, 3, 1), torch.zeros(4, 3)):
        with pytest.raises(ValueError, match="5 rows of 3 are wanted"):
            flow.log_prob(x, wrong)


def test_numbers_are_a_context_too_and_without_one_it_is_passed_over() -> None:
    spec = PipelineSpec(layers=(AffineCoupling(),), context=Context(kind="numbers", count=2))
    flow, x = scrambled(build(spec, (2,), dtype=torch.float64)), pictures(4, (2,))
    c = torch.tensor([[0.5, -1.0]])
    assert torch.equal(flow.log_prob(x, c), flow.log_prob(x, c.expand(4, 2)))
    assert not torch.allclose(flow.log_prob(x, c), flow.log_prob(x, c + 1.0))
    plain = build(PipelineSpec(layers=(AffineCoupling(),)), (2,), dtype=torch.float64)
    assert torch.equal(plain.log_prob(x, torch.tensor([7])), plain.log_prob(x))


def test_a_new_context_leaves_the_layers_that_do_not_use_it() -> None:
    layers = (ActNorm(uid="a"), AffineCoupling(uid="c"), Linear(uid="l"))
    flow = scrambled(build(PipelineSpec(layers=layers), (2,)))
    edited = build(PipelineSpec(layers=layers, context=CLASSES), (2,), previous=flow)
    assert edited.layers["a"] is flow.layers["a"]
    assert edited.layers["l"] is flow.layers["l"]
    assert edited.layers["c"] is not flow.layers["c"]


def test_a_bypassed_layer_that_cannot_stand_there_is_left_out() -> None:
    spec = PipelineSpec(layers=(Split(uid="s", bypass=True), AffineCoupling(uid="c"), Squeeze(uid="q", bypass=True)))
    flow = build(spec, (3,))
    assert list(flow.layers) == ["c"]
    assert flow.log_prob(torch.zeros(2, 3)).shape == (2,)
    again = build(spec, (3,), previous=flow)
    assert again.layers["c"] is flow.layers["c"]


FRESH = """
import sys, torch
from flowviz.flows import build
from flowviz.pipeline import pipeline
torch.set_num_threads(1)
saved = torch.load(sys.argv[1], weights_only=True)
flow = build(saved["spec"], (1, 4, 4), seed=99, dtype=torch.float64, standardization=saved["standardization"])
flow.load_state_dict(saved["state"])
assert flow.initialized
assert torch.equal(flow.log_prob(saved["x"], saved["classes"]), saved["log_prob"])
assert torch.equal(flow.sample(3, seed=5, context=saved["classes"][:1]), saved["samples"])
"""


def test_a_fresh_process_gives_the_same_bits(tmp_path: Path) -> None:
    from flowviz.pipeline import Permutation, to_json

    spec = PipelineSpec(layers=(*CONDITIONAL.layers, Permutation(order="random"), *STEP), context=CLASSES)
    classes = torch.tensor([0, 1, 2, 2])
    data = pictures(200, (1, 4, 4), 1)
    standardization = (data.mean(0), data.std(0))
    flow = build(spec, (1, 4, 4), dtype=torch.float64, standardization=standardization)
    flow.initialize(data, classes[:1])
    scrambled(flow, 0.1)
    x = pictures(4, (1, 4, 4))
    file = tmp_path / "flow.pt"
    torch.save(
        {
            "spec": to_json(spec),
            "state": flow.state_dict(),
            "standardization": standardization,
            "x": x,
            "classes": classes,
            "log_prob": flow.log_prob(x, classes).detach(),
            "samples": flow.sample(3, seed=5, context=classes[:1]),
        },
        file,
    )
    done = subprocess.run([sys.executable, "-c", FRESH, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
