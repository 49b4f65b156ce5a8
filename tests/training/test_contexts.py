"""Conditional flows, pictures and early stopping: what a step draws, what it is judged by, and what a file keeps of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import torch

from flowviz.flows import build
from flowviz.pipeline import (
    IAF,
    MAF,
    MLP,
    ActNorm,
    AffineCoupling,
    Context,
    NamedTarget,
    PipelineSpec,
    Project,
    SpecError,
    Training,
)
from flowviz.targets import load as load_target
from flowviz.training import contexts, objectives
from flowviz.training.checkpoint import load, read, save
from flowviz.training.contexts import Batch
from flowviz.training.trainer import HELD_OUT_EVERY, Trainer

from .pictures_world import CLASSES, PICTURES, POINTS, Blobs, Squares
from .projects import same_weights, small

FAST = Training(steps=60, batch_size=32, warmup=0, learning_rate=5e-3, ema=0.9)


@pytest.fixture
def targets(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """'squares' and 'blobs' are names of targets while a test runs."""
    made = {"squares": Squares(), "blobs": Blobs()}

    def load_target(spec: NamedTarget, **options: object) -> object:
        return made[spec.name]

    monkeypatch.setattr("flowviz.training.trainer.load_target", load_target)
    return made


def project(name: str, pipeline: PipelineSpec, **training: object) -> Project:
    return Project(pipeline=pipeline, target=NamedTarget(name=name), training=msgspec.structs.replace(FAST, **training))


def given(pipeline: PipelineSpec, context: Context) -> PipelineSpec:
    return msgspec.structs.replace(pipeline, context=context)


def test_a_conditional_flow_learns_each_class(targets: dict[str, object]) -> None:
    trainer = Trainer(project("blobs", POINTS, steps=150))
    list(trainer.run())
    flow = trainer.evaluation_flow()
    left, right = torch.tensor([[-2.0, 0.0]]), torch.tensor([[2.0, 0.0]])
    for c, (mine, other) in enumerate(((left, right), (right, left))):
        at = torch.tensor([c])
        assert float(flow.log_prob(mine, at)) > float(flow.log_prob(other, at)) + 2.0
    assert trainer.history.held_out[-1] == pytest.approx(trainer.held_out_nll(), abs=1e-6)


def test_pictures_train_and_a_file_gives_them_back(targets: dict[str, object], tmp_path: Path) -> None:
    trainer = Trainer(project("squares", given(PICTURES, CLASSES), patience=7))
    before = trainer.held_out_nll()
    list(trainer.run())
    assert trainer.held_out_nll() < before
    path = save(tmp_path / "a.pt", trainer, trainer.project)
    found = read(path)
    assert found.event_shape == (1, 4, 4)
    assert found.project == trainer.project
    assert found.project.training.patience == 7
    assert found.best is not None
    x, c = Squares().held_out(20), Squares().held_out_context(20)
    torch.testing.assert_close(load(path).log_prob(x, c), trainer.evaluation_flow().log_prob(x, c))
    again = Trainer.from_checkpoint(found)
    assert same_weights(again.flow, trainer.flow)
    assert again.best is not None
    assert trainer.best is not None
    assert again.best.nll == trainer.best.nll


@pytest.mark.parametrize(
    ("context", "word"),
    [(Context(kind="classes", count=3), "3 classes"), (Context(kind="numbers", count=2), "2 numbers")],
)
def test_another_context_is_refused_with_both_named(targets: dict[str, object], context: Context, word: str) -> None:
    with pytest.raises(SpecError, match=word) as caught:
        Trainer(project("blobs", given(POINTS, context)))
    assert "2 classes" in str(caught.value)


def test_a_target_without_a_context_is_refused() -> None:
    with pytest.raises(SpecError, match="nothing to be conditioned by"):
        Trainer(msgspec.structs.replace(small(), pipeline=POINTS, target=NamedTarget(name="donut")))
    problem = contexts.problem(POINTS, load_target(NamedTarget(name="donut")))
    assert problem is not None
    assert "unconditional" in problem.remedy


def test_reverse_kl_with_a_context_is_refused(targets: dict[str, object]) -> None:
    with pytest.raises(SpecError, match="conditional"):
        Trainer(project("blobs", POINTS, objective="reverse_kl"))


def test_a_run_that_becomes_conditional_says_what_was_made_anew(targets: dict[str, object]) -> None:
    trainer = Trainer(project("blobs", given(POINTS, Context())))
    list(trainer.run(5))
    norm = trainer.flow.layers["norm"]
    said = trainer.update(project("blobs", POINTS))
    assert len(said) == 1
    assert "Layer 2" in said[0]
    # What takes no context stays.
    assert trainer.flow.layers["norm"] is norm
    list(trainer.run(5))
    weights = {name: tensor.clone() for name, tensor in trainer.flow.layers["a"].state_dict().items()}
    assert trainer.update(project("blobs", given(POINTS, Context()))) == []
    assert trainer.update(project("blobs", POINTS)) == []
    for name, tensor in trainer.flow.layers["a"].state_dict().items():
        assert torch.equal(tensor, weights[name])


def test_the_shown_context_is_always_one_that_there_is() -> None:
    flow = build(POINTS, (2,))
    for wanted, expected in (((), 0), ((1.0,), 1), ((7.0,), 0), ((1.0, 1.0), 0)):
        context = contexts.shown(flow, Blobs(), wanted)
        assert context is not None
        assert context.tolist() == [expected]
    assert contexts.shown(build(given(POINTS, Context()), (2,)), Blobs(), (1.0,)) is None


def test_a_step_encodes_classes_as_the_flow_does() -> None:
    context = Context(kind="classes", count=4)
    flow = build(PipelineSpec(layers=(MAF(),), context=context), (2,))
    classes = torch.tensor([2, 0, 3, 1, 1])
    batch = contexts.encoded(Batch(torch.zeros(5, 2), classes), flow.spec)
    assert batch.context is not None
    assert torch.equal(batch.context, flow.encode(classes, 5))


def test_a_batch_in_parts_is_the_batch() -> None:
    batch = Batch(torch.arange(7), torch.arange(7) * 2)
    parts = list(batch.split(3))
    assert [len(part.points) for part in parts] == [3, 3, 1]
    assert torch.equal(torch.cat([part.points for part in parts]) * 2, torch.cat([part.context for part in parts]))  # type: ignore[misc]


# ---- modes ----


def test_dropout_is_for_training_alone(targets: dict[str, object]) -> None:
    pipeline = PipelineSpec(layers=(ActNorm(), AffineCoupling(conditioner=MLP(dropout=0.5), initial_std=0.3)))
    trainer = Trainer(project("blobs", pipeline))
    assert trainer.flow.training
    assert not trainer.evaluation_flow().training
    x = Blobs().held_out(50)
    judged = trainer.evaluation_flow().log_prob(x)
    assert torch.equal(judged, trainer.evaluation_flow().log_prob(x))
    assert not torch.equal(trainer.flow.log_prob(x), trainer.flow.log_prob(x))


def test_what_a_layer_keeps_beside_its_weights_reaches_the_copy(targets: dict[str, object]) -> None:
    trainer = Trainer(project("blobs", given(POINTS, Context())))
    layer = trainer.flow.layers["norm"]
    layer.register_buffer("running", torch.zeros(2))
    trainer._lay_out(trainer.optimization.learnt())
    trainer.evaluation_flow()
    layer.running.fill_(3.0)  # type: ignore[operator, union-attr]
    assert trainer.evaluation_flow().layers["norm"].running.tolist() == [3.0, 3.0]  # type: ignore[union-attr]
    assert trainer.snapshot().model["layers.norm.running"].tolist() == [3.0, 3.0]


# ---- what a step costs ----


def test_a_step_that_goes_number_by_number_says_so_before_it_is_made() -> None:
    slow, fast = PipelineSpec(layers=(IAF(),)), PipelineSpec(layers=(MAF(),))
    assert "64 passes" in str(objectives.cost(slow, (1, 8, 8), "maximum_likelihood"))
    assert objectives.cost(slow, (2,), "maximum_likelihood") is None
    assert objectives.cost(slow, (8,), "reverse_kl") is None
    assert objectives.cost(fast, (8,), "maximum_likelihood") is None
    assert "8 passes" in str(objectives.cost(fast, (8,), "reverse_kl"))
    assert objectives.cost(PipelineSpec(layers=(IAF(bypass=True),)), (8,), "maximum_likelihood") is None


# ---- early stopping ----


def measured(trainer: Trainer, values: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """The held-out measurements of a trainer from now on."""
    left: Iterator[float] = iter(values)
    monkeypatch.setattr(trainer, "held_out_nll", lambda: next(left))


def test_patience_ends_a_run_with_its_best_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trainer = Trainer(small(steps=1000, patience=2, batch_size=8))
    measured(trainer, [5.0, 3.0, 4.0, float("nan")], monkeypatch)
    steps = trainer.run()
    for _ in range(HELD_OUT_EVERY):
        next(steps)
    best = {name: tensor.clone() for name, tensor in trainer.evaluation_flow().state_dict().items()}
    assert [result.step for result in steps][-1] == 3 * HELD_OUT_EVERY
    assert trainer.finished
    assert trainer.step == 3 * HELD_OUT_EVERY
    for name, tensor in trainer.evaluation_flow().state_dict().items():
        assert torch.equal(tensor, best[name]), name
    assert trainer.history.held_out.tolist() == [5.0, 3.0, 4.0, 3.0]
    (said,) = trainer.remarks()
    assert "step 100 are back" in said
    assert trainer.remarks() == []
    monkeypatch.undo()
    found = Trainer.from_checkpoint(read(save(tmp_path / "a.pt", trainer, trainer.project)))
    assert found.finished


def test_training_on_after_it_was_stopped_waits_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(small(steps=1000, patience=1, batch_size=8))
    measured(trainer, [3.0, 4.0, 4.0, 2.0, 2.5], monkeypatch)
    assert len(list(trainer.run())) == HELD_OUT_EVERY
    assert len(list(trainer.run(HELD_OUT_EVERY // 2))) == HELD_OUT_EVERY // 2
    assert not trainer.stopped
    assert len(list(trainer.run(HELD_OUT_EVERY))) == HELD_OUT_EVERY // 2
    assert trainer.best is not None
    assert trainer.best.nll == 3.0


def test_without_patience_nothing_is_kept() -> None:
    trainer = Trainer(small(steps=5))
    list(trainer.run())
    assert trainer.best is None
    assert trainer.finished
    assert not trainer.stopped
