"""Pictures as rows, one a place, and 3x3 convolutions of them as products of matrices.

A picture batch (B, C, H, W) is (B·H·W, C) rows in raster order, without a copy where it lies in memory channels last. A 1x1
convolution is then one product, and a 3x3 convolution nine, each moved by one place and added:

    z[p] = Σ_tap W_tap x[p + tap] + b,    the nine W_tap x in one product, the sum one table look-up of nine rows a place.

Onto few channels that is two to three times as fast as torch's convolution on a CPU, which is made for many. From few
channels the nine rows around each place are laid side by side instead, and one product with all taps does it.
"""

from __future__ import annotations

import functools
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from .products import linear

MOST_ROWS = 2**14
"""Rows up to which the nine products lie in the cache; beyond it a convolution is as good."""
FEW_ROWS, FEW_CHANNELS = 2**11, 8
"""Rows and channels up to which laying nine rows side by side is cheaper than a convolution."""
LARGE = 2**23
"""Multiplications from which on torch's convolution finds the gradient of a 1x1 kernel faster than a product."""
_convolution_backward = torch.ops.aten.convolution_backward.default


class Places(NamedTuple):
    """How many pictures, and their sides."""

    pictures: int
    height: int
    width: int

    @property
    def each(self) -> int:
        """Places of one picture."""
        return self.height * self.width

    @property
    def rows(self) -> int:
        return self.pictures * self.each


def places_of(x: Tensor) -> Places:
    """Those of pictures (B, C, H, W)."""
    return Places(x.shape[0], x.shape[2], x.shape[3])


