"""The affine or additive coupling of pictures by a convolutional network as one node of autograd, its gradient by hand.

What passes decides: (raw, t) = network(x_a), s = c·tanh(raw/c), k = exp(±s). The gradients are those of step.py, at every
place of a picture; with G = ∂L/∂y and g = ∂L/∂log_det, and without a bound c no scale:

    there:  ∂L/∂t = G_b,       ∂L/∂s = G_b · x_b · k + g
    back:   ∂L/∂t = −G_b · k,  ∂L/∂s = −G_b · y_b − g

Pictures are rows, one a place (places.py), of which halves of the channels are columns. Under a checkerboard all columns
change, at half of the places: there a mask of 0 and 1 leaves s = t = 0 elsewhere, so that those rows stay to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .convnet_step import Plan, backward, differentiable, evaluate_plainly, flat, forward, parted
from .halves import Halves
from .networks import bounded
from .places import places_of, to_pictures, to_rows

_tanh_backward = torch.ops.aten.tanh_backward.default


class Affine(NamedTuple):
    """y_b = x_b · exp(s) + t, or inverted (x_b − t) · exp(−s), with y_a = x_a."""

    halves: Halves
    bound: float | None
    """c; None for a shift alone."""
    inverted: bool


def transform(x: Tensor, out: Tensor, affine: Affine) -> tuple[Tensor, Tensor]:
    """x (B, *shape) and the network's output -> (y, log|det dy/dx| (B,)), in plain torch."""
    halves, bound, inverted = affine
    changed = halves.take(x)[1]
    numbers = halves.parameters_of(out, 1 if bound is None else 2)
    if bound is None:
        t = numbers[:, 0]
        return halves.put(x, changed - t if inverted else changed + t), x.new_zeros(len(x))
    s, t = bounded(numbers[:, 0], bound), numbers[:, 1]
    if inverted:
        return halves.put(x, (changed - t) * torch.exp(-s)), -s.flatten(1).sum(1)
    return halves.put(x, changed * torch.exp(s) + t), s.flatten(1).sum(1)


def couple(
    x: Tensor, extra: Tensor | None, affine: Affine, plan: Plan, parameters: Sequence[Tensor]
) -> tuple[Tensor, Tensor]:
    """x (B, C, H, W) -> (y, log|det dy/dx| (B,)); `extra` (B, channels) enters the network's first layer."""
    if torch.is_grad_enabled():
        y, log_det = _ByHand.apply(x, extra, affine, plan, *parameters)  # type: ignore[no-untyped-call]
        return y, log_det
    return _forward(x, extra, affine, plan, parameters)[:2]


def couple_plainly(
    x: Tensor,
    extra: Tensor | None,
    affine: Affine,
    plan: Plan,
    parameters: Sequence[Tensor],
    left_out: Sequence[Tensor | None] | None = None,
) -> tuple[Tensor, Tensor]:
    """The same in plain torch."""
    return transform(x, evaluate_plainly(affine.halves.take(x)[0], extra, plan, parameters, left_out), affine)


def _seen(rows: Tensor, halves: Halves, each: int) -> Tensor:
    """What the network is given: some columns, or some rows with 0 in the place of the others."""
    if halves.keep is None:
        return rows[:, halves.passed]
    return (rows.view(-1, each, rows.shape[1]) * halves.keep.view(each, 1)).view(rows.shape)


def _where(halves: Halves, each: int) -> Tensor | None:
    """1 at the places that change under a checkerboard (each, 1)."""
    return None if halves.keep is None else 1.0 - halves.keep.view(each, 1)


def _masked(rows: Tensor, where: Tensor | None) -> Tensor:
    """Rows (R, C), 0 at places that do not change."""
    return rows if where is None else (rows.view(-1, len(where), rows.shape[1]) * where).view(rows.shape)


