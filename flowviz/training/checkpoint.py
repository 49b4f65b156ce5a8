"""The one file format: a torch checkpoint of plain values and tensors, which `torch.load(weights_only=True)` opens.

    format       "flowviz/1"
    project      the project, JSON text
    pipeline     the pipeline that the weights belong to, JSON text
    model        Flow.state_dict(): the weights of the last step, or in an export the evaluation weights
    ema          {parameter: {steps, average}}, or None
    optimizer    {kind, parameters: {parameter: {steps, moments}}}, or None
    step         steps done
    rng          state of the generator of the data, or None
    history      {start, train, held_out_steps, held_out}, or None
    best         {nll, step, model}: the best weights so far, where training has a patience; or None
    metadata     version, torch, created, event_shape, target, entropy, held_out_nll, averaged, ...

Needs torch, numpy and msgspec alone: nothing of the targets is imported here.
"""

from __future__ import annotations

import datetime
import io
import pickle
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import torch
from msgspec import Meta, Struct, convert
from torch import Tensor

from .. import __version__
from ..flows import PREPROCESSING, Flow, build
from ..pipeline import FORMAT, PipelineSpec, Project, SpecError, from_json, say, to_json
from .devices import choose_device
from .files import write_atomically
from .history import History
from .optimization import Learnt
from .patience import Best
from .snapshot import Snapshot

if TYPE_CHECKING:
    from .trainer import Trainer

Raw = dict[str, Any]
VERSION = int(FORMAT.rpartition("/")[2])
MIGRATIONS: dict[int, Callable[[Raw], Raw]] = {}
"""From a version of the format to the next one: makes the dict of an old file that of the version after it."""


class CheckpointError(SpecError):
    """A file that cannot be used as a checkpoint: one sentence that names it."""


@dataclass(frozen=True)
class Checkpoint:
    """What a file holds, checked: the project, and all that training goes on from."""

    path: Path
    project: Project
    pipeline: PipelineSpec
    """What the weights belong to: the project's pipeline, unless that could not be built when it was saved."""
    event_shape: tuple[int, ...]
    snapshot: Snapshot
    history: History
    metadata: Mapping[str, Any]
    best: Best | None = None

    @property
    def stopped(self) -> bool:
        """Whether the patience had ended the run."""
        return bool(self.metadata.get("stopped", False))

    def flow(self, device: torch.device | str = "cpu", *, evaluation: bool) -> Flow:
        """The flow, with the evaluation weights or those of the last step; raises CheckpointError naming a wrong tensor."""
        state = self.snapshot.evaluation() if evaluation and self.metadata.get("averaged") else self.snapshot.model
        mean, std = (state.get(f"{PREPROCESSING}.{name}") for name in ("mean", "std"))
        standardization = None if mean is None or std is None else (mean, std)
        try:
            flow = build(self.pipeline, self.event_shape, standardization=standardization)
        except ValueError as error:
            raise CheckpointError(say("{file}: {error}", file=self.path.name, error=error)) from error
        self.compare(flow, state)
        flow.load_state_dict(state)
        return flow.to(device)

    def compare(self, flow: Flow, state: dict[str, Tensor]) -> None:
        """Raises CheckpointError naming the first tensor that is missing, too many, or of another shape than the flow's."""
        wanted = flow.state_dict()
        for name, tensor in wanted.items():
            if name not in state:
                raise CheckpointError(say("{file}: the tensor '{name}' is missing.", file=self.path.name, name=name))
            got, fits = tuple(state[name].shape), tuple(tensor.shape)
            open_ended = name == "base.points" and len(got) == len(fits)
            if got[1:] != fits[1:] if open_ended else got != fits:
                raise CheckpointError(
                    say(
                        "{file}: the tensor '{name}' has shape {got}; the pipeline needs {wanted}.",
                        file=self.path.name,
                        name=name,
                        got=list(got),
                        wanted=list(fits),
                    )
                )
        for name in state:
            if name not in wanted:
                raise CheckpointError(
                    say(
                        "{file}: the tensor '{name}' belongs to no part of its pipeline.",
                        file=self.path.name,
                        name=name,
                    )
                )


def load(path: str | Path, device: torch.device | str = "cpu") -> Flow:
    """The flow of a checkpoint, on `device`, with the weights that the window shows (averaged where `ema` is on).

    Raises CheckpointError, one sentence naming the file, when it cannot be used.
    """
    where = torch.device(device)
    choose_device(where.type)
    return read(path).flow(where, evaluation=True).eval()


