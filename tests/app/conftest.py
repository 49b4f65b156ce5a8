"""A client that records what it is told and says what a test wants, a chooser that answers, and the window on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QWidget

from flowviz.app.application import make_application, make_window
from flowviz.app.bridge import Bridge
from flowviz.app.dialogs import Answer
from flowviz.app.document import Document
from flowviz.app.settings import Settings
from flowviz.app.window import MainWindow
from flowviz.engine.messages import AnyCommand, AnyEvent, Command, SetProject, SetWanted
from flowviz.pipeline import PRESETS


class FakeClient:
    """`sent` is every command so far; `say(event, ...)` wakes the bridge as the engine would."""

    def __init__(self) -> None:
        self.on_wakeup: Callable[[], None] | None = None
        self.alive = False
        self.broken = False
        self.starts = 0
        self.sent: list[AnyCommand] = []
        self._events: list[AnyEvent] = []
        self._last: dict[type, AnyCommand] = {}

    def start(self) -> None:
        self.alive = True
        self.starts += 1
        if self.broken:
            self.die()

    def restart(self) -> None:
        self.start()
        self.sent.extend(command for command in self._last.values())

    def send(self, command: AnyCommand) -> None:
        self.sent.append(command)
        if isinstance(command, SetProject | SetWanted):
            self._last[type(command)] = command

    def poll(self) -> list[AnyEvent]:
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        self.alive = False

    def say(self, *events: AnyEvent) -> None:
        self._events.extend(events)
        if self.on_wakeup is not None:
            self.on_wakeup()

    def die(self) -> None:
        self.alive = False
        self.say()

    def of(self, kind: type[Command]) -> list[Command]:
        """The commands of one kind, oldest first."""
        return [command for command in self.sent if isinstance(command, kind)]


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(PRESETS["realnvp"].project())


@pytest.fixture
def bridge(document: Document, client: FakeClient) -> Iterator[Bridge]:
    bridge = Bridge(document, client=client)
    yield bridge
    bridge.close()


class FakeChooser:
    """Answers what a test told it to; `asked` is what it was asked."""

    def __init__(self) -> None:
        self.path = ""
        self.answer: Answer = "cancel"
        self.asked: list[str] = []

    def open_file(self, parent: QWidget, title: str, folder: str, filters: list[str]) -> str:
        self.asked.append(title)
        return self.path

    def open_folder(self, parent: QWidget, title: str, folder: str) -> str:
        self.asked.append(title)
        return self.path

    def save_file(self, parent: QWidget, title: str, path: str, filters: list[str], suffix: str) -> str:
        self.asked.append(title)
        return self.path

    def keep_changes(self, parent: QWidget, name: str) -> Answer:
        self.asked.append(name)
        return self.answer

    def tell(self, parent: QWidget, title: str, text: str) -> None:
        self.asked.append(text)


@pytest.fixture
def chooser() -> FakeChooser:
    return FakeChooser()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(
    qapp: object, client: FakeClient, chooser: FakeChooser, settings: Settings, tmp_path: Path
) -> Iterator[MainWindow]:
    """The window in English and light, shown, with nobody at the other end of its bridge."""
    make_application(language="en", theme="light", settings=settings)
    window = make_window(client=client, settings=settings, chooser=chooser, folder=tmp_path / "autosave")
    window.show()
    yield window
    chooser.answer = "discard"
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
