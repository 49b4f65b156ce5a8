"""`flowviz screenshot`: the real window with its real engine, trained for some steps, and grabbed with no display."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .cli_common import FailedError, UsageError, last_line, readable, writable
from .cli_libraries import advice, missing
from .cli_progress import Progress
from .engine.messages import Failure, Reply
from .pipeline import NAMED, PRESETS, NamedTarget, Project, preset, read_pipeline

if TYPE_CHECKING:
    from .app.window import MainWindow

STEPS = 500
PATIENCE = 120.0
"""Seconds without any news from the engine after which it is given up."""
SETTLED = 0.7
"""Seconds without a new picture after which nothing more is to come."""
UNJUDGED = 10.0
"""Seconds without any news after which a target is taken to have no baselines."""


def screenshot(options: argparse.Namespace) -> int:
    """Trains in the window, waits until every picture is there at full resolution, and writes what it looks like."""
    out = writable(options.out, (".png",))
    if options.steps is None:
        options.steps = STEPS if options.project is None else 0
    target = NamedTarget(name=options.target) if options.target in NAMED else None
    project = preset(options.preset or next(iter(PRESETS))).project(target=target)
    training = msgspec.structs.replace(project.training, steps=max(1, options.steps))
    project = msgspec.structs.replace(project, training=training)
    if options.target is not None and target is None:
        readable_target(options.target)
    if options.project is not None:
        readable(options.project)
    libraries = missing("offscreen")
    if libraries:
        raise FailedError(advice(libraries))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

    with tempfile.TemporaryDirectory(prefix="flowviz-") as folder:
        step = _taken(options, project, Path(folder), out)
    if options.json:
        width, height = options.size
        last_line({"out": str(out), "width": width, "height": height, "steps": step})
    else:
        print(f"{out}: the window after {step:,} steps")
    return 0


def readable_target(text: str) -> Path:
    """The file or folder of a target; what is neither a name nor a file is said to be neither."""
    file = Path(text).expanduser()
    if not file.exists():
        raise UsageError(f"no target and no file is called '{text}'; the named targets are {', '.join(NAMED)}")
    if file.is_dir():
        return file
    file = readable(text)
    if file.suffix.lower() == ".pt":
        raise UsageError(f"{text}: a project is opened with --project")
    return file


def _taken(options: argparse.Namespace, project: Project, folder: Path, out: Path) -> int:
    """Opens the window with settings of its own, works it, and grabs it; the step that it shows."""
    from PySide6.QtCore import QSettings

    from .app.application import make_application, make_window
    from .app.settings import Settings

    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    make_application(language=options.lang, theme=options.theme, settings=settings)
    window = make_window(project, settings=settings, folder=folder)
    try:
        window.resize(*options.size)
        window.show()
        session = _Session(window)
        session.until(lambda: window.bridge.last_ready is not None)
        if options.project is not None:
            session.open(options.project)
        if options.target is not None and options.target not in NAMED:
            session.learn(options.target)
        elif options.target is not None and options.project is not None:
            window.run.choose_target(options.target)
        session.train(options.steps)
        session.settle()
        if not window.grab().save(str(out)):
            raise UsageError(f"{out}: the picture cannot be written")
        return session.step
    finally:
        window.autosave.finish()
        window.bridge.close()


class _Session:
    """A person at the window, who waits until things are done."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._bridge = window, window.bridge
        self._news = time.monotonic()
        self._failure = ""
        bridge = self._bridge
        for signal in (bridge.ready, bridge.target, bridge.frame, bridge.metrics, bridge.connection):
            signal.connect(self._heard)
        bridge.state.connect(self._heard)
        bridge.failure.connect(self._failed)

    @property
    def step(self) -> int:
        state = self._bridge.last_state
        return state.step if state is not None else 0

    def until(self, done: Callable[[], bool]) -> None:
        """Lets the window run until `done()`; raises when the engine says that it cannot go on."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop, timer = QEventLoop(), QTimer()
        timer.timeout.connect(
            lambda: loop.quit() if self._failure or done() or time.monotonic() - self._news > PATIENCE else None
        )
        timer.start(20)
        loop.exec()
        timer.stop()
        if self._failure:
            raise UsageError(self._failure)
        if not done():
            raise FailedError("the engine does not answer any more")

    def open(self, path: str) -> None:
        """Opens a checkpoint or a pipeline in the window."""
        if path.lower().endswith(".flow.json"):
            self._window.files.put(Project(pipeline=read_pipeline(path)), None)
            return
        reply = self._asked(lambda answer: self._bridge.load(str(Path(path).absolute()), answer))
        if reply.project is None:
            raise UsageError(str(reply.error) or f"{path}: there is no project in it")
        self._window.files.put(reply.project, Path(path))

    def learn(self, path: str) -> None:
        """Makes a picture or a table the target."""
        reply = self._asked(lambda answer: self._bridge.import_file(str(Path(path).absolute()), answer))
        if reply.target is None:
            raise UsageError(str(reply.error) or f"{path}: there is nothing to learn in it")
        self._window.run.replace_target(reply.target, Path(path).name)

    def train(self, steps: int) -> None:
        """Trains for this many steps, with the progress on stderr."""
        self.until(self._known)
        if steps == 0:
            return
        start, target = self.step, self._bridge.last_target
        self._bridge.train(steps)
        with Progress(steps, target.entropy if target is not None else None) as progress:

            def done() -> bool:
                state, metrics = self._bridge.last_state, self._bridge.last_metrics
                if metrics is not None and metrics.step > start and len(metrics.train.data):
                    progress.reach(min(steps, metrics.step - start), float(metrics.train.numpy().mean()))
                return state is not None and state.phase != "training" and self.step >= start + steps

            self.until(done)

    def settle(self) -> None:
        """Waits for the frame of the last step, for the finer ones that follow it at rest, and for the baselines."""

        def settled() -> bool:
            frame, target = self._bridge.last_frame, self._bridge.last_target
            quiet = time.monotonic() - self._news
            judged = (target is not None and target.gaussian_nll is not None) or quiet > UNJUDGED
            return frame is not None and frame.step == self.step and quiet > SETTLED and judged

        self.until(settled)

    def _known(self) -> bool:
        """Whether the engine has answered for the project that is in the window now."""
        target, state, generation = self._bridge.last_target, self._bridge.last_state, self._bridge.generation
        return target is not None and state is not None and state.generation == generation

    def _asked(self, ask: Callable[[Callable[[Reply], None]], None]) -> Reply:
        replies: list[Reply] = []
        ask(replies.append)
        self.until(lambda: bool(replies))
        return replies[0]

    def _heard(self, what: object) -> None:
        self._news = time.monotonic()
        if what == "stopped":
            self._failure = "the engine stopped again and again"

    def _failed(self, failure: Failure) -> None:
        self._failure = f"{failure.sentence} {failure.remedy}".strip()
