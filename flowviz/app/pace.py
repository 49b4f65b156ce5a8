"""How smoothly the window runs: gaps of its event loop, and pictures a second. It measures only when it is asked to."""

from __future__ import annotations

import time
from collections import deque

from PySide6.QtCore import QObject, Qt, QTimer

PROBE = 0.005
"""Seconds between two looks at the clock; a gap is what comes on top of it."""


class Gaps(QObject):
    """Time that the event loop took longer than it should before it came round again, in seconds."""

    def __init__(self, parent: QObject | None = None, keep: int = 20_000) -> None:
        super().__init__(parent)
        self._gaps: deque[float] = deque(maxlen=keep)
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(1000 * PROBE))
        self._timer.timeout.connect(self._look)

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self) -> None:
        """Measures from now on, afresh."""
        self._gaps.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def quantile(self, share: float) -> float:
        """The gap that this share of all gaps does not exceed, in seconds; 0 before the first."""
        ordered = sorted(self._gaps)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0

    @property
    def count(self) -> int:
        return len(self._gaps)

    def _look(self) -> None:
        now = time.perf_counter()
        self._gaps.append(max(0.0, now - self._last - PROBE))
        self._last = now


class Rate:
    """Events a second, over the last two seconds."""

    def __init__(self, span: float = 2.0) -> None:
        self._span = span
        self._times: deque[float] = deque(maxlen=1000)

    def tick(self) -> None:
        self._times.append(time.perf_counter())

    def clear(self) -> None:
        self._times.clear()

    def __call__(self) -> float:
        now = time.perf_counter()
        while self._times and now - self._times[0] > self._span:
            self._times.popleft()
        return len(self._times) / self._span
