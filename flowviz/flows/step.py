"""The step that couplings and autoregressive layers share, and its gradient written out by hand.

With (raw, t) = network(x_a) and s = c·tanh(raw/c): y_b = x_b · exp(s) + t, or inverted y_b = (x_b − t) · exp(−s); y = x
elsewhere. log|det dy/dx| = ±Σ s. Without a bound c there is no scale: y_b = x_b ± t.

Let k = exp(±s), G = ∂L/∂y and g = ∂L/∂log_det. Then

    forward:   ∂L/∂t = G_b,       ∂L/∂s = G_b · x_b · k + g
    inverted:  ∂L/∂t = −G_b · k,  ∂L/∂s = −G_b · y_b − g

    ∂L/∂raw = ∂L/∂s · (1 − tanh²);  ∂L/∂x = G, times k at b, plus what the network gives back at a.

Autograd gets there through some thirty nodes, whose bookkeeping costs as much as the arithmetic when flows are small.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .networks import ACTIVATIONS, Masks, Wiring, bounded, evaluate, masked

_aten = torch.ops.aten
_threshold_backward = _aten.threshold_backward.default
_tanh_backward = _aten.tanh_backward.default
_IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu_, "tanh": torch.tanh_}
"""Activations whose gradient is known from their output, so that they may overwrite their input."""
_DERIVATIVES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda grad, out: _threshold_backward(grad, out, 0),
    "tanh": _tanh_backward,
    "gelu": _aten.gelu_backward.default,
    "silu": _aten.silu_backward.default,
    "elu": lambda grad, pre: _aten.elu_backward(grad, 1.0, 1.0, 1.0, False, pre),
}
"""(gradient of the output, output if it is one of the above, else input) -> gradient of the input."""


class Step(NamedTuple):
    """What a step does: coordinates `given` (a) decide how coordinates `changed` (b) are transformed."""

    given: slice
    changed: slice
    bound: float | None
    """c; None for a shift alone."""
    inverted: bool
    wiring: Wiring


def take(x: Tensor, step: Step, masks: Masks, parameters: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """x (B, D) -> (y (B, D), log|det dy/dx| (B,)). The parameters are the network's: all weights, then all biases."""
    if torch.is_grad_enabled() and not torch._C._are_functorch_transforms_active():
        y, log_det = _ByHand.apply(x, step, masks, *parameters)  # type: ignore[no-untyped-call]
        return y, log_det
    return take_plainly(x, step, masks, parameters)


def take_plainly(x: Tensor, step: Step, masks: Masks, parameters: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """The same in plain torch: where no gradient is wanted, and for gradients of gradients."""
    out = evaluate(x[:, step.given], parameters, masks, step.wiring)
    old = x[:, step.changed]
    count = old.shape[1]
    if step.bound is None:
        new, log_det = (old - out if step.inverted else old + out), x.new_zeros(len(x))
    else:
        s = bounded(out[:, :count], step.bound)
        t = out[:, count:]
        new = (old - t) * torch.exp(-s) if step.inverted else torch.addcmul(t, old, torch.exp(s))
        log_det = -s.sum(1) if step.inverted else s.sum(1)
    if count == x.shape[1]:
        return new, log_det
    y = x.clone()
    y[:, step.changed] = new
    return y, log_det


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, step: Step, masks: Masks, *parameters: Tensor) -> tuple[Tensor, Tensor]:
        given, changed, bound, inverted, (activation, residual) = step
        depth = len(masks)
        in_place = _IN_PLACE.get(activation)
        h = x[:, given]
        kept: list[Tensor] = []
        for i in range(depth):
            out = F.linear(h, masked(parameters[i], masks[i]), parameters[depth + i])
            kept.append(h)
            if i == depth - 1:
                break
            source = out
            out = ACTIVATIONS[activation](out) if in_place is None else in_place(out)
            kept.append(source)
            h = out + h if residual[i] else out
        y = x.clone()
        new = y[:, changed]
        if bound is None:
            log_det = x.new_zeros(len(x))
            new.sub_(out) if inverted else new.add_(out)
        else:
            raw, t = out.chunk(2, 1)
            tanh = torch.tanh(raw / bound)
            s = tanh * (-bound if inverted else bound)
            k = torch.exp(s)
            log_det = s.sum(1)
            new.sub_(t).mul_(k) if inverted else new.mul_(k).add_(t)
            # A copy of the output: saving a view of it would keep the graph alive through itself.
            kept += [tanh, k, new.clone() if inverted else x[:, changed]]
        ctx.step, ctx.masks = step, masks
        ctx.save_for_backward(x, *parameters, *kept)
        return y, log_det

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Any, ...]:
        masks, saved = ctx.masks, ctx.saved_tensors
        depth = len(masks)
        parameters, kept = saved[1 : 1 + 2 * depth], saved[1 + 2 * depth :]
        wants_x, _, _, *wants = ctx.needs_input_grad
        if torch.is_grad_enabled():
            return _by_autograd(gradients, ctx.step, masks, saved[0], parameters, [wants_x, *wants])
        given, changed, bound, inverted, (activation, residual) = ctx.step
        derivative = _DERIVATIVES[activation]
        G, g = gradients
        G_b = G[:, changed]
        gradient_x = G.clone() if wants_x else None
        if bound is None:
            back = -G_b if inverted else G_b
        else:
            tanh, k, partner = kept[-3:]
            scaled = G_b * k
            if inverted:
                gradient_s, gradient_t = torch.addcmul(-g[:, None], G_b, partner, value=-1.0), -scaled
            else:
                gradient_s, gradient_t = torch.addcmul(g[:, None], scaled, partner), G_b
            back = torch.cat((_tanh_backward(gradient_s, tanh), gradient_t), 1)
            if gradient_x is not None:
                gradient_x[:, changed] = scaled
        results: list[Tensor | None] = [None] * (2 * depth)
        for i in range(depth - 1, -1, -1):
            skipping = back if residual[i] else None
            if i < depth - 1:
                back = derivative(back, kept[2 * i + 1])
            if wants[i]:
                results[i] = masked(back.t().mm(kept[2 * i]), masks[i])
            if wants[depth + i]:
                results[depth + i] = back.sum(0)
            if i > 0 or wants_x:
                back = back.mm(masked(parameters[i], masks[i]))
                if skipping is not None:
                    back = back + skipping
        if gradient_x is not None:
            gradient_x[:, given] += back
        return gradient_x, None, None, *results


def _by_autograd(
    gradients: tuple[Tensor, ...],
    step: Step,
    masks: Masks,
    x: Tensor,
    parameters: tuple[Tensor, ...],
    wants: list[bool],
) -> tuple[Any, ...]:
    """The gradient as a graph of its own, so that it can be differentiated again."""
    outputs = take_plainly(x, step, masks, parameters)
    # A shift's log-determinant is a constant: it has no graph to go back through.
    count = 1 if step.bound is None else 2
    inputs = [tensor for tensor, wanted in zip((x, *parameters), wants, strict=True) if wanted]
    found = iter(torch.autograd.grad(outputs[:count], inputs, gradients[:count], create_graph=True, allow_unused=True))
    results = [next(found) if wanted else None for wanted in wants]
    return results[0], None, None, *results[1:]
