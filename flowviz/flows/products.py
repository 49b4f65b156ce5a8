"""Matrix products by the faster of torch's two libraries for the CPU.

Torch multiplies single-precision matrices with MKL, which on AMD's processors leaves half of the vector unit idle: 64 x 64
weights and 512 points take 40 microseconds there and 27 with oneDNN, 256 x 256 weights 560 and 255. Torch has oneDNN's
product under a name of its own, and without a gradient; where either is wanting, or nothing is gained, it is torch's.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

_FEWEST, _NARROWEST = 2**20, 32
"""Multiplications, and inner and outer width, from which on oneDNN is faster."""
WIDE = 2**22
"""Multiplications from which on it is so even where the matrices come transposed."""


def _find() -> Callable[..., Tensor] | None:
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return None
    try:
        return torch.ops.mkldnn._linear_pointwise.default
    except AttributeError:
        return None


_one_dnn = _find()


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b for x (B, I), W (O, I) and b (O,) -> (B, O)."""
    if _one_dnn is not None and _gains(x, weight):
        return _one_dnn(x, weight, bias, "none", [], "")
    return F.linear(x, weight, bias)


def linear_columns(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The same as columns: W xᵀ + b -> (O, B)."""
    if _one_dnn is not None and _gains(x, weight):
        return _one_dnn(weight, x, None, "none", [], "").add_(bias[:, None])
    return torch.addmm(bias[:, None], weight, x.t())


def weight_gradient(G: Tensor, x: Tensor) -> Tensor:
    """∂L/∂W (O, I) = Gᵀ x of y = x Wᵀ, from G = ∂L/∂y (B, O) and x (B, I)."""
    return linear(G.t(), x.t()) if G.numel() * x.shape[1] >= WIDE else G.t().mm(x)


def _gains(x: Tensor, weight: Tensor) -> bool:
    """Whether oneDNN can multiply these, and does it faster."""
    return (
        x.shape[0] * weight.numel() >= _FEWEST
        and min(weight.shape) >= _NARROWEST
        and x.dtype == torch.float32
        and x.is_cpu
        and not torch.is_grad_enabled()
        and not torch._C._are_functorch_transforms_active()
    )
