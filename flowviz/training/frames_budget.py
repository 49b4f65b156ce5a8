"""How often, and how finely, pictures are made: their share of the time is held by what they were measured to cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass

RATE = 28.0
"""Frames a second that the resolution is chosen for: a few to spare."""
FASTEST, FASTEST_BESIDE = 22.0, 33.0
"""Frames a second that are never exceeded, since more is hardly seen: where they take from the training's own processor, and
where most of them is computed beside it."""
CYCLE = 3
"""While it trains, one of so many frames is whole; the others are the tiles alone."""
LATE = 0.25
"""How far behind its time a frame may begin without putting off the next one, as a share of the time between two."""
HASTE = 0.5
"""Share of the time for frames that show what was just done."""
SMALLEST_SHARE = 0.01
WINDOW = 3.0
"""Seconds over which rate and share are reported."""
REMEMBERED = 24
"""Frames from which is found what work costs."""


@dataclass(frozen=True)
class Detail:
    """The longest sides, in pixels, of the pictures of one frame."""

    tiles: int
    model: int
    selected: int


LEVELS = tuple(
    Detail(tiles, model, model)
    for tiles, model in ((24, 64), (32, 80), (40, 96), (48, 112), (64, 144), (80, 176), (96, 208), (128, 256))
)
FULL = Detail(1 << 20, 1 << 20, 1 << 20)
"""As fine as anybody asks for."""


class Budget:
    """Decides when the next frame is due and how fine it may be, for a share of the time that frames may take.

    Frames begin c/share seconds apart, c being the mean cost of the last `CYCLE`: so they come evenly, though some of them
    cost more, and the share holds whatever they cost. A frame that begins late, since a step has to end first, does not put
    off the next one. The cost is modelled as fixed + unit · work: what the pictures took as a
    straight line through the last frames (a layer's tables are made once, however fine the picture), the rest as constant.
    """

    def __init__(self) -> None:
        self.fastest = FASTEST
        self._share = 0.12
        self._costs: deque[tuple[float, float]] = deque(maxlen=CYCLE)
        """(seconds, those of it that did not go into the work) of the last frames."""
        self._works: deque[tuple[float, float]] = deque(maxlen=REMEMBERED)
        """(work, seconds that it took) of the last frames."""
        self._level = 0
        self._began = self._due = 0.0
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

    def hurry(self) -> None:
        """Something was done that the next frame shows: it need not wait for the share, as long as something else goes on."""
        if self._costs:
            self._due = min(self._due, self._began + max(self._costs[-1][0] / HASTE, 1.0 / self.fastest))

    def detail(self, work: Callable[[Detail], float]) -> Detail:
        """The finest level whose cost lets frames come at `RATE`; `work(detail)` is how much there is to compute for one, in
        the mean."""
        if not self._works:
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
        return self._cost(work) if self._works else None

    def spent(self, began: float, seconds: float, work: float, work_seconds: float, *, training: bool = True) -> None:
        """Records a frame: when it began, what it took in all, and how long `work` took of that.

        A frame that no training waited for puts off nothing.
        """
        if work > 0 or not self._works:
            self._works.append((work, work_seconds))
        self._costs.append((seconds, max(0.0, seconds - work_seconds)))
        self._began = began
        mean = sum(cost for cost, _ in self._costs) / len(self._costs)
        apart = max(mean / self.share if training else 0.0, 1.0 / self.fastest)
        self._due = max(self._due, began - LATE * apart) + apart
        self._frames.append((began, seconds))

    def forget(self) -> None:
        """What was measured no longer holds: another pipeline."""
        self._works.clear()
        self._costs.clear()

    def rate_and_share(self, now: float) -> tuple[float, float]:
        """Frames a second and their share of the time over the last seconds."""
        while self._frames and self._frames[0][0] < now - WINDOW:
            self._frames.popleft()
        return len(self._frames) / WINDOW, sum(seconds for _, seconds in self._frames) / WINDOW

    def _cost(self, work: float) -> float:
        rest = sum(rest for _, rest in self._costs) / len(self._costs) if self._costs else 0.0
        fixed, unit = _line(self._works)
        return rest + fixed + unit * work


def _line(points: Collection[tuple[float, float]]) -> tuple[float, float]:
    """(a, b) of the straight line a + b x through the points, by least squares; neither is negative."""
    x = sum(x for x, _ in points) / len(points)
    y = sum(y for _, y in points) / len(points)
    spread = sum((each - x) ** 2 for each, _ in points)
    steepest = y / x if x > 0 else 0.0
    if spread <= 1e-4 * len(points) * x * x:
        return 0.0, steepest
    slope = sum((a - x) * (b - y) for a, b in points) / spread
    slope = min(max(slope, 0.0), steepest)
    return y - slope * x, slope
