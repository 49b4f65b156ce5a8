"""Exceptions as what the window shows: one sentence, what it is about, and a remedy where there is one."""

from __future__ import annotations

import traceback

import torch

from ..pipeline import Project, SpecError, Text, problems, say
from ..targets import Density
from ..training import contexts
from ..training.devices import unavailable
from ..training.nonfinite import NonFinite
from ..training.teacher import load_target
from .messages import Failure


def out_of_memory(error: BaseException) -> bool:
    """Whether it was memory that ran out, of the computer or of its GPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and ("not enough memory" in text or "out of memory" in text)


def failure(error: Exception, generation: int) -> Failure:
    """For what went wrong while something ran. What is nobody's fault but ours goes to the log in full."""
    if isinstance(error, NonFinite):
        return Failure(
            code="non_finite",
            sentence=Text.of(error.sentence),
            uid=error.uid,
            remedy=Text.of(error.remedy),
            generation=generation,
        )
    if out_of_memory(error):
        return Failure(
            code="memory",
            sentence=Text.of(say("There is not enough memory.")),
            remedy=Text.of(say("Make the batch size smaller, or the networks.")),
            generation=generation,
        )
    if isinstance(error, SpecError):
        return Failure(code="pipeline", sentence=Text.of(error), generation=generation)
    return Failure(code="internal", sentence=internal(error), generation=generation)


def internal(error: Exception) -> Text:
    """The sentence for an error that nobody expected; its traceback goes to the log."""
    traceback.print_exception(error)
    return Text.of(say("Something went wrong in the engine: {error}", error=f"{type(error).__name__}: {error}"))


def sentence(error: Exception) -> Text:
    """The sentence of an error in answer to a request."""
    if out_of_memory(error):
        return Text.of(say("There is not enough memory."))
    if isinstance(error, ValueError | OSError):
        return Text.of(error)
    return internal(error)


def unusable(project: Project, error: Exception, generation: int) -> tuple[Failure, Density | None]:
    """Why a project cannot be used: its target, its pipeline or its device; and the target, where that is not at fault."""
    if out_of_memory(error) or not isinstance(error, ValueError):
        return failure(error, generation), None
    why = Failure(code="pipeline", sentence=Text.of(error), generation=generation)
    reason = unavailable(project.training.device)
    if reason is not None:
        return Failure(code="device", sentence=Text.of(error), generation=generation), None
    try:
        target = load_target(project.target, seed=project.seed)
    except (ValueError, OSError):
        return Failure(code="target", sentence=Text.of(error), generation=generation), None
    mismatch = contexts.problem(project.pipeline, target)
    for problem in [*problems(project.pipeline, target.event_shape), *([] if mismatch is None else [mismatch])]:
        why = Failure(
            code="pipeline",
            sentence=Text.of(problem.sentence),
            uid=problem.uid,
            remedy=Text.of(problem.remedy),
            generation=generation,
        )
        break
    return why, target