def save(path: str | Path, trainer: Trainer, project: Project, export: bool = False, *, measured: bool = True) -> Path:
    """Writes a checkpoint, whole or not at all. `project` is the document's value, its view included.

    An export holds the evaluation weights, without optimiser, random state and history. `measured`: with the held-out NLL
    of these weights, which takes a while. Raises SaveError.
    """
    snapshot, history, target = trainer.snapshot(), trainer.history, trainer.target
    entropy = target.entropy if trainer.flow.spec.context.kind == "none" else target.conditional_entropy
    content: Raw = {
        "format": FORMAT,
        "project": to_json(project),
        "pipeline": to_json(trainer.flow.spec),
        "model": trainer.evaluation_flow().state_dict() if export else snapshot.model,
        "ema": None if export else _averages(snapshot),
        "optimizer": None if export else _moments(snapshot),
        "step": snapshot.step,
        "rng": None if export else snapshot.rng,
        "history": None if export else _losses(history),
        "best": None if export or not trainer.project.training.patience else _best(trainer.best),
        "metadata": {
            "version": __version__,
            "torch": str(torch.__version__),
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "export": export,
            "averaged": trainer.averaged and not export,
            "event_shape": list(trainer.flow.event_shape),
            "columns": list(target.columns),
            "target": str(target.title),
            "entropy": None if entropy is None else float(entropy),
            "held_out_nll": trainer.held_out_nll() if measured else None,
            "stopped": trainer.stopped,
            "seed": project.seed,
            "device": str(trainer.device),
        },
    }
    buffer = io.BytesIO()
    torch.save(_on_cpu(content), buffer)
    return write_atomically(path, buffer.getbuffer())


def read(path: str | Path) -> Checkpoint:
    """Reads and checks a checkpoint; raises CheckpointError, one sentence naming the file, for everything else."""
    file = Path(path).expanduser()
    checkpoint = _checked(file, _migrated(file, _opened(file)))
    flow = checkpoint.flow(evaluation=False)
    if checkpoint.best is not None:
        checkpoint.compare(flow, checkpoint.best.model)
    _compare_learnt(file, checkpoint.snapshot)
    return checkpoint


