"""The window while it trains: how soon it is there, how often its tiles are new, how evenly it runs, and what that costs."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flowviz.pipeline import Project
from flowviz.training import Trainer

from ..end_to_end.screen import Screen
from .steps import pipeline

STARTS, QUICK_STARTS = 5, 1
"""Starts of the window, of which the medians are taken."""
WARM_UP = 4.0
MEASURED, QUICK_MEASURED = 15.0, 5.0
"""Seconds."""
HEADLESS_STEPS = 800


def measure(*, quick: bool = False) -> dict[str, Any]:
    """Medians over several starts; times in the units of their names, gaps of the event loop beyond what they should be.

    After each run in the window the same training runs without one, so that both see the machine in the same state.
    """
    starts, measured = (QUICK_STARTS, QUICK_MEASURED) if quick else (STARTS, MEASURED)
    found = []
    with _screen() as (screen, environment):
        for _ in range(starts):
            probe = _probe(environment, measured)
            probe["headless_steps_per_second"] = _headless(HEADLESS_STEPS)
            if probe["steps_per_second"] is not None:
                probe["share_of_headless"] = probe["steps_per_second"] / probe["headless_steps_per_second"]
            found.append(probe)
    result: dict[str, Any] = {"screen": screen, "starts": starts}
    for name in found[0]:
        values = [each[name] for each in found if each.get(name) is not None]
        result[name] = float(statistics.median(values)) if values else None
    return result


@contextmanager
def _screen() -> Iterator[tuple[str, dict[str, str]]]:
    """Xvfb where it is there, Qt's own offscreen platform where not."""
    if shutil.which("Xvfb") is None:
        yield "offscreen", {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        return
    screen = Screen()
    try:
        yield "Xvfb 1600 x 1000", screen.environment
    finally:
        screen.close()


def _probe(environment: dict[str, str], measured: float) -> dict[str, Any]:
    arguments = [str(time.time()), str(WARM_UP), str(measured)]
    command = [sys.executable, "-m", "tests.benchmarks.window_probe", *arguments]
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=180, check=True)
    values: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return values


def _headless(steps: int) -> float:
    """Steps/s of the same project with no window and no engine."""
    trainer = Trainer(Project(pipeline=pipeline("realnvp")))
    for _ in trainer.run(steps // 5):
        pass
    began = time.perf_counter()
    for _ in trainer.run(steps):
        pass
    return steps / (time.perf_counter() - began)
