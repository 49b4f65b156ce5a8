"""How many threads compute on the CPU: one for small flows; for others what is fastest here, found by trying."""

from __future__ import annotations

import copy
import math
import os
import time
from collections.abc import Callable, Sequence

import torch

from ..flows import Flow
from ..flows.build import architecture
from ..pipeline import Training
from ..targets import Density
from . import objectives

SMALL = 100_000_000
"""Multiplications of a forward pass below which a second thread does not pay, and nothing is tried."""
BUDGET = 0.15
"""Seconds that the trying may take."""
MARGIN = 1.15
"""More threads have to be this many times faster: they take cores from others."""


class Threads:
    """Chooses, and remembers what it found for each architecture and batch size."""

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def choose(self, requested: int, flow: Flow, target: Density, training: Training) -> int:
        """Threads for steps of this flow: never all cores, so that the window keeps one; 0 requested leaves it to us.

        OpenMP's threads spin: with one of two cores busy and two threads, a step of 10 ms took 960 ms. Weights and random
        states are left alone. The setting is the whole process's, and the caller's to make.
        """
        most = max(1, cores() - 1)
        if requested:
            return min(requested, most)
        if most == 1 or flow.like.device.type != "cpu" or work(flow, training) < SMALL:
            return 1
        spec = flow.spec
        layers = tuple(architecture(layer) for layer in spec.layers if not layer.bypass)
        key = (layers, architecture(spec.base), flow.event_shape, training.batch_size, training.objective, most)
        if key not in self._known:
            self._known[key] = fastest(counts(most), _Trial(flow, target, training).seconds)
        return self._known[key]


def cores() -> int:
    """The cores that this process may use."""
    there = os.cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    return there if affinity is None else min(there, len(affinity(0)))


def work(flow: Flow, training: Training) -> int:
    """Multiplications of a forward pass, at most: parameters times batch size, times places where networks walk over them."""
    parameters = sum(parameter.numel() for parameter in objectives.used(flow))
    return parameters * training.batch_size * math.prod(flow.event_shape[1:])


def counts(most: int) -> list[int]:
    """Numbers of threads worth trying: 1, 2, 4, ... and `most`."""
    return sorted({*(2**k for k in range(most.bit_length())), most})


def fastest(counts: Sequence[int], seconds: Callable[[int], float], budget: float = BUDGET) -> int:
    """The count whose shortest `seconds(count)` is the least, or the first, in their order, that comes near it.

    They are tried in turn until the budget is spent. Where not even one round fits into it, the step is so long that
    threads are sure to pay: half the cores then, without more trying.
    """
    spent = seconds(counts[0])
    if spent * len(counts) > budget:
        return max(1, (counts[-1] + 1) // 2)
    best: dict[int, float] = {}
    before = 0.0
    while spent + (spent - before) <= budget:
        before = spent
        for count in counts:
            if best and spent > budget:
                break
            took = seconds(count)
            spent += took
            best[count] = min(took, best.get(count, math.inf))
    return next(count for count in best if best[count] <= MARGIN * min(best.values()))


class _Trial:
    """Steps on a copy of a flow, without the optimiser."""

    def __init__(self, flow: Flow, target: Density, training: Training) -> None:
        self._flow, self._target, self._objective = copy.deepcopy(flow).train(), target, training.objective
        generator = torch.Generator().manual_seed(0)
        with torch.random.fork_rng(devices=[]):
            self._batch = objectives.draw(self._flow, target, self._objective, training.batch_size, generator)

    def seconds(self, count: int) -> float:
        torch.set_num_threads(count)
        with torch.random.fork_rng(devices=[]):
            began = time.perf_counter()
            loss = objectives.loss(self._flow, self._target, self._objective, self._batch)
            if loss.requires_grad:
                loss.backward()  # type: ignore[no-untyped-call]
            return time.perf_counter() - began
