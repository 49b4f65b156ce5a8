"""The bridge: the engine seen from the window. It sends what the document is, and tells the views what came back.

Views know neither the engine nor each other: they ask with `want`, and listen to the signals.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from ..engine.messages import (
    AnyCommand,
    AnyEvent,
    Failure,
    Frame,
    History,
    Import,
    Load,
    Log,
    Metrics,
    Pause,
    Ready,
    Reply,
    Reset,
    Save,
    SetProject,
    SetWanted,
    State,
    TargetInfo,
    Train,
    Verify,
    VerifyReport,
    Wanted,
)
from ..pipeline import DrawnTarget, Project, Text, View, say
from .document import Document

BITE = 0.004
"""Seconds of handling events in one go, before the window gets to draw and to hear the mouse."""
PROJECT_INTERVAL = 0.03
"""Seconds between two projects sent: a stroke or a dragged slider makes many in a row."""


class Client(Protocol):
    """What the bridge needs of the engine's client."""

    on_wakeup: Callable[[], None] | None

    @property
    def alive(self) -> bool: ...
    def start(self) -> None: ...
    def send(self, command: AnyCommand) -> None: ...
    def poll(self) -> list[AnyEvent]: ...
    def restart(self) -> None:
        """A new process, which is told again what the old one was told last."""

    def close(self) -> None: ...


def _shape(project: Project) -> tuple[object, ...]:
    """What pictures must agree in to be worth showing: a slider that is being dragged does not make them stale."""
    layers = tuple((layer.uid, layer.kind, layer.bypass) for layer in project.pipeline.layers)
    return layers, project.pipeline.base.kind, project.seed


