"""The step that couplings and autoregressive layers share, and its gradient written out by hand.

With (raw, t) = network(x_a) and s = c·tanh(raw/c): y_b = x_b · exp(s) + t, or inverted y_b = (x_b − t) · exp(−s); y = x
elsewhere. log|det dy/dx| = ±Σ s. Without a bound c there is no scale: y_b = x_b ± t.

Let k = exp(±s), G = ∂L/∂y and g = ∂L/∂log_det. Then

    forward:   ∂L/∂t = G_b,       ∂L/∂s = G_b · x_b · k + g
    inverted:  ∂L/∂t = −G_b · k,  ∂L/∂s = −G_b · y_b − g

    ∂L/∂raw = ∂L/∂s · (1 − tanh²);  ∂L/∂x = G, times k at b, plus what the network gives back at a.

A spline in place of scale and shift (splines.py) has y_b = spline(x_b; raw), and brings its own gradient.

Autograd gets there through some thirty nodes a step, whose bookkeeping costs as much as the arithmetic when flows are
small. Here any number of steps in a row is one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .networks import ACTIVATIONS, Masks, Wiring, bounded, evaluate, masked
from .products import WIDE, linear
from .splines import KEPT, spline_plainly
from .splines import backward as spline_backward
from .splines import forward as spline_forward

_aten = torch.ops.aten
_threshold_backward = _aten.threshold_backward.default
_tanh_backward = _aten.tanh_backward.default
IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu_, "tanh": torch.tanh_}
"""Activations whose gradient is known from their output, so that they may overwrite their input."""
DERIVATIVES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda grad, out: _threshold_backward(grad, out, 0),
    "tanh": _tanh_backward,
    "gelu": _aten.gelu_backward.default,
    "silu": _aten.silu_backward.default,
    "elu": lambda grad, pre: _aten.elu_backward(grad, 1.0, 1.0, 1.0, False, pre),
}
"""(gradient of the output, output if it is one of the above, else input) -> gradient of the input."""


class SplineForm(NamedTuple):
    """Splines of K bins on [−bound, bound]; raw widths and heights count `evenness` times."""

    bins: int
    bound: float
    evenness: float

    def raw(self, out: Tensor, count: int) -> Tensor:
        """The network's output (B, (3K − 1) · count), blocks of `count` -> raw parameters (3K − 1, B · count)."""
        each = 3 * self.bins - 1
        return self.scaled(
            out.t() if count == 1 else out.reshape(len(out), each, count).movedim(1, 0).reshape(each, -1)
        )

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
    parameters: tuple[Tensor, ...]
    """The network's: all weights, then all biases."""
    spline: SplineForm | None = None
    """Where the network gives splines, which they are; there is no scale and no shift then."""


def take(x: Tensor, steps: Sequence[Step], total: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """x (B, D) -> (y (B, D), log|det dy/dx| (B,)); the log-determinants are added to `total`, one after another."""
    if total is None:
        total = x.new_zeros(len(x))
    if torch.is_grad_enabled() and not torch._C._are_functorch_transforms_active():
        parameters = [parameter for step in steps for parameter in step.parameters]
        bare = [step._replace(parameters=()) for step in steps]
        y, total = _ByHand.apply(x, total, bare, *parameters)  # type: ignore[no-untyped-call]
        return y, total
    return take_plainly(x, steps, total)


def take_plainly(x: Tensor, steps: Sequence[Step], total: Tensor) -> tuple[Tensor, Tensor]:
    """The same in plain torch: where no gradient is wanted, and for gradients of gradients."""
    for step in steps:
        x, log_det = _one_plainly(x, step)
        total = total + log_det
    return x, total


def _one_plainly(x: Tensor, step: Step) -> tuple[Tensor, Tensor]:
    out = evaluate(x[:, step.given], step.parameters, step.masks, step.wiring)
    old = x[:, step.changed]
    count = old.shape[1]
    if step.spline is not None:
        raw = step.spline.raw(out, count)
        flat, log_slopes = spline_plainly(old.reshape(-1), raw, step.spline.bound, inverse=step.inverted)
        new, log_det = flat.reshape(old.shape), _summed(log_slopes, count)
    elif step.bound is None:
        new, log_det = (old - out if step.inverted else old + out), x.new_zeros(len(x))
    else:
        s = bounded(out[:, :count], step.bound)
        t = out[:, count:]
        # Not addcmul, which rounds once less: with and without gradients the numbers are to be the same, to the last bit.
        new = (old - t) * torch.exp(-s) if step.inverted else old * torch.exp(s) + t
        log_det = -s.sum(1) if step.inverted else s.sum(1)
    if count == x.shape[1]:
        return new, log_det
    y = x.clone()
    y[:, step.changed] = new
    return y, log_det


def _summed(log_slopes: Tensor, count: int) -> Tensor:
    """Log slopes (B · count) -> their sums (B,)."""
    return log_slopes if count == 1 else log_slopes.reshape(-1, count).sum(1)


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, total: Tensor, steps: list[Step], *parameters: Tensor) -> tuple[Tensor, Tensor]:
        ctx.steps = steps
        y, new_total = x, total.clone()
        kept: list[Tensor] = []
        for step, own in zip(steps, _split(steps, parameters), strict=True):
            y = _forward(y, step, own, new_total, kept)
        ctx.save_for_backward(x, *parameters, *kept)
        return y, new_total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        steps, saved, (wants_x, _, _, *wants) = ctx.steps, ctx.saved_tensors, ctx.needs_input_grad
        x, parameters, kept = saved[0], saved[1 : 1 + len(wants)], list(saved[1 + len(wants) :])
        if torch.is_grad_enabled():
            return _by_autograd(gradients, steps, x, parameters, [wants_x, *wants])
        G, g = gradients
        results: list[list[Tensor | None]] = []
        owned = list(zip(steps, _split(steps, parameters), _split(steps, wants), strict=True))
        for i, (step, own, own_wants) in reversed(list(enumerate(owned))):
            G = _backward(G, g, step, own, own_wants, i > 0 or wants_x, kept, results)
        return G if wants_x else None, g, None, *(result for own_results in reversed(results) for result in own_results)


