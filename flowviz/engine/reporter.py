"""The figures of a run, sent a few times a second while it trains; and the whole history, where it is not a continuation."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

from ..training.frames_budget import Budget
from ..training.history import History as Losses
from ..training.trainer import StepResult, Trainer
from .memory import memory
from .messages import Array, Event, History, Metrics

INTERVAL = 0.125
"""Seconds between two reports."""
WINDOW = 2.0
"""Seconds over which speed is measured."""


class Reporter:
    """Knows what the window was told of the losses, and tells the rest."""

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._losses: Losses | None = None
        self._step = 0
        self._last: StepResult | None = None
        self._marks: deque[tuple[float, int]] = deque()
        self._sent = 0.0

    def began(self, now: float, step: int) -> None:
        """Training starts: speed is measured from here."""
        self._marks = deque([(now, step)])
        self._sent = now

    def note(self, result: StepResult) -> None:
        self._last = result

    def due(self, now: float) -> bool:
        return now - self._sent >= INTERVAL

    def history(self, trainer: Trainer, generation: int) -> None:
        """Sends all losses, in place of what the window holds."""
        losses = self._losses = trainer.history
        self._step, self._last = trainer.step, None
        self._marks.clear()
        self._send(
            History(
                generation=generation,
                train_steps=Array.of(losses.train_steps),
                train=Array.of(losses.train),
                held_out_steps=Array.of(losses.held_out_steps),
                held_out=Array.of(losses.held_out),
            )
        )

    def continues(self, trainer: Trainer) -> bool:
        """Whether the losses go on from those that the window has."""
        return trainer.history is self._losses and trainer.step >= self._step

    def report(self, trainer: Trainer, generation: int, budget: Budget, now: float) -> None:
        """Sends what came since the last time."""
        if not self.continues(trainer):
            self.history(trainer, generation)
        losses = trainer.history
        self._marks.append((now, trainer.step))
        while len(self._marks) > 2 and self._marks[0][0] < now - WINDOW:
            self._marks.popleft()
        (then, first), (_, last) = self._marks[0], self._marks[-1]
        speed = (last - first) / (now - then) if now > then else 0.0
        steps = losses.held_out_steps
        new = steps > self._step
        rate, share = budget.rate_and_share(now)
        self._send(
            Metrics(
                generation=generation,
                step=trainer.step,
                train=Array.of(np.asarray(losses.since(self._step))),
                held_out_steps=tuple(int(step) for step in steps[new]),
                held_out=tuple(float(value) for value in losses.held_out[new]),
                learning_rate=self._last.learning_rate if self._last else 0.0,
                gradient_norm=self._last.gradient_norm if self._last else 0.0,
                steps_per_second=speed,
                samples_per_second=speed * trainer.project.training.batch_size,
                memory=memory(trainer.device),
                frames_per_second=rate,
                frame_share=share,
            )
        )
        self._step, self._sent = trainer.step, now
