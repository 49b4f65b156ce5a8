"""Memory of the window and of the engine while eight couplings train live: `python -m tests.benchmarks.memory --minutes 60`.

RSS counts pages that a process shares with others in full, PSS in part: the two processes together take the sum of their PSS.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from .screens import screen

INTERVAL = 10.0
"""Seconds between two looks."""
MIB = 1024.0
"""Kilobytes, as the kernel counts them."""


def measure(minutes: float = 2.0) -> dict[str, Any]:
    """Of each process: MiB after a minute and at the end, and growth in MiB an hour over the second half of the run.

    Figures are None where the system has no `/proc/PID/smaps_rollup`.
    """
    with screen() as (name, environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.memory_window"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pids: dict[str, int] = json.loads(process.stdout.readline())
            seconds, looks = _watch(pids, 60.0 * minutes)
            process.stdin.close()
            told = process.stdout.readlines()
        finally:
            process.stdin.close()
            if process.wait(timeout=60):
                raise RuntimeError(f"the window ended with code {process.returncode}")
    result: dict[str, Any] = {"screen": name, "minutes": minutes, **json.loads(told[-1])}
    for part in pids:
        for kind in ("rss", "pss"):
            values = [look.get((part, kind)) for look in looks]
            known = np.array([value for value in values if value is not None])
            times = np.array([then for then, value in zip(seconds, values, strict=True) if value is not None])
            result |= {f"{part}_{kind}_{what}": value for what, value in _figures(times, known).items()}
    return result


def _watch(pids: dict[str, int], seconds: float) -> tuple[list[float], list[dict[tuple[str, str], float]]]:
    """Looks every `INTERVAL` from the start of training, and at the end."""
    began = time.monotonic()
    times, looks = [], []
    for due in (*np.arange(INTERVAL, seconds, INTERVAL), seconds):
        time.sleep(max(0.0, began + due - time.monotonic()))
        times.append(time.monotonic() - began)
        looks.append({(part, kind): value for part, pid in pids.items() for kind, value in _taken(pid)})
    return times, looks


def _taken(pid: int) -> Iterator[tuple[str, float]]:
    """("rss", MiB) and ("pss", MiB) of a process; nothing where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, _, rest = line.partition(":")
        if name in ("Rss", "Pss"):
            yield name.lower(), int(rest.split()[0]) / MIB


def _figures(times: Any, values: Any) -> dict[str, float | None]:
    if not len(values):
        return {"after_1_minute_mib": None, "at_end_mib": None, "growth_mib_per_hour": None}
    late = times >= times[-1] / 2
    slope = float(np.polyfit(times[late], values[late], 1)[0]) if late.sum() > 2 else None
    return {
        "after_1_minute_mib": float(values[np.abs(times - 60.0).argmin()]),
        "at_end_mib": float(values[-1]),
        "growth_mib_per_hour": None if slope is None else 3600.0 * slope,
    }


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory", description=__doc__)
    options.add_argument("--minutes", type=float, default=2.0, help="how long to train (default: 2)")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = options.parse_args()
    result = measure(chosen.minutes)
    for name, value in result.items():
        print(f"  {name.replace('_', ' '):<44}{value:10.1f}" if isinstance(value, float) else f"  {name:<44}{value}")
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
