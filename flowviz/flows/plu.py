"""z = P L (U + diag(s)) x on rows, and its gradient written out by hand: one node of autograd in the place of thirty.

With W = P M, M = L R, R = U + diag(s), s = sign · exp(l) and G = ∂L/∂z:

    ∂L/∂x = G W,  ∂L/∂W = Gᵀ x,  ∂L/∂M = Pᵀ ∂L/∂W,  ∂L/∂L = ∂L/∂M Rᵀ below the diagonal,
    ∂L/∂R = Lᵀ ∂L/∂M on the diagonal and above,  ∂L/∂l = diag(∂L/∂R) ⊙ s
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor


class PLU(NamedTuple):
    """The numbers of a matrix (C, C): row i of P M is row order[i] of M."""

    lower: Tensor
    upper: Tensor
    log_diagonal: Tensor
    sign: Tensor
    order: Tensor

    def factors(self) -> tuple[Tensor, Tensor]:
        """L and U + diag(s)."""
        L = self.lower.tril(-1) + torch.eye(len(self.lower), dtype=self.lower.dtype, device=self.lower.device)
        return L, self.upper.triu(1) + torch.diag(self.sign * self.log_diagonal.exp())

    def matrix(self) -> Tensor:
        """W."""
        L, R = self.factors()
        return (L @ R)[self.order]


def multiply(rows: Tensor, plu: PLU) -> Tensor:
    """x Wᵀ for x (R, C)."""
    if torch.is_grad_enabled() and not torch._C._are_functorch_transforms_active():
        z: Tensor = _ByHand.apply(rows, *plu)  # type: ignore[no-untyped-call]
        return z
    return rows @ plu.matrix().T


class _ByHand(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, rows: Tensor, *numbers: Tensor) -> Tensor:
        plu = PLU(*numbers)
        L, R = plu.factors()
        W = (L @ R)[plu.order]
        ctx.save_for_backward(rows, L, R, W, *plu)
        return rows @ W.T

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Any, ...]:
        (G,) = grads
        rows, L, R, W, *numbers = ctx.saved_tensors
        plu = PLU(*numbers)
        wants_rows, *wants = ctx.needs_input_grad
        if torch.is_grad_enabled():
            return _by_autograd(G, rows, plu, ctx.needs_input_grad)
        to_rows = G @ W if wants_rows else None
        if not any(wants):
            return to_rows, None, None, None, None, None
        to_W = G.t() @ rows
        to_M = torch.empty_like(to_W).index_copy_(0, plu.order, to_W)
        to_R = L.t() @ to_M
        to_diagonal = to_R.diagonal() * R.diagonal()
        return to_rows, (to_M @ R.t()).tril_(-1), to_R.triu_(1), to_diagonal, None, None


def _by_autograd(G: Tensor, rows: Tensor, plu: PLU, wants: tuple[bool, ...]) -> tuple[Any, ...]:
    """The gradient as a graph of its own, so that it can be differentiated again."""
    inputs = [tensor for tensor, wanted in zip((rows, *plu), wants, strict=True) if wanted]
    found = iter(torch.autograd.grad(rows @ plu.matrix().T, inputs, G, create_graph=True))
    return tuple(next(found) if wanted else None for wanted in wants)
