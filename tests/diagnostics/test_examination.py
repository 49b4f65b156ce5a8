"""The report finds what is wrong and where, and passes what is right: on points, pictures and classes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from flowviz.diagnostics import Examination, Finding
from flowviz.flows import Flow, build
from flowviz.pipeline import (
    KDE,
    MLP,
    ActNorm,
    AffineCoupling,
    LayerSpec,
    Linear,
    NamedTarget,
    PipelineSpec,
    PixelCNN,
    PixelCNNBase,
)
from flowviz.targets import load

from ..training.pictures_world import CLASSES, PICTURES, POINTS, Blobs, Squares
from .test_verification import Defect

LAYERS: tuple[LayerSpec, ...] = (
    ActNorm(),
    AffineCoupling(initial_std=0.1, conditioner=MLP(hidden=(16,))),
    Linear(start="rotation"),
)
LAWS = ("round trip", "opposite", "autograd", "add up", "Integral")


def examined(flow: Flow, x: Tensor, *rest: Tensor | None) -> Examination:
    made = Examination(flow, x, *rest)
    for _ in made.run():
        pass
    return made


def named(examination: Examination, words: str) -> list[Finding]:
    found = [finding for finding in examination.findings if words in finding.name]
    assert found, words
    return found


def two_moons(*layers: LayerSpec, base: object = None) -> Flow:
    spec = PipelineSpec(layers=layers or LAYERS)  # type: ignore[arg-type]
    if base is not None:
        spec = PipelineSpec(layers=layers, base=base)  # type: ignore[arg-type]
    flow = build(spec, (2,), seed=3)
    flow.initialize(load(NamedTarget(name="two_moons")).train_points(500))
    return flow


def test_every_law_holds_for_a_true_flow_and_what_it_has_not_learnt_fails() -> None:
    target = load(NamedTarget(name="two_moons"))
    report = examined(two_moons(), target.held_out(400), None, target.train_points(400))
    for words in LAWS:
        assert all(finding.passed for finding in named(report, words)), words
    assert [finding.uid for finding in named(report, ": round trip")] == ["l1", "l2", "l3"]
    assert not named(report, "MMD")[0].passed
    assert report.quantiles is not None
    assert report.quantiles.shape == (99, 4)


def test_samples_of_the_flow_itself_pass_every_test() -> None:
    flow = two_moons()
    x, real = flow.sample(800, seed=5), flow.sample(800, seed=6)
    report = examined(flow, x, None, real)
    assert [finding.name for finding in report.findings if finding.passed is False] == []


@pytest.mark.parametrize(
    ("kind", "words"), [("log_det", "log-det against autograd"), ("inverse", "round trip"), ("nan", "round trip")]
)
def test_a_defect_is_found_at_its_layer(kind: str, words: str) -> None:
    flow = two_moons()
    flow.active[1] = (flow.active[1][0], Defect(flow.active[1][1], kind))  # type: ignore[assignment]
    report = examined(flow, load(NamedTarget(name="two_moons")).held_out(50))
    wrong = {finding.uid for finding in named(report, words) if finding.passed is False}
    assert "l2" in wrong
    assert wrong <= {"l2", ""}
    if kind == "log_det":
        assert not named(report, "Integral")[0].passed
        assert not named(report, "whole flow")[0].passed


def test_pictures_with_splits_and_classes() -> None:
    target = Squares()
    spec = PipelineSpec(layers=PICTURES.layers, context=CLASSES)
    flow = build(spec, target.event_shape, seed=1, standardization=target.standardization)
    flow.eval().initialize(target.train_points(100), target.train_context(100))
    report = examined(flow, target.held_out(60), target.held_out_context(60), target.train_points(60))
    for words in LAWS[:4]:
        assert all(finding.passed for finding in named(report, words)), words
    assert not any("Integral" in finding.name for finding in report.findings)
    assert named(report, "Sliced")[0].value is not None


def test_a_conditional_density_integrates_to_one() -> None:
    target = Blobs()
    flow = build(POINTS, (2,), seed=1)
    flow.initialize(target.train_points(100), target.train_context(100))
    report = examined(flow, target.held_out(60), target.held_out_context(60), target.train_points(60))
    assert named(report, "Integral")[0].passed


def test_bases_whose_latents_are_not_normal_say_so() -> None:
    flow = two_moons(base=KDE(points=100))
    report = examined(flow, load(NamedTarget(name="two_moons")).held_out(60))
    (latents,) = named(report, "Latents")
    assert (latents.value, latents.passed) == (None, None)
    assert report.quantiles is None


def test_a_base_of_pixels_is_examined_pixel_by_pixel() -> None:
    target = Squares()
    spec = PipelineSpec(base=PixelCNNBase(network=PixelCNN(channels=4, blocks=1)))
    flow = build(spec, target.event_shape, standardization=target.standardization)
    report = Examination(flow, target.held_out(60), None, target.train_points(60))
    pieces = sum(1 for _ in report.run())
    assert pieces > 16
    assert all(finding.passed for finding in named(report, "round trip"))


def test_too_many_numbers_for_a_jacobian_are_said() -> None:
    flow = build(PipelineSpec(layers=(ActNorm(),)), (3, 20, 20))
    x = torch.randn(30, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    flow.initialize(x)
    (whole,) = named(examined(flow, x), "whole flow")
    assert whole.value is None
    assert "3 x 20 x 20" in str(whole.note)


def test_it_leaves_the_flow_alone() -> None:
    flow = two_moons().train()
    before = {name: tensor.clone() for name, tensor in flow.state_dict().items()}
    state = torch.get_rng_state()
    examined(flow, load(NamedTarget(name="two_moons")).held_out(30))
    assert flow.training
    assert flow.like.dtype == torch.float32
    assert all(torch.equal(tensor, before[name]) for name, tensor in flow.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)


def test_no_more_is_asked_of_samples_than_of_the_training_data() -> None:
    flow = two_moons()
    x = flow.sample(300, seed=5) + 0.8
    far = examined(flow, x, None, flow.sample(300, seed=6) - 2.0)
    for words in ("MMD", "Sliced"):
        (finding,) = named(far, words)
        assert finding.passed
        assert finding.value is not None
        assert finding.limit is not None
        assert finding.value <= finding.limit
        assert not named(examined(flow, x, None, flow.sample(300, seed=6) + 0.8), words)[0].passed
