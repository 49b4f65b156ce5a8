"""The convolutional conditioner over rows of places, and its gradient written out by hand: one node of autograd.

    plain:     h ← conv x, then h ← conv(drop(act h)) for each hidden layer,        out = conv(drop(act h)) · exp(3 l)
    residual:  h ← conv x, then h ← h + conv(drop(act(conv(act h)))) for each two,  out = conv(drop(act h)) · exp(3 l)

On small pictures autograd's bookkeeping, changes of layout and passes over memory cost as much as the arithmetic. Here the
channels lie together throughout, activations overwrite what they are made of, and each convolution goes the faster way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from . import dropout
from .networks import ACTIVATIONS, DERIVATIVES, IN_PLACE
from .places import Places, convolve, convolve_plainly, gradients, places_of, shares_work, to_pictures, to_rows


class Plan(NamedTuple):
    """How a network's numbers are used: the weights of `depth` convolutions, then their biases, then l.

    With a depth of 1 it is one convolution, and has no `extra`. `dropout`: the share of features left out, here and now.
    """

    activation: str
    residual: bool
    depth: int
    dropout: float


class Activated(NamedTuple):
    """What a convolution is given: act(h), times the dropout's factors where there are any."""

    rows: Tensor
    source: Tensor
    """What the activation's derivative is made from: its output, or for some its input."""
    factors: Tensor | None


def evaluate(x: Tensor, extra: Tensor | None, plan: Plan, parameters: Sequence[Tensor]) -> Tensor:
    """x (B, I, H, W) -> (B, O, H, W), channels last; `extra` (B, channels) is added at every place of the first layer."""
    if torch.is_grad_enabled():
        out: Tensor = _ByHand.apply(x, extra, plan, *parameters)  # type: ignore[no-untyped-call]
        return out
    places = places_of(x)
    return to_pictures(forward(to_rows(x), places, extra, plan, parameters)[0], places)


def evaluate_plainly(
    x: Tensor,
    extra: Tensor | None,
    plan: Plan,
    parameters: Sequence[Tensor],
    left_out: Sequence[Tensor | None] | None = None,
) -> Tensor:
    """The same in plain torch: on other devices, under torch.func, and for gradients of gradients.

    `left_out`: the dropout's factors before each convolution but the first, as rows; drawn here where there are none.
    """
    depth, last = plan.depth, plan.depth - 1
    act = ACTIVATIONS[plan.activation]

    def conv(i: int, h: Tensor) -> Tensor:
        return convolve_plainly(h, parameters[i], parameters[depth + i])

    def dropped(i: int, h: Tensor) -> Tensor:
        if left_out is None:
            return dropout.left_out(h, plan.dropout) if plan.dropout else h
        those = left_out[i - 1]
        return h if those is None else h * to_pictures(those, places_of(h))

    h = conv(0, x)
    if depth == 1:
        return h * _scale(parameters)[:, None, None]
    if extra is not None:
        h = h + extra[:, :, None, None]
    for i in range(1, last, 2 if plan.residual else 1):
        if plan.residual:
            h = h + conv(i + 1, dropped(i + 1, act(conv(i, act(h)))))
        else:
            h = conv(i, dropped(i, act(h)))
    return conv(last, dropped(last, act(h))) * _scale(parameters)[:, None, None]


def _scale(parameters: Sequence[Tensor]) -> Tensor:
    """exp(3 l) (O,)."""
    return (3.0 * parameters[-1]).exp()


def forward(
    rows: Tensor, places: Places, extra: Tensor | None, plan: Plan, parameters: Sequence[Tensor]
) -> tuple[Tensor, list[Activated]]:
    """The output's rows (R, O) for the input's (R, I), and what each convolution but the first was given."""
    depth, last = plan.depth, plan.depth - 1
    act, in_place = ACTIVATIONS[plan.activation], IN_PLACE.get(plan.activation)
    given: list[Activated] = []
    scale = _scale(parameters)
    weight, bias = parameters[last] * scale[:, None, None, None], parameters[depth + last] * scale
    if depth == 1:
        return convolve(rows, weight, bias, places), given

    def conv(i: int, h: Tensor) -> Tensor:
        return convolve(h, parameters[i], parameters[depth + i], places)

    def activated(h: Tensor, *, overwrite: bool = True, drops: bool = True) -> Tensor:
        a = in_place(h) if overwrite and in_place is not None else act(h)
        by = dropout.factors(a, plan.dropout) if drops and plan.dropout else None
        given.append(Activated(a if by is None else a * by, h if in_place is None else a, by))
        return given[-1].rows

    h = conv(0, rows)
    if extra is not None:
        h.view(places.pictures, places.each, h.shape[1]).add_(extra[:, None])
    for i in range(1, last, 2 if plan.residual else 1):
        if plan.residual:
            inner = conv(i, activated(h, overwrite=False, drops=False))
            h = h + conv(i + 1, activated(inner))
        else:
            h = conv(i, activated(h))
    return convolve(activated(h), weight, bias, places), given


class Gradients(NamedTuple):
    """∂L/∂ of what `forward` was given, each None where nobody wants it."""

    rows: Tensor | None
    extra: Tensor | None
    parameters: list[Tensor | None]


