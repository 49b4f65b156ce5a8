"""What a run was made on: cores and memory, never a name; and the versions of what was measured."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from typing import Any

import torch

LIBRARIES = ("nflows", "zuko", "normflows", "FrEIA", "pyro-ppl", "torchflows")


def machine(device: str) -> dict[str, Any]:
    """A dict for the JSON file; `load` is the system's load average over a minute before the run, None where unknown."""
    return {
        "cores": os.cpu_count(),
        "memory_gib": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "device": torch.cuda.get_device_name() if device.startswith("cuda") else "CPU",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "libraries": {name: _version(name) for name in LIBRARIES},
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def in_words(found: dict[str, Any]) -> str:
    """One sentence."""
    memory = "" if found["memory_gib"] is None else f", {found['memory_gib']:.0f} GiB of memory"
    load = "" if found["load"] is None else f"; load before it {found['load']:.1f}"
    return (
        f"{found['cores']} cores{memory}, {found['system']}, measured on the {found['device']}; "
        f"Python {found['python']}, torch {found['torch']}{load}"
    )


def _memory() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
