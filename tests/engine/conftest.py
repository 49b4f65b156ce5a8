"""Engines to talk to: one in a thread of the test, which is quick to have, and one in a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import TypeVar

import pytest

from flowviz.engine.client import EngineClient
from flowviz.engine.messages import AnyCommand, AnyEvent, Shutdown, decode_event
from flowviz.engine.queues import CommandQueue
from flowviz.engine.worker import Worker

E = TypeVar("E")
PATIENCE = 120.0
"""Seconds after which a test gives up: a machine may be busy."""


class Talk:
    """Waits for events. `seen` holds everything that came so far."""

    def __init__(self) -> None:
        self.seen: list[AnyEvent] = []
        self._from = 0

    def send(self, *commands: AnyCommand) -> None:
        raise NotImplementedError

    def receive(self, timeout: float) -> list[AnyEvent]:
        raise NotImplementedError

    def until(self, kind: type[E], fits: Callable[[E], bool] = lambda event: True) -> E:
        """The next event of this kind that fits; those before it are passed over, but stay in `seen`."""
        deadline = time.monotonic() + PATIENCE
        while True:
            while self._from < len(self.seen):
                event = self.seen[self._from]
                self._from += 1
                if isinstance(event, kind) and fits(event):
                    return event
            left = deadline - time.monotonic()
            if left <= 0:
                kinds = [type(event).__name__ for event in self.seen]
                raise AssertionError(f"no {kind.__name__} came that fits; there were {kinds[-30:]}")
            self.seen += self.receive(min(left, 0.5))

    def settle(self) -> None:
        """Takes what is there; what is waited for next must come after."""
        self.seen += self.receive(0.0)
        self._from = len(self.seen)

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.seen if isinstance(event, kind)]


class Inside(Talk):
    """A worker in a thread."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self.commands = CommandQueue()
        self._here, there = Pipe()
        self.worker = Worker(there, self.commands, str(directory))
        self._thread = threading.Thread(target=self.worker.run, name="worker")
        self._thread.start()

    def send(self, *commands: AnyCommand) -> None:
        for command in commands:
            self.commands.put(command)

    def receive(self, timeout: float) -> list[AnyEvent]:
        events = []
        while self._here.poll(timeout):
            events.append(decode_event(self._here.recv_bytes()))
            timeout = 0.0
        return events

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self.send(Shutdown())
        while self._thread.is_alive():
            self.receive(0.05)
        self._thread.join()
        for thread in threading.enumerate():
            # Torch does not like a thread of its own at the end of the program.
            if thread.name == "baselines":
                thread.join(PATIENCE)


class Outside(Talk):
    """A client with its process."""

    def __init__(self) -> None:
        super().__init__()
        self._woken = threading.Event()
        self.client = EngineClient(self._woken.set)

    def send(self, *commands: AnyCommand) -> None:
        for command in commands:
            self.client.send(command)

    def receive(self, timeout: float) -> list[AnyEvent]:
        self._woken.wait(timeout)
        self._woken.clear()
        return self.client.poll()

    def close(self) -> None:
        self.client.close()


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Inside]:
    made = Inside(tmp_path)
    yield made
    made.close()


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.close()
