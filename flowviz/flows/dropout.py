"""Leaving features out at random while a network trains."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

_LANE = 2**16


def left_out(h: Tensor, share: float) -> Tensor:
    """h with this share of its numbers set to 0 at random, and the others divided by what remains of 1."""
    if torch._C._are_functorch_transforms_active():
        return F.dropout(h, share)
    return h * factors(h, share)


def factors(like: Tensor, share: float) -> Tensor:
    """What to multiply by, of the shape of `like`: 0, or 1 over the share that stays.

    On a CPU torch draws a number of its own for each, which costs more than a small network. Here four are decided by one
    draw of 64 bits, so that the share is a multiple of 2^-16.
    """
    if not like.is_cpu:
        return torch.empty_like(like).bernoulli_(1.0 - share).div_(1.0 - share)
    kept = min(max(round((1.0 - share) * _LANE), 1), _LANE - 1)
    draws = torch.empty(-(-like.numel() // 4), dtype=torch.int64).random_(-(2**63), None)
    stays = draws.view(torch.int16)[: like.numel()] < kept - _LANE // 2
    return stays.to(like.dtype).mul_(_LANE / kept).view(like.shape)
