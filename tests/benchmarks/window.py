"""The window while it trains: how soon it is there, how often its tiles are new, how evenly it runs, what that costs the
training; how soon it shows what was done; and what it costs at rest.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from .screens import screen

DEPTHS = (8, 32)
"""Layers that are measured with."""
STARTS, QUICK_STARTS = 3, 1
"""Starts of the window, of which the medians are taken."""
WARM_UP = 4.0
MEASURED, QUICK_MEASURED = 15.0, 5.0
"""Seconds."""
REPEATS, QUICK_REPEATS = 9, 3
"""How often each latency is taken, in one start."""


def measure(*, quick: bool = False, layers: int = 8) -> dict[str, Any]:
    """Medians over several starts; times in the units of their names, gaps of the event loop beyond what they should be.

    After each run in the window the same training runs without one, so that both see the machine in the same state.
    """
    starts, measured, repeats = (QUICK_STARTS, QUICK_MEASURED, QUICK_REPEATS) if quick else (STARTS, MEASURED, REPEATS)
    found = []
    with screen() as (name, environment):
        for _ in range(starts):
            probe = _probe(environment, layers, measured, repeats)
            probe["headless_steps_per_second"] = float(_printed("headless", [str(layers)], environment))
            if probe["steps_per_second"] is not None:
                probe["share_of_headless"] = probe["steps_per_second"] / probe["headless_steps_per_second"]
            found.append(probe)
    result: dict[str, Any] = {"layers": layers, "screen": name, "starts": starts}
    for key in found[0]:
        values = [each[key] for each in found if each.get(key) is not None]
        result[key] = float(statistics.median(values)) if values else None
    return result


def _probe(environment: dict[str, str], layers: int, measured: float, repeats: int) -> dict[str, Any]:
    arguments = [str(time.time()), str(layers), str(WARM_UP), str(measured), str(repeats)]
    values: dict[str, Any] = json.loads(_printed("window_probe", arguments, environment))
    return values


def _printed(module: str, arguments: list[str], environment: dict[str, str]) -> str:
    """The last line that one of the programs beside this one prints."""
    command = [sys.executable, "-m", f"{__package__}.{module}", *arguments]
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=150, check=True)
    return ran.stdout.splitlines()[-1]
