"""A CUDA graph in words: the operations of a program on the very tensors that they had, done again in their order.

Like a graph, a tape knows nothing of Python: every number that was one when it was recorded stays as it was, every tensor
lies where it lay. So a program that a tape repeats to the last bit has nothing going in or out but by tensors that stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from flowviz.training.program import Program


class Tape(TorchDispatchMode):
    """Records while it is entered; a call plays."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[tuple[Callable[..., Any], Any, Any, Any]] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self._calls.append((func, args, kwargs or {}, out))
        return out

    @torch.no_grad()
    def __call__(self) -> None:
        for func, args, kwargs, out in self._calls:
            for old, new in zip(tree_leaves(out), tree_leaves(func(*args, **kwargs)), strict=True):
                # A view lies in its base, and what was done in place is done.
                if isinstance(old, Tensor) and old.numel() and not _one_storage(old, new):
                    old.copy_(new)


def _one_storage(one: Tensor, other: Tensor) -> bool:
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()


def taped(program: Program) -> Tape:
    """A tape of the program. As with a graph, recording it leaves everything as it was."""
    chunks = program.optimization.chunks
    state = [part for chunk in chunks for part in (chunk.weights, chunk.average, chunk.steps, *chunk.moments.values())]
    state += [*program.flow.buffers(), program.readings._rows]
    kept, drawn, common = [part.clone() for part in state], program.generator.get_state(), torch.get_rng_state()
    tape = Tape()
    with tape:
        program.run()
    for part, old in zip(state, kept, strict=True):
        part.copy_(old)
    program.generator.set_state(drawn)
    torch.set_rng_state(common)
    return tape
