"""What the benchmark makes of its figures, and that the others are given the same work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from flowviz.flows import build

from . import models, peers_pictures
from .lines import Line, lines
from .peers import LAYERS, Peer, count, peers
from .table import markdown, number
from .time_to_gap import BOUND, EVERY, MOST, Racer
from .timing import FUSED, compare, interleaved, paired_ratio

SPARE = {("pyro", "nsf"): 5 * 23, ("pyro", "nsf_fine"): 5 * 47}
"""Parameters that a library makes and does not use."""


def test_a_ratio_is_taken_within_each_round() -> None:
    # In the second round the machine was ten times slower; medians of each would say 1.
    assert paired_ratio([2.0, 20.0, 2.0], [1.0, 10.0, 1.0]) == 2.0
    assert paired_ratio([1.0, 30.0, 3.0], [1.0, 10.0, 1.0]) == 3.0


def test_the_fastest_is_none_of_those_that_were_helped() -> None:
    seconds = {"FlowViz": [1.0], "a": [3.0], "b": [2.0], f"a{FUSED}": [1.5], "FlowViz, captured": [0.1]}
    plain, fused = compare(seconds), compare(seconds, ending=FUSED)
    assert (plain.fastest, plain.ratio) == ("b", 2.0)
    assert (fused.fastest, fused.ratio) == (f"a{FUSED}", 1.5)
    alone = compare({"FlowViz": [1.0]})
    assert (alone.fastest, alone.ratio) == (None, None)


def test_everyone_runs_once_a_round_and_the_order_turns() -> None:
    calls: list[str] = []
    found = interleaved({name: lambda name=name: calls.append(name) for name in "abc"}, 3, warm_up=1)
    assert {name: len(values) for name, values in found.items()} == {"a": 3, "b": 3, "c": 3}
    rounds = ["".join(calls[i : i + 3]) for i in range(0, 12, 3)]
    assert rounds == ["cab", "abc", "bca", "cab"]


@pytest.mark.parametrize(
    ("sense", "value", "ratio", "reached"),
    [
        ("ratio", 9.0, 1.9, False),
        ("ratio", 0.0, 2.0, True),
        ("ratio", 9.0, None, None),
        ("at least", 2.0, 0.0, True),
        ("at least", 1.0, 3.0, False),
        ("at most", 2.0, 0.0, True),
        ("at most", 3.0, 3.0, False),
    ],
)
def test_an_aim_bounds_what_it_says(sense: str, value: float, ratio: float | None, reached: bool | None) -> None:
    assert Line("part", "row", "s", value, ratio=ratio, aim=2.0, sense=sense).reached is reached


def test_the_table_says_what_was_missed() -> None:
    row = {"row": "Model", "unit": "steps/s", "libraries": {"FlowViz": 1234.5, "a": 1000.0}, "fastest": "a"}
    found = {
        "machine": {
            "cores": 2,
            "memory_gib": 8.0,
            "system": "S",
            "device": "CPU",
            "python": "3",
            "torch": "2",
            "load": 0,
        },
        "device": "cpu",
        "parts": {"steps": [row | {"ratio": 1.2345, "aim": 1.5}]},
    }
    assert [line.value for line in lines(found["parts"])] == [1234.5]  # type: ignore[arg-type]
    assert markdown(found).splitlines()[-1] == "| Model | 1,234 steps/s | a: 1,000 | 1.23 | 1.5 (missed) |"
    assert [number(value) for value in (0.01234, 5.678, 99.94, 100.4)] == ["0.0123", "5.68", "99.9", "100"]


def race(gaps: list[float]) -> Racer:
    """A flow whose gap is this after each turn of one second."""
    left: Iterator[float] = iter(gaps)
    points, log_p = torch.zeros(3, 2), torch.full((3,), 7.0)

    def log_q(x: Tensor) -> Tensor:
        return log_p[: len(x)] - next(left)

    racer = Racer("a", lambda: 1.0, log_q)
    while not racer.out:
        racer.go_on(points, log_p)
    return racer


def test_a_gap_counts_from_the_first_of_two_measurements_below_the_bound() -> None:
    racer = race([1.0, 0.9 * BOUND, 1.1 * BOUND, 0.5 * BOUND, 0.6 * BOUND])
    assert (racer.seconds, racer.steps, racer.spent) == (4.0, 4 * EVERY, 5.0)


def test_who_dips_once_or_is_not_finite_does_not_arrive() -> None:
    turns = MOST // EVERY
    assert race([1.0] * (turns - 1) + [0.0]).seconds is None
    assert race([float("nan")] * turns).seconds is None


@pytest.mark.parametrize("model", LAYERS)
def test_the_others_have_as_many_parameters(model: str) -> None:
    ours = count(list(build(models.pipeline(model), (2,)).parameters()))
    theirs = {peer.name: count(peer.parameters) - SPARE.get((peer.name, model), 0) for peer in peers(model)}
    assert theirs == dict.fromkeys(theirs, ours)


def test_the_others_glows_have_as_many_parameters_but_for_what_they_lack() -> None:
    shape = (1, 8, 8)
    ours = count(list(build(peers_pictures.pipeline_pictures(shape), shape).parameters()))
    for peer in peers_pictures.peers_pictures(shape):
        assert 0.97 * ours < count(peer.parameters) <= 1.01 * ours, peer.name


@pytest.mark.filterwarnings("ignore::UserWarning")  # torchflows indexes as torch will not let it for long
@pytest.mark.parametrize("model", LAYERS)
def test_the_others_densities_are_those_of_their_states(model: str) -> None:
    """log q(x) = log N(z) + log|det dz/dx|, the latter by autograd: they compute what they are timed for."""
    x = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
    for peer in peers(model):
        assert peer.log_prob is not None
        assert peer.states is not None
        states = peer.states(x)
        assert len(states) == LAYERS[model] + 1
        torch.testing.assert_close(peer.log_prob(x), by_autograd(peer, x), rtol=1e-3, atol=1e-3)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("model", LAYERS)
@torch.no_grad()
def test_nobody_answers_from_memory(model: str) -> None:
    x = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
    for peer in peers(model):
        assert peer.log_prob is not None
        assert peer.states is not None
        before, states = peer.log_prob(x), peer.states(x)
        for parameter in peer.parameters:
            parameter.add_(0.1)
        assert not torch.equal(peer.log_prob(x), before), peer.name
        assert not torch.equal(peer.states(x)[-1], states[-1]), peer.name


def by_autograd(peer: Peer, x: Tensor) -> Tensor:
    found = []
    for point in x:
        jacobian = torch.autograd.functional.jacobian(lambda p: peer.states(p[None])[-1][0], point)  # type: ignore[misc]
        z = peer.states(point[None])[-1][0]  # type: ignore[misc]
        found.append(-0.5 * z.square().sum() - 1.8378770664093453 + torch.linalg.slogdet(jacobian)[1])
    return torch.stack(found)
