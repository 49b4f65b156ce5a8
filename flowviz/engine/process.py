"""One life of the engine: its process, the connection to it, and the threads that read and write there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path

import msgspec

from ..pipeline import Sentence, say
from .messages import AnyCommand, AnyEvent, Shutdown, decode_event, encode
from .queues import CommandQueue
from .wire import knock, listen

_LAST_BREATH = 2.0
"""Seconds that a process whose connection broke gets to end by itself."""
_TAIL = 16_384
"""Bytes of the log that `tail` reads."""


class EngineProcess:
    """Runs `python -m flowviz.engine` and talks to it. Only `stop` waits for it.

    `on_event(process, event)` and, at its end, `on_end(process, sentence)` are called from a thread of this object.
    """

    def __init__(
        self,
        directory: Path,
        on_event: Callable[[EngineProcess, AnyEvent], None],
        on_end: Callable[[EngineProcess, Sentence], None],
    ) -> None:
        self.log = directory / "engine.log"
        self._directory = directory
        self._on_event, self._on_end = on_event, on_end
        self._commands = CommandQueue()
        self._exited = threading.Event()
        self._connected = False
        self._listener: Listener
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts the process and returns at once. Raises OSError when there can be none."""
        self._listener, handshake = listen(self._directory)
        try:
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    [sys.executable, "-m", "flowviz.engine"],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    env=_environment(),
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
        except OSError:
            self._listener.close()
            raise
        self._process = process
        assert process.stdin is not None
        try:
            process.stdin.write(msgspec.json.encode(handshake))
            process.stdin.close()
        except OSError:
            pass  # it died already; `_watch` sees that
        self._threads = [
            threading.Thread(target=target, args=(process,), name=f"engine-{target.__name__}", daemon=True)
            for target in (self._watch, self._serve)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def send(self, command: AnyCommand) -> None:
        """Queues the command; it goes out when the engine can take it."""
        self._commands.put(command)

    def stop(self, patience: float) -> None:
        """Asks the process to end, kills it after `patience` seconds, and waits for its end."""
        if self._process is None:
            return
        if patience > 0:
            self._commands.put(Shutdown())
            self._exited.wait(patience)
        if not self._exited.is_set():
            self._process.kill()
        for thread in self._threads:
            thread.join()

    def tail(self) -> str:
        """The end of what the engine printed."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - _TAIL))
                return file.read().decode(errors="replace")
        except OSError:
            return ""

    # ---- threads ----

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._exited.set()
        if not self._connected:
            knock(self._listener.address)

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        connection = self._accept()
        self._listener.close()
        problem: Sentence | None = None
        if connection is not None:
            writer = threading.Thread(target=self._write, args=(connection,), name="engine-write", daemon=True)
            writer.start()
            try:
                while True:
                    self._on_event(self, decode_event(connection.recv_bytes()))
            except (OSError, EOFError):
                pass
            except msgspec.DecodeError as error:
                problem = say("The engine sent something that cannot be read: {error}", error=error)
            self._commands.close()
            if problem or not self._exited.wait(_LAST_BREATH):
                process.kill()
            # The process is dead before the connection is closed: a living one would clear the directory away.
            self._exited.wait()
            writer.join()
            connection.close()
        self._exited.wait()
        self._on_end(self, problem or self._last_words(process.returncode))

    def _accept(self) -> Connection | None:
        while not self._exited.is_set():
            try:
                connection = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue
            self._connected = True
            return connection
        return None

    def _write(self, connection: Connection) -> None:
        while (command := self._commands.take()) is not None:
            try:
                connection.send_bytes(encode(command))
            except OSError:
                return

    def _last_words(self, code: int) -> Sentence:
        if code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = str(-code)
            if name == "SIGKILL":
                return say("The engine was killed from outside; the computer may be short of memory.")
            return say("The engine crashed (signal {name}).", name=name)
        lines = [line for line in self.tail().splitlines() if line.strip()]
        if code and lines:
            return say("The engine stopped with an error: {line}", line=lines[-1].strip())
        return say("The engine stopped by itself (exit code {code}).", code=code)


def _environment() -> dict[str, str]:
    """The engine's environment: this one, with quiet threads, and with this very package importable.

    Idle OpenMP threads that spin cost a busy machine a factor of ten; what the engine computes with is set by itself.
    """
    environment = dict(os.environ)
    environment.setdefault("OMP_NUM_THREADS", "1")
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    root = Path(__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):
        path = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = str(root) + (os.pathsep + path if path else "")
    return environment
