"""Numbers that change from step to step, where a replayed step can read them."""

from __future__ import annotations

from torch import Tensor


class Dial:
    """One number. `value` is a plain one, or, made like a tensor, a scalar on its device, which `turn` fills.

    A captured step computes with the tensors that it was captured with, so what is new in each step has to lie in one of
    them. Elsewhere a plain number is the faster way.
    """

    def __init__(self, value: float, like: Tensor | None = None) -> None:
        self._last = value
        self.value: Tensor | float = value if like is None else like.new_full((), value)

    def turn(self, value: float) -> None:
        """Takes another number; the same again costs nothing."""
        if value == self._last:
            return
        self._last = value
        if isinstance(self.value, Tensor):
            self.value.fill_(value)
        else:
            self.value = value
