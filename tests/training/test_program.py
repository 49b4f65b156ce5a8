"""A step as a program: the same numbers as the plain loop, and nothing in it that a replay could not repeat."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from flowviz.pipeline import (
    CANVAS,
    NAMED,
    AffineCoupling,
    DrawnTarget,
    Gaussian,
    NamedTarget,
    PipelineSpec,
    Project,
    Training,
    preset,
)
from flowviz.targets import Density, load
from flowviz.training import Trainer
from flowviz.training.graphs import QUIET, Steps
from flowviz.training.program import Program
from flowviz.training.readings import Readings
from flowviz.training.schedule import learning_rate

from .pictures_world import CLASSES, PICTURES, POINTS, Blobs, Squares
from .programs import STEPS, program, steps_of
from .projects import NET, finish, layers, same_weights, small, with_training
from .tape import taped

ASKING = {"aten::_local_scalar_dense", "aten::nonzero", "aten::is_nonzero", "aten::equal", "aten::unique_dim"}
"""What the host has to wait for: a number of a tensor, or how large one is that depends on numbers."""


class Watching(TorchDispatchMode):
    """Notes every operation by which the host asks for numbers, and every tensor made of the host's own."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.name().partition(".")[0]
        masks = [a for a in args[1:] if isinstance(a, list | tuple)] if name.startswith("aten::index") else []
        boolean = any(isinstance(i, torch.Tensor) and i.dtype == torch.bool for mask in masks for i in mask)
        if name in ASKING or boolean or name in ("aten::lift_fresh", "aten::_unique2", "aten::masked_select"):
            self.seen.append(name)
        return func(*args, **(kwargs or {}))


def plainly(trainer: Trainer, count: int) -> list[float]:
    """The losses of a loop that anybody would write, with torch's own optimiser."""
    training, chunk = trainer.project.training, trainer.optimization.chunks[0]
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}
    options = {"momentum": training.momentum} if training.optimizer == "sgd" else {}
    weights = torch.nn.Parameter(chunk.weights)
    optimizer = kinds[training.optimizer]([weights], lr=0.0, weight_decay=training.weight_decay, fused=True, **options)
    losses = []
    for step in range(count):
        chunk.gradient.zero_()
        loss = -trainer.flow.log_prob(trainer.target.sample(training.batch_size, trainer.generator)).mean()
        loss.backward()
        losses.append(loss.item())
        weights.grad = chunk.gradient
        torch.nn.utils.clip_grad_norm_([weights], training.clip_norm)
        optimizer.param_groups[0]["lr"] = learning_rate(training, step)
        optimizer.step()
    return losses


# ---- the same numbers ----


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_the_optimiser_is_torchs_own_to_the_last_bit(optimizer: str) -> None:
    project = small(optimizer=optimizer, weight_decay=1e-3, clip_norm=1e6)
    expected, made = Trainer(project), program(Trainer(project))
    losses = plainly(expected, 30)
    for i, _ in enumerate(steps_of(made, 30)):
        [(loss, _)] = made.readings.unread_pairs()
        made.readings.taken()
        assert loss == losses[i]
    assert same_weights(made.flow, expected.flow)


@pytest.mark.parametrize("clip", [0.0, 0.5])
def test_a_step_with_dials_on_the_device_computes_what_the_trainer_computes(clip: float) -> None:
    project = small(clip_norm=clip, ema=0.99)
    trainer, made = finish(Trainer(project), 16), program(Trainer(project), static=True)
    list(steps_of(made, 16))
    losses = torch.tensor([loss for loss, _ in made.readings.unread_pairs()])
    assert torch.allclose(losses, torch.from_numpy(trainer.history.train), atol=1e-5)
    for mine, its in zip(made.optimization.chunks, trainer.optimization.chunks, strict=True):
        assert torch.allclose(mine.average, its.average, atol=1e-5)


def test_momentum_may_begin_in_mid_training() -> None:
    project = small(optimizer="sgd", momentum=0.0)
    trainer = finish(Trainer(project), 3)
    trainer.update(with_training(project, momentum=0.9))
    before = trainer.optimization.chunks[0].weights.clone()
    finish(trainer, 1)
    chunk = trainer.optimization.chunks[0]
    assert torch.equal(chunk.moments["momentum_buffer"], chunk.gradient)
    assert not torch.equal(chunk.weights, before)


def test_readings_keep_their_order_and_give_only_what_is_new() -> None:
    readings = Readings(4, torch.device("cpu"))
    assert readings.unread_pairs() == []
    for i in range(6):
        readings.add(torch.tensor(float(i)), torch.tensor(10.0 + i))
        readings.count()
        if i == 3:
            assert [loss for loss, _ in readings.unread_pairs()] == [0.0, 1.0, 2.0, 3.0]
            readings.taken()
    assert readings.unread_pairs() == [(4.0, 14.0), (5.0, 15.0)]


