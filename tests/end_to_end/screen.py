"""A virtual screen with a real mouse and keyboard, and the real program on it."""

from __future__ import annotations

import itertools
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Point = tuple[int, int]
Report = dict[str, Any]
SETTLED = 0.4
"""Seconds without a move, after which a widget counts as being where it is: the report comes every tenth of a second."""


class Screen:
    """Xvfb on a free display number; `mouse` and `keys` go through xdotool, as from a person's hands."""

    def __init__(self, width: int = 1600, height: int = 1000) -> None:
        read, write = os.pipe()
        command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        self._xvfb = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()  # Xvfb writes it when the display is ready
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self.environment.pop("WAYLAND_DISPLAY", None)

    def close(self) -> None:
        self._xvfb.terminate()
        self._xvfb.wait(timeout=20)

    def xdotool(self, *arguments: object) -> None:
        subprocess.run(
            ["xdotool", *map(str, arguments)], env=self.environment, check=True, timeout=60, stdout=subprocess.DEVNULL
        )

    def click(self, at: Point) -> None:
        self.xdotool("mousemove", *at, "sleep", 0.05, "click", 1)

    def drag(self, *points: Point, pieces: int = 12) -> None:
        """Presses at the first point, moves through the others in small pieces, and lets go at the last."""
        moves: list[object] = ["mousemove", *points[0], "sleep", 0.05, "mousedown", 1]
        for start, end in itertools.pairwise(points):
            for i in range(1, pieces + 1):
                x = start[0] + (end[0] - start[0]) * i // pieces
                y = start[1] + (end[1] - start[1]) * i // pieces
                moves += ["mousemove", x, y, "sleep", 0.015]
        self.xdotool(*moves, "sleep", 0.1, "mouseup", 1)

    def key(self, keys: str) -> None:
        self.xdotool("key", keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", 5, text)

    def picture(self, path: Path) -> None:
        """The whole screen as a PNG, where ImageMagick is there to take it."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=False, timeout=60)


class Program:
    """`flowviz --report -` on a screen. `report` is the newest line that was read."""

    def __init__(self, screen: Screen, arguments: Sequence[str] = (), home: Path | None = None) -> None:
        home = home or Path(tempfile.mkdtemp(prefix="flowviz-home-"))
        environment = dict(screen.environment)
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            environment[name] = str(home / name.lower())
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flowviz", "--report", "-", "--lang", "en", "--theme", "light", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=home,
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.process.stdout, selectors.EVENT_READ)
        self._rest = b""
        self.report: Report = {}

    def until(self, condition: Callable[[Report], bool], what: str, timeout: float = 60.0) -> Report:
        """Reads the report until the condition holds of its newest line; fails with what it waited for."""
        deadline = time.monotonic() + timeout
        self._read(what, 0.0)
        while not (self.report and condition(self.report)):
            left = deadline - time.monotonic()
            if left <= 0:
                seen = {key: value for key, value in self.report.items() if key != "widgets"}
                raise AssertionError(f"waited {timeout:.0f} s for {what}; last seen: {seen}; {self.errors()}")
            # What is waited for may be a file, of which no line tells.
            self._read(what, min(left, 0.2))
        return self.report

    def center(self, name: str) -> Point:
        """The middle of the widget of this object name, on the screen."""
        return self.at(name, 0.5, 0.5)

    def at(self, name: str, across: float, down: float) -> Point:
        """A point of the widget, as shares of its width and height from its upper left, once the widget keeps still."""
        place, since = None, time.monotonic()
        while time.monotonic() < since + SETTLED:
            self._read(name, 0.05)
            if self.report["widgets"].get(name) != place:
                place, since = self.report["widgets"].get(name), time.monotonic()
        if place is None:
            raise AssertionError(f"there is no '{name}' on the screen; {self.errors()}")
        x, y, width, height = place
        return round(x + across * width), round(y + down * height)

    def errors(self) -> str:
        self._errors.seek(0)
        return f"stderr: {self._errors.read()[-2000:].strip() or 'empty'}"

    def close(self) -> None:
        self._selector.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self._errors.close()

    def _read(self, what: str, patience: float) -> None:
        """Takes the lines that are there, or come within `patience` seconds."""
        assert self.process.stdout is not None
        if not self._selector.select(patience):
            return
        data = self.process.stdout.read()
        if not data:
            raise AssertionError(f"the program ended while waiting for {what}; {self.errors()}")
        *lines, self._rest = (self._rest + data).split(b"\n")
        if lines:
            self.report = json.loads(lines[-1])
