"""Timing that is fair on a machine that is never quite at rest: everything in turn, round after round, in one process.

What is compared is compared within a round: the ratio of two libraries is the median over the rounds of the ratio of their
times in the same round, so that a slow minute slows both.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

Seconds = dict[str, list[float]]
"""Name to seconds, one for each round."""
FUSED = ", fused Adam"
"""Ends the name of a peer that was given what its users are not told of; such rows decide nothing."""


@dataclass(frozen=True)
class Comparison:
    """FlowViz against the fastest other. `ratio` above 1: FlowViz is faster. None where there is no other."""

    fastest: str | None
    ratio: float | None
    medians: dict[str, float]
    """Name to seconds."""


def interleaved(
    runs: Mapping[str, Callable[[], object]], rounds: int, *, device: str = "cpu", warm_up: int = 1
) -> Seconds:
    """Seconds of each run in each round, every run once a round, after `warm_up` rounds that do not count.

    The order turns by one from round to round, so that nobody always comes after the same one.
    """
    names = list(runs)
    found: Seconds = {name: [] for name in names}
    for turn in range(-warm_up, rounds):
        shift = turn % len(names)
        for name in names[shift:] + names[:shift]:
            took = timed(runs[name], device)
            if turn >= 0:
                found[name].append(took)
    return found


def timed(run: Callable[[], object], device: str = "cpu") -> float:
    """Seconds of one call; on a GPU until all that it asked for is done."""
    synchronize(device)
    began = time.perf_counter()
    run()
    synchronize(device)
    return time.perf_counter() - began


def synchronize(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize()


def compare(seconds: Seconds, ours: str = "FlowViz", *, ending: str = "") -> Comparison:
    """Ours against the fastest (by its median) of the others whose name ends so; with no ending, of those not fused."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    others = {
        name: median
        for name, median in medians.items()
        if not name.startswith("FlowViz") and (name.endswith(ending) if ending else FUSED not in name)
    }
    if not others:
        return Comparison(None, None, medians)
    fastest = min(others, key=others.__getitem__)
    return Comparison(fastest, paired_ratio(seconds[fastest], seconds[ours]), medians)


def paired_ratio(theirs: Sequence[float], ours: Sequence[float]) -> float:
    """The median over the rounds of their seconds over ours."""
    return statistics.median(them / us for them, us in zip(theirs, ours, strict=True))
