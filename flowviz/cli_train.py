"""`flowviz train`: trains in this process, with no window and no engine, and writes the checkpoint."""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from pathlib import Path

import msgspec

from .cli_common import FailedError, UsageError, figure, last_line, writable
from .cli_figures import bits, entropy
from .cli_progress import Progress
from .cli_sources import source
from .pipeline import Project
from .pipeline.training import MAXIMUM_LIKELIHOOD
from .training import Trainer, contexts
from .training.checkpoint import Checkpoint, save
from .training.evaluation import mean_nll
from .training.nonfinite import NonFinite
from .training.objectives import cost

TRAIN_POINTS, TRAIN_NUMBERS = 20_000, 1 << 18
"""Training points over which the final train NLL is averaged, and how many numbers they may have in all, at least 1000
points."""


def train(options: argparse.Namespace) -> int:
    """Trains to the end, or until it is stopped by Ctrl+C or by a loss that is not finite; writes what there is then."""
    out = writable(options.out, (".pt",))
    trainer, project, steps = _prepare(options)
    density = trainer.target
    objective = project.training.objective
    for note in (trainer.idle, cost(project.pipeline, density.event_shape, objective)):
        if note is not None:
            print(f"flowviz: {note}", file=sys.stderr)
    trouble = ""
    floor = entropy(density, trainer.flow)
    progress = Progress(steps if trainer.idle is None else 0, floor if objective == MAXIMUM_LIKELIHOOD else None)
    try:
        with progress:
            for result in trainer.run(steps):
                progress.step(result.loss)
    except KeyboardInterrupt:
        trouble = f"stopped at step {trainer.step:,}"
    except NonFinite as error:
        trouble = f"{error.sentence} {error.remedy}".strip()
    for remark in trainer.remarks():
        print(f"flowviz: {remark}", file=sys.stderr)
    seconds, rate, done = progress.seconds, progress.rate, progress.done
    out, complaint = _save(out, trainer, project, export=options.export)
    if trouble:
        raise FailedError(f"{complaint or trouble.rstrip('.')}; the checkpoint so far is in {out}")
    if complaint:
        raise UsageError(f"{complaint}; the checkpoint is in {out} instead")

    held_out = trainer.held_out_nll()
    count = max(1000, min(TRAIN_POINTS, TRAIN_NUMBERS // math.prod(density.event_shape)))
    flow = trainer.evaluation_flow()
    train_nll = mean_nll(flow, contexts.train_points(density, flow.spec, count))
    gap = None if floor is None else held_out - floor
    if options.json:
        last_line(
            {
                "steps": trainer.step,
                "train_nll": train_nll,
                "held_out_nll": held_out,
                "entropy": floor,
                "gap": gap,
                "bits_per_dim": bits(held_out, density),
                "seconds": seconds,
                "steps_per_second": rate,
                "device": str(trainer.device),
                "out": str(out),
            }
        )
        return 0
    print(f"held-out NLL   {figure(held_out, 'nats')}   (train {figure(train_nll, 'nats')})")
    if density.levels:
        print(f"bits/dim       {figure(bits(held_out, density))}")
    print(f"entropy        {figure(floor, 'nats')}")
    print(f"gap            {figure(gap, 'nats')}")
    speed = f": {rate:,.0f} steps/s" if done else ""
    print(f"time           {seconds:.1f} s for {done:,} steps on {trainer.device}{speed}")
    print(f"checkpoint     {out}")
    return 0


def _prepare(options: argparse.Namespace) -> tuple[Trainer, Project, int]:
    """The trainer, its project as it will be saved, and how many steps to do."""
    project, checkpoint = source(options)
    if checkpoint is None or options.seed is not None:
        return Trainer(project), project, project.training.steps
    return _go_on(checkpoint, project, options.steps)


def _go_on(checkpoint: Checkpoint | None, project: Project, more: int | None) -> tuple[Trainer, Project, int]:
    """Goes on from the checkpoint's weights: to the end of its schedule, or for `more` steps beyond where it is."""
    assert checkpoint is not None
    trainer = Trainer.from_checkpoint(checkpoint)
    if more is None:
        more = project.training.steps - trainer.step
        if more <= 0:
            raise UsageError(f"this run has come to its end at step {trainer.step:,}; --steps says how many more")
    training = msgspec.structs.replace(project.training, steps=trainer.step + more)
    project = msgspec.structs.replace(project, training=training)
    for sentence in trainer.update(project):
        print(f"flowviz: {sentence}", file=sys.stderr)
    return trainer, project, more


def _save(out: Path, trainer: Trainer, project: Project, *, export: bool) -> tuple[Path, str]:
    """Writes the checkpoint; where it cannot be, among the temporary files. Returns where it is and what went wrong."""
    try:
        save(out, trainer, project, export=export)
        return out, ""
    except OSError as error:
        complaint = f"{out} cannot be written ({(error.strerror or str(error)).lower()})"
    refuge = Path(tempfile.mkdtemp(prefix="flowviz-")) / out.name
    save(refuge, trainer, project, export=export)
    return refuge, complaint
