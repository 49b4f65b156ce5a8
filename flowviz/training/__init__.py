"""Training: objectives, the step loop, checkpoints. Reading a checkpoint needs nothing of the targets, so names load late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .nonfinite import NonFinite
    from .snapshot import Snapshot
    from .trainer import StepResult, Trainer

__all__ = ["NonFinite", "Snapshot", "StepResult", "Trainer"]


def __getattr__(name: str) -> Any:
    if name in ("StepResult", "Trainer"):
        from . import trainer

        return getattr(trainer, name)
    if name == "NonFinite":
        from .nonfinite import NonFinite

        return NonFinite
    if name == "Snapshot":
        from .snapshot import Snapshot

        return Snapshot
    raise AttributeError(f"module 'flowviz.training' has no attribute '{name}'")
