"""Masks of pixel networks, and the skewing that turns diagonals into columns.

The order is that of reading: rows, columns, and within a pixel its C channels (colours). The features of a hidden layer
stand in C contiguous groups, one a colour: a feature of group c knows the earlier pixels whole, and of its own pixel only
what a mask allows (van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv 1601.06759, section 3.4).
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

Kind = Literal["A", "B"]


def groups(features: int, channels: int, times: int = 1) -> Tensor:
    """The colour ⌊f C / F⌋ of each feature f (times·F,): contiguous groups of C colours, the whole repeated `times` times."""
    return (torch.arange(features) * channels // features).repeat(times)


def sees(kind: Kind, outputs: Tensor, inputs: Tensor) -> Tensor:
    """(O, I): which inputs an output of the same pixel may see. A: those of an earlier colour; B: of its own, too."""
    after, before = outputs[:, None], inputs[None, :]
    return after > before if kind == "A" else after >= before


def kernel_mask(kind: Kind, outputs: Tensor, inputs: Tensor, size: int) -> Tensor:
    """(O, I, k, k) for groups (O,) and (I,): the rows above and what is left in the same row; at the centre, `sees`."""
    mask = torch.zeros(len(outputs), len(inputs), size, size, dtype=torch.bool)
    centre = size // 2
    mask[:, :, :centre] = True
    mask[:, :, centre, :centre] = True
    mask[:, :, centre, centre] = sees(kind, outputs, inputs)
    return mask


class Masked(nn.Module):
    """A kernel times its mask (O, I, ...), and a bias (O,). Which product it enters is its owner's affair.

    Uniform in ±1/√(inputs that the mask leaves) at first; with `last_std`, normal with that deviation and without bias.
    """

    def __init__(self, mask: Tensor, generator: torch.Generator, last_std: float | None = None) -> None:
        super().__init__()
        if last_std is None:
            bound = mask.flatten(1).sum(1).clamp_min(1).double().rsqrt()
            weight = uniform(mask.shape, generator) * bound.reshape(-1, *[1] * (mask.ndim - 1))
            bias = uniform((len(mask),), generator) * bound
        else:
            weight = torch.randn(mask.shape, generator=generator, dtype=torch.float64) * last_std
            bias = torch.zeros(len(mask), dtype=torch.float64)
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)
        # A mask of ones would only cost time.
        self.register_buffer("mask", None if bool(mask.all()) else mask.double(), persistent=False)

    @property
    def kernel(self) -> Tensor:
        """The weight with what the mask forbids set to 0."""
        mask = self._buffers["mask"]
        return self.weight if mask is None else self.weight * mask


def uniform(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    """U(−1, 1) in double precision."""
    return torch.rand(shape, generator=generator, dtype=torch.float64) * 2.0 - 1.0


def skew(x: Tensor, fill: Tensor | float = 0.0) -> Tensor:
    """x (..., H, W, F) -> S (..., H, W+H−1, F) with S[i, i+j] = x[i, j]: diagonals become columns; `fill` (F,) elsewhere."""
    *before, rows, columns, features = x.shape
    empty = torch.zeros_like(x[..., :1, :]) + fill
    wide = torch.cat((x, empty.expand(*before, rows, rows, features)), -2)
    flat = wide.reshape(*before, rows * (columns + rows), features)[..., : rows * (columns + rows - 1), :]
    return flat.reshape(*before, rows, columns + rows - 1, features)


def unskew(s: Tensor) -> Tensor:
    """The inverse of `skew`: S (..., H, W+H−1, F) -> x (..., H, W, F) with x[i, j] = S[i, i+j]."""
    *before, rows, wide, features = s.shape
    flat = s.reshape(*before, rows * wide, features)
    whole = torch.cat((flat, torch.zeros_like(flat[..., :rows, :])), -2)
    return whole.reshape(*before, rows, wide + 1, features)[..., : wide + 1 - rows, :]
