"""From a spec to a density."""

from __future__ import annotations

import torch

from ..pipeline import (
    NAMED,
    DrawnTarget,
    ImageTarget,
    ModelTarget,
    NamedInfo,
    NamedTarget,
    SequenceTarget,
    SpecError,
    Target,
    say,
)
from .density import Density
from .drawn import drawn_density
from .imageset import picture_set
from .model import ModelDensity, Opener
from .named import named_density
from .sequences import sequence_set
from .table import TableDensity


def load(
    spec: Target, *, device: torch.device | str = "cpu", seed: int = 0, open_model: Opener | None = None
) -> Density:
    """The density of a target, on `device`; `seed` decides its fixed training points, never the held-out ones.

    `open_model(path, device)` reads a checkpoint, which is no business of this package: a trained flow needs it.

    Raises SpecError with one sentence when it cannot be had: an unknown name, a blank canvas, a file that does not fit.
    """
    if isinstance(spec, NamedTarget):
        return named_density(spec.name, device=device, seed=seed)
    if isinstance(spec, DrawnTarget):
        return drawn_density(spec, device=device, seed=seed)
    if isinstance(spec, ModelTarget):
        if open_model is None:
            raise SpecError(say("A trained flow cannot be opened here: {file}.", file=spec.path))
        return ModelDensity(spec, open_model, device=device, seed=seed)
    if isinstance(spec, ImageTarget):
        return picture_set(spec, device=device, seed=seed)
    if isinstance(spec, SequenceTarget):
        return sequence_set(spec, device=device, seed=seed)
    return TableDensity(spec, device=device)


def names() -> tuple[NamedInfo, ...]:
    """The named densities, in the order of the menu."""
    return tuple(NAMED.values())
