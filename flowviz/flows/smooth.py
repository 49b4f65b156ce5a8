"""Networks of one number with a smooth activation, by cubics between equally spaced nodes, as closely as is asked for."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

BOUND = 1e-5
"""The largest error of a table against its network, as a share of the output (of 1, where it is smaller)."""
_FIRST, _LAST = 128, 4096
"""Cells of the first table that is tried, and of the last."""
_TAIL = 0.05
"""Share of the numbers at each side that the table does not reach: grids have corners that a flow throws far out."""
_MOST_OUTSIDE = 0.2
"""Share of more numbers than a table was made for that may lie beyond it; else it is made anew."""
_ROOM = 1e-3
"""Room on either side, so that no table is of a single number."""
_LOOKED_AT = 2048
"""Numbers from which the range is found."""


class Smooth:
    """f(u) (outputs, n) at u (n,), within `error` of the network; the network itself where no table can be had.

    The range is where most of the numbers lie that are asked for; for the others the network is asked. It is found by `reach`
    or from the first that come, and anew when more come that lie elsewhere.

    On cell p, with t ∈ [0, 1] from node p to node p + 1, f is the cubic through the nodes p − 1, ..., p + 2. The cells are
    halved until the cubics agree with the network at the new nodes within `BOUND`; since these then become nodes themselves,
    `error`, which was measured before, is an upper bound.
    """

    def __init__(self, network: Callable[[Tensor], Tensor]) -> None:
        self.network = network
        self.range: tuple[float, float] | None = None
        self.coefficients: Tensor | None = None
        """Of 1, t, t², t³ (4 · outputs, cells), the outputs of each together."""
        self.error = 0.0
        self.count = 0
        """How many numbers it was made for."""

    def __call__(self, u: Tensor) -> Tensor:
        if self.range is None or (self.coefficients is None and len(u) > 2 * self.count):
            self.reach(u)
        if self.range is None or self.coefficients is None:
            return self.network(u)
        low, high = self.range
        cells = self.coefficients.shape[1]
        place = (u - low).mul_(cells / (high - low))
        cell = place.long().clamp_(0, cells - 1)
        t = place.sub_(cell)
        c0, c1, c2, c3 = self.coefficients.index_select(1, cell).reshape(4, -1, len(u)).unbind(0)
        out = torch.addcmul(c0, torch.addcmul(c1, torch.addcmul(c2, c3, t), t), t)
        # What is no number is outside, too.
        outside = ((u >= low) & (u <= high)).logical_not_().nonzero()[:, 0]
        if len(outside) > _MOST_OUTSIDE * len(u) and len(u) > self.count:
            self.reach(u)
            return self(u)
        if len(outside):
            out[:, outside] = self.network(u[outside])
        return out

    def reach(self, u: Tensor) -> None:
        """Makes the table for numbers u (n,), of which `__call__` may then be given a part at a time.

        A table that was made for as many numbers or more stays: beyond it the network is asked.
        """
        if len(u) > self.count:
            self.count, self.range = len(u), _range(u)
            # The old table is of another range: where none can be made of this one, there is none.
            self.coefficients, self.error = None, 0.0
            self._make(*self.range, len(u))

    def _make(self, low: float, high: float, count: int) -> None:
        """The coarsest table of [low, high] that is good enough; none where so few numbers would not pay for it."""
        cells = _FIRST
        # One node more on either side, for the outer cubics.
        step = (high - low) / cells
        nodes = self._at(low - step, high + step, cells + 3)
        while cells < min(_LAST, count):
            cells *= 2
            step /= 2
            between = self._at(low - step, high + step, cells // 2 + 2)
            through = (9.0 * (nodes[:, 1:-2] + nodes[:, 2:-1]) - nodes[:, :-3] - nodes[:, 3:]) / 16.0
            new = between[:, 1:-1]
            error = float(((through - new).abs() / new.abs().clamp_min(1.0)).max())
            both = nodes.new_empty(len(nodes), cells + 3)
            both[:, 0::2], both[:, 1::2] = between, nodes[:, 1:-1]
            nodes = both
            if error <= BOUND:
                self.error = error
                before, here, there, after = nodes[:, :-3], nodes[:, 1:-2], nodes[:, 2:-1], nodes[:, 3:]
                self.coefficients = torch.cat(
                    (
                        here,
                        there - before / 3.0 - here / 2.0 - after / 6.0,
                        (before + there) / 2.0 - here,
                        (after - before) / 6.0 + (here - there) / 2.0,
                    )
                )
                return

    def _at(self, low: float, high: float, count: int) -> Tensor:
        return self.network(torch.linspace(low, high, count, dtype=torch.float32))


def _range(u: Tensor) -> tuple[float, float]:
    """Where a table of u (n,) begins and ends."""
    some = u[:: max(1, len(u) // _LOOKED_AT)]
    some = some[some.isfinite()].sort()[0]
    if not len(some):
        return 0.0, 1.0
    tail = int(_TAIL * len(some))
    return float(some[tail]) - _ROOM, float(some[-1 - tail]) + _ROOM
