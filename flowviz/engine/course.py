"""The course of a training run: whether it runs, how far, and what it rests as when it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from ..training.trainer import StepResult, Trainer
from .messages import Phase

ENDLESS = 1 << 62
SLICE = 0.008
"""Seconds of steps in a row, before commands and pictures get their turn."""


class Course:
    """Steps of one trainer, in slices. The goal survives edits of the project: it is a step, or the schedule's end."""

    def __init__(self) -> None:
        self.running = False
        self._goal: int | None = None
        self._steps: Iterator[StepResult] | None = None

    def start(self, trainer: Trainer, steps: int | None) -> None:
        """Runs to the end of the schedule, after that without end; or `steps` more steps."""
        if steps is not None:
            self._goal = trainer.step + steps
        else:
            self._goal = None if trainer.step < trainer.project.training.steps else ENDLESS
        self.running, self._steps = True, None

    def stop(self) -> None:
        self.running, self._steps = False, None

    def edited(self) -> None:
        """The project has changed: what is left is counted anew."""
        self._steps = None

    def advance(self, trainer: Trainer, interrupted: Callable[[], bool]) -> StepResult | None:
        """A slice of steps, at least one; returns the last. Stops running at the goal. Raises what the trainer raises."""
        if self._steps is None:
            left = None if self._goal is None else max(0, self._goal - trainer.step)
            self._steps = trainer.run(left)
        until = time.perf_counter() + SLICE
        last = None
        for last in self._steps:
            if interrupted() or time.perf_counter() >= until:
                return last
        self.stop()
        return last


def resting_phase(trainer: Trainer) -> Phase:
    """What a run is that does not run."""
    if trainer.step == 0:
        return "idle"
    return "finished" if trainer.finished else "paused"
