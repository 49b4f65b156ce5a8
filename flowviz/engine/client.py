"""The engine seen from the window's process: started, spoken to, and started again when it dies. No torch, no Qt.

Nothing here waits for the engine but `close`. Events come in by `poll`, of the frames only the newest.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from ..pipeline import Sentence, Text, say
from .messages import (
    AnyCommand,
    AnyEvent,
    Failure,
    Load,
    Metrics,
    Pause,
    Ready,
    Reply,
    Reset,
    SetProject,
    SetWanted,
    State,
    Train,
)
from .process import EngineProcess
from .queues import CommandQueue, EventQueue
from .wire import SNAPSHOT

_PATIENCE = 1.0
"""Seconds that the engine gets to end by itself when the window closes."""
_RESUME = -1
"""The id of the Load by which a new engine takes over; ids of the window's own are positive."""


class EngineClient:
    """One engine for one window.

    `on_wakeup` is called from another thread when there is something for `poll`, or when the engine has died: then `alive`
    is False, the last event is a Failure that says how, and `restart` goes on from the last snapshot.
    """

    def __init__(self, on_wakeup: Callable[[], None] | None = None) -> None:
        self.on_wakeup = on_wakeup
        self._events = EventQueue()
        self._lock = threading.Lock()
        self._process: EngineProcess | None = None
        self._alive = False
        self._early = CommandQueue()
        self._directory: Path | None = None
        self._project: SetProject | None = None
        self._wanted: SetWanted | None = None
        self._ready = False
        self._phase = "idle"
        self._step = 0
        self._goal: int | None = None
        self._resuming = False

    # ---- life ----

    @property
    def alive(self) -> bool:
        """True from `start` until the engine is known to have died."""
        return self._alive

    @property
    def pid(self) -> int | None:
        """Of the engine's process."""
        return self._process.pid if self._process is not None else None

    @property
    def directory(self) -> Path | None:
        """Private to this client and its engine; None before `start` and after `close`."""
        return self._directory

    def start(self) -> None:
        """Starts the engine and returns at once; commands sent before it is ready wait for it."""
        if self._process is not None:
            return
        early, self._early = self._early, CommandQueue()
        commands = []
        while (command := early.take(0)) is not None:
            commands.append(command)
        self._begin(commands)

    def restart(self) -> None:
        """A new engine in place of this one: it loads the last snapshot, takes the project, and trains on if that was so."""
        if self._directory is None:
            self.start()
            return
        old, self._process = self._process, None
        if old is not None:
            old.stop(0)
        training = self._phase == "training"
        snapshot = self._directory / SNAPSHOT
        commands: list[AnyCommand] = []
        if snapshot.exists():
            commands.append(Load(id=_RESUME, path=str(snapshot)))
        commands += [command for command in (self._project, self._wanted) if command is not None]
        self._resuming = training and snapshot.exists()
        if training and not snapshot.exists():
            commands.append(Train(steps=self._goal))
        self._begin(commands)

    def close(self) -> None:
        """Ends the engine (it gets a second to do so) and removes its private files."""
        atexit.unregister(self.close)
        self.on_wakeup = None
        self._alive = False
        process, self._process = self._process, None
        if process is not None:
            process.stop(_PATIENCE if self._ready else 0)
        if self._directory is not None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        self._events.clear()

    def log_tail(self) -> str:
        """The end of what the engine printed, for a report of an error; empty when it printed nothing."""
        return self._process.tail() if self._process is not None else ""

    # ---- commands and events ----

    def send(self, command: AnyCommand) -> None:
        """Sends a command; it never waits. A SetProject or SetWanted that was not sent yet gives way to a newer one."""
        with self._lock:
            if isinstance(command, SetProject):
                self._project = command
            elif isinstance(command, SetWanted):
                self._wanted = command
            elif isinstance(command, Train):
                self._goal = None if command.steps is None else self._step + command.steps
                self._resuming = False
            elif isinstance(command, Pause | Reset | Load):
                self._resuming = False
            if self._process is None:
                self._early.put(command)
            else:
                self._process.send(command)

    def poll(self) -> list[AnyEvent]:
        """What came since the last call, in order; of the frames only the newest."""
        return self._events.take()

    # ---- from the process's threads ----

    def _begin(self, commands: list[AnyCommand]) -> None:
        self._alive = True
        try:
            if self._directory is None:
                self._directory = Path(tempfile.mkdtemp(prefix="flowviz-"))
                atexit.register(self.close)
        except OSError as error:
            self._alive = False
            self._put(Failure(code="internal", sentence=Text.of(_not_started(error))))
            return
        process = EngineProcess(self._directory, self._event, self._end)
        with self._lock:
            self._ready, self._alive = False, True
            self._process = process
            for command in commands:
                process.send(command)
        try:
            process.start()
        except OSError as error:
            self._end(process, _not_started(error))

    def _event(self, process: EngineProcess, event: AnyEvent) -> None:
        with self._lock:
            if process is not self._process:
                return
            match event:
                case Ready():
                    self._ready = True
                case State():
                    self._phase, self._step = event.phase, event.step
                case Metrics():
                    self._step = event.step
                case Reply(id=number) if number == _RESUME:
                    if self._resuming:
                        self._resuming = False
                        left = None if self._goal is None else max(1, self._goal - self._step)
                        process.send(Train(steps=left))
                    if not event.error:
                        return
                    event = Failure(code="file", sentence=event.error)
        self._put(event)

    def _end(self, process: EngineProcess, sentence: Sentence) -> None:
        with self._lock:
            if process is not self._process:
                return
            self._alive = False
        self._put(Failure(code="internal", sentence=Text.of(sentence)))

    def _put(self, event: AnyEvent) -> None:
        wakeup = self.on_wakeup
        if self._events.put(event) and wakeup is not None:
            wakeup()


def _not_started(error: OSError) -> Sentence:
    return say("The engine could not be started: {error}", error=error.strerror or error)
