"""Steps of couplings and autoregressive layers (step_plainly.py), and their gradient written out by hand.

Let k = exp(±s), G = ∂L/∂y and g = ∂L/∂log_det. Then

    forward:   ∂L/∂t = G_b,       ∂L/∂s = G_b · x_b · k + g
    inverted:  ∂L/∂t = −G_b · k,  ∂L/∂s = −G_b · y_b − g

    ∂L/∂raw = ∂L/∂s · (1 − tanh²);  ∂L/∂x = G, times k at b, plus what the network gives back at a.

A spline in place of scale and shift (splines.py) brings its own gradient. Where what is given is inverted first, by
constants (`Step.constants`), theirs are the same, summed over the points.

Autograd gets there through some thirty nodes a step, whose bookkeeping costs as much as the arithmetic when flows are
small. Here any number of steps in a row is one node. Between the steps the points stand as columns, x (D, B): the numbers
of one coordinate lie together then, and so do all log-scales and all shifts. Within a network they stand as rows (B, width).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from .networks import ACTIVATIONS, DERIVATIVES, IN_PLACE, masked
from .products import linear, linear_columns, weight_gradient
from .splines import KEPT
from .splines import backward as spline_backward
from .splines import forward as spline_forward
from .step_plainly import SplineForm as SplineForm
from .step_plainly import Step as Step
from .step_plainly import parts_of
from .step_plainly import take_plainly as take_plainly

_tanh_backward = torch.ops.aten.tanh_backward.default
_CACHED = 2**19
"""Numbers of a hidden layer that go through in one go where no gradient is wanted: of more, they leave the cache."""


Numbers = tuple[Tensor, ...]
"""A step's `parameters`, made once for both ways."""

_in_place = False


@contextlib.contextmanager
def gradients_in_place() -> Iterator[None]:
    """What is computed within adds its weights' gradients to their `.grad` by itself, in place, when it is gone back through.

    For training steps: autograd's way there, a node for each weight, costs as much as a tenth of the step. Only for
    `backward()` (not `torch.autograd.grad`), to which the weights must stay as they are. No hooks of the weights are called.
    """
    global _in_place
    before, _in_place = _in_place, True
    try:
        yield
    finally:
        _in_place = before


