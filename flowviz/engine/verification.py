"""The report of a trained flow, worked at between steps and commands, a piece at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from ..diagnostics import Examination, Finding
from ..pipeline import Text, say
from ..training import contexts
from ..training.trainer import Trainer
from .failures import sentence
from .messages import Array, Check, Event, VerifyReport

POINTS = 1000
"""Held-out points, and training points that samples are compared beside."""


class Verification:
    """At most one examination at a time; one that is asked for meanwhile takes its place, and the first is told so."""

    def __init__(self, send: Callable[[Event], None]) -> None:
        self._send = send
        self._number = 0
        self._step = 0
        self._began = 0.0
        self._examination: Examination | None = None
        self._pieces: Iterator[None] | None = None

    @property
    def running(self) -> bool:
        """Whether there is something to `advance`."""
        return self._pieces is not None

    def begin(self, number: int, trainer: Trainer | None) -> None:
        """Examines the flow as it is now, with the evaluation weights; training may go on meanwhile."""
        if self.running:
            self._end(error=Text.of(say("Another report was asked for before this one was done.")))
        self._number, self._step, self._began = number, 0, time.perf_counter()
        if trainer is None:
            self._end(error=Text.of(say("There is nothing to verify: the project cannot be used as it is.")))
            return
        try:
            flow, target = trainer.evaluation_flow(), trainer.target
            x, context = contexts.held_out(target, flow.spec, POINTS)
            self._step = trainer.step
            self._examination = Examination(flow, x, context, target.train_points(POINTS))
            self._pieces = self._examination.run()
        except Exception as error:
            self._end(error=sentence(error))

    def advance(self) -> None:
        """One piece more; the report goes out after the last."""
        if self._pieces is None:
            return
        try:
            next(self._pieces)
        except StopIteration:
            self._end()
        except Exception as error:
            self._end(error=sentence(error))

    def _end(self, error: Text | None = None) -> None:
        examination, self._examination, self._pieces = self._examination, None, None
        checks: tuple[Check, ...] = ()
        quantiles = None
        if examination is not None:
            checks = tuple(check(finding) for finding in examination.findings)
            if examination.quantiles is not None:
                quantiles = Array.of(examination.quantiles.numpy().astype(np.float32))
        self._send(
            VerifyReport(
                id=self._number,
                step=self._step,
                checks=checks,
                quantiles=quantiles,
                error=error or Text(),
                seconds=time.perf_counter() - self._began,
            )
        )


def check(finding: Finding) -> Check:
    """A finding as the window is told of it."""
    return Check(
        name=Text.of(finding.name),
        value=finding.value,
        limit=finding.limit,
        passed=finding.passed,
        unit=finding.unit,
        uid=finding.uid,
        note=Text() if finding.note is None else Text.of(finding.note),
    )
