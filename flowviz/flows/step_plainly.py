"""The step that couplings and autoregressive layers share, in plain torch.

With (raw, t) = network(x_a) and s = c·tanh(raw/c): y_b = x_b · exp(s) + t, or inverted y_b = (x_b − t) · exp(−s); y = x
elsewhere. log|det dy/dx| = ±Σ s. Without a bound c there is no scale: y_b = x_b ± t. A spline in place of scale and shift
(splines.py) has y_b = spline(x_b; raw).

step.py does the same faster, and brings the gradient written out by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from .networks import Masks, Wiring, bounded, evaluate
from .splines import spline_plainly

Item = TypeVar("Item")
Bounded = Callable[[Tensor, float], Tensor]
"""(raw, c) -> c·tanh(raw/c)."""
Exp = Callable[[Tensor], Tensor]


class SplineForm(NamedTuple):
    """Splines of K bins on [−bound, bound]; raw widths and heights count `evenness` times."""

    bins: int
    bound: float
    evenness: float

    def raw(self, out: Tensor) -> Tensor:
        """The network's output ((3K − 1) · count, B), blocks of `count` -> raw parameters (3K − 1, count · B)."""
        return self.scaled(out.reshape(3 * self.bins - 1, -1))

    def scaled(self, raw: Tensor) -> Tensor:
        """Raw parameters (3K − 1, ...) with their widths and heights made more even."""
        return torch.cat((raw[: 2 * self.bins] * self.evenness, raw[2 * self.bins :]))


class Step(NamedTuple):
    """Coordinates `given` (a) decide how coordinates `changed` (b) are transformed."""

    given: slice
    changed: slice
    bound: float | None
    """c; None for a shift alone."""
    inverted: bool
    wiring: Wiring
    masks: Masks
    whole: tuple[Tensor, ...]
    """The network's numbers as the layer holds them: all weights, then all biases."""
    spline: SplineForm | None = None
    """Where the network gives splines, which they are; there is no scale and no shift then."""
    inputs: slice | None = None
    """The columns of the first weight that count, where not all do: the others are of what is not given."""
    outputs: slice | None = None
    """The rows of the last weight and bias that count, where not all do: the others are of what does not change."""
    constants: slice | None = None
    """Where the one coordinate that is given is itself inverted first, by constants: the entries (raw, t) of the last bias."""

    @property
    def parameters(self) -> tuple[Tensor, ...]:
        """Of the network's numbers those that count here; the masks are theirs."""
        if self.inputs is None and self.outputs is None:
            return self.whole
        # Close together: a product with every other number of a row takes twice its time and more.
        return tuple(number.contiguous() for number in self.counting(self.whole))

    def counting(self, whole: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Of such numbers, or of gradients of theirs, the parts that count."""
        parts, last = list(whole), len(self.masks) - 1
        if self.inputs is not None:
            parts[0] = parts[0][:, self.inputs]
        if self.outputs is not None:
            parts[last], parts[-1] = parts[last][self.outputs], parts[-1][self.outputs]
        return tuple(parts)

    def receiving(self, whole: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """Of such gradients the parts that the step has something for: of the last bias its constants, too."""
        parts = self.counting(whole)
        return parts if self.constants is None else (*parts[:-1], whole[-1])

    def apart(self) -> tuple[Step, ...]:
        """The same as steps without `constants`: what is given, by a network that sees nothing, then what it decides about."""
        if self.constants is None:
            return (self,)
        bias = self.whole[-1]
        first = Step(
            slice(0, 0),
            self.given,
            self.bound,
            self.inverted,
            Wiring("relu", (False,)),
            (None,),
            (bias.new_zeros(len(bias), 0), bias),
            outputs=self.constants,
        )
        return first, self._replace(constants=None)


def take_plainly(
    x: Tensor, steps: Sequence[Step], total: Tensor, bounded: Bounded = bounded, exp: Exp = torch.exp
) -> tuple[Tensor, Tensor]:
    """x (B, D) -> (y (B, D), log|det dy/dx| (B,)); the log-determinants are added to `total`, one after another.

    Where no gradient is wanted, `bounded` and `exp` may be others than torch's.
    """
    for step in steps:
        for part in step.apart():
            x, log_det = _one(x, part, bounded, exp)
            total = total + log_det
    return x, total


def _one(x: Tensor, step: Step, bounded: Bounded, exp: Exp) -> tuple[Tensor, Tensor]:
    out = evaluate(x[:, step.given], step.parameters, step.masks, step.wiring)
    old = x[:, step.changed]
    count = old.shape[1]
    if step.spline is not None:
        columns, raw = old.t(), step.spline.raw(out.t())
        flat, log_slopes = spline_plainly(columns.reshape(-1), raw, step.spline.bound, inverse=step.inverted)
        new, log_det = flat.reshape(columns.shape).t(), log_slopes.reshape(columns.shape).sum(0)
    elif step.bound is None:
        new, log_det = (old - out if step.inverted else old + out), x.new_zeros(())
    else:
        s, t = bounded(out[:, :count], step.bound), out[:, count:]
        if step.inverted:
            s = -s
            new = (old - t) * exp(s)
        else:
            new = torch.addcmul(t, old, exp(s))
        log_det = s.sum(1)
    if count == x.shape[1]:
        return new, log_det
    y = x.clone()
    y[:, step.changed] = new
    return y, log_det


def parts_of(steps: Sequence[Step], flat: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The parts of a flat sequence that belong to each step: two entries a layer of its network."""
    start = 0
    for step in steps:
        stop = start + 2 * len(step.masks)
        yield tuple(flat[start:stop])
        start = stop