def _forward(
    x: Tensor, extra: Tensor | None, affine: Affine, plan: Plan, parameters: Sequence[Tensor]
) -> tuple[Tensor, Tensor, list[Any], list[Tensor]]:
    """y, log|det|, what the network keeps and what the coupling keeps for the gradient."""
    halves, bound, inverted = affine
    places, rows = places_of(x), to_rows(x)
    where = _where(halves, places.each)
    out, given = forward(_seen(rows, halves, places.each), places, extra, plan, parameters)
    y = rows.clone(memory_format=torch.contiguous_format)
    new = y[:, halves.changed]
    out = _masked(out, where)
    if bound is None:
        new.sub_(out) if inverted else new.add_(out)
        return to_pictures(y, places), x.new_zeros(len(x)), given, []
    raw, t = out.chunk(2, 1)
    tanh = torch.tanh(raw / bound)
    s = tanh * (-bound if inverted else bound)
    k = torch.exp(s)
    new.sub_(t).mul_(k) if inverted else torch.addcmul(t, new, k, out=new)
    # A copy of the output: saving a view of it would keep the graph alive through itself.
    partner = new.clone() if inverted else rows[:, halves.changed]
    log_det = s.view(places.pictures, places.each * s.shape[1]).sum(1)
    return to_pictures(y, places), log_det, given, [tanh, k, partner]


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, extra: Tensor | None, affine: Affine, plan: Plan, *parameters: Tensor
    ) -> tuple[Tensor, Tensor]:
        y, log_det, given, own = _forward(x, extra, affine, plan, parameters)
        ctx.affine, ctx.plan, ctx.own = affine, plan, len(own)
        ctx.save_for_backward(x, extra, *own, *parameters, *flat(given))
        return y, log_det

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        (G_y, g), affine, plan, wants = grads, ctx.affine, ctx.plan, ctx.needs_input_grad
        x, extra, *saved = ctx.saved_tensors
        parameters, given = parted(saved[ctx.own :], plan)
        if torch.is_grad_enabled():
            left_out = [activated.factors for activated in given]
            outputs = couple_plainly(x, extra, affine, plan, parameters, left_out)
            count = 2 if outputs[1].requires_grad else 1
            return differentiable(outputs[:count], grads[:count], (x, extra, None, None, *parameters), wants)
        halves, places, rows, G = affine.halves, places_of(x), to_rows(x), to_rows(G_y)
        back, scaled = _through(G, g, affine, saved[: ctx.own], places.each)
        wanted = (*wants[:2], *wants[4:])
        seen = _seen(rows, halves, places.each)
        found = backward(_masked(back, _where(halves, places.each)), seen, places, plan, parameters, given, wanted)
        if found.rows is None:
            return None, found.extra, None, None, *found.parameters
        to_x = G.clone(memory_format=torch.contiguous_format)
        if scaled is not None:
            to_x[:, halves.changed] = scaled
        if halves.keep is None:
            to_x[:, halves.passed] += found.rows
        else:
            to_x += _seen(found.rows, halves, places.each)
        return to_pictures(to_x, places), found.extra, None, None, *found.parameters


def _through(G: Tensor, g: Tensor, affine: Affine, own: Sequence[Tensor], each: int) -> tuple[Tensor, Tensor | None]:
    """∂L/∂ of the network's output, and of x_b without the network's share (None where it is G_b)."""
    halves, bound, inverted = affine
    G_b = G[:, halves.changed]
    if bound is None:
        return -G_b if inverted else G_b.contiguous(), None
    tanh, k, partner = own
    scaled = G_b * k
    each_g = g[:, None].expand(-1, each).reshape(-1, 1)
    if inverted:
        gradient_s, gradient_t = torch.addcmul(-each_g, G_b, partner, value=-1.0), -scaled
    else:
        gradient_s, gradient_t = torch.addcmul(each_g, scaled, partner), G_b
    return torch.cat((_tanh_backward(gradient_s, tanh), gradient_t), 1), scaled
