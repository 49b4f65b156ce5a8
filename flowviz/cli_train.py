"""`flowviz train`: trains in this process, with no window and no engine, and writes the checkpoint."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec
import torch

from .cli_common import FailedError, UsageError, figure, last_line, writable
from .cli_progress import Progress
from .cli_sources import source, with_options
from .pipeline import Project
from .training import Trainer
from .training.checkpoint import Checkpoint, save
from .training.nonfinite import NonFinite

TRAIN_POINTS = 20_000
"""Training points over which the final train NLL is averaged."""


def train(options: argparse.Namespace) -> int:
    """Trains to the end, or until it is stopped by Ctrl+C or by a loss that is not finite; writes what there is then."""
    out = writable(options.out, (".pt",))
    trainer, project, steps = _prepare(options)
    density = trainer.target
    if trainer.idle is not None:
        print(f"flowviz: {trainer.idle}", file=sys.stderr)
    trouble = ""
    progress = Progress(steps, density.entropy)
    try:
        with progress:
            for result in trainer.run(steps):
                progress.step(result.loss)
    except KeyboardInterrupt:
        trouble = f"stopped at step {trainer.step:,}"
    except NonFinite as error:
        trouble = f"{error.sentence} {error.remedy}".strip()
    seconds, rate, done = progress.seconds, progress.rate, progress.done
    out, complaint = _save(out, trainer, project, export=options.export)
    if trouble:
        raise FailedError(f"{complaint or trouble.rstrip('.')}; the checkpoint so far is in {out}")
    if complaint:
        raise UsageError(f"{complaint}; the checkpoint is in {out} instead")

    held_out = trainer.held_out_nll()
    with torch.no_grad():
        train_nll = float(-trainer.evaluation_flow().log_prob(density.train_points(TRAIN_POINTS)).mean())
    entropy = density.entropy
    gap = None if entropy is None else held_out - entropy
    if options.json:
        last_line(
            {
                "steps": trainer.step,
                "train_nll": train_nll,
                "held_out_nll": held_out,
                "entropy": entropy,
                "gap": gap,
                "seconds": seconds,
                "steps_per_second": rate,
                "device": str(trainer.device),
                "out": str(out),
            }
        )
        return 0
    print(f"held-out NLL   {figure(held_out, 'nats')}   (train {figure(train_nll, 'nats')})")
    print(f"entropy        {figure(entropy, 'nats')}")
    print(f"gap            {figure(gap, 'nats')}")
    speed = f": {rate:,.0f} steps/s" if done else ""
    print(f"time           {seconds:.1f} s for {done:,} steps on {trainer.device}{speed}")
    print(f"checkpoint     {out}")
    return 0


def _prepare(options: argparse.Namespace) -> tuple[Trainer, Project, int]:
    """The trainer, its project as it will be saved, and how many steps to do."""
    project, checkpoint = source(options.preset, options.pipeline, options.project)
    afresh = checkpoint is None or options.seed is not None
    project = with_options(
        project,
        target_name=options.target,
        seed=options.seed,
        steps=options.steps,
        batch=options.batch,
        lr=options.lr,
        device=options.device,
    )
    if afresh:
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
