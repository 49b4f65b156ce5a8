"""The monotone rational-quadratic spline, and its gradient written out by hand.

Durkan, Bekasov, Murray, Papamakarios 2019, Neural spline flows, arXiv 1906.04032, eq. 4 to 8 (after Gregory and Delbourgo 1982).
On [−B, B] it has K bins; outside it is the identity, to which it is joined with slope 1. In the bin from (X, Y), of width w and
height h, with the slopes d₀ and d₁ at its ends, s = h/w, ξ = (x − X)/w and q = ξ(1 − ξ):

    den = s + (d₁ + d₀ − 2s) q,    y = Y + h (s ξ² + d₀ q)/den
    log y′ = 2 log s + log(d₁ ξ² + 2 s q + d₀ (1 − ξ)²) − 2 log den

The parameters come first, (3K − 1, ...) beside numbers (...): K raw widths and K raw heights, of which softmax makes the bins,
and K − 1 raw slopes, of which softplus makes the inner ones. On short rows of numbers torch is ten times slower.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST = 1e-3
"""The least width and height of a bin, as a share of 2B, and the least slope at a knot."""
SLOPE_OF_ZERO = math.log(math.expm1(1.0 - LEAST))
"""Added to raw slopes, so that a raw slope of 0 is a slope of 1: a spline whose parameters are all 0 is the identity."""


def spline(x: Tensor, raw: Tensor, bound: float, *, inverse: bool = False) -> tuple[Tensor, Tensor]:
    """x (...) and raw (3K − 1, ...) -> (y, log dy/dx), each (...), log slopes in nats; with `inverse` the way back, y -> x.

    All zero in `raw`: the identity. What is outside [−bound, bound] stays as it is, with log slope 0.
    """
    if torch.is_grad_enabled() and not torch._C._are_functorch_transforms_active():
        y, log_slope = _ByHand.apply(x, raw, bound, inverse)  # type: ignore[no-untyped-call]
        return y, log_slope
    return spline_plainly(x, raw, bound, inverse=inverse)


def spline_plainly(x: Tensor, raw: Tensor, bound: float, *, inverse: bool = False) -> tuple[Tensor, Tensor]:
    """The same in plain torch: where no gradient is wanted, and for gradients of gradients."""
    y, log_slope, _ = forward(x, raw, bound, inverse=inverse)
    return y, log_slope


class Knots(NamedTuple):
    """What raw parameters make. shares (2, K, ...): softmax of widths and heights; edges (2, K + 1, ...): x and y of the
    knots; slopes (K + 1, ...)."""

    shares: Tensor
    edges: Tensor
    slopes: Tensor


class Piece(NamedTuple):
    """The bin that each x lies in: its number (1, ...), lower left corner, width, height and slopes at both ends (...)."""

    number: Tensor
    X: Tensor
    Y: Tensor
    w: Tensor
    h: Tensor
    d0: Tensor
    d1: Tensor


def knots(raw: Tensor, bound: float) -> Knots:
    """The knots of raw parameters (3K − 1, ...)."""
    K = (raw.shape[0] + 1) // 3
    shares = raw[: 2 * K].reshape(2, K, *raw.shape[1:]).softmax(1)
    inner = (shares[:, :-1] * (2.0 * bound * (1.0 - K * LEAST)) + 2.0 * bound * LEAST).cumsum(1) - bound
    corner = torch.full_like(inner[:, :1], bound)
    edges = torch.cat((-corner, inner, corner), 1)
    ends = torch.ones_like(raw[:1])
    slopes = torch.cat((ends, F.softplus(raw[2 * K :] + SLOPE_OF_ZERO) + LEAST, ends))
    return Knots(shares, edges, slopes)


def locate(clamped: Tensor, made: Knots, *, inverse: bool) -> Piece:
    """The bin of each number in [−B, B], looked for along x or, for the inverse, along y."""
    sides = made.edges[1 if inverse else 0, 1:-1]
    index = (clamped >= sides).sum(0, keepdim=True)
    both = index.expand(2, *index.shape[1:])[:, None]
    low, high = made.edges.gather(1, both).squeeze(1), made.edges.gather(1, both + 1).squeeze(1)
    d0, d1 = made.slopes.gather(0, index)[0], made.slopes.gather(0, index + 1)[0]
    size = high - low
    return Piece(index, low[0], low[1], size[0], size[1], d0, d1)


def evaluate(xi: Tensor, piece: Piece) -> tuple[Tensor, Tensor]:
    """ξ -> (y, log y′)."""
    _, _, Y, w, h, d0, d1 = piece
    s, rest = h / w, 1.0 - xi
    q, square = xi * rest, xi * xi
    sq = s * q
    den = torch.addcmul(s, d1 + d0 - 2.0 * s, q)
    y = Y + h * (s * square + d0 * q) / den
    slope = d1 * square + (sq + sq) + d0 * (rest * rest)
    ratio = s / den
    return y, (slope * ratio * ratio).log()


def undo(y: Tensor, piece: Piece) -> Tensor:
    """y -> ξ, the root of a quadratic equation that lies in [0, 1] (eq. 6 to 8)."""
    _, _, Y, w, h, d0, d1 = piece
    s, t = h / w, y - Y
    bend = t * (d1 + d0 - 2.0 * s)
    a = h * (s - d0) + bend
    b = h * d0 - bend
    c = -s * t
    # Rising, it has two real roots; rounding alone makes this negative.
    discriminant = (b.square() - 4.0 * a * c).clamp_min(torch.finfo(y.dtype).tiny)
    xi = 2.0 * c / (-b - discriminant.sqrt())
    # One step of Newton's: what rounding took away in the equation's coefficients comes back.
    reached, log_slope = evaluate(xi, piece)
    return xi - (reached - y) / (log_slope.exp() * w)


class _ByHand(torch.autograd.Function):
    """Some 40 nodes of autograd as one: their bookkeeping costs more than the arithmetic of a batch."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, raw: Tensor, bound: float, inverse: bool) -> tuple[Tensor, Tensor]:
        ctx.bound, ctx.inverse = bound, inverse
        y, log_slope, kept = forward(x, raw, bound, inverse=inverse)
        ctx.save_for_backward(x, raw, *kept)
        return y, log_slope

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor | None, None, None]:
        (x, raw, *kept), (wants_x, wants_raw, *_) = ctx.saved_tensors, ctx.needs_input_grad
        if torch.is_grad_enabled():
            # As a graph of its own, so that it can be differentiated again.
            inputs = [tensor for tensor, wanted in ((x, wants_x), (raw, wants_raw)) if wanted]
            outputs = spline_plainly(x, raw, ctx.bound, inverse=ctx.inverse)
            found = iter(torch.autograd.grad(outputs, inputs, gradients, create_graph=True))
            return next(found) if wants_x else None, next(found) if wants_raw else None, None, None
        G_x, G_raw = backward(gradients[0], gradients[1], raw, tuple(kept), ctx.bound, inverse=ctx.inverse)
        return G_x, G_raw, None, None