def take(x: Tensor, steps: Sequence[Step], total: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """x (B, D) -> (y (B, D), log|det dy/dx| (B,)); the log-determinants are added to `total`, one after another.

    With and without gradients the numbers are the same, to the last bit, unless there are so many points that they go
    through in parts where no gradient is wanted.
    """
    if total is None:
        total = x.new_zeros(len(x))
    if torch._C._are_functorch_transforms_active():
        return take_plainly(x, steps, total)
    if torch.is_grad_enabled():
        numbers = [number for step in steps for number in step.whole]
        if _in_place and all(number.is_leaf for number in numbers):
            y, total = _InPlace.apply(x, total, _ANCHOR, list(steps))  # type: ignore[no-untyped-call]
            return y, total
        bare = [step._replace(whole=()) for step in steps]
        y, total = _ByHand.apply(x, total, bare, *numbers)  # type: ignore[no-untyped-call]
        return y, total
    return _in_parts(x, steps, total)


def _in_parts(x: Tensor, steps: Sequence[Step], total: Tensor) -> tuple[Tensor, Tensor]:
    """The steps without what a gradient needs; many points in parts."""
    total = total.clone()
    widest = max(len(bias) for step in steps for bias in step.whole[len(step.masks) :])
    size = max(1024, _CACHED // widest)
    states = []
    for part, own_total in zip(torch.split(x, size), torch.split(total, size), strict=True):
        y = part.t().contiguous()
        for step in steps:
            y = _forward(y, step, step.parameters, own_total, [])
        states.append(y)
    return (states[0] if len(states) == 1 else torch.cat(states, 1)).t(), total


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, total: Tensor, steps: list[Step], *whole: Tensor) -> tuple[Tensor, Tensor]:
        filled = [step._replace(whole=own) for step, own in zip(steps, parts_of(steps, whole), strict=True)]
        numbers = [step.parameters for step in filled]
        y, new_total, kept = _walked(x, total, filled, numbers)
        ctx.save_for_backward(x, *whole)
        # What is neither input nor output needs none of the care that costs a microsecond each.
        ctx.steps, ctx.numbers, ctx.kept = steps, numbers, kept
        return y, new_total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        steps, (x, *whole), (wants_x, _, _, *wants) = ctx.steps, ctx.saved_tensors, ctx.needs_input_grad
        filled = [step._replace(whole=own) for step, own in zip(steps, parts_of(steps, whole), strict=True)]
        if torch.is_grad_enabled():
            return _by_autograd(gradients, filled, x, whole, [wants_x, *wants])
        G, found = _walked_back(gradients, filled, ctx.numbers, wants, wants_x, ctx.kept)
        return G, gradients[1], None, *(one for step, own in found for one in _among_all(own, step))


class _InPlace(torch.autograd.Function):
    """The same under `gradients_in_place`; `anchor` stands for the weights, which autograd does not see."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, total: Tensor, anchor: Tensor, steps: list[Step]) -> tuple[Tensor, Tensor]:
        numbers = [step.parameters for step in steps]
        y, new_total, kept = _walked(x, total, steps, numbers)
        ctx.steps, ctx.numbers, ctx.kept = steps, numbers, kept
        return y, new_total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        wants_x, wants = ctx.needs_input_grad[0], [number.requires_grad for step in ctx.steps for number in step.whole]
        G, found = _walked_back(gradients, ctx.steps, ctx.numbers, wants, wants_x, ctx.kept)
        had, more = [], []
        for step, own in found:
            grads = [n if gradient is None else _grad(n) for n, gradient in zip(step.whole, own, strict=True)]
            for place, gradient in zip(step.receiving(grads), own, strict=True):
                if gradient is not None:
                    had.append(place)
                    more.append(gradient)
        if had:
            torch._foreach_add_(had, more)
        return G, gradients[1], None, None


def _grad(number: Tensor) -> Tensor:
    """Its gradient so far."""
    if number.grad is None:
        number.grad = torch.zeros_like(number)
    return number.grad


_ANCHOR = torch.zeros(0, requires_grad=True)


def _walked(
    x: Tensor, total: Tensor, steps: Sequence[Step], numbers: Sequence[Numbers]
) -> tuple[Tensor, Tensor, list[Tensor]]:
    """(y (B, D), the new total, what the way back needs); `numbers`: each step's `parameters`."""
    columns, new_total, kept = x.t().contiguous(), total.clone(), list[Tensor]()
    for step, own in zip(steps, numbers, strict=True):
        columns = _forward(columns, step, own, new_total, kept)
    return columns.t(), new_total, kept


def _walked_back(
    gradients: Sequence[Tensor],
    steps: Sequence[Step],
    numbers: Sequence[Numbers],
    wants: Sequence[bool],
    wants_x: bool,
    kept: Sequence[Tensor],
) -> tuple[Tensor | None, list[tuple[Step, list[Tensor | None]]]]:
    """(∂L/∂x (B, D) where it is wanted; each step, and where they are the gradients of what is `receiving` some)."""
    # A copy, whose numbers each step overwrites with those of the step before it.
    G = gradients[0].t().clone(memory_format=torch.contiguous_format)
    left, found = list(kept), list[tuple[Step, list[Tensor | None]]]()
    wanted = list(zip(steps, numbers, parts_of(steps, wants), strict=True))
    for i, (step, own, wanting) in reversed(list(enumerate(wanted))):
        found.append((step, _backward(G, gradients[1], step, own, wanting, i > 0 or wants_x, left)))
    return G.t() if wants_x else None, found[::-1]


def _forward(x: Tensor, step: Step, numbers: Numbers, total: Tensor, kept: list[Tensor]) -> Tensor:
    """x (D, B) -> y; adds the log-determinant to `total`, and to `kept` what the gradient needs."""
    activation, residual = step.wiring
    masks, last = step.masks, len(step.masks) - 1
    in_place = IN_PLACE.get(activation)
    given = x[step.given]
    if step.constants is not None:
        given = _given_first(given, step.constants, step, total, kept)
    h = given.t()
    for i in range(last):
        source = linear(h, masked(numbers[i], masks[i]), numbers[last + 1 + i])
        out = ACTIVATIONS[activation](source) if in_place is None else in_place(source)
        kept += (h, source)
        h = out + h if residual[i] else out
    kept.append(h)
    out = linear_columns(h, masked(numbers[last], masks[last]), numbers[-1])
    old, bound, inverted = x[step.changed], step.bound, step.inverted
    if step.spline is not None:
        raw = step.spline.raw(out)
        flat, log_slopes, own = spline_forward(old.reshape(-1), raw, step.spline.bound, inverse=inverted)
        new = flat.reshape(old.shape)
        total.add_(_summed(log_slopes.reshape(old.shape)))
        kept += (raw, *own)
    elif bound is None:
        new = old - out if inverted else old + out
    else:
        raw, t = out.chunk(2)
        tanh = torch.tanh(raw / bound)
        s = tanh * (-bound if inverted else bound)
        k = torch.exp(s)
        total.add_(_summed(s))
        if inverted:
            new = (old - t).mul_(k)
            kept += (tanh, k, new)
        else:
            scaled = old * k
            new = scaled + t
            kept += (tanh, k, scaled)
    if len(new) == len(x):
        return new
    if len(x) == 2 and len(given):
        return torch.cat(_in_order(given, new, step))
    y = x.clone()
    y[step.changed] = new
    return y


def _given_first(y: Tensor, constants: slice, step: Step, total: Tensor, kept: list[Tensor]) -> Tensor:
    """y -> what is given, u = (y − t) · exp(−s), both (1, B), with the step's constants."""
    assert step.bound is not None
    raw, t = step.whole[-1][constants].unbind()
    tanh = torch.tanh(raw / step.bound)
    s = tanh * -step.bound
    k = torch.exp(s)
    total.add_(s)
    kept += (tanh, k)
    return (y - t).mul_(k)


def _back_through_constants(G_a: Tensor, g: Tensor, u: Tensor, kept: list[Tensor]) -> Tensor:
    """∂L/∂(raw, t) (2,), from G_a and u, both (1, B); G_a becomes ∂L/∂y."""
    k, tanh = kept.pop(), kept.pop()
    of_s = torch.addcmul(g, G_a, u).sum()
    return torch.stack((_tanh_backward(of_s, tanh), G_a.mul_(k).sum())).neg_()


def _in_order(given: Tensor, changed: Tensor, step: Step) -> tuple[Tensor, Tensor]:
    """Of two coordinates the first and the second."""
    return (given, changed) if step.given.start < step.changed.start else (changed, given)


def _summed(rows: Tensor) -> Tensor:
    """(n, B) -> the sums (B,)."""
    return rows[0] if len(rows) == 1 else rows.sum(0)


def _backward(
    G: Tensor, g: Tensor, step: Step, numbers: Numbers, wants: Sequence[bool], wants_x: bool, kept: list[Tensor]
) -> list[Tensor | None]:
    """The gradients of the network's numbers that are `receiving` some; G (D, B) becomes ∂L/∂x where that is wanted.

    Takes from `kept` what `_forward` left.
    """
    activation, residual = step.wiring
    masks, last = step.masks, len(step.masks) - 1
    G_b = G[step.changed]
    if step.spline is not None:
        back = _back_through_splines(G_b, g, step, kept)
    elif step.bound is None:
        back = -G_b if step.inverted else G_b.clone()
    else:
        partner, k, tanh = kept.pop(), kept.pop(), kept.pop()
        of_s = torch.addcmul(g, G_b, partner)
        if step.inverted:
            back = torch.cat((_tanh_backward(of_s, tanh), G_b.mul_(k))).neg_()
        else:
            back = torch.cat((_tanh_backward(of_s, tanh), G_b))
            G_b.mul_(k)
    found: list[Tensor | None] = [None] * len(numbers)
    h = kept.pop()
    if wants[last]:
        found[last] = masked(weight_gradient(back.t(), h), masks[last])
    if wants[-1]:
        found[-1] = back.sum(1)
    rows, to_h = back.t(), back
    for i in range(last - 1, -1, -1):
        through = linear(rows, masked(numbers[i + 1], masks[i + 1]).t())
        to_h = through.add_(to_h) if residual[i + 1] else through
        rows = DERIVATIVES[activation](to_h.clone() if residual[i] else to_h, kept.pop())
        h = kept.pop()
        if wants[i]:
            found[i] = masked(weight_gradient(rows, h), masks[i])
        if wants[last + 1 + i]:
            found[last + 1 + i] = rows.sum(0)
    if wants_x or step.constants is not None:
        G[step.given].addmm_(masked(numbers[0], masks[0]).t(), rows.t())
    if step.constants is not None:
        of_constants, of_bias = _back_through_constants(G[step.given], g, h.t(), kept), found[-1]
        if of_bias is not None:
            # The bias has all raw log-scales, then all shifts.
            found[-1] = torch.stack(_in_order(of_constants, of_bias, step), 1).flatten()
    return found


def _among_all(found: list[Tensor | None], step: Step) -> list[Tensor | None]:
    """Gradients of what is `receiving` some -> gradients of all numbers, 0 elsewhere."""
    if step.inputs is None and step.outputs is None:
        return found
    every = list(found)
    for i, (part, number) in enumerate(zip(found, step.whole, strict=True)):
        if part is not None and part.shape != number.shape:
            every[i] = torch.zeros_like(number)
    places = step.receiving([number if one is None else one for one, number in zip(every, step.whole, strict=True)])
    for place, part, one in zip(places, found, every, strict=True):
        if part is not None and one is not part:
            place.copy_(part)
    return every


def _back_through_splines(G_b: Tensor, g: Tensor, step: Step, kept: list[Tensor]) -> Tensor:
    """∂L/∂ the network's output ((3K − 1) · count, B); G_b (count, B) becomes ∂L/∂ the numbers that change."""
    form = step.spline
    assert form is not None
    raw, *left = kept[-1 - KEPT :]
    del kept[-1 - KEPT :]
    each_g = g if len(G_b) == 1 else g.expand_as(G_b).reshape(-1)
    to_old, to_raw = spline_backward(G_b.reshape(-1), each_g, raw, tuple(left), form.bound, inverse=step.inverted)
    G_b.copy_(to_old.reshape(G_b.shape))
    return form.scaled(to_raw).reshape(-1, G_b.shape[1])


def _by_autograd(
    gradients: Sequence[Tensor], steps: list[Step], x: Tensor, whole: list[Tensor], wants: list[bool]
) -> tuple[Any, ...]:
    """The gradient as a graph of its own, so that it can be differentiated again."""
    outputs = take_plainly(x, steps, x.new_zeros(len(x)))
    # The log-determinant of shifts alone is a constant: it has no graph to go back through.
    count = 2 if outputs[1].requires_grad else 1
    inputs = [tensor for tensor, wanted in zip((x, *whole), wants, strict=True) if wanted]
    found = iter(torch.autograd.grad(outputs[:count], inputs, gradients[:count], create_graph=True, allow_unused=True))
    results = [next(found) if wanted else None for wanted in wants]
    return results[0], gradients[1], None, *results[1:]
