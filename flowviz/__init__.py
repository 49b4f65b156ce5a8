"""FlowViz: build, train and explore normalizing flows. `load` and `build` import torch only when they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .flows import Flow
    from .flows.build import build
    from .training.checkpoint import load

__version__ = "0.1.0"
__all__ = ["Flow", "__version__", "build", "load"]


def __getattr__(name: str) -> Any:
    if name in ("Flow", "build"):
        from . import flows

        return getattr(flows, name)
    if name == "load":
        from .training.checkpoint import load

        return load
    raise AttributeError(f"module 'flowviz' has no attribute '{name}'")