# ---- nothing that a replay could not repeat ----


def watched(project: Project, target: Density | None = None) -> Watching:
    """One step, after a few others, under a watch."""
    trainer = Trainer(project)
    if target is not None:
        trainer.target = target
    made = program(trainer, static=True)
    list(steps_of(made, 2))
    made.optimization.turn(made.training, 1e-3)
    made.fetch()
    with Watching() as watching:
        made.run()
    return watching


@pytest.mark.parametrize("name", ["realnvp", "nice", "glow", "maf", "iaf", "nsf", "planar", "ffjord"])
def test_a_step_of_points_asks_for_no_number(name: str) -> None:
    project = preset(name).project(target=NamedTarget(name="eight_gaussians"))
    assert watched(with_training(project, batch_size=8)).seen == []


@pytest.mark.parametrize("name", ["realnvp", "glow", "tarflow", "pixelcnn"])
def test_nor_does_one_of_pictures(name: str) -> None:
    project = preset(name).project(target=NamedTarget(name="digits"))
    assert watched(with_training(project, batch_size=2)).seen == []


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
def test_nor_does_any_optimiser(optimizer: str) -> None:
    assert watched(small(optimizer=optimizer, base=Gaussian())).seen == []


def test_nor_does_reverse_kl() -> None:
    assert watched(small(target=NamedTarget(name="banana"), objective="reverse_kl")).seen == []


