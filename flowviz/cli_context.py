"""The context that `--class` and `--context` name, for a flow that is conditional."""

from __future__ import annotations

import argparse

import torch
from torch import Tensor

from .cli_common import UsageError
from .flows import Flow


def context(options: argparse.Namespace, flow: Flow) -> Tensor | None:
    """A row (1,) of a class or (1, C) of numbers; None where the flow has no context. Raises UsageError where one is
    missing, too many, or does not fit."""
    wanted = flow.spec.context
    if wanted.kind == "none":
        if options.label is not None or options.context is not None:
            raise UsageError(
                f"{options.model}: this flow is not conditional, so it takes neither --class nor --context"
            )
        return None
    if (options.context if wanted.kind == "classes" else options.label) is not None:
        right, wrong = ("--class", "--context") if wanted.kind == "classes" else ("--context", "--class")
        raise UsageError(f"{options.model}: this flow is conditioned with {right}, so it does not take {wrong}")
    if wanted.kind == "classes":
        if options.label is None:
            raise UsageError(
                f"{options.model}: this flow is conditional; --class says which of 0 to {wanted.count - 1} is wanted"
            )
        if options.label >= wanted.count:
            raise UsageError(f"--class {options.label}: this flow knows the classes 0 to {wanted.count - 1}")
        return torch.tensor([options.label])
    if options.context is None:
        raise UsageError(
            f"{options.model}: this flow is conditional; --context gives its {wanted.count} numbers, as a,b"
        )
    if len(options.context) != wanted.count:
        raise UsageError(f"--context takes {wanted.count} numbers for this flow, not {len(options.context)}")
    return torch.tensor([options.context])