def backward(
    G: Tensor,
    rows: Tensor,
    places: Places,
    plan: Plan,
    parameters: Sequence[Tensor],
    given: Sequence[Activated],
    wants: Sequence[bool],
) -> Gradients:
    """From G = ∂L/∂out (R, O). `wants`: whether the rows', the extra's and each parameter's is wanted."""
    depth, last = plan.depth, plan.depth - 1
    wants_rows, wants_extra, *wanted = wants
    derivative = DERIVATIVES[plan.activation]
    found: list[Tensor | None] = [None] * (2 * depth + 1)

    def through(i: int, back: Tensor, weight: Tensor) -> Tensor:
        """Back through a convolution, and through what was done to h before; puts the weight's and bias's where they belong."""
        activated, of_scale = given[i - 1], i == last and wanted[-1]
        wants_weight = wanted[i] or of_scale
        if wanted[depth + i] or of_scale:
            found[depth + i] = back.sum(0)
        together = wants_weight and shares_work(back, weight)
        to_input, found[i] = gradients(back, activated.rows, weight, places, True, together)
        assert to_input is not None
        h = before(activated, to_input)
        if wants_weight and not together:
            # Only now: the derivative has read h in one go and so brought it near. This one reads it to and fro, which from
            # memory takes twice as long.
            found[i] = gradients(back, activated.rows, weight, places, False, True)[1]
        return h

    def before(activated: Activated, back: Tensor) -> Tensor:
        """Back through what was done to h before it was given to a convolution."""
        if activated.factors is not None:
            back = back.mul_(activated.factors)
        # What came back is nobody else's: it may be overwritten.
        return derivative(back, activated.source)

    scale = _scale(parameters)
    weight = parameters[last] * scale[:, None, None, None]
    back = G if depth == 1 else through(last, G, weight)
    for i in range(last - 2, 0, -2) if plan.residual else range(last - 1, 0, -1):
        if plan.residual:
            back = back + through(i, through(i + 1, back, parameters[i + 1]), parameters[i])
        else:
            back = through(i, back, parameters[i])
    to_extra = back.view(places.pictures, places.each, back.shape[1]).sum(1) if wants_extra else None
    # With a depth of 1 the first is the last, and l's gradient is made from its weight's and bias's.
    of_scale = depth == 1 and wanted[-1]
    if wanted[depth] or of_scale:
        found[depth] = back.sum(0)
    first = weight if depth == 1 else parameters[0]
    to_input, found[0] = gradients(back, rows, first, places, wants_rows, wanted[0] or of_scale)
    to_weight, to_bias = found[last], found[depth + last]
    if to_weight is not None and to_bias is not None:
        # The last weight and bias are used times exp(3 l).
        by_weight = (to_weight * parameters[last]).sum((1, 2, 3))
        found[-1] = torch.addcmul(by_weight, to_bias, parameters[depth + last]).mul_(3.0 * scale)
        found[last], found[depth + last] = to_weight * scale[:, None, None, None], to_bias * scale
    return Gradients(to_input, to_extra, found)


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, extra: Tensor | None, plan: Plan, *parameters: Tensor) -> Tensor:
        out, given = forward(to_rows(x), places_of(x), extra, plan, parameters)
        ctx.plan = plan
        ctx.save_for_backward(x, extra, *parameters, *flat(given))
        return to_pictures(out, places_of(x))

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        (G,), plan, wants = grads, ctx.plan, ctx.needs_input_grad
        x, extra, *saved = ctx.saved_tensors
        parameters, given = parted(saved, plan)
        if torch.is_grad_enabled():
            out = evaluate_plainly(x, extra, plan, parameters, [activated.factors for activated in given])
            return differentiable(out, G, (x, extra, None, *parameters), wants)
        places = places_of(x)
        wanted = (*wants[:2], *wants[3:])
        found = backward(to_rows(G), to_rows(x), places, plan, parameters, given, wanted)
        to_x = None if found.rows is None else to_pictures(found.rows, places)
        return to_x, found.extra, None, *found.parameters


def flat(given: Sequence[Activated]) -> list[Tensor | None]:
    """As autograd keeps them."""
    return [tensor for activated in given for tensor in activated]


def parted(saved: Sequence[Tensor], plan: Plan) -> tuple[Sequence[Tensor], list[Activated]]:
    """The parameters, and what `flat` made flat behind them."""
    count = 2 * plan.depth + 1
    return saved[:count], [Activated(*saved[i : i + 3]) for i in range(count, len(saved), 3)]


def differentiable(
    outputs: Tensor | tuple[Tensor, ...], grads: Any, inputs: Sequence[Tensor | None], wants: Sequence[bool]
) -> tuple[Tensor | None, ...]:
    """∂/∂ of the inputs that are wanted as a graph of its own, so that it can be differentiated again."""
    wanted = [tensor for tensor, wants_it in zip(inputs, wants, strict=True) if wants_it and tensor is not None]
    found = iter(torch.autograd.grad(outputs, wanted, grads, create_graph=True, allow_unused=True))
    return tuple(
        next(found) if wants_it and tensor is not None else None for tensor, wants_it in zip(inputs, wants, strict=True)
    )