def to_rows(x: Tensor) -> Tensor:
    """(B, C, H, W) -> (B·H·W, C); a view where the channels lie together."""
    return x.permute(0, 2, 3, 1).reshape(x.numel() // x.shape[1], x.shape[1])


def to_pictures(rows: Tensor, places: Places) -> Tensor:
    """(B·H·W, C) -> (B, C, H, W), a view with channels last."""
    return rows.view(*places, rows.shape[1]).permute(0, 3, 1, 2)


def convolve_plainly(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """x (B, I, *sides) -> (B, O, *sides) by a weight (O, I, k[, k]) with k odd; without inputs, the bias everywhere."""
    if not weight.shape[1]:
        return bias.reshape(-1, *(1 for _ in x.shape[2:])).expand(len(x), -1, *x.shape[2:])
    product = F.conv2d if weight.ndim == 4 else F.conv1d
    return product(x, weight, bias, padding=weight.shape[2] // 2)


def convolve(rows: Tensor, weight: Tensor, bias: Tensor | None, places: Places) -> Tensor:
    """rows (R, I), weight (O, I, k, k) with k 1 or 3, bias (O,) -> (R, O); places beyond the border count as 0."""
    outputs, inputs, side, _ = weight.shape
    if side == 1:
        return linear(rows, weight.reshape(outputs, inputs), bias)
    if _moves(outputs, inputs, rows):
        return _moved(linear(rows, _taps(weight)), places, bias)
    if _lays(rows):
        return linear(_laid(rows, places), weight.permute(0, 2, 3, 1).reshape(outputs, 9 * inputs), bias)
    return to_rows(F.conv2d(to_pictures(rows, places), weight, bias, padding=1))


Pair = tuple[Tensor | None, Tensor | None]


def gradients(back: Tensor, rows: Tensor, weight: Tensor, places: Places, wants_rows: bool, wants_weight: bool) -> Pair:
    """From ∂L/∂out (R, O): (∂L/∂rows, ∂L/∂weight) of `convolve`, each None where nobody wants it."""
    outputs, inputs, side, _ = weight.shape
    if side == 1:
        to_rows_ = linear(back, weight.reshape(outputs, inputs).t()) if wants_rows else None
        if wants_weight and back.numel() * inputs < LARGE:
            return to_rows_, back.t().mm(rows).view_as(weight)
        return to_rows_, _by_torch(back, rows, weight, places, (False, wants_weight))[1]
    if _lays(back):
        return _by_laying(back, rows, weight, places, wants_rows, wants_weight)
    if not (wants_rows and _moves(inputs, outputs, rows)):
        return _by_torch(back, rows, weight, places, (wants_rows, wants_weight))
    # Backwards, what came from the upper left goes there: the kernel turned by half a turn.
    by_moving = _moved(linear(back, _taps(weight.transpose(0, 1).flip(2, 3))), places)
    return by_moving, _by_torch(back, rows, weight, places, (False, wants_weight))[1]


def shares_work(back: Tensor, weight: Tensor) -> bool:
    """Whether `gradients` makes both of its results from something that it makes once."""
    return weight.shape[2] > 1 and _lays(back)


def _by_laying(
    back: Tensor, rows: Tensor, weight: Tensor, places: Places, wants_rows: bool, wants_weight: bool
) -> Pair:
    outputs, inputs, *_ = weight.shape
    around = _laid(back, places)
    turned = weight.flip(2, 3).permute(1, 2, 3, 0).reshape(inputs, 9 * outputs)
    to_taps = around.t().mm(rows).view(3, 3, outputs, inputs).flip(0, 1) if wants_weight else None
    to_weight = None if to_taps is None else to_taps.permute(2, 3, 0, 1)
    return linear(around, turned) if wants_rows else None, to_weight


def _by_torch(back: Tensor, rows: Tensor, weight: Tensor, places: Places, wants: tuple[bool, bool]) -> Pair:
    if not any(wants):
        return None, None
    margin = [weight.shape[2] // 2] * 2
    images = to_pictures(back, places), to_pictures(rows, places)
    to_images, to_weight, _ = _convolution_backward(
        *images, weight, None, [1, 1], margin, [1, 1], False, [0, 0], 1, [*wants, False]
    )
    return None if to_images is None else to_rows(to_images), to_weight


def _moves(outputs: int, inputs: int, rows: Tensor) -> bool:
    return outputs < inputs and 0 < len(rows) <= MOST_ROWS


def _lays(rows: Tensor) -> bool:
    return rows.shape[1] <= FEW_CHANNELS and 0 < len(rows) <= FEW_ROWS


def _laid(rows: Tensor, places: Places) -> Tensor:
    """(R, C) -> (R, 9·C): at every place the nine rows around it side by side, 0 beyond the border."""
    pictures, height, width = places
    framed = F.pad(rows.view(*places, rows.shape[1]), (0, 0, 1, 1, 1, 1))
    picture, row, column, _ = framed.stride()
    # Three neighbours in a row lie together already.
    three = (pictures, height, width, 3, 3 * column)
    return framed.as_strided(three, (picture, row, column, row, 1)).reshape(len(rows), 9 * column)


def _taps(weight: Tensor) -> Tensor:
    """(O, I, 3, 3) -> the nine matrices over each other, (9·O, I)."""
    return weight.permute(2, 3, 0, 1).reshape(-1, weight.shape[1])


def _moved(nine: Tensor, places: Places, bias: Tensor | None = None) -> Tensor:
    """(R, 9·O) -> (R, O): at every place what the nine around it sent there, and the bias."""
    number, start = _neighbours(places)
    table = nine.view(9 * places.rows, nine.shape[1] // 9)
    out: Tensor = torch.embedding_bag(table, number, start, mode=0)[0]
    return out if bias is None else out.add_(bias)


@functools.lru_cache(maxsize=16)
def _neighbours(places: Places) -> tuple[Tensor, Tensor]:
    """For each place the rows 9·neighbour + tap to add, and where its own begin; a place at the border has fewer."""
    count, height, width = places
    steps = torch.arange(3)
    number = torch.arange(height * width).view(height, width)
    around = F.pad(number, (1, 1, 1, 1), value=-1).unfold(0, 3, 1).unfold(1, 3, 1)
    rows = torch.where(around >= 0, 9 * around + 3 * steps[:, None] + steps, -1).reshape(height * width, 9)
    inside = rows >= 0
    each = rows[inside]
    starts = F.pad(inside.sum(1).cumsum(0), (1, 0))[:-1]
    picture = torch.arange(count)[:, None]
    every = (each + picture * (9 * height * width)).flatten()
    return every, (starts + picture * len(each)).flatten()
