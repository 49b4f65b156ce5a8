"""What happened: the loss of every step, and the held-out NLL now and then."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray


class History:
    """Losses in nats: `train[i]` is that of step `start` + i + 1; `held_out[j]` was measured after `held_out_steps[j]` steps.

    `start` is 0, but for a run that goes on from a file without its history.
    """

    def __init__(self, start: int = 0) -> None:
        self.start = start
        self._train = array("f")
        self._held_out_steps = array("q")
        self._held_out = array("f")

    @property
    def train(self) -> NDArray[np.float32]:
        """(steps,) float32."""
        return np.array(self._train, np.float32)

    @property
    def train_steps(self) -> NDArray[np.int64]:
        """(steps,) int64: the step of each of `train`."""
        return np.arange(self.start + 1, self.start + 1 + len(self._train))

    @property
    def held_out_steps(self) -> NDArray[np.int64]:
        """(measurements,) int64, ascending."""
        return np.array(self._held_out_steps, np.int64)

    @property
    def held_out(self) -> NDArray[np.float32]:
        """(measurements,) float32."""
        return np.array(self._held_out, np.float32)

    @property
    def measured(self) -> bool:
        """Whether there is any measurement."""
        return len(self._held_out) > 0

    def since(self, step: int) -> NDArray[np.float32]:
        """The losses of the steps after `step`: a short copy, however long the run."""
        return np.array(self._train[max(0, step - self.start) :], np.float32)

    def add(self, losses: Iterable[float]) -> None:
        """Appends the losses of the next steps."""
        self._train.extend(losses)

    def add_held_out(self, step: int, nll: float) -> None:
        """Records a measurement after `step` steps; one made again at the same step replaces the old."""
        self._forget_held_out(step - 1)
        self._held_out_steps.append(step)
        self._held_out.append(nll)

    def cut(self, step: int) -> None:
        """Forgets everything after `step`."""
        del self._train[max(0, step - self.start) :]
        self._forget_held_out(step)

    def _forget_held_out(self, step: int) -> None:
        while self._held_out_steps and self._held_out_steps[-1] > step:
            self._held_out_steps.pop()
            self._held_out.pop()
