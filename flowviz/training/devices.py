"""Where it computes: the device by name."""

from __future__ import annotations

import torch

from ..pipeline import Sentence, SpecError, say

NAMES = ("auto", "cpu", "cuda", "mps")


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
