"""ReLU networks of one number as what they are: straight lines between knots, found exactly and looked up fast.

With ReLU, a network of one number u is piecewise linear in it, plain or residual: f(u) = a_p + b_p u on piece p, between its
knots p and p + 1. A network of two times 64 units has 120 to 160 knots. Once they are found (in float64), a point costs a
lookup and a multiply-add for each output instead of a pass through the network, and agrees with it to float32's rounding.

The knots of several networks are found together: their arrays are small, and numpy's calls would cost more than its work.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .networks import Masks, Wiring, masked

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_NARROWEST = 1e-7
"""Knots closer than this (relative) are one: the function changes by less than float32 can tell."""
_CELLS = 4096
"""Cells in which a piece is looked up: enough that most hold one knot at most, and few enough that they stay in the cache."""
_TOGETHER = 16
"""Networks whose knots are found together: of more, the arrays would leave the cache."""


class Ramps(NamedTuple):
    """A ReLU network of one number: weights (O, I) with I = 1 in the first, biases (O,), and which layers are residual."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    residual: tuple[bool, ...]

    @classmethod
    def of(cls, parameters: Sequence[Tensor], masks: Masks, wiring: Wiring) -> Ramps:
        """Of a network's numbers: all weights, then all biases."""
        depth = len(masks)
        weights = [masked(weight, mask).detach() for weight, mask in zip(parameters[:depth], masks, strict=True)]
        arrays = [number.numpy().astype(np.float64) for number in (*weights, *(b.detach() for b in parameters[depth:]))]
        return cls(tuple(arrays[:depth]), tuple(arrays[depth:]), wiring.residual)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        return tuple(weight.shape for weight in self.weights)


class Lines(NamedTuple):
    """f at nodes (M + 2,): its knots in ascending order, and one point beyond on either side; values (M + 2, outputs)."""

    nodes: Floats
    values: Floats


class PiecewiseLinear:
    """f(u) = a_p + b_p u, u (n,) -> (outputs, n), float32.

    The piece is looked up, not searched for: sigmoid takes the line to [0, 1], where `_CELLS` equal cells say how many knots
    lie before them; among those in the same cell, of which there are seldom more than three, a few bisections decide.
    """

    @classmethod
    def of(cls, networks: Sequence[Ramps]) -> list[PiecewiseLinear]:
        """Of several networks at once."""
        return _tables(lines(networks)) if networks else []

    def __init__(self, lines: Tensor, ruler: Ruler, before: Tensor, knots: Tensor, most: int) -> None:
        """`lines` (2 · outputs, M + 1): a_p, then b_p; `before`: for each cell, how many knots lie in those below it;
        `knots`: the M knots, with no number behind them; `most`: of knots in one cell.
        """
        self.lines, self.ruler, self.before = lines, ruler, before
        self.outputs = len(lines) // 2
        self.jumps = [1 << i for i in reversed(range(most.bit_length()))]
        # Beyond the last knot nothing lies: no number is at least what is none.
        self.knots = [knots[jump - 1 :] for jump in self.jumps]

    def __call__(self, u: Tensor) -> Tensor:
        piece = self.before.index_select(0, _cells(self.ruler.along(u)))
        for jump, knots in zip(self.jumps, self.knots, strict=True):
            piece.add_(u >= knots.index_select(0, piece), alpha=jump)
        rows = self.lines.index_select(1, piece)
        return torch.addcmul(rows[: self.outputs], rows[self.outputs :], u)


