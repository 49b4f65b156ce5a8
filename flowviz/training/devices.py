"""Where it computes: the device by name, and how many threads."""

from __future__ import annotations

import os

import torch

from ..pipeline import Sentence, SpecError, say

NAMES = ("auto", "cpu", "cuda", "mps")
SMALL = 100_000_000
"""Multiplications of a forward pass (parameters times batch size) below which a second thread does not pay."""


def unavailable(name: str) -> Sentence | None:
    """Why this device cannot be used, in a sentence; None when it can."""
    if name in ("auto", "cpu"):
        return None
    if name == "cuda":
        if torch.cuda.is_available():
            return None
        if torch.version.cuda is None:
            return say("this PyTorch was built without CUDA; here there is {there}", there=there())
        return say("no CUDA device was found; here there is {there}", there=there())
    if name == "mps":
        if torch.backends.mps.is_available():
            return None
        return say("MPS needs a Mac with an Apple GPU; here there is {there}", there=there())
    return say("no device is called '{name}'; there are {names}", name=name, names=", ".join(NAMES))


def there() -> str:
    """The devices of this machine, as a list in words."""
    found = ["cpu"]
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return ", ".join(found)


def choose_device(name: str) -> torch.device:
    """The device of this name; auto takes CUDA, then MPS, then the CPU. Raises SpecError when it is not there."""
    reason = unavailable(name)
    if reason is not None:
        raise SpecError(say("The device '{name}' is not available: {reason}.", name=name, reason=reason))
    if name == "auto":
        name = there().rsplit(", ", 1)[-1]
    return torch.device(name)


def choose_threads(requested: int, work: int) -> int:
    """Threads for the CPU: never all cores, so that the window keeps one; 0 takes one for small flows, else half of them.

    OpenMP's threads spin: with one of two cores busy and two threads, a step of 10 ms took 960 ms.
    `work` is the number of parameters times the batch size. The setting is the whole process's.
    """
    cores = os.cpu_count() or 1
    if requested:
        return min(requested, max(1, cores - 1))
    return 1 if work < SMALL else max(1, cores // 2)
