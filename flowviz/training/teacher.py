"""Targets with checkpoints among them: a trained flow that another one learns from."""

from __future__ import annotations

from pathlib import Path

import torch

from ..flows import Flow
from ..pipeline import Target
from ..targets import Density, load
from . import checkpoint


def load_target(spec: Target, *, device: torch.device | str = "cpu", seed: int = 0) -> Density:
    """The density of any target, as `targets.load` gives it; a trained flow comes with its evaluation weights.

    Raises SpecError with one sentence.
    """
    return load(spec, device=device, seed=seed, open_model=_opened)


def _opened(path: Path, device: torch.device) -> Flow:
    return checkpoint.load(path, device)
