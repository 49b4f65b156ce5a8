"""What `--preset`, `--pipeline`, `--project` and `--target` name, as values."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from .cli_common import UsageError, readable
from .pipeline import (
    NAMED,
    PRESETS,
    ImageTarget,
    ModelTarget,
    NamedTarget,
    Project,
    SequenceTarget,
    Target,
    event_kind,
    preset,
    read_pipeline,
    target_kind,
)
from .targets import Density
from .training.checkpoint import Checkpoint, read

FIRST = next(iter(PRESETS))
"""The preset that is taken when none is named."""


def target(text: str) -> Target:
    """The target of this name, or of this file; what its import has to say goes to stderr. A checkpoint is a teacher."""
    if text in NAMED:
        return NamedTarget(name=text)
    file = Path(text).expanduser()
    if not file.exists():
        raise UsageError(f"no target and no file is called '{text}'; the named targets are {', '.join(NAMED)}")
    if not file.is_dir():
        readable(text)
    if file.suffix.lower() == ".pt":
        read(file)
        return ModelTarget(path=str(file.resolve()))
    from .targets import import_file

    found, notes, _ = import_file(file)
    for note in notes:
        print(f"flowviz: {note}", file=sys.stderr)
    return found


def load(spec: Target) -> Density:
    """The density of a target on the CPU; raises SpecError with one sentence."""
    from .training.teacher import load_target

    return load_target(spec)


def source(options: argparse.Namespace) -> tuple[Project, Checkpoint | None]:
    """The project that the options of `train` describe, and the checkpoint whose weights it may go on from.

    A preset comes in the form that suits the kind of the target's data.
    """
    wanted = None if options.target is None else target(options.target)
    checkpoint = None
    if options.project is not None:
        checkpoint = read(readable(options.project))
        project = checkpoint.project
    elif options.pipeline is not None:
        project = Project(pipeline=read_pipeline(readable(options.pipeline)))
    else:
        project = _of_preset(options.preset or FIRST, wanted)
    if wanted is not None:
        project = msgspec.structs.replace(project, target=wanted)
    return _with_options(project, options), checkpoint


def _of_preset(name: str, wanted: Target | None) -> Project:
    found = preset(name)
    if wanted is None:
        return found.project()
    kind = target_kind(wanted)
    if isinstance(wanted, ModelTarget):
        kind = event_kind(read(wanted.path).event_shape)
    recipe = found.recipe(kind)
    return Project(pipeline=recipe.pipeline, target=wanted, training=recipe.training, preset=found.name)


def _with_options(project: Project, options: argparse.Namespace) -> Project:
    """The project with what the options say instead of its own."""
    settings = {
        "steps": options.steps,
        "batch_size": options.batch,
        "learning_rate": options.lr,
        "device": options.device,
        "objective": options.objective,
        "patience": options.patience,
    }
    changed = {name: value for name, value in settings.items() if value is not None}
    if options.conditional:
        project = _conditional(project)
    return msgspec.structs.replace(
        project,
        training=msgspec.structs.replace(project.training, **changed),
        seed=project.seed if options.seed is None else options.seed,
    )


def _conditional(project: Project) -> Project:
    """The project with the context of its target."""
    density = load(project.target)
    if density.context.kind == "none":
        hint = ""
        if not isinstance(project.target, ImageTarget | SequenceTarget):
            hint = "; `flowviz targets` says which have one"
        raise UsageError(f"--conditional: '{density.title}' has nothing to be conditioned by{hint}")
    pipeline = msgspec.structs.replace(project.pipeline, context=density.context)
    return msgspec.structs.replace(project, pipeline=pipeline)
