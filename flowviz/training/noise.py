"""The noise inside a network: what dropout leaves out is decided by the seed and the step alone.

Networks draw it from the device's own generator, which others draw from, too. So each step begins with a state of its own
there, and what was there before comes back afterwards: a run with dropout repeats to the last bit, and so does one that
goes on from a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_APART = 0x9E3779B1
"""Keeps the noise apart from the data, whose generator starts from the seed, too."""


@contextmanager
def noise_of(seed: int, device: torch.device) -> Iterator[None]:
    """Draws from the device's own generator follow from the seed here. On MPS they are left to chance."""
    source = _generator(device)
    if source is None:
        yield
        return
    before = source.get_state()
    source.manual_seed((seed + _APART) % 2**32)
    try:
        yield
    finally:
        source.set_state(before)


def _generator(device: torch.device) -> torch.Generator | None:
    if device.type == "cpu":
        return torch.default_generator
    if device.type == "cuda":
        found: torch.Generator = torch.cuda.default_generators[device.index or 0]
        return found
    return None