def _opened(file: Path) -> Raw:
    """The dict in the file, whose version and parts are not looked at yet."""
    name = file.name
    try:
        with file.open("rb") as stream:
            start = stream.read(4)
            if not start:
                raise CheckpointError(say("{file} is empty.", file=name))
            if start != b"PK\x03\x04":
                raise CheckpointError(say("{file} is not a FlowViz checkpoint.", file=name))
            with zipfile.ZipFile(stream) as archive:
                broken = archive.testzip()
            if broken is not None:
                raise CheckpointError(say("{file} is damaged: {part} is not what was written.", file=name, part=broken))
            stream.seek(0)
            content = torch.load(stream, map_location="cpu", weights_only=True)
    except zipfile.BadZipFile as error:
        raise CheckpointError(say("{file} is truncated: its end is missing.", file=name)) from error
    except pickle.UnpicklingError as error:
        raise CheckpointError(
            say("{file} holds Python objects (a pickle), which are never opened; it may not be safe.", file=name)
        ) from error
    except OSError as error:
        raise CheckpointError(
            say("{file} cannot be read: {reason}.", file=file, reason=error.strerror or error)
        ) from error
    except (RuntimeError, EOFError, KeyError, ValueError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(say("{file} is not a FlowViz checkpoint.", file=name)) from error
    if not isinstance(content, dict) or not str(content.get("format", "")).startswith("flowviz/"):
        raise CheckpointError(say("{file} is a torch file, but not a FlowViz checkpoint.", file=name))
    return content


def _migrated(file: Path, content: Raw) -> Raw:
    """The dict in the form of this version."""
    version = str(content["format"]).rpartition("/")[2]
    if not version.isdecimal():
        raise CheckpointError(
            say("{file} has the unknown format '{format}'.", file=file.name, format=content["format"])
        )
    if int(version) > VERSION:
        raise CheckpointError(
            say(
                "{file} was written by a newer FlowViz (format {format}); this one reads up to {known}.",
                file=file.name,
                format=content["format"],
                known=FORMAT,
            )
        )
    for number in range(int(version), VERSION):
        if number not in MIGRATIONS:
            raise CheckpointError(
                say(
                    "{file} has the old format '{format}', which can no longer be read.", file=file.name, format=version
                )
            )
        content = MIGRATIONS[number](content)
    return content


class _Average(Struct):
    steps: int
    average: Tensor


class _Moments(Struct):
    steps: int
    moments: dict[str, Tensor]


class _Optimizer(Struct):
    kind: Literal["adam", "adamw", "sgd"]
    parameters: dict[str, _Moments]


class _History(Struct):
    start: int
    train: Tensor
    held_out_steps: Tensor
    held_out: Tensor


class _Best(Struct):
    nll: float
    step: int
    model: dict[str, Tensor]


class _Content(Struct):
    """The dict of the file; parts that a later version adds are passed over."""

    project: str
    pipeline: str
    model: dict[str, Tensor]
    step: Annotated[int, Meta(ge=0)]
    metadata: dict[str, Any]
    ema: dict[str, _Average] | None = None
    optimizer: _Optimizer | None = None
    rng: Tensor | None = None
    history: _History | None = None
    best: _Best | None = None


def _checked(file: Path, raw: Raw) -> Checkpoint:
    """The dict as values."""
    try:
        content = convert(raw, _Content, dec_hook=_tensor)
        event_shape = convert(content.metadata.get("event_shape"), tuple[int, ...])
        project, pipeline = from_json(content.project, Project), from_json(content.pipeline, PipelineSpec)
    except ValueError as error:
        raise CheckpointError(say("{file}: {error}", file=file.name, error=error)) from error
    learnt: dict[str, Learnt] = {}
    for name, average in (content.ema or {}).items():
        learnt[name] = Learnt(average=average.average, average_age=average.steps)
    for name, known in (content.optimizer.parameters if content.optimizer else {}).items():
        learnt.setdefault(name, Learnt())
        learnt[name].age, learnt[name].moments = known.steps, known.moments
    kind = content.optimizer.kind if content.optimizer else project.training.optimizer
    return Checkpoint(
        path=file,
        project=project,
        pipeline=pipeline,
        event_shape=event_shape,
        snapshot=Snapshot(content.model, learnt, kind, content.step, content.rng),
        history=_history(content.history, content.step),
        metadata=content.metadata,
        best=None if content.best is None else Best(content.best.nll, content.best.step, content.best.model),
    )


def _compare_learnt(file: Path, snapshot: Snapshot) -> None:
    for name, known in snapshot.learnt.items():
        like = snapshot.model.get(name)
        parts = [*known.moments.values(), *([] if known.average is None else [known.average])]
        if like is None or any(part.shape != like.shape for part in parts):
            raise CheckpointError(
                say("{file}: the optimiser's state of '{name}' does not fit its tensor.", file=file.name, name=name)
            )


def _history(part: _History | None, step: int) -> History:
    """The losses as far as the file has them."""
    if part is None:
        return History(start=step)
    history = History(start=part.start)
    history.add(part.train.tolist())
    for at, nll in zip(part.held_out_steps.tolist(), part.held_out.tolist(), strict=False):
        history.add_held_out(at, nll)
    return history


def _tensor(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"expected a tensor, got {type(value).__name__}")
    return value


def _averages(snapshot: Snapshot) -> Raw:
    return {
        name: {"steps": known.average_age, "average": known.average}
        for name, known in snapshot.learnt.items()
        if known.average is not None
    }


def _moments(snapshot: Snapshot) -> Raw:
    parameters = {name: {"steps": known.age, "moments": known.moments} for name, known in snapshot.learnt.items()}
    return {"kind": snapshot.optimizer, "parameters": parameters}


def _losses(history: History) -> Raw:
    return {
        "start": history.start,
        "train": torch.from_numpy(history.train),
        "held_out_steps": torch.from_numpy(history.held_out_steps),
        "held_out": torch.from_numpy(history.held_out),
    }


def _best(best: Best | None) -> Raw | None:
    return None if best is None else {"nll": best.nll, "step": best.step, "model": best.model}


def _on_cpu(value: Any) -> Any:
    """The same with tensors of their own on the CPU: a slice would carry all that it is a slice of into the file."""
    if isinstance(value, Tensor):
        return value.detach().cpu().clone()
    if isinstance(value, dict):
        return {key: _on_cpu(part) for key, part in value.items()}
    return value
