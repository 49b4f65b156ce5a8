"""What takes a moment to know of a target, computed beside the training: its density finely, and the two baselines."""

from __future__ import annotations

import math
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from ..diagnostics import gaussian_nll, kde_nll
from ..targets import Density
from ..training.frames_target import RESOLUTION, density
from .messages import Picture

TRAIN, HELD_OUT = 4000, 4096
"""Points that the baselines are fitted to, and judged by: the same as those that the flow is judged by."""
MOST_NUMBERS = 1024
"""Of an event: beyond this the baselines take too long for a line in a plot."""


@dataclass(frozen=True)
class Known:
    """The density on its finest grid, and the held-out NLL (nats) of a Gaussian and of a kernel density; None: not (yet) known."""

    target: Density
    density: Picture | None = None
    gaussian: float | None = None
    kde: float | None = None
    complete: bool = False
    """Nothing more will come."""


class Baselines:
    """Computes in a thread of its own; of several targets asked for meanwhile, only the newest.

    `on_news()` is called from there when there is more to `take`.
    """

    def __init__(self, on_news: Callable[[], None]) -> None:
        self._on_news = on_news
        self._lock = threading.Lock()
        self._next: tuple[Density, bool] | None = None
        self._busy = False
        self._news: Known | None = None

    def ask(self, target: Density, *, finely: bool) -> None:
        """Wants the baselines of this target, instead of those of any other; `finely`: its density before that."""
        with self._lock:
            self._next = target, finely
            if not self._busy:
                self._busy = True
                threading.Thread(target=self._work, name="baselines", daemon=True).start()

    def take(self) -> Known | None:
        """What is known since the last time."""
        with self._lock:
            news, self._news = self._news, None
            return news

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._next is None:
                    self._busy = False
                    return
                (target, finely), self._next = self._next, None
            try:
                self._find_out(target, finely)
            except (ValueError, RuntimeError):
                # A line in a plot is not worth more than a note in the log.
                traceback.print_exc()

    def _find_out(self, target: Density, finely: bool) -> None:
        known = Known(target)
        if finely:
            known = replace(known, density=density(target, RESOLUTION))
            self._tell(known)
        if math.prod(target.event_shape) > MOST_NUMBERS:
            self._tell(replace(known, complete=True))
            return
        train, held_out = (part.cpu().flatten(1) for part in (target.train_points(TRAIN), target.held_out(HELD_OUT)))
        # With fewer points than numbers, a covariance is not known.
        gaussian = gaussian_nll(train, held_out) if len(train) > train.shape[1] else math.inf
        kde = kde_nll(train, held_out)
        self._tell(
            replace(
                known,
                gaussian=gaussian if math.isfinite(gaussian) else None,
                kde=kde if math.isfinite(kde) else None,
                complete=True,
            )
        )

    def _tell(self, known: Known) -> None:
        with self._lock:
            self._news = known
        self._on_news()
