"""What the engine says of itself at its start: versions and devices."""

from __future__ import annotations

import os

import torch

from ..pipeline import Text
from ..training.devices import NAMES, unavailable
from .messages import Device, Ready


def ready() -> Ready:
    """Torch's version, and every device with the reason why it cannot be used, where that is so."""
    devices = []
    for name in NAMES:
        reason = unavailable(name)
        why_not = Text() if reason is None else Text.of(reason)
        devices.append(Device(name=name, title=_title(name), available=reason is None, why_not=why_not))
    return Ready(torch=str(torch.__version__), devices=tuple(devices), threads=torch.get_num_threads(), pid=os.getpid())


def _title(name: str) -> str:
    if name == "cuda" and torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return {"auto": "Automatic", "cpu": "CPU", "cuda": "CUDA", "mps": "Apple GPU"}[name]