Kept = tuple[Tensor, ...]
"""What the way forth leaves for the way back: inside, shares, ξ and the piece."""
KEPT = 10
"""How many tensors that is."""


def forward(x: Tensor, raw: Tensor, bound: float, *, inverse: bool) -> tuple[Tensor, Tensor, Kept]:
    """`spline_plainly`, and what `backward` needs of it."""
    inside = x.abs() <= bound
    # Clamped before the arithmetic, and selected after it: what is not selected must not make a gradient of NaN either.
    clamped = x.clamp(-bound, bound)
    made = knots(raw, bound)
    piece = locate(clamped, made, inverse=inverse)
    xi = undo(clamped, piece) if inverse else (clamped - piece.X) / piece.w
    y, log_slope = evaluate(xi, piece)
    if inverse:
        y, log_slope = piece.X + piece.w * xi, -log_slope
    return torch.where(inside, y, x), torch.where(inside, log_slope, 0.0), (inside, made.shares, xi, *piece)


def backward(G: Tensor, g: Tensor, raw: Tensor, kept: Kept, bound: float, *, inverse: bool) -> tuple[Tensor, Tensor]:
    """(∂L/∂x, ∂L/∂raw) from G = ∂L/∂y and g = ∂L/∂log_slope.

    With f(x; θ) the spline, a and b what comes back to f and to log f′: forward they are G and g; of the inverse x = f⁻¹(y),
    by the implicit function theorem, b = −g and a = −∂L/∂y with ∂L/∂y = (G − g ∂log f′/∂x)/f′.
    """
    inside, shares, xi = kept[:3]
    index, _, _, w, h, d0, d1 = Piece(*kept[3:])
    s, rest = h / w, 1.0 - xi
    q, xi2, rest2 = xi * rest, xi * xi, rest * rest
    tilt, u = rest - xi, d1 + d0 - 2.0 * s
    den = s + u * q
    num = s * xi2 + d0 * q
    A = d1 * xi2 + 2.0 * s * q + d0 * rest2
    A_xi = 2.0 * (d1 * xi + s * tilt - d0 * rest)
    den_xi = u * tilt
    if inverse:
        log_slope_x = (A_xi / A - 2.0 * den_xi / den) / w
        slope = A * (s / den).square()
        gradient_x = torch.where(inside, (G - g * log_slope_x) / slope, G)
        a, b = torch.where(inside, -gradient_x, 0.0), torch.where(inside, -g, 0.0)
    else:
        a, b = torch.where(inside, G, 0.0), torch.where(inside, g, 0.0)
    g_num = a * h / den
    g_den = -(g_num * num + 2.0 * b) / den
    g_A = b / A
    g_xi = (g_num * (2.0 * s * xi + d0 * tilt) + g_den * den_xi + g_A * A_xi) / w
    g_s = g_num * xi2 + g_den * (1.0 - 2.0 * q) + 2.0 * (g_A * q + b / s)
    if not inverse:
        gradient_x = torch.where(inside, g_xi, G)
    corner = torch.stack((-g_xi, a))
    size = torch.stack((-g_s * s / w - g_xi * xi, a * num / den + g_s / w))
    g_d0 = (g_num + g_den) * q + g_A * rest2
    g_d1 = g_den * q + g_A * xi2
    return gradient_x, _to_raw(raw, shares, index, corner, size, g_d0, g_d1, bound)


def _to_raw(
    raw: Tensor,
    shares: Tensor,
    index: Tensor,
    corner: Tensor,
    size: Tensor,
    g_d0: Tensor,
    g_d1: Tensor,
    bound: float,
) -> Tensor:
    """∂L/∂raw from what comes back to the bin's corner (2, ...), its width and height (2, ...), and the slopes at its ends."""
    K = shares.shape[1]
    bins = torch.arange(K, device=raw.device).reshape(K, *(1,) * (raw.ndim - 1))
    here = (bins == index).to(raw)
    # The corner is a sum of the widths before it. Products are quicker than selections on so few numbers.
    to_bins = torch.addcmul((bins < index).to(raw) * corner[:, None], here, size[:, None])
    weighted = to_bins * shares
    to_shares = (weighted - shares * weighted.sum(1, keepdim=True)) * (2.0 * bound * (1.0 - K * LEAST))
    to_slopes = torch.addcmul(here[1:] * g_d0, here[:-1], g_d1) * torch.sigmoid(raw[2 * K :] + SLOPE_OF_ZERO)
    return torch.cat((to_shares.flatten(0, 1), to_slopes))
