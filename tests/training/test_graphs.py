"""Steps as CUDA graphs, where there is CUDA: the same bits as one by one."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
import torch

from flowviz.pipeline import NamedTarget, PipelineSpec, Project, preset
from flowviz.training import Trainer
from flowviz.training.graphs import QUIET, Captured, Steps, waits
from flowviz.training.program import Program
from flowviz.training.streams import beside

from .projects import finish, layers, same_weights, small, with_training

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")

PROJECTS = {
    "couplings": small(),
    "sgd": small(optimizer="sgd"),
    "no average, no clip": small(ema=0.0, clip_norm=0.0),
    "reverse KL": small(target=NamedTarget(name="banana"), objective="reverse_kl"),
    "drawn outside": small(target=NamedTarget(name="plucked_strings")),
    "maf": with_training(preset("maf").project(), batch_size=64),
    "nsf": with_training(preset("nsf").project(), batch_size=64),
}


def one_by_one(trainer: Trainer, steps: int) -> Trainer:
    """Steps that are never captured."""
    while trainer.step < steps:
        made = trainer._steps_of_now()
        if made._capture is not None:
            trainer._steps = Steps(made.program)
        next(trainer.run(1))
    return trainer


def on_cuda(project: Project) -> Trainer:
    return Trainer(project, device="cuda")


@pytest.mark.parametrize("name", PROJECTS)
def test_replays_give_the_bits_of_single_steps(name: str) -> None:
    steps = 3 * QUIET + 5
    eager, replayed = one_by_one(on_cuda(PROJECTS[name]), steps), finish(on_cuda(PROJECTS[name]), steps)
    assert replayed._steps is not None
    assert replayed._steps.replayed
    assert same_weights(eager.flow, replayed.flow)
    assert same_weights(eager.evaluation_flow(), replayed.evaluation_flow())
    assert eager.history.train.tolist() == replayed.history.train.tolist()
    assert eager.history.held_out.tolist() == replayed.history.held_out.tolist()
    assert torch.equal(eager.generator.get_state(), replayed.generator.get_state())


def test_an_edit_is_captured_again_within_a_second() -> None:
    project = small()
    trainer = finish(on_cuda(project), QUIET + 2)
    for edited in (
        with_training(project, batch_size=32),
        msgspec.structs.replace(project, pipeline=PipelineSpec(layers=layers()[:2])),
        msgspec.structs.replace(project, target=NamedTarget(name="rings")),
    ):
        trainer.update(edited)
        began = time.perf_counter()
        while not trainer._steps_of_now().replayed:
            next(trainer.run(1))
        torch.cuda.synchronize()
        assert time.perf_counter() - began < 1.0


def test_old_graphs_give_their_memory_back() -> None:
    project = small()
    trainer = finish(on_cuda(project), QUIET + 2)
    sizes = []
    for i in range(6):
        trainer.update(with_training(project, batch_size=64 + i % 2))
        finish(trainer, QUIET + 2)
        torch.cuda.empty_cache()
        sizes.append(torch.cuda.memory_reserved())
    assert max(sizes[2:]) <= max(sizes[:2])


def test_a_program_that_asks_for_a_number_is_noticed() -> None:
    trainer = on_cuda(small())
    program = trainer._steps_of_now().program
    trainer.optimization.turn(trainer.project.training, 1e-3)
    assert not waits(program)
    ask(program)
    assert waits(program)


def test_a_capture_that_fails_leaves_the_generators_sound() -> None:
    trainer = finish(on_cuda(small()), 3)
    state = trainer.generator.get_state()
    program = trainer._steps_of_now().program
    plain = program.differentiate
    ask(program)
    with pytest.raises(RuntimeError):
        Captured(program)
    program.differentiate = plain  # type: ignore[method-assign]
    assert torch.equal(trainer.generator.get_state(), state)
    torch.randn(3, device="cuda")
    finish(trainer, 3)
    assert trainer.step == 6


def ask(program: Program) -> None:
    """Makes the program look at its loss."""
    plain = program.differentiate

    def asking() -> Any:
        loss, norm = plain()
        loss.item()
        return loss, norm

    program.differentiate = asking  # type: ignore[method-assign]


def test_a_second_stream_sees_what_was_asked_for_before_it() -> None:
    x = torch.zeros(1 << 20, device="cuda")
    for _ in range(50):
        x += 1.0
    with beside(x.device):
        y = x * 2.0
        assert torch.cuda.current_stream() != torch.cuda.default_stream()
    assert y.min() == y.max() == 100.0