class Bridge(QObject):
    """Commands go out by the methods, events come in by the signals; the newest of each kind stays in `last_...`."""

    ready = Signal(object)
    """Ready: the engine is up, with its devices."""
    state = Signal(object)
    target = Signal(object)
    tiles = Signal(object)
    """Frame: its tiles are new; while it trains, often nothing else of it is."""
    frame = Signal(object)
    """Frame: all of it, or its probe, is new."""
    metrics = Signal(object)
    history = Signal(object)
    log = Signal(object)
    failure = Signal(object)
    report = Signal(object)
    """VerifyReport: what `verify` asked for."""
    connection = Signal(str)
    """starting, ready, lost (it is being restarted), stopped (it will not be restarted by itself)."""

    _woken = Signal()

    def __init__(self, document: Document, parent: QObject | None = None, client: Client | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.wanted = Wanted(frame_share=document.project.view.frame_share)
        self.generation = 1
        self.last_ready: Ready | None = None
        self.last_state: State | None = None
        self.last_target: TargetInfo | None = None
        self.last_frame: Frame | None = None
        self.last_history: History | None = None
        self.last_metrics: Metrics | None = None
        self.last_report: VerifyReport | None = None
        self.verifying = 0
        """The number of the report that is on its way; 0: none."""
        self._client = client
        self._started = False
        self._ids = count(1)
        self._callbacks: dict[int, Callable[[Reply], None]] = {}
        self._loading: set[int] = set()
        self._events: deque[AnyEvent] = deque()
        self._oldest_frame = self._oldest_target = self.generation
        self._sent_wanted: Wanted | None = None
        self._project_due = False
        self._project_sent = 0.0
        self._deaths: list[float] = []
        self._project_timer = self._timer(self._send_project)
        self._wanted_timer = self._timer(self._send_wanted)
        self._events_timer = self._timer(self._handle)
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        document.changed.connect(self._document_changed)
        if client is not None:
            self.start()

    # ---- life ----

    def start(self) -> None:
        """Starts the engine, in the background; a client handed to the constructor is started at once."""
        if self._started:
            return
        self._started = True
        if self._client is None:
            from ..engine.client import EngineClient

            self._client = EngineClient()
        self._client.on_wakeup = self._woken.emit
        self.connection.emit("starting")
        self._client.start()
        self._project_due = True
        self._send_project()
        self._send_wanted()

    def restart(self) -> None:
        """A new engine process, which goes on from the last snapshot of the old one."""
        assert self._client is not None
        self._started = True
        self.connection.emit("starting")
        self._client.restart()
        self._send_project()

    def close(self) -> None:
        """Ends the engine; nothing is sent or told from here on."""
        for timer in (self._project_timer, self._wanted_timer, self._events_timer):
            timer.stop()
        self._events.clear()
        self._callbacks.clear()
        if self._client is not None and self._started:
            self._started = False
            self._client.on_wakeup = None
            self._client.close()

    @property
    def alive(self) -> bool:
        """Whether there is an engine, as far as is known."""
        return self._client is not None and self._client.alive

    @property
    def training(self) -> bool:
        return self.last_state is not None and self.last_state.phase == "training"

    # ---- commands ----

    def want(self, **fields: Any) -> None:
        """Merges these fields into what is wanted (`Wanted`); several calls in a row go out as one command."""
        self.wanted = msgspec.structs.replace(self.wanted, **fields)
        self._wanted_timer.start(0)

    def train(self, steps: int | None = None) -> None:
        """Trains on, to the end of the schedule or for `steps` steps."""
        self._send(Train(steps=steps))

    def pause(self) -> None:
        self._send(Pause())

    def reset(self) -> None:
        """Back to step 0 with the initial weights of the project's seed."""
        self._send(Reset())

    def save(self, path: str, export: bool, callback: Callable[[Reply], None]) -> None:
        """Writes a checkpoint; `callback(reply)` when it is on the disk, or with `reply.error`."""
        self._ask(Save(id=next(self._ids), path=path, project=self.document.project, export=export), callback)

    def load(self, path: str, callback: Callable[[Reply], None]) -> None:
        """Reads a checkpoint into the engine; the callback opens `reply.project` in the document."""
        command = Load(id=next(self._ids), path=path)
        self._ask(command, callback)
        self._loading.add(command.id)

    def import_file(self, path: str, callback: Callable[[Reply], None]) -> None:
        """Reads a picture or a table; the callback gets `reply.target` and its notes."""
        self._ask(Import(id=next(self._ids), path=path), callback)

    def verify(self) -> None:
        """Has the laws run on the flow as it is trained; the newest answer comes with `report`."""
        self.verifying = next(self._ids)
        if not self._started:
            self._report(VerifyReport(id=self.verifying, step=0, error=Text.of(say("The engine is not running."))))
        self._send(Verify(id=self.verifying))

    # ---- out ----

    def _ask(self, command: Save | Load | Import, callback: Callable[[Reply], None]) -> None:
        self._callbacks[command.id] = callback
        if not self._started:
            error = Text.of(say("The engine is not running."))
            QTimer.singleShot(0, self, lambda: self._answer(Reply(id=command.id, error=error)))
        self._send(command)

    def _send(self, command: AnyCommand) -> None:
        """Sends, after what the document became before this."""
        if self._started and self._client is not None:
            self._send_project()
            self._client.send(command)

    def _document_changed(self, old: Project, new: Project) -> None:
        if new.view.frame_share != old.view.frame_share:
            self.want(frame_share=new.view.frame_share)
        if msgspec.structs.replace(old, view=View()) == msgspec.structs.replace(new, view=View()):
            return
        self.generation += 1
        painted = isinstance(old.target, DrawnTarget) and isinstance(new.target, DrawnTarget)
        if old.target != new.target:
            self._oldest_target = self.generation
        if _shape(old) != _shape(new) or (old.target != new.target and not painted):
            self._oldest_frame = self.generation
        self._project_due = True
        wait = self._project_sent + PROJECT_INTERVAL - time.monotonic()
        if not self._project_timer.isActive():
            self._project_timer.start(max(0, round(1000 * wait)))

    def _send_project(self) -> None:
        # While a checkpoint is being loaded, the document is about to be another one.
        if not self._project_due or not self._started or self._client is None or self._loading:
            return
        self._project_timer.stop()
        self._project_due = False
        self._project_sent = time.monotonic()
        self._client.send(SetProject(project=self.document.project, generation=self.generation))

    def _send_wanted(self) -> None:
        if self._started and self._client is not None and self.wanted != self._sent_wanted:
            self._sent_wanted = self.wanted
            self._client.send(SetWanted(wanted=self.wanted))

    # ---- in ----

    def _drain(self) -> None:
        if not self._started or self._client is None:
            return
        for event in self._client.poll():
            if isinstance(event, Frame):
                for older in self._events:
                    if isinstance(older, Frame):
                        event = event.upon(older)
                self._events = deque(e for e in self._events if not isinstance(e, Frame))
            self._events.append(event)
        if self._events:
            self._events_timer.start(0)
        elif not self._client.alive:
            self._lost()

    def _handle(self) -> None:
        began = time.perf_counter()
        while self._events and time.perf_counter() - began < BITE:
            self._tell(self._events.popleft())
        if self._events:
            self._events_timer.start(0)
        elif self._started and self._client is not None and not self._client.alive:
            self._lost()

    def _tell(self, event: AnyEvent) -> None:
        match event:
            case Frame():
                self._show(event)
            case Metrics():
                self.last_metrics = event
                self.metrics.emit(event)
            case State():
                self.last_state = event
                self.state.emit(event)
            case TargetInfo():
                if event.generation >= self._oldest_target:
                    self.last_target = event
                    self.document.set_event_shape(event.event_shape)
                    self.target.emit(event)
            case History():
                self.last_history = event
                self.history.emit(event)
            case VerifyReport():
                self._report(event)
            case Log():
                self.log.emit(event)
            case Failure():
                self.failure.emit(event)
            case Reply():
                self._answer(event)
            case Ready():
                self.last_ready = event
                self.ready.emit(event)
                self.connection.emit("ready")

    def _show(self, event: Frame) -> None:
        """Tells of a frame, unless it is stale; of the tiles alone, if those are all that is new."""
        known = self.last_frame
        if event.generation < self._oldest_frame:
            return
        if event.tiles_only and (known is None or known.generation != event.generation):
            return  # what it was to be laid upon was stale
        self.last_frame = frame = event if known is None else event.upon(known)
        self.tiles.emit(frame)
        if event.probe is not None or not event.tiles_only:
            self.frame.emit(frame)

    def _report(self, report: VerifyReport) -> None:
        if report.id == self.verifying:
            self.verifying = 0
            self.last_report = report
            self.report.emit(report)

    def _answer(self, reply: Reply) -> None:
        callback = self._callbacks.pop(reply.id, None)
        loaded = reply.id in self._loading
        self._loading.discard(reply.id)
        generation = self.generation
        if callback is not None:
            callback(reply)
        if loaded and not reply.error and self.generation == generation:
            self.generation += 1
            self._project_due = True
        if loaded:
            self._send_project()

    def _lost(self) -> None:
        """The engine has died: what was asked of it is answered, and a new one goes on, unless it keeps dying."""
        error = Text.of(say("The engine stopped before it was done."))
        for number in list(self._callbacks):
            self._answer(Reply(id=number, error=error))
        if self.verifying:
            self._report(VerifyReport(id=self.verifying, step=0, error=error))
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < 60] + [now]
        if len(self._deaths) > 3:
            self._started = False
            self.connection.emit("stopped")
            return
        self.connection.emit("lost")
        self.restart()

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer
