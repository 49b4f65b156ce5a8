"""The progress of a training run: a bar on a terminal, ten plain lines anywhere else. Both go to stderr."""

from __future__ import annotations

import sys
import time
from collections import deque
from types import TracebackType

WIDTH = 24
INTERVAL = 0.1
"""Seconds between two pictures of the bar."""
WINDOW = 100
"""Steps over which the shown NLL is averaged."""


class Progress:
    """Shows steps, NLL (mean of the last 100 steps, nats), the floor, steps/s and the time that is left.

    `floor` is the target's entropy in nats, or None where it is not known.
    """

    def __init__(self, steps: int, floor: float | None) -> None:
        self._steps, self._floor = steps, floor
        self._losses: deque[float] = deque(maxlen=WINDOW)
        self._began = self._shown = time.monotonic()
        self._terminal = sys.stderr is not None and sys.stderr.isatty()
        self._tenth = 0
        self._done = 0

    def __enter__(self) -> Progress:
        self._began = self._shown = time.monotonic()
        if self._steps and not self._terminal and sys.stderr is not None:
            print(f"{self._steps:,} steps{self._floor_words()}", file=sys.stderr, flush=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal and self._done:
            print(f"\r{self.line()}\x1b[K", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    @property
    def done(self) -> int:
        """Steps so far."""
        return self._done

    @property
    def rate(self) -> float:
        """Steps a second since the start."""
        return self._done / max(self.seconds, 1e-9)

    def step(self, loss: float) -> None:
        """Counts one step with this loss (nats)."""
        self.reach(self._done + 1, loss)

    def reach(self, done: int, loss: float) -> None:
        """`done` steps are done in all, the last of them with this loss (nats); shows it when it is time."""
        if done > self._done:
            self._losses.append(loss)
        self._done = done
        now = time.monotonic()
        if self._terminal:
            if now - self._shown >= INTERVAL:
                self._shown = now
                print(f"\r{self.line()}\x1b[K", end="", file=sys.stderr, flush=True)
        elif sys.stderr is not None and 10 * self._done // self._steps > self._tenth:
            self._tenth = 10 * self._done // self._steps
            print(self.line(), file=sys.stderr, flush=True)

    def line(self) -> str:
        """The bar as text."""
        share = min(1.0, self._done / self._steps)
        bar = ("=" * round(WIDTH * share)).ljust(WIDTH)
        nll = sum(self._losses) / len(self._losses) if self._losses else float("nan")
        left = (self._steps - self._done) / max(self.rate, 1e-9)
        clock = f"{int(left) // 60}:{int(left) % 60:02d}"
        return f"[{bar}] {self._done:,}/{self._steps:,}  NLL {nll:.4f} nats{self._floor_words()}  {self.rate:,.0f} steps/s  {clock} left"

    def _floor_words(self) -> str:
        return f" (floor {self._floor:.4f})" if self._floor is not None else ""
