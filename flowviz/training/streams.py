"""A second stream beside the training's, for what is computed from a copy of the weights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_streams: dict[torch.device, torch.cuda.Stream] = {}


@contextmanager
def beside(device: torch.device) -> Iterator[None]:
    """Work on a second stream of a GPU. It sees all that was asked of the device before it, a copy of the weights for one;
    what is asked of it after this is not held up by it, and what comes after the block finds it done.

    Elsewhere than on CUDA there is one stream, and this is nothing.
    """
    if device.type != "cuda":
        yield
        return
    if device not in _streams:
        _streams[device] = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
    stream, here = _streams[device], torch.cuda.current_stream(device)
    stream.wait_stream(here)
    try:
        with torch.cuda.stream(stream):
            yield
    finally:
        here.wait_stream(stream)