def _split(steps: Sequence[Step], flat: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The parts of a flat sequence that belong to each step: two entries a layer of its network."""
    start = 0
    for step in steps:
        stop = start + 2 * len(step.masks)
        yield flat[start:stop]
        start = stop


def _forward(x: Tensor, step: Step, parameters: Sequence[Tensor], total: Tensor, kept: list[Tensor]) -> Tensor:
    """y; adds the log-determinant to `total`, and to `kept` what the gradient needs."""
    given, changed, bound, inverted, (activation, residual), masks, _, form = step
    depth = len(masks)
    in_place = IN_PLACE.get(activation)
    h = x[:, given]
    for i in range(depth):
        out = linear(h, masked(parameters[i], masks[i]), parameters[depth + i])
        kept.append(h)
        if i == depth - 1:
            break
        source = out
        out = ACTIVATIONS[activation](out) if in_place is None else in_place(out)
        kept.append(source)
        h = out + h if residual[i] else out
    y = x.clone()
    new = y[:, changed]
    if form is not None:
        raw = form.raw(out, new.shape[1])
        moved, log_slopes, own = spline_forward(new.reshape(-1), raw, form.bound, inverse=inverted)
        total.add_(_summed(log_slopes, new.shape[1]))
        y[:, changed] = moved.reshape(new.shape)
        kept += [raw, *own]
        return y
    if bound is None:
        new.sub_(out) if inverted else new.add_(out)
        return y
    raw, t = out.chunk(2, 1)
    tanh = torch.tanh(raw / bound)
    s = tanh * (-bound if inverted else bound)
    k = torch.exp(s)
    total.add_(s[:, 0] if s.shape[1] == 1 else s.sum(1))
    new.sub_(t).mul_(k) if inverted else new.mul_(k).add_(t)
    # A copy of the output: saving a view of it would keep the graph alive through itself.
    kept += [tanh, k, new.clone() if inverted else x[:, changed]]
    return y


def _backward(
    G: Tensor,
    g: Tensor,
    step: Step,
    parameters: Sequence[Tensor],
    wants: Sequence[bool],
    wants_x: bool,
    kept: list[Tensor],
    results: list[list[Tensor | None]],
) -> Tensor:
    """∂L/∂x (G itself where nobody wants it); takes from `kept` what `_forward` left, and appends the weights' gradients."""
    given, changed, bound, inverted, (activation, residual), masks, _, form = step
    depth = len(masks)
    G_b = G[:, changed]
    gradient_x = G.clone() if wants_x else G
    if form is not None:
        raw, *left = kept[-1 - KEPT :]
        del kept[-1 - KEPT :]
        count = G_b.shape[1]
        each_g = g if count == 1 else g[:, None].expand(-1, count).reshape(-1)
        scaled, to_raw = spline_backward(G_b.reshape(-1), each_g, raw, tuple(left), form.bound, inverse=inverted)
        to_raw = form.scaled(to_raw)
        back = to_raw.t() if count == 1 else to_raw.reshape(-1, *G_b.shape).movedim(0, 1).reshape(len(G), -1)
        if wants_x:
            gradient_x[:, changed] = scaled.reshape(G_b.shape)
    elif bound is None:
        back = -G_b if inverted else G_b
    else:
        partner, k, tanh = kept.pop(), kept.pop(), kept.pop()
        scaled = G_b * k
        if inverted:
            gradient_s, gradient_t = torch.addcmul(-g[:, None], G_b, partner, value=-1.0), -scaled
        else:
            gradient_s, gradient_t = torch.addcmul(g[:, None], scaled, partner), G_b
        back = torch.cat((_tanh_backward(gradient_s, tanh), gradient_t), 1)
        if wants_x:
            gradient_x[:, changed] = scaled
    own: list[Tensor | None] = [None] * (2 * depth)
    for i in range(depth - 1, -1, -1):
        skipping = back if residual[i] else None
        if i < depth - 1:
            back = DERIVATIVES[activation](back, kept.pop())
        h, weight = kept.pop(), parameters[i]
        wide = h.shape[0] * weight.numel() >= WIDE
        if wants[i]:
            own[i] = masked(linear(back.t(), h.t()) if wide else back.t().mm(h), masks[i])
        if wants[depth + i]:
            own[depth + i] = back.sum(0)
        if i > 0 or wants_x:
            weight = masked(weight, masks[i])
            back = linear(back, weight.t()) if wide else back.mm(weight)
            if skipping is not None:
                back = back + skipping
    if wants_x:
        gradient_x[:, given] += back
    results.append(own)
    return gradient_x


def _by_autograd(
    gradients: tuple[Tensor, ...], steps: list[Step], x: Tensor, parameters: tuple[Tensor, ...], wants: list[bool]
) -> tuple[Any, ...]:
    """The gradient as a graph of its own, so that it can be differentiated again."""
    whole = [step._replace(parameters=tuple(own)) for step, own in zip(steps, _split(steps, parameters), strict=True)]
    outputs = take_plainly(x, whole, x.new_zeros(len(x)))
    # The log-determinant of shifts alone is a constant: it has no graph to go back through.
    count = 2 if outputs[1].requires_grad else 1
    inputs = [tensor for tensor, wanted in zip((x, *parameters), wants, strict=True) if wanted]
    found = iter(torch.autograd.grad(outputs[:count], inputs, gradients[:count], create_graph=True, allow_unused=True))
    results = [next(found) if wanted else None for wanted in wants]
    return results[0], gradients[1], None, *results[1:]
