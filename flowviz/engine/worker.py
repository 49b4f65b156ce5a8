"""The engine's loop: commands between steps, steps, pictures within their share of the time, figures, now and then a snapshot.

Commands are absolute; of several projects in a row only the newest is taken. No error that a user can make ends the loop:
each becomes one Failure or one Reply.
"""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from ..pipeline import PipelineSpec, Project, Sentence, SpecError, Text, say
from ..targets import import_file
from ..training import checkpoint, objectives
from ..training.devices import unavailable
from ..training.trainer import Trainer
from .course import Course, resting_phase
from .failures import failure, sentence, unusable
from .messages import (
    AnyCommand,
    Event,
    Import,
    Load,
    Log,
    Pause,
    Phase,
    Reply,
    Reset,
    Save,
    SetProject,
    SetWanted,
    Shutdown,
    State,
    Train,
    Verify,
    encode,
)
from .news import News
from .pictures import Pictures
from .queues import CommandQueue
from .ready import ready
from .reporter import Reporter
from .verification import Verification
from .wire import SNAPSHOT

AUTOSAVE = 6.0
"""Seconds between two snapshots while it trains: a death loses these, and what was under way."""
SETTLED = 0.4
"""Seconds without a change, after which a snapshot is taken at rest."""


class Worker:
    """Works for one window. `directory` is where the snapshot goes."""

    def __init__(self, connection: Connection, commands: CommandQueue, directory: str) -> None:
        self._connection, self._commands = connection, commands
        self._snapshot = Path(directory) / SNAPSHOT
        self._trainer: Trainer | None = None
        self._course = Course()
        self._pictures = Pictures(self._send, self._waiting)
        self._reporter = Reporter(self._send)
        self._news = News(self._send, commands.wake)
        self._verification = Verification(self._send)
        self._generation = 0
        self._usable = True
        """Whether the project, as it is now, is what the trainer has."""
        self._awaiting = False
        """A checkpoint was loaded, and the window has yet to say that this is its project."""
        self._told: State | None = None
        self._save_at: float | None = None
        self._found: checkpoint.Checkpoint | None = None
        """A checkpoint that waits for a project that can be used: its data was not there."""
        self._complaint = ""
        self._over = False

    def run(self) -> None:
        """Until the window says Shutdown, or is gone."""
        self._send(ready())
        while not self._over and not self._commands.closed:
            command = self._commands.take(self._patience())
            while command is not None and not self._over:
                self._attempt(partial(self._obey, command))
                command = self._commands.take(0)
            self._attempt(self._work)

    # ---- the loop ----

    def _attempt(self, part: Callable[[], None]) -> None:
        """Whatever goes wrong, the engine lives on; the same mistake in a row is told once."""
        try:
            part()
        except Exception as error:
            if repr(error) != self._complaint:
                self._complaint = repr(error)
                self._send(failure(error, self._generation))

    def _waiting(self) -> bool:
        return bool(self._commands) or self._commands.closed

    def _expected(self) -> bool:
        """Whether something else is to be done between two steps: a command waits, or a picture is due."""
        return self._waiting() or self._pictures.patience() == 0.0

    def _patience(self) -> float | None:
        """Seconds to wait for a command before there is work; None: there is none."""
        if self._verification.running:
            return 0.0
        now = time.monotonic()
        waits = [self._news.patience(now), None if self._save_at is None else max(0.0, self._save_at - now)]
        if self._trainer is not None and self._in_step:
            waits.append(0.0 if self._course.running else self._pictures.patience())
        known = [wait for wait in waits if wait is not None]
        return min(known) if known else None

    @property
    def _in_step(self) -> bool:
        """Whether the window and the trainer mean the same project."""
        return self._usable and not self._awaiting

    def _work(self) -> None:
        trainer = self._trainer
        self._verification.advance()
        if trainer is not None and self._in_step:
            if self._course.running:
                self._train(trainer)
            self._pictures.draw(trainer, self._generation, training=self._course.running)
            if self._course.running and self._reporter.due(time.monotonic()):
                self._report(trainer)
        if trainer is not None and self._save_at is not None and time.monotonic() >= self._save_at:
            self._autosave(trainer)
        self._news.follow_up(self._generation, time.monotonic())

    def _train(self, trainer: Trainer) -> None:
        before = trainer.step
        try:
            result = self._course.advance(trainer, self._expected)
        except Exception as error:
            self._rest(trainer, failure(error, self._generation))
            return
        if result is not None:
            self._reporter.note(result)
        if trainer.step != before:
            self._pictures.moved()
            self._save_within(AUTOSAVE)
        for remark in trainer.remarks():
            self._send(Log(sentence=Text.of(remark)))
        if not self._course.running:
            if trainer.idle is not None:
                self._send(Log(sentence=Text.of(trainer.idle)))
            self._rest(trainer)

    def _rest(self, trainer: Trainer, failed: Event | None = None) -> None:
        """Training has stopped: by its end, by a command, or by a failure, which is told before."""
        self._course.stop()
        self._report(trainer)
        if failed is not None:
            self._send(failed)
            self._tell_state("failed")
            self._pictures.moved()
        self._tell_state()
        self._pictures.rested()
        self._save_within(SETTLED)

    def _report(self, trainer: Trainer) -> None:
        self._reporter.report(trainer, self._generation, self._pictures.budget, time.monotonic())

    # ---- commands ----

    def _obey(self, command: AnyCommand) -> None:
        match command:
            case SetProject():
                self._set_project(command.project, command.generation)
            case SetWanted():
                self._pictures.want(command.wanted)
                if self._trainer is not None and self._usable and not self._awaiting:
                    self._tell_target(self._trainer)
            case Train():
                self._start(command.steps)
            case Pause():
                if self._course.running and self._trainer is not None:
                    self._rest(self._trainer)
                self._course.stop()
            case Reset():
                self._reset()
            case Save():
                self._reply(command.id, lambda: self._save(command))
            case Load():
                self._reply(command.id, lambda: self._load(command))
            case Import():
                self._reply(command.id, lambda: self._import(command))
            case Verify():
                self._verification.begin(command.id, self._trainer if self._in_step else None)
            case Shutdown():
                self._over = True

    def _set_project(self, project: Project, generation: int) -> None:
        self._generation, self._awaiting = generation, False
        said: list[Sentence] = []
        try:
            if self._found is not None:
                self._trainer, said = self._revived(self._found, project)
                self._found = None
            elif self._trainer is None:
                self._trainer = Trainer(project)
            else:
                said = self._trainer.update(project)
        except Exception as error:
            self._usable = False
            why, target = unusable(project, error, generation)
            self._send(why)
            self._tell_state()
            if target is not None:
                self._news.tell(target, self._pictures.wanted, generation)
            return
        if not self._usable:
            self._reporter.began(time.monotonic(), self._trainer.step)
        self._usable = True
        self._complaint = ""
        self._course.edited()
        self._changed(self._trainer)
        for text in said:
            self._send(Log(sentence=Text.of(text)))

    def _revived(self, found: checkpoint.Checkpoint, project: Project) -> tuple[Trainer, list[Sentence]]:
        """The weights that waited, with a project that can be used; new ones, when they do not fit its data."""
        try:
            trainer = Trainer.from_checkpoint(found, project)
        except SpecError as error:
            return Trainer(project), [say("The weights were made anew: {reason}", reason=error)]
        return trainer, trainer.update(project)

    def _changed(self, trainer: Trainer) -> None:
        """The run is another now, in part or whole: everybody is told."""
        self._tell_state()
        if not self._awaiting:
            self._tell_target(trainer)
        if not self._reporter.continues(trainer):
            self._reporter.history(trainer, self._generation)
        self._pictures.edited(trainer)
        self._save_within(AUTOSAVE if self._course.running else SETTLED)

    def _start(self, steps: int | None) -> None:
        """Also when the project cannot be used just now: then it trains as soon as it can."""
        if self._trainer is not None:
            self._course.start(self._trainer, steps)
            self._reporter.began(time.monotonic(), self._trainer.step)
            self._tell_state()

    def _reset(self) -> None:
        trainer = self._trainer
        if trainer is None:
            return
        self._course.stop()
        try:
            trainer.reset()
        except Exception as error:
            self._send(unusable(trainer.project, error, self._generation)[0])
        self._changed(trainer)
        # A death from here on must not bring the old weights back.
        self._autosave(trainer)

    # ---- requests ----

    def _reply(self, number: int, answer: Callable[[], Reply]) -> None:
        try:
            self._send(answer())
        except Exception as error:
            self._send(Reply(id=number, error=sentence(error)))

    def _save(self, command: Save) -> Reply:
        if command.export and not self._usable:
            raise SpecError(say("There is nothing to export: the project cannot be used as it is."))
        if self._found is not None:
            raise SpecError(
                say(
                    "The weights of this project would be lost: its data could not be read. Choose a target that can be "
                    "used, then save."
                )
            )
        trainer = self._trainer or Trainer(Project(pipeline=PipelineSpec()))
        path = checkpoint.save(command.path, trainer, command.project, command.export)
        return Reply(id=command.id, path=str(path))

    def _load(self, command: Load) -> Reply:
        found = checkpoint.read(command.path)
        notes: list[Text] = []
        training = found.project.training
        reason = unavailable(training.device)
        if reason is not None:
            training = msgspec.structs.replace(training, device="auto")
            found = dataclasses.replace(found, project=msgspec.structs.replace(found.project, training=training))
            notes.append(
                Text.of(say("It was trained on another device; here it is set to automatic ({reason}).", reason=reason))
            )
        self._course.stop()
        self._awaiting = True
        try:
            self._trainer = Trainer.from_checkpoint(found)
        except (ValueError, OSError) as error:
            # Its data is gone: the project opens all the same, and the weights wait.
            self._found, self._trainer, self._usable = found, None, False
            self._tell_state()
            notes.append(sentence(error))
        else:
            self._found, self._usable = None, True
            self._changed(self._trainer)
            self._autosave(self._trainer)
        return Reply(id=command.id, path=command.path, project=found.project, notes=tuple(notes))

    def _import(self, command: Import) -> Reply:
        target, notes, columns = import_file(command.path)
        return Reply(
            id=command.id,
            path=command.path,
            target=target,
            notes=tuple(Text.of(note) for note in notes),
            columns=tuple(columns),
        )

    # ---- snapshots ----

    def _save_within(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        self._save_at = due if self._save_at is None else min(due, self._save_at)

    def _autosave(self, trainer: Trainer) -> None:
        """What a new engine goes on from. Step 0 needs no file: the seed makes the same weights again."""
        self._save_at = None
        try:
            if trainer.step:
                checkpoint.save(self._snapshot, trainer, trainer.project, measured=False)
            else:
                self._snapshot.unlink(missing_ok=True)
        except OSError:
            traceback.print_exc()

    # ---- telling ----

    def _tell_state(self, phase: Phase | None = None) -> None:
        """Sends where the run stands, if that is not what the window knows; the step alone is no news while it runs."""
        trainer = self._trainer
        if phase is None:
            phase = self._phase()
        state = State(generation=self._generation, phase=phase, step=0, steps=0)
        if trainer is not None:
            state = State(
                generation=self._generation,
                phase=phase,
                step=trainer.step,
                steps=trainer.project.training.steps,
                device=str(trainer.device),
                threads=trainer.threads,
                parameters=trainer.parameters,
            )
        if state != self._told:
            self._told = state
            self._send(state)

    def _tell_target(self, trainer: Trainer) -> None:
        """The target, and what a step on it costs, before training is begun."""
        flow = trainer.flow
        note = objectives.cost(flow.spec, flow.event_shape, trainer.project.training.objective)
        notes = () if note is None else (note,)
        self._news.tell(trainer.target, self._pictures.wanted, self._generation, notes)

    def _phase(self) -> Phase:
        if not self._usable:
            return "failed"
        if self._trainer is None:
            return "idle"
        return "training" if self._course.running else resting_phase(self._trainer)

    def _send(self, event: Event) -> None:
        try:
            self._connection.send_bytes(encode(event))
        except OSError:
            self._over = True
