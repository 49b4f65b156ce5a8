"""Whether a flow is what it says: its inverse undoes it, its log-dets are the Jacobian's, its density integrates to one."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from msgspec import Struct, structs
from torch import Tensor

from ..flows import Flow

MOST_JACOBIANS = 64
"""Points whose Jacobian is taken by autograd: each costs one backward pass a dimension."""
FEWER_JACOBIANS = 8
"""The same of pictures and sequences, whose networks cost more."""
MOST_DIMENSIONS = 64
_LATENT_POINTS = 256
_GRID = 400
_LINE = 8192
_CHUNK = 16_384
Map = Callable[[Tensor], tuple[Tensor, Tensor]]
"""x (B, *event) -> (z, log|det dz/dx| (B,))."""


class Report(Struct, frozen=True, kw_only=True):
    """Figures that are zero for an exact flow, and an integral that is one. None: it does not exist for this flow.

    round_trip_error: max |g(f(x)) − x| over the points given, data units; x in no support of g counts as infinite.
    round_trip_error_normal, round_trip_error_wide: max |f(g(z)) − z| for z ~ N(0, 1) and N(0, 4), latent units.
    log_det_error: max |log_det − log|det J_f|| against the autograd Jacobian at `jacobians` points, nats.
    integral: Σ p(x) · step over a midpoint grid of the box (one or two dimensions); `integral_coarse` with twice the step.
    box: what was integrated over, (low, high) of each dimension; `step`: the grid's spacing; data units.
    outside: share of the flow's own samples that fall beyond the box, which the integral misses.
    """

    round_trip_error: float
    round_trip_error_normal: float
    round_trip_error_wide: float
    points: int
    log_det_error: float | None = None
    jacobians: int = 0
    integral: float | None = None
    integral_coarse: float | None = None
    box: tuple[tuple[float, float], ...] = ()
    step: tuple[float, ...] = ()
    outside: float | None = None


def verify(flow: Flow, x: Tensor, context: Tensor | None = None, *, seed: int = 0) -> Report:
    """Checks a flow at points x (B, *event) in data units and at latent points of its own; leaves its mode and gradients alone.

    `context`, of each point, where the flow has one.
    """
    training = flow.training
    flow.eval()
    try:
        with torch.no_grad():
            z, _ = flow.normalize(x, context)
            generator = torch.Generator().manual_seed(seed)
            count = _LATENT_POINTS if context is None else min(_LATENT_POINTS, len(x))
            latent = torch.randn(count, *z.shape[1:], generator=generator).to(x)
            c = None if context is None else context[:count]
            dimensions = math.prod(flow.event_shape)
            round_trip = largest(flow.generate(z, context)[0], x)
            normal = largest(flow.normalize(flow.generate(latent, c)[0], c)[0], latent)
            wide = largest(flow.normalize(flow.generate(2.0 * latent, c)[0], c)[0], 2.0 * latent)
        report = Report(
            round_trip_error=round_trip, round_trip_error_normal=normal, round_trip_error_wide=wide, points=len(x)
        )
        if dimensions <= MOST_DIMENSIONS:
            count = MOST_JACOBIANS if len(flow.event_shape) == 1 else FEWER_JACOBIANS
            some, c = x[:count], None if context is None else context[:count]
            error = log_det_error(lambda h: flow.normalize(h, c), some)
            report = structs.replace(report, log_det_error=error, jacobians=len(some))
        if len(flow.event_shape) == 1 and dimensions <= 2:
            report = integrated(report, flow, x, seed, None if context is None else context[:1])
        return report
    finally:
        flow.train(training)


def log_det_error(normalize: Map, x: Tensor) -> float:
    """max |log_det − log|det dz/dx|| of a map over x (B, *event), nats; the Jacobian by autograd, a row at a time."""
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        z, log_det = normalize(x)
        flat = z.reshape(len(x), -1)
        rows = [
            # A layer that ignores a coordinate, or the empty flow, leaves no path for the gradient.
            torch.autograd.grad(flat[:, i].sum(), x, retain_graph=True, materialize_grads=True)[0]
            for i in range(flat.shape[1])
        ]
    jacobian = torch.stack([row.reshape(len(x), -1) for row in rows], 1).detach()
    exact = torch.linalg.slogdet(jacobian.to("cpu", torch.float64)).logabsdet
    return largest(log_det.detach().to("cpu", torch.float64), exact)


@torch.no_grad()
def integrated(report: Report, flow: Flow, x: Tensor, seed: int, context: Tensor | None = None) -> Report:
    """The report with the integral of the density over a box around the points and the flow's samples.

    Of a conditional flow it is that of p(x | c) for the one `context` (1, ...).
    """
    samples = flow.sample(2000, seed=seed, context=context).to(x)
    samples = samples[torch.isfinite(samples).all(1)]
    # The middle 99.8 % of what the flow makes: one stray sample must not stretch the grid until it misses the rest.
    made = torch.quantile(samples.float(), torch.tensor([0.001, 0.999], device=x.device), 0) if len(samples) else x[:2]
    both = torch.cat([x, made.to(x)])
    low, high = both.amin(0), both.amax(0)
    margin = 0.35 * (high - low).clamp_min(1e-6)
    low, high = low - margin, high + margin
    cells = _GRID if len(low) == 2 else _LINE
    inside = ((samples >= low) & (samples <= high)).all(1).float().mean()
    return structs.replace(
        report,
        integral=_sum(flow, low, high, cells, context),
        integral_coarse=_sum(flow, low, high, cells // 2, context),
        box=tuple(zip(low.tolist(), high.tolist(), strict=True)),
        step=tuple(((high - low) / cells).tolist()),
        outside=1.0 - float(inside) if len(samples) else None,
    )


def _sum(flow: Flow, low: Tensor, high: Tensor, cells: int, context: Tensor | None) -> float:
    """Σ p(x) · cell over the middles of cells^D cells."""
    place = (torch.arange(cells, device=low.device, dtype=low.dtype) + 0.5) / cells
    axes = [a + (b - a) * place for a, b in zip(low, high, strict=True)]
    points = torch.stack(torch.meshgrid(*axes, indexing="ij"), -1).reshape(-1, len(axes))
    total = sum(float(flow.log_prob(part, context).double().exp().sum()) for part in torch.split(points, _CHUNK))
    return total * float(((high - low) / cells).double().prod())


def largest(found: Tensor, expected: Tensor) -> float:
    """The largest difference; infinite where a number is missing."""
    difference = (found - expected).abs()
    return float(torch.where(difference.isnan(), math.inf, difference).max()) if difference.numel() else 0.0
