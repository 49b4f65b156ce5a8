"""What `--preset`, `--pipeline`, `--project` and `--target` name, as values."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from .cli_common import UsageError, readable
from .pipeline import NAMED, PRESETS, NamedTarget, Project, Target, preset, read_pipeline
from .training.checkpoint import Checkpoint, read

FIRST = next(iter(PRESETS))
"""The preset that is taken when none is named."""


def target(text: str) -> Target:
    """The target of this name, of this file, or of this project; what its import has to say goes to stderr."""
    if text in NAMED:
        return NamedTarget(name=text)
    if not Path(text).expanduser().exists():
        raise UsageError(f"no target and no file is called '{text}'; the named targets are {', '.join(NAMED)}")
    file = readable(text)
    if file.suffix.lower() == ".pt":
        return read(file).project.target
    from .targets import import_file

    found, notes, _ = import_file(file)
    for note in notes:
        print(f"flowviz: {note}", file=sys.stderr)
    return found


def source(options_preset: str | None, pipeline: str | None, project: str | None) -> tuple[Project, Checkpoint | None]:
    """The project to start from, and the checkpoint whose weights it may go on from."""
    if project is not None:
        checkpoint = read(readable(project))
        return checkpoint.project, checkpoint
    if pipeline is not None:
        return Project(pipeline=read_pipeline(readable(pipeline))), None
    return preset(options_preset or FIRST).project(), None


def with_options(
    project: Project,
    *,
    target_name: str | None = None,
    seed: int | None = None,
    steps: int | None = None,
    batch: int | None = None,
    lr: float | None = None,
    device: str | None = None,
) -> Project:
    """The project with what the options say instead of its own."""
    settings = {"steps": steps, "batch_size": batch, "learning_rate": lr, "device": device}
    changed = {name: value for name, value in settings.items() if value is not None}
    return msgspec.structs.replace(
        project,
        training=msgspec.structs.replace(project.training, **changed),
        target=project.target if target_name is None else target(target_name),
        seed=project.seed if seed is None else seed,
    )
