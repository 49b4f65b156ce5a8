"""Small projects that train in milliseconds."""

from __future__ import annotations

from typing import Any

import msgspec
import torch

from flowviz.flows import Flow
from flowviz.pipeline import (
    MLP,
    NAMED,
    ActNorm,
    AffineCoupling,
    LayerSpec,
    NamedTarget,
    PipelineSpec,
    Project,
    Training,
)
from flowviz.training import Trainer

NET = MLP(hidden=(16, 16))


def layers() -> tuple[LayerSpec, ...]:
    return (
        ActNorm(uid="norm"),
        AffineCoupling(uid="a", conditioner=NET),
        AffineCoupling(uid="b", mask="odd", conditioner=NET),
    )


def small(*made: LayerSpec, base: Any = None, target: Any = None, seed: int = 0, **training: Any) -> Project:
    """ActNorm and two couplings on two moons, or what is given instead."""
    settings = {"batch_size": 64, "steps": 200, "warmup": 10, "learning_rate": 5e-3} | training
    pipeline = PipelineSpec(layers=made or layers())  # type: ignore[arg-type]
    if base is not None:
        pipeline = msgspec.structs.replace(pipeline, base=base)
    return Project(pipeline=pipeline, target=target or NamedTarget(), training=Training(**settings), seed=seed)


def with_layers(project: Project, *made: LayerSpec) -> Project:
    pipeline = msgspec.structs.replace(project.pipeline, layers=made)
    return msgspec.structs.replace(project, pipeline=pipeline)


def with_training(project: Project, **settings: Any) -> Project:
    return msgspec.structs.replace(project, training=msgspec.structs.replace(project.training, **settings))


def same_weights(one: Flow, other: Flow) -> bool:
    """Bit for bit."""
    a, b = one.state_dict(), other.state_dict()
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def name_of(dimensions: int) -> str:
    """A named target of this dimension."""
    return next(name for name, info in NAMED.items() if info.dimensions == dimensions)


def finish(trainer: Trainer, steps: int) -> Trainer:
    for _ in trainer.run(steps):
        pass
    return trainer