@pytest.mark.parametrize(("target", "pipeline"), [(Blobs(), POINTS), (Squares(), PICTURES)])
def test_nor_do_classes(target: Density, pipeline: PipelineSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowviz.training.trainer.load_target", lambda *_, **__: target)
    pipeline = msgspec.structs.replace(pipeline, context=CLASSES)
    assert watched(Project(pipeline=pipeline, training=Training(batch_size=8))).seen == []


def test_a_watch_notices_what_waits() -> None:
    x = torch.arange(4.0)
    for asking in (lambda: x[0].item(), lambda: bool((x > 1).any()), lambda: x[x > 1], lambda: torch.tensor([1.0])):
        with Watching() as watching:
            asking()
        assert watching.seen


# ---- a tape of it, in place of a graph ----


@pytest.mark.parametrize("name", STEPS)
def test_a_tape_repeats_a_step_to_the_last_bit(name: str) -> None:
    project, steps = with_training(STEPS[name], warmup=3), QUIET + 8
    trainers = [Trainer(project), Trainer(project)]
    for trainer in trainers:
        trainer.target.capturable = name != "drawn before the step"
    one, other = (program(trainer, static=True, kept=steps) for trainer in trainers)
    torch.manual_seed(0)
    list(steps_of(one, steps))
    torch.manual_seed(0)
    played = Steps(other, taped, run_quietly)
    for step in range(steps):
        other.optimization.turn(other.training, learning_rate(other.training, step))
        played.run()
        other.readings.count()
    assert played.replayed
    assert one.readings.unread_pairs() == other.readings.unread_pairs()
    assert same_weights(one.flow, other.flow)
    for mine, its in zip(one.optimization.chunks, other.optimization.chunks, strict=True):
        assert torch.equal(mine.average, its.average)
        assert torch.equal(mine.steps, its.steps)
        assert all(torch.equal(mine.moments[name], its.moments[name]) for name in mine.moments)


def test_a_tape_does_not_follow_what_is_no_tensor() -> None:
    """Without dials on the device a tape goes on with the rate that it was recorded with."""
    one, other = (program(Trainer(small(warmup=100)), static=False) for _ in range(2))
    list(steps_of(one, 3))
    other.optimization.turn(other.training, learning_rate(other.training, 0))
    tape = taped(other)
    for step in range(3):
        other.optimization.turn(other.training, learning_rate(other.training, step))
        tape()
    assert not same_weights(one.flow, other.flow)


# ---- targets ----


def drawn() -> DrawnTarget:
    cells = np.zeros((CANVAS, CANVAS), np.uint16)
    cells[40:90, 60:200] = 500
    return DrawnTarget.from_array(cells)


@pytest.mark.parametrize("name", [*NAMED, None])
def test_a_target_that_says_so_is_drawn_without_a_question(name: str | None) -> None:
    target = load(drawn() if name is None else NamedTarget(name=name))
    generator = torch.Generator().manual_seed(0)
    with Watching() as watching:
        target.sample(16, generator)
        if target.context.kind != "none":
            target.sample_with_context(16, generator)
    assert target.capturable == (watching.seen == [])


def test_a_target_that_asks_is_drawn_before_the_step_into_the_same_tensors() -> None:
    project = small(AffineCoupling(uid="a", conditioner=NET))
    trainer = Trainer(project)
    reference = finish(Trainer(project), 5)
    trainer.target.capturable = False
    made = program(trainer)
    kept = []
    for _ in steps_of(made, 5):
        assert made.batch is not None
        kept.append(made.batch.points.data_ptr())
    assert len(set(kept)) == 1
    assert [loss for loss, _ in made.readings.unread_pairs()] == reference.history.train.tolist()


# ---- when steps are replayed ----


class Recorder:
    """In place of a graph: each call runs the program once more, and is counted."""

    def __init__(self) -> None:
        self.captured = self.replays = 0

    def __call__(self, program: Program) -> Any:
        self.captured += 1

        def replay() -> None:
            self.replays += 1
            program.run()

        return replay


def run_quietly(program: Program) -> bool:
    program.run()
    return False


def recorded(project: Project, count: int, recorder: Recorder) -> Trainer:
    """A trainer whose steps are looked at seldom, as on a GPU, and replayed by a recorder."""
    trainer = Trainer(project)
    trainer._check_every = 16
    made: list[Program] = []
    while trainer.step < count:
        steps = trainer._steps_of_now()
        if steps.program not in made:
            made.append(steps.program)
            trainer._steps = Steps(steps.program, recorder, run_quietly)
        next(trainer.run(1))
    return trainer


def test_replays_begin_when_a_program_has_been_quiet() -> None:
    recorder = Recorder()
    trainer = recorded(small(), QUIET, recorder)
    assert (recorder.captured, recorder.replays) == (0, 0)
    next(trainer.run(1))
    assert (recorder.captured, recorder.replays) == (1, 1)
    assert any("CUDA graph" in remark for remark in trainer.remarks())
    finish(trainer, 20)
    assert (recorder.captured, recorder.replays) == (1, 21)
    assert trainer.remarks() == []


def test_replays_leave_the_run_as_it_is() -> None:
    one, other = finish(Trainer(small()), 53), recorded(small(), 53, Recorder())
    assert same_weights(one.flow, other.flow)
    assert one.history.train.tolist() == other.history.train.tolist()
    assert one.history.held_out.tolist() == other.history.held_out.tolist()


@pytest.mark.parametrize("setting", [{"learning_rate": 0.1}, {"steps": 999}, {"warmup": 3}, {"clip_norm": 0.0}])
def test_what_the_dials_hold_needs_no_other_program(setting: dict[str, Any]) -> None:
    trainer = finish(Trainer(small()), 2)
    before = trainer._steps_of_now()
    trainer.update(with_training(trainer.project, **setting))
    assert trainer._steps_of_now() is before


@pytest.mark.parametrize(
    "setting", [{"batch_size": 32}, {"weight_decay": 0.1}, {"ema": 0.0}, {"optimizer": "sgd"}, {"clip_norm": math.pi}]
)
def test_every_other_edit_makes_another(setting: dict[str, Any]) -> None:
    trainer = finish(Trainer(small()), 2)
    before = trainer._steps_of_now()
    trainer.update(with_training(trainer.project, **setting))
    assert (trainer._steps_of_now() is before) == ("clip_norm" in setting)
    for changed in (
        msgspec.structs.replace(trainer.project, target=NamedTarget(name="rings")),
        msgspec.structs.replace(trainer.project, pipeline=PipelineSpec(layers=layers()[:2])),
    ):
        before = trainer._steps_of_now()
        trainer.update(changed)
        assert trainer._steps_of_now() is not before
        finish(trainer, 1)


def test_a_program_that_waits_is_never_captured() -> None:
    recorder = Recorder()

    def waiting(program: Program) -> bool:
        program.run()
        return True

    made = program(Trainer(small()))
    steps = Steps(made, recorder, waiting)
    for _ in range(QUIET + 5):
        steps.run()
    assert recorder.captured == 0
    assert "not replayed" in str(steps.take_remark())


def test_a_capture_that_fails_costs_no_step() -> None:
    def failing(program: Program) -> Any:
        raise RuntimeError("operation not permitted when stream is capturing\nCUDA kernel errors might be ...")

    project = small()
    reference, made = finish(Trainer(project), QUIET + 5), program(Trainer(project), kept=32)
    steps = Steps(made, failing, run_quietly)
    for step in range(QUIET + 5):
        made.optimization.turn(made.training, learning_rate(made.training, step))
        steps.run()
        made.readings.count()
    assert [loss for loss, _ in made.readings.unread_pairs()] == reference.history.train.tolist()
    remark = str(steps.take_remark())
    assert "operation not permitted" in remark
    assert "kernel errors" not in remark
    assert not steps.replayed
