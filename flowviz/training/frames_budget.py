"""How often, and how finely, pictures are made: their share of the time is held by what they were measured to cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

RATE = 12.0
"""Frames a second that the resolution is chosen for."""
FASTEST = 25.0
"""Frames a second that are never exceeded: more is not seen."""
SMALLEST_SHARE = 0.01
WINDOW = 3.0
"""Seconds over which rate and share are reported."""
SMOOTHING = 0.3
"""Weight of the newest measurement of what things cost."""


@dataclass(frozen=True)
class Detail:
    """The longest sides, in pixels, of the pictures of one frame."""

    tiles: int
    model: int
    selected: int


LEVELS = tuple(
    Detail(tiles, model, model)
    for tiles, model in ((24, 48), (32, 64), (40, 80), (48, 96), (64, 128), (80, 160), (96, 192), (128, 256))
)
FULL = Detail(1 << 20, 1 << 20, 1 << 20)
"""As fine as anybody asks for."""


class Budget:
    """Decides when the next frame is due and how fine it may be, for a share of the time that frames may take.

    A frame that took c seconds is followed by at least c (1/share - 1) seconds without one, so the share holds whatever a
    frame costs. The cost is modelled as fixed + unit · work, both measured.
    """

    def __init__(self) -> None:
        self._share = 0.2
        self._fixed: float | None = None
        self._unit: float | None = None
        self._level = 0
        self._due = 0.0
        self._frames: deque[tuple[float, float]] = deque()

    @property
    def share(self) -> float:
        """Of the time, that frames may take."""
        return self._share

    @share.setter
    def share(self, share: float) -> None:
        self._share = min(max(share, SMALLEST_SHARE), 1.0)

    def wait(self, now: float) -> float:
        """Seconds until the share allows a frame; `now` is of a steady clock."""
        return max(0.0, self._due - now)

    def detail(self, work: Callable[[Detail], float]) -> Detail:
        """The finest level whose cost lets frames come at `RATE`; `work(detail)` is how much there is to compute."""
        if self._unit is None or self._fixed is None:
            return LEVELS[0]
        allowed = self.share / RATE
        # A finer level must fit with some room, or two levels would take turns.
        while self._level + 1 < len(LEVELS) and self._cost(work(LEVELS[self._level + 1])) <= 0.8 * allowed:
            self._level += 1
        while self._level > 0 and self._cost(work(LEVELS[self._level])) > allowed:
            self._level -= 1
        return LEVELS[self._level]

    def expected(self, work: float) -> float | None:
        """Seconds that a frame with so much work would take; None before anything was measured."""
        return None if self._unit is None else self._cost(work)

    def spent(self, began: float, seconds: float, work: float, work_seconds: float, *, training: bool = True) -> None:
        """Records a frame: when it began, what it took in all, and how long `work` took of that.

        A frame that no training waited for puts off nothing.
        """
        if work > 0:
            unit = work_seconds / work
            self._unit = unit if self._unit is None else self._unit + SMOOTHING * (unit - self._unit)
        elif self._unit is None:
            self._unit = 0.0
        fixed = max(0.0, seconds - work_seconds)
        self._fixed = fixed if self._fixed is None else self._fixed + SMOOTHING * (fixed - self._fixed)
        self._due = began + max(seconds / self.share if training else 0.0, 1.0 / FASTEST)
        self._frames.append((began, seconds))

    def forget(self) -> None:
        """What was measured no longer holds: another pipeline."""
        self._fixed = self._unit = None

    def rate_and_share(self, now: float) -> tuple[float, float]:
        """Frames a second and their share of the time over the last seconds."""
        while self._frames and self._frames[0][0] < now - WINDOW:
            self._frames.popleft()
        return len(self._frames) / WINDOW, sum(seconds for _, seconds in self._frames) / WINDOW

    def _cost(self, work: float) -> float:
        return (self._fixed or 0.0) + (self._unit or 0.0) * work
