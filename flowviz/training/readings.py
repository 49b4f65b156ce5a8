"""The losses and norms of the last steps, which stay on the device until somebody looks."""

from __future__ import annotations

import torch
from torch import Tensor


class Readings:
    """Pairs (loss in nats, norm of the gradient before clipping) of at most `kept` steps.

    Looking waits for a GPU, so it is done for many steps at once. `add` is a part of a step, and may be replayed with it;
    `count` is the host's part, and says that a step was asked for.
    """

    def __init__(self, kept: int, device: torch.device) -> None:
        self._rows = torch.zeros(kept, 2, device=device)
        self.unread = 0

    def add(self, loss: Tensor, norm: Tensor) -> None:
        """Puts a pair behind the others; the oldest one falls out."""
        newest = torch.stack((loss, norm)).to(self._rows)
        # A number for the row would have to change from step to step: the rows move instead.
        self._rows.copy_(torch.cat((self._rows[1:], newest[None])))

    def count(self) -> None:
        self.unread += 1

    def unread_pairs(self) -> list[tuple[float, float]]:
        """Those that were not taken yet, oldest first; this waits for the device."""
        if not self.unread:
            return []
        return [(loss, norm) for loss, norm in self._rows[-self.unread :].tolist()]

    def taken(self) -> None:
        """They have been looked at."""
        self.unread = 0
