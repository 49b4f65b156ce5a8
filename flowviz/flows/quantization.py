"""Mu-law quantisation of amplitudes in [−1, 1]: fine steps where a sound is soft, coarse ones where it is loud.

f(x) = sign(x) ln(1 + μ|x|) / ln(1 + μ) with μ = 255 (ITU-T G.711); class = round((f(x) + 1)/2 · μ), 0 to 255. WaveNet,
arXiv 1609.03499, section 2.2. A class is a bin of amplitudes, so probabilities of classes are a density of amplitudes:
log p(x) = log P(class of x) − log(width of its bin).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

MU = 255
CLASSES = MU + 1


def compress(x: Tensor) -> Tensor:
    """f(x), which takes [−1, 1] onto itself."""
    return x.sign() * torch.log1p(MU * x.abs()) / math.log1p(MU)


def expand(y: Tensor) -> Tensor:
    """x with f(x) = y: sign(y) ((1 + μ)^|y| − 1)/μ."""
    return y.sign() * torch.expm1(y.abs() * math.log1p(MU)) / MU


def encode(x: Tensor) -> Tensor:
    """The class, 0 to 255, of each amplitude; what lies beyond ±1 goes to the nearest class."""
    return ((compress(x.clamp(-1.0, 1.0)) + 1.0) * (0.5 * MU)).round().long()


def decode(classes: Tensor, dtype: torch.dtype = torch.float64) -> Tensor:
    """The amplitude in the middle of each class, as f measures it."""
    return expand(classes.to(dtype) * (2.0 / MU) - 1.0)


def edges() -> Tensor:
    """The 257 amplitudes between which the classes' bins lie, from −1 to 1, in float64.

    The bins are equally wide under f, but for the first and the last, which end at ±1 and are half as wide.
    """
    inner = torch.arange(1, CLASSES, dtype=torch.float64)
    return torch.cat((inner.new_tensor([-1.0]), expand((2.0 * inner - 1.0) / MU - 1.0), inner.new_tensor([1.0])))