class Ruler(NamedTuple):
    """Where along the knots a number u lies: shift + scale · u, which sigmoid takes to [0, 1]."""

    shift: Tensor
    scale: float

    @classmethod
    def of(cls, knots: Floats) -> Ruler:
        """So that half of the knots lie in the middle."""
        count = len(knots)
        low, middle, high = (float(knots[i * count // 4]) for i in (1, 2, 3)) if count else (0.0, 0.0, 0.0)
        scale = 1.0 / (high - low) if high > low else 1.0
        return cls(torch.tensor(-middle * scale), scale)

    def along(self, u: Tensor) -> Tensor:
        return torch.add(self.shift, u, alpha=self.scale)


def _cells(along: Tensor) -> Tensor:
    """The cells of what lies there; `along` is overwritten."""
    # What is no number must not become an index.
    return along.sigmoid_().mul_(_CELLS).int().clamp_(0, _CELLS)


def _tables(all_lines: Sequence[Lines]) -> list[PiecewiseLinear]:
    """Of every network. What numpy can do for all of them in one call, it does."""
    count = len(all_lines)
    knots = [nodes[1:-1] for nodes, _ in all_lines]
    rulers = [Ruler.of(own) for own in knots]
    sizes = np.array([len(own) for own in knots], np.int32)
    owner = np.arange(count).repeat(sizes)
    single = [torch.from_numpy(own.astype(np.float32)) for own in knots]
    cells = _cells(torch.cat([ruler.along(own) for ruler, own in zip(rulers, single, strict=True)])).numpy()
    # The cells of all networks in one row. Neighbours may be rounded the wrong way round.
    at = np.maximum.accumulate(cells + owner * (_CELLS + 1))
    lengths = np.diff(at, prepend=-1, append=count * (_CELLS + 1) - 1)
    before = np.arange(len(at) + 1, dtype=np.int32).repeat(lengths).reshape(count, _CELLS + 1)
    before -= (np.cumsum(sizes, dtype=np.int32) - sizes)[:, None]
    first = np.flatnonzero(np.diff(at, prepend=-1))
    most = np.zeros(count, np.int64)
    np.maximum.at(most, owner[first], np.diff(first, append=len(at)))
    beyond = single[0].new_full((1 << int(most.max()).bit_length(),), torch.nan)
    found = []
    for i, (nodes, values) in enumerate(all_lines):
        slopes = (values[1:] - values[:-1]) / (nodes[1:] - nodes[:-1])[:, None]
        offsets = values[:-1] - slopes * nodes[:-1, None]
        straight = torch.from_numpy(
            np.concatenate((offsets, slopes), 1, dtype=np.float32, casting="same_kind").T.copy()
        )
        own = torch.cat((single[i], beyond))
        found.append(PiecewiseLinear(straight, rulers[i], torch.from_numpy(before[i]), own, int(most[i])))
    return found


def lines(networks: Sequence[Ramps]) -> list[Lines]:
    """Each network's knots, and its values there."""
    found: dict[int, Lines] = {}
    groups: dict[object, list[int]] = {}
    for i, network in enumerate(networks):
        groups.setdefault((network.shapes, network.residual), []).append(i)
    with np.errstate(all="ignore"):
        for group in groups.values():
            for start in range(0, len(group), _TOGETHER):
                some = group[start : start + _TOGETHER]
                found.update(zip(some, _lines([networks[i] for i in some]), strict=True))
    return [found[i] for i in range(len(networks))]


def _lines(networks: list[Ramps]) -> list[Lines]:
    """Of networks of one shape. Their nodes stand in one row, network after network, each one's ascending.

    Between the nodes known so far, and beyond the outermost, each unit's input is a straight line: where it crosses zero is
    a new knot, and there everything that is known is interpolated exactly.
    """
    count = len(networks)
    owner = np.arange(count).repeat(2)
    nodes = np.tile([-1.0, 1.0], count)
    h = nodes[:, None]
    starts = np.arange(count + 1) * 2
    for i in range(len(networks[0].weights) - 1):
        pre = _affine(h, networks, starts, i)
        at, share = _crossings(pre, starts)
        inner = np.ones(len(nodes), bool)
        inner[starts[:-1]] = inner[starts[1:] - 1] = False
        at = np.concatenate((inner.nonzero()[0], at))
        share = np.concatenate((np.zeros(len(at) - len(share)), share))
        knots, owns = nodes[at] + share * (nodes[at + 1] - nodes[at]), owner[at]
        # One point beyond the outermost knots, on the line of the outermost piece: first below all, then, mirrored, above.
        beyond = np.full(2 * count, np.inf)
        np.minimum.at(beyond, np.concatenate((owns, owns + count)), np.concatenate((knots, -knots)))
        beyond = np.where(np.isfinite(beyond), beyond - 1.0 - np.abs(beyond), -1.0) * np.repeat([1.0, -1.0], count)
        last = np.concatenate((starts[:-1], starts[1:] - 2))
        share = np.concatenate((share, (beyond - nodes[last]) / (nodes[last + 1] - nodes[last])))
        knots, owns = np.concatenate((knots, beyond)), np.concatenate((owns, np.arange(count), np.arange(count)))
        at = np.concatenate((at, last))
        order = np.lexsort((knots, owns))
        knots, owns = knots[order], owns[order]
        apart = np.ones(len(order), bool)
        apart[1:] = (np.diff(knots) > _NARROWEST * (1.0 + np.abs(knots[1:]))) | (np.diff(owns) > 0)
        order, nodes, owner = order[apart], knots[apart], owns[apart]
        at, share = at[order], share[order, None]
        starts = np.searchsorted(owner, np.arange(count + 1))
        out = _between(pre, at, share)
        np.maximum(out, 0.0, out=out)
        if networks[0].residual[i]:
            out += _between(h, at, share)
        h = out
    values = _affine(h, networks, starts, -1)
    parts = [slice(*pair) for pair in itertools.pairwise(starts)]
    return [Lines(nodes[part], values[part]) for part in parts]


def _between(rows: Floats, at: Integers, share: Floats) -> Floats:
    """At the given shares (n, 1) of the ways from rows `at` to those after them."""
    found = rows.take(at, 0)
    steps = np.diff(rows, axis=0).take(at, 0)
    steps *= share
    found += steps
    return found


def _affine(h: Floats, networks: list[Ramps], starts: Integers, i: int) -> Floats:
    """W h + b of each network's own nodes."""
    out = np.empty((len(h), len(networks[0].biases[i])))
    for network, start, stop in zip(networks, starts[:-1], starts[1:], strict=True):
        np.matmul(h[start:stop], network.weights[i].T, out=out[start:stop])
        out[start:stop] += network.biases[i]
    return out


def _crossings(pre: Floats, starts: Integers) -> tuple[Integers, Floats]:
    """Where units cross zero: the node before, and the share of the way to the next one (outside (0, 1) beyond the ends).

    A crossing at the outermost node itself counts as beyond it: the unit may be off at both nodes, and on beyond.
    """
    positive = pre > 0.0
    turns = positive[1:] != positive[:-1]
    turns[starts[1:-1] - 1] = False
    # Ten times as fast as `nonzero` of an array with two axes.
    at, unit = np.divmod(np.flatnonzero(turns), pre.shape[1])
    low = pre[at, unit]
    places, shares = [at], [low / (low - pre[at + 1, unit])]
    for ends, first in ((starts[:-1], True), (starts[1:] - 2, False)):
        low = pre[ends]
        share = low / (low - pre[ends + 1])
        beyond = np.isfinite(share) & ((share <= 0.0) if first else (share >= 1.0))
        network, unit = beyond.nonzero()
        places.append(ends[network])
        shares.append(share[network, unit])
    return np.concatenate(places), np.concatenate(shares)
