"""Many points through a flow of vectors, without gradients and several times faster than by its layers.

In two dimensions a layer's network is a function of one number, which lookup tables give to float32's rounding
(piecewise.py) or to a stated bound (smooth.py). In more, steps are evaluated with numpy's tanh and exp, which take a fraction
of torch's time. Where neither helps, the layer itself is asked. This is the one place that chooses; `Flow.log_prob` stays as
it is, and what is computed here is tested to agree with it.

Points of two coordinates stand as columns, one tensor for each, of shapes that broadcast: those of a grid are a row (1, C) and
a column (R, 1), so that the first network is asked once for each of C values and not for each of R · C points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from .layer import FlowLayer
from .networks import evaluate
from .piecewise import PiecewiseLinear, Ramps
from .smooth import Smooth
from .splines import spline_plainly
from .step import SplineForm, Step, take_plainly

if TYPE_CHECKING:
    from .flow import Flow, Stage

Columns = tuple[Tensor, ...]
Map = Callable[[Columns], tuple[Columns, Tensor]]
"""Columns -> (the next state's columns, log|det J|); every shape broadcasts to that of the points."""
Conditioner = Callable[[Tensor], Tensor]
"""u (n,) -> (outputs, n)."""

CHUNK = 65_536
"""Points that go through tables in one go: of more, the arrays leave the cache."""
NUMBERS = 2**18
"""Numbers that go through a whole flow in one go where there are no tables."""
PLAIN_CHUNK = 16_384
"""The same of a layer itself, whose hidden units take more room."""
SPLINE_CHUNK = 4_096
"""The same of splines, with some twenty parameters for each."""
FEWEST = 4_096
"""Points below which the layers themselves are as fast as making tables."""
_MOST_UNITS = 1_200
"""Hidden units above which finding the knots costs more than it saves."""


def log_prob(flow: Flow, x: Tensor, context: Tensor | None = None) -> Tensor:
    """log p(x) (B,) in nats of many points x (B, *event), as `Flow.log_prob` gives it.

    `context`: one row for all, or a row for each. Of vectors on a CPU, in float32, it agrees to float32's rounding, and of two
    coordinates within `smooth.BOUND` a layer where a network is not of ReLU; else it is the same.
    """
    with torch.no_grad():
        context = _shared(context)
        if not _quickens(flow, len(x), context, generative=False):
            if not _by_steps(flow, len(x)):
                return _chunked(flow.log_prob, x, context)
            return _chunked(partial(_log_prob_by_steps, flow), x.to(flow.like), context)
        walk = maps(flow, context)
        row = flow.encode(context, 1)
        return torch.cat([ride(flow, walk, part, row) for part in _columns(flow, x)])


def generate(flow: Flow, z: Tensor, context: Tensor | None = None) -> Tensor:
    """x (B, *event) of many z, as `Flow.generate` gives it, with the exactness of `log_prob`."""
    with torch.no_grad():
        context = _shared(context)
        if not _quickens(flow, len(z), context, generative=True):
            if not _by_steps(flow, len(z)):
                return _chunked(lambda part, c: flow.generate(part, c)[0], z, context)
            return _chunked(lambda part, c: _by_rows(flow, part, c, generative=True)[0], z.to(flow.like), context)
        walk = maps(flow, context, generative=True)
        found = []
        for h in _columns(flow, z):
            for move in walk:
                h, _ = move(h)
            found.append(torch.stack(h, 1))
        return torch.cat(found)


def ride(flow: Flow, walk: Sequence[Map], h: Columns, row: Tensor | None = None) -> Tensor:
    """log p at columns h that are given to the first of these maps, the last ones of the flow; the shape is the points'."""
    total = h[0].new_zeros(())
    for move in walk:
        h, log_det = move(h)
        total = total + log_det
    h = broadcast(h)
    return base_log_prob(flow, h, row) + total


def broadcast(h: Columns) -> Columns:
    return tuple(torch.broadcast_tensors(*h))  # type: ignore[no-untyped-call]


def base_log_prob(flow: Flow, h: Columns, row: Tensor | None = None) -> Tensor:
    """log p of the base at columns h, all of one shape."""
    flat = torch.stack([column.flatten() for column in h])
    parts = [
        flow.base.log_prob(part.T, None if row is None else row.expand(part.shape[1], -1))
        for part in torch.split(flat, CHUNK, 1)
    ]
    return (parts[0] if len(parts) == 1 else torch.cat(parts)).reshape(h[0].shape)


# ---- maps -----------------------------------------------------------------------------------------------------------


def maps(flow: Flow, context: Tensor | None = None, *, generative: bool = False, first: int = 0) -> list[Map]:
    """The flow's stages as maps of columns under one context (1, ...), in the order in which the direction takes them.

    `first`: in the normalizing direction, how many stages are left out at the beginning.
    """
    stages = [stage for _, stage in flow.stages()][first:]
    row = flow.encode(context, 1)
    each = [_narrow_steps(stage, generative=generative) if _tabulates(flow) else () for stage in stages]
    conditioners = iter(_conditioners([step for steps in each for step in steps]))
    made = [
        _one_after_another([partial(_moved, step, next(conditioners)) for step in steps])
        if steps
        else Plain(stage, row, generative=generative)
        for stage, steps in zip(stages, each, strict=True)
    ]
    return made[::-1] if generative else made


def plain_maps(flow: Flow, context: Tensor | None = None) -> list[Map]:
    """The same in the normalizing direction without any table."""
    row = flow.encode(context, 1)
    return [Plain(stage, row) for _, stage in flow.stages()]


class Plain:
    """The stage itself as a map, every point under the one context (1, C)."""

    def __init__(self, stage: Stage, row: Tensor | None, *, generative: bool = False) -> None:
        self.own = stage.generate if generative else stage.normalize
        self.row = row

    def __call__(self, h: Columns) -> tuple[Columns, Tensor]:
        h = broadcast(h)
        flat = torch.stack([column.flatten() for column in h])
        states, log_dets = [], []
        for part in torch.split(flat, PLAIN_CHUNK, 1):
            state, log_det = self.own(part.T, None if self.row is None else self.row.expand(part.shape[1], -1))
            states.append(state.T)
            log_dets.append(log_det)
        return tuple(torch.cat(states, 1).reshape(-1, *h[0].shape)), torch.cat(log_dets).reshape(h[0].shape)


def _narrow_steps(stage: Stage, *, generative: bool) -> tuple[Step, ...]:
    """The direction as steps in which at most one coordinate decides about the other; none where there are no such steps."""
    if not isinstance(stage, FlowLayer):
        return ()
    steps = _apart(stage.steps(generative=generative))
    if not all(map(_narrow, steps)):
        # The way back, where that is narrow, turned around.
        steps = tuple(s._replace(inverted=not s.inverted) for s in _apart(stage.steps(generative=not generative))[::-1])
    return steps if all(map(_narrow, steps)) else ()


def _apart(steps: Sequence[Step]) -> tuple[Step, ...]:
    return tuple(part for step in steps for part in step.apart())


def _narrow(step: Step) -> bool:
    given, changed = range(2)[step.given], range(2)[step.changed]
    if len(given) > 1 or len(changed) != 1:
        return False
    units = sum(len(bias) for bias in step.parameters[len(step.masks) :][:-1])
    return step.wiring.activation != "relu" or units <= _MOST_UNITS


def _conditioners(steps: Sequence[Step]) -> list[Conditioner]:
    """What decides in each step. The knots of all ReLU networks are found together."""
    straight = [step for step in steps if range(2)[step.given] and _straight(step)]
    found = iter(PiecewiseLinear.of([Ramps.of(step.parameters, step.masks, step.wiring) for step in straight]))
    return [
        partial(_constant, step.parameters[-1])
        if not range(2)[step.given]
        else next(found)
        if _straight(step)
        else Smooth(partial(_network, step))
        for step in steps
    ]


def _straight(step: Step) -> bool:
    """Whether the network is piecewise linear."""
    return step.wiring.activation == "relu" or len(step.masks) == 1


def _constant(out: Tensor, u: Tensor) -> Tensor:
    return out.unsqueeze(1)


def _network(step: Step, u: Tensor) -> Tensor:
    """The network itself at u (n,): (outputs, n)."""
    parts = [
        evaluate(part.unsqueeze(1), step.parameters, step.masks, step.wiring) for part in torch.split(u, PLAIN_CHUNK)
    ]
    return torch.cat(parts).T


def _moved(step: Step, conditioner: Conditioner, h: Columns) -> tuple[Columns, Tensor]:
    """The step, as step_plainly.py has it."""
    if step.spline is not None:
        return _splined(step, step.spline, conditioner, h)
    (b,) = range(2)[step.changed]
    u = h[1 - b]
    out = conditioner(u.reshape(-1))
    raw, t = out[0], out[-1]
    if range(2)[step.given]:
        raw, t = raw.reshape(u.shape), t.reshape(u.shape)
    if step.bound is None:
        new, log_det = (h[b] - t if step.inverted else h[b] + t), t.new_zeros(())
    elif step.inverted:
        log_det = -_bounded(raw, step.bound)
        new = (h[b] - t) * _exp(log_det)
    else:
        log_det = _bounded(raw, step.bound)
        new = torch.addcmul(t, h[b], _exp(log_det))
    return ((new, h[1]) if b == 0 else (h[0], new)), log_det


def _splined(step: Step, form: SplineForm, conditioner: Conditioner, h: Columns) -> tuple[Columns, Tensor]:
    """Splines have many parameters a point: fewer points at a time, and none of what a grid has in common."""
    (b,) = range(2)[step.changed]
    h = broadcast(h)
    x, u = h[b].reshape(-1), h[1 - b].reshape(-1)
    if isinstance(conditioner, Smooth):
        conditioner.reach(u)
    found = []
    for part, given in zip(torch.split(x, SPLINE_CHUNK), torch.split(u, SPLINE_CHUNK), strict=True):
        raw = form.scaled(conditioner(given)).expand(-1, len(part))
        found.append(spline_plainly(part, raw, form.bound, inverse=step.inverted))
    new, log_slopes = (torch.cat(parts).reshape(h[b].shape) for parts in zip(*found, strict=True))
    return ((new, h[1]) if b == 0 else (h[0], new)), log_slopes


def _bounded(raw: Tensor, bound: float) -> Tensor:
    """c·tanh(raw/c) by numpy, whose tanh takes a tenth of the time of torch's."""
    return torch.from_numpy(np.tanh((raw / bound).numpy())).mul_(bound)


def _exp(s: Tensor) -> Tensor:
    """By numpy, in half of torch's time."""
    return torch.from_numpy(np.exp(s.numpy()))


def _one_after_another(moves: Sequence[Map]) -> Map:
    if len(moves) == 1:
        return moves[0]

    def move(h: Columns) -> tuple[Columns, Tensor]:
        total = h[0].new_zeros(())
        for one in moves:
            h, log_det = one(h)
            total = total + log_det
        return h, total

    return move


# ---- more coordinates -----------------------------------------------------------------------------------------------


def _by_steps(flow: Flow, count: int) -> bool:
    """Whether there are enough vectors that numpy's tanh and exp pay."""
    vectors = len(flow.event_shape) == 1 and flow.like.dtype == torch.float32 and flow.like.device.type == "cpu"
    return vectors and count >= FEWEST and not flow.splits


def _log_prob_by_steps(flow: Flow, x: Tensor, context: Tensor | None) -> Tensor:
    z, log_det = _by_rows(flow, x, context, generative=False)
    return flow.latent_log_prob(z, context) + log_det


def _by_rows(flow: Flow, x: Tensor, context: Tensor | None, *, generative: bool) -> tuple[Tensor, Tensor]:
    """x (B, D) through all stages: its steps where a stage has some, else the stage itself."""
    c = flow.encode(context, len(x))
    total = x.new_zeros(len(x))
    stages = [stage for _, stage in flow.stages()]
    for stage in stages[::-1] if generative else stages:
        steps = stage.steps(generative=generative) if isinstance(stage, FlowLayer) else ()
        if steps and all(step.spline is None for step in steps):
            x, total = take_plainly(x, steps, total, _bounded, _exp)
        else:
            x, log_det = stage.generate(x, c) if generative else stage.normalize(x, c)
            total = total + log_det
    return x, total


# ---- whether, and in which parts ------------------------------------------------------------------------------------


def _tabulates(flow: Flow) -> bool:
    """Whether tables can be used at all: they are of two coordinates, and made by numpy for float32."""
    return flow.event_shape == (2,) and flow.like.dtype == torch.float32 and flow.like.device.type == "cpu"


def _quickens(flow: Flow, count: int, context: Tensor | None, *, generative: bool) -> bool:
    """Whether there are tables, and enough points under one context to make them."""
    if count < FEWEST or (context is not None and len(context) > 1) or not _tabulates(flow) or flow.splits:
        return False
    return any(_narrow_steps(stage, generative=generative) for _, stage in flow.stages())


def _shared(context: Tensor | None) -> Tensor | None:
    """One row, where that is all that there is."""
    return context if context is None or context.stride(0) else context[:1]


def _columns(flow: Flow, x: Tensor) -> list[Columns]:
    """Points (B, 2) in parts, each as its columns."""
    return [part.unbind(0) for part in torch.split(x.to(flow.like).T.contiguous(), CHUNK, 1)]


def _chunked(function: Callable[[Tensor, Tensor | None], Tensor], x: Tensor, context: Tensor | None) -> Tensor:
    size = max(1, NUMBERS // max(1, x[:1].numel()))
    parts = torch.split(x, size)
    contexts = [context] * len(parts) if context is None or len(context) == 1 else torch.split(context, size)
    return torch.cat([function(part, rows) for part, rows in zip(parts, contexts, strict=True)])
