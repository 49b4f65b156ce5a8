"""Inverting a map of vectors by Newton's method, and log-determinants of small matrices."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

CHORDS, MOST = 12, 100
"""How many steps may share one Jacobian, and after how many of Newton's what is not found yet is given up."""
Value = Callable[[Tensor], Tensor]
"""x (B, D) -> f(x) (B, D)."""
WithJacobian = Callable[[Tensor], tuple[Tensor, Tensor]]
"""x (B, D) -> (f(x) (B, D), its Jacobian (B, D, D))."""


def log_abs_det(J: Tensor) -> Tensor:
    """log|det J| (...) of matrices (..., D, D); those of one or two rows are quicker written out."""
    if J.shape[-1] == 1:
        return J[..., 0, 0].abs().log()
    if J.shape[-1] == 2:
        return (J[..., 0, 0] * J[..., 1, 1] - J[..., 0, 1] * J[..., 1, 0]).abs().log()
    log_det: Tensor = torch.linalg.slogdet(J)[1]
    return log_det


def invert(value: Value, with_jacobian: WithJacobian, y: Tensor, start: Tensor) -> Tensor:
    """The x with f(x) = y, from a start near it; without gradients.

    First some steps that share the Jacobian at the start, which is all that a good start needs; then Newton's method, each
    row's step halved until what is left, ‖f(x) − y‖, becomes smaller. It ends when that is rounding (32 machine epsilons of
    the numbers), or after 100 steps.
    """
    with torch.no_grad():
        limit = 32.0 * torch.finfo(y.dtype).eps * (1.0 + torch.linalg.vector_norm(y, dim=1))
        x = start.detach()
        reached, J = with_jacobian(x)
        left = reached - y
        size = torch.linalg.vector_norm(left, dim=1)
        factors, pivots, _ = torch.linalg.lu_factor_ex(J)
        for _ in range(CHORDS):
            if _done(size, limit):
                return x
            new = x - torch.linalg.lu_solve(factors, pivots, left[:, :, None])[:, :, 0]
            x, left, size, better = _best(x, left, size, new, value(new) - y)
            if _done(better.to(size), 0.5):
                break
        reached, J = with_jacobian(x)
        share = torch.ones_like(size)
        for _ in range(MOST):
            if _done(size, limit):
                return x
            new = x - share[:, None] * torch.linalg.solve_ex(J, left[:, :, None])[0][:, :, 0]
            reached, new_J = with_jacobian(new)
            x, left, size, better = _best(x, left, size, new, reached - y)
            J = torch.where(better[:, None, None], new_J, J)
            share = torch.where(better, (2.0 * share).clamp_max(1.0), 0.5 * share)
        return x


def _done(size: Tensor, limit: Tensor | float) -> bool:
    """Whether no size is above its limit; vectorised by torch.func it cannot be asked."""
    return not torch._C._are_functorch_transforms_active() and not bool((size > limit).any())


def _best(
    x: Tensor, left: Tensor, size: Tensor, new: Tensor, new_left: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The rows of which less is left, old or new: (x, left, its norm, whether it is the new one)."""
    new_size = torch.linalg.vector_norm(new_left, dim=1)
    better = new_size < size
    wide = better[:, None]
    return torch.where(wide, new, x), torch.where(wide, new_left, left), torch.where(better, new_size, size), better


def implicit(x: Tensor, J: Tensor, left: Tensor) -> Tensor:
    """x with the gradient that the implicit function theorem gives it: one more step of Newton's, J⁻¹ left from it.

    left = f(x) − y (B, D), with the graph of f's parameters and of y; x and J have none.
    """
    step: Tensor = torch.linalg.solve_ex(J, left[:, :, None])[0]
    return x - step[:, :, 0]
