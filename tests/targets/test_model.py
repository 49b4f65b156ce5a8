"""A checkpoint as a target: its density and its draws are the flow's own."""

import math
from pathlib import Path

import pytest
import torch

from flowviz.flows import Flow, build
from flowviz.pipeline import ModelTarget, NamedTarget, SpecError
from flowviz.targets import Density, load


def flow_of(context: dict[str, object] | None = None, shape: tuple[int, ...] = (2,)) -> Flow:
    spec = {"layers": [{"kind": "affine_coupling"}], **({"context": context} if context else {})}
    std = torch.full(shape, 3.0)
    return build(spec, shape, seed=1, standardization=(torch.ones(shape), std)).eval()


def target_of(tmp_path: Path, flow: Flow, seed: int = 0) -> Density:
    path = tmp_path / "teacher.pt"
    path.write_bytes(b"weights")
    return load(ModelTarget(path=str(path)), seed=seed, open_model=lambda file, device: flow.to(device))


def test_density_and_draws_are_the_flows(tmp_path: Path) -> None:
    flow = flow_of()
    target = target_of(tmp_path, flow)
    assert (target.title, target.event_shape, target.has_log_prob, target.entropy) == ("teacher", (2,), True, None)
    x = torch.randn(20, 2, requires_grad=True)
    assert torch.equal(target.log_prob(x), flow.log_prob(x))
    (gradient,) = torch.autograd.grad(target.log_prob(x).sum(), x)
    assert bool(gradient.abs().sum() > 0)
    assert not any(parameter.requires_grad for parameter in flow.parameters())
    mean, std = target.standardization
    assert (mean.tolist(), std.tolist()) == ([1.0, 1.0], [3.0, 3.0])
    draws = target.sample(4000, torch.Generator().manual_seed(3))
    assert torch.equal(draws, target.sample(4000, torch.Generator().manual_seed(3)))
    assert float(draws.mean()) == pytest.approx(1.0, abs=0.3)
    low, high = target.range(0)
    assert ((draws[:, 0] > low) & (draws[:, 0] < high)).float().mean() > 0.95


def test_held_out_points_are_fixed_and_never_trained_on(tmp_path: Path) -> None:
    first, second = target_of(tmp_path, flow_of()), target_of(tmp_path, flow_of(), seed=1)
    assert torch.equal(first.held_out(1500), second.held_out(1500))
    assert torch.equal(first.held_out(30), first.held_out(1500)[:30])
    assert not torch.equal(first.train_points(30), second.train_points(30))
    assert len(torch.cat([first.held_out(500), first.train_points(500)]).unique(dim=0)) == 1000
    assert first.held_out(0).shape == (0, 2)


def test_classes_are_drawn_evenly_and_summed_over(tmp_path: Path) -> None:
    flow = flow_of({"kind": "classes", "count": 3})
    generator = torch.Generator().manual_seed(8)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))
    target = target_of(tmp_path, flow)
    points, classes = target.sample_with_context(600, torch.Generator().manual_seed(0))
    assert int(torch.bincount(classes, minlength=3).min()) > 150
    each = torch.stack([flow.log_prob(points, torch.full((600,), c)) for c in range(3)])
    assert torch.allclose(target.log_prob(points), torch.logsumexp(each, 0) - math.log(3.0), atol=1e-5)
    assert len(target.held_out_context(40)) == 40
    with pytest.raises(ValueError, match="has no context"):
        target_of(tmp_path, flow_of()).held_out_context(3)


def test_levels_of_pictures_are_recognised(tmp_path: Path) -> None:
    shape = (1, 2, 2)
    flow = build({"layers": []}, shape, standardization=(torch.zeros(shape), torch.full(shape, 17.0)))
    target = target_of(tmp_path, flow)
    assert (target.levels, target.range(3), len(target.columns)) == (17, (0.0, 17.0), 4)
    assert target.events_for_showing(torch.full((1, *shape), 16.5)).unique().tolist() == [255]


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="depends on numbers"):
        target_of(tmp_path, flow_of({"kind": "numbers", "count": 1}))
    with pytest.raises(SpecError, match=r"gone\.pt: there is no such file"):
        load(ModelTarget(path="gone.pt"), open_model=lambda file, device: flow_of())
    with pytest.raises(SpecError, match="No checkpoint is chosen"):
        load(ModelTarget(), open_model=lambda file, device: flow_of())
    with pytest.raises(SpecError, match="cannot be opened here"):
        load(ModelTarget(path="a.pt"))
    assert load(NamedTarget(), open_model=None).title == "Two moons"
