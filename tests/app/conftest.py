"""A client that records what it is told and says what a test wants it to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
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
