from __future__ import annotations

import itertools
import os
from collections.abc import Callable

import msgspec
import pytest
import torch

from flowviz.flows import Flow
from flowviz.pipeline import MLP, AffineCoupling, Project
from flowviz.training import Trainer, threads
from flowviz.training.threads import BUDGET, MARGIN, Threads, counts, fastest

from .projects import small, with_training

LARGE = small(AffineCoupling(uid="a", conditioner=MLP(hidden=(512, 512))), batch_size=512)
"""Beyond the size at which one thread is taken without a look."""


@pytest.fixture
def eight_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: 8)


def taking(**seconds: float) -> tuple[Callable[[int], float], list[int]]:
    """A clock for `fastest`, and the counts that it was asked for."""
    asked: list[int] = []

    def measured(count: int) -> float:
        asked.append(count)
        return seconds[f"t{count}"]

    return measured, asked


def choose(project: Project, requested: int = 0, kept: Threads | None = None) -> int:
    trainer = Trainer(project, threads=1)
    return (kept or Threads()).choose(requested, trainer.flow, trainer.target, project.training)


@pytest.mark.parametrize(
    ("most", "tried"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (7, [1, 2, 4, 7]), (8, [1, 2, 4, 8])]
)
def test_counts_double_up_to_the_most(most: int, tried: list[int]) -> None:
    assert counts(most) == tried


def test_the_fastest_wins_and_each_is_tried() -> None:
    seconds, asked = taking(t1=0.02, t2=0.012, t4=0.008, t7=0.03)
    assert fastest([1, 2, 4, 7], seconds) == 4
    assert set(asked) == {1, 2, 4, 7}
    assert sum({1: 0.02, 2: 0.012, 4: 0.008, 7: 0.03}[count] for count in asked) <= BUDGET


def test_fewer_threads_win_where_more_gain_little() -> None:
    seconds, _ = taking(t1=0.01 * (MARGIN - 0.01), t2=0.01)
    assert fastest([1, 2], seconds) == 1
    seconds, _ = taking(t1=0.01 * (MARGIN + 0.01), t2=0.01)
    assert fastest([1, 2], seconds) == 2


def test_the_shortest_of_several_times_counts() -> None:
    noisy = itertools.chain([0.01, 0.01, 0.05, 0.01, 0.006], itertools.repeat(0.01))
    assert fastest([1, 2], lambda _: next(noisy)) == 2


def test_a_step_too_long_to_be_tried_takes_half_the_cores() -> None:
    seconds, asked = taking(t1=BUDGET)
    assert fastest([1, 2, 4, 7], seconds) == 4
    assert asked == [1]


@pytest.mark.usefixtures("eight_cores")
def test_small_flows_take_one_thread_without_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "fastest", lambda *_: pytest.fail("nothing is to be tried"))
    assert choose(small()) == 1


@pytest.mark.usefixtures("eight_cores")
def test_what_is_asked_for_is_given_but_for_one_core() -> None:
    assert choose(small(), 3) == 3
    assert choose(small(), 256) == 7


@pytest.mark.parametrize("there", [1, 2])
def test_few_cores_are_one_thread(there: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "cores", lambda: there)
    assert choose(LARGE) == choose(LARGE, 4) == 1


@pytest.mark.usefixtures("eight_cores")
def test_what_was_found_is_remembered_by_architecture_and_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def found(counts: list[int], seconds: Callable[[int], float]) -> int:
        tried.append(1)
        return 4

    monkeypatch.setattr(threads, "fastest", found)
    kept = Threads()
    assert choose(LARGE, kept=kept) == 4
    assert choose(with_training(LARGE, learning_rate=0.1), kept=kept) == 4
    assert len(tried) == 1
    choose(with_training(LARGE, batch_size=1024), kept=kept)
    assert len(tried) == 2


def test_trying_leaves_weights_and_random_states_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_of_each(counts: list[int], seconds: Callable[[int], float]) -> int:
        assert all(seconds(count) > 0 for count in counts)
        return counts[0]

    def weights(flow: Flow) -> dict[str, torch.Tensor]:
        return {name: tensor.clone() for name, tensor in flow.state_dict().items()}

    trainer = Trainer(msgspec.structs.replace(LARGE), threads=1)
    before, drawn, common = weights(trainer.flow), trainer.generator.get_state(), torch.get_rng_state()
    monkeypatch.setattr(threads, "cores", lambda: 3)
    monkeypatch.setattr(threads, "fastest", one_of_each)
    try:
        assert Threads().choose(0, trainer.flow, trainer.target, LARGE.training) == 1
    finally:
        torch.set_num_threads(1)
    assert all(torch.equal(before[name], tensor) for name, tensor in trainer.flow.state_dict().items())
    assert all(parameter.grad is None or not parameter.grad.any() for parameter in trainer.flow.parameters())
    assert torch.equal(trainer.generator.get_state(), drawn)
    assert torch.equal(torch.get_rng_state(), common)


def test_cores_are_those_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 5}, raising=False)
    assert threads.cores() == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert threads.cores() == 1


def test_networks_over_pictures_count_at_every_place() -> None:
    training = small(batch_size=10).training
    flow = Trainer(small(), threads=1).flow
    wide = threads.work(flow, training)
    assert wide == 10 * sum(parameter.numel() for parameter in flow.parameters())
    flow.event_shape = (1, 4, 4)
    assert threads.work(flow, training) == 16 * wide
