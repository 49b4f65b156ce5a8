"""Steps as programs: of many kinds of flows, and outside of a trainer."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from flowviz.pipeline import AffineCoupling, NamedTarget, Project, preset
from flowviz.training import Trainer, objectives
from flowviz.training.optimization import Optimization
from flowviz.training.program import Parts, Program
from flowviz.training.readings import Readings
from flowviz.training.schedule import learning_rate

from .projects import NET, small, with_training

STEPS: dict[str, Project] = {
    "couplings": small(clip_norm=0.5),
    "adamw": small(optimizer="adamw", weight_decay=1e-3, clip_norm=0.0),
    "sgd": small(optimizer="sgd", ema=0.0),
    "reverse KL": small(target=NamedTarget(name="banana"), objective="reverse_kl"),
    "drawn before the step": small(),
    "dropout": small(AffineCoupling(uid="a", conditioner=msgspec.structs.replace(NET, dropout=0.2))),
    **{
        name: with_training(preset(name).project(target=NamedTarget(name="eight_gaussians")), batch_size=8)
        for name in ("maf", "nsf", "glow", "planar", "ffjord")
    },
    "pictures": with_training(preset("glow").project(target=NamedTarget(name="digits")), batch_size=2),
}


def program(trainer: Trainer, *, static: bool = False, kept: int = 16) -> Program:
    """A program of what the trainer has, with an optimiser of its own."""
    training = trainer.project.training
    learning = objectives.trainable(trainer.flow, training.objective)
    optimization = Optimization(learning, training, static=static)
    readings = Readings(kept, trainer.device)
    return Program(Parts(trainer.flow, trainer.target, training, optimization, trainer.generator, readings))


def steps_of(made: Program, count: int) -> Iterator[None]:
    for step in range(count):
        made.optimization.turn(made.training, learning_rate(made.training, step))
        made.fetch()
        made.run()
        made.readings.count()
        yield
