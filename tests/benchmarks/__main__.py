"""`python -m tests.benchmarks [--quick] [--device cpu|cuda] [--only PART ...] [--json FILE]`: measures, and prints one table.

Nothing here passes or fails: the figures depend on the machine. What is aimed at stands beside them. All of it takes about
half an hour, quickly a few minutes; what a window takes in an hour is another program, `tests.benchmarks.memory --minutes 60`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flowviz.startup import keep_freed_memory

from .machine import in_words, machine
from .table import TITLES, text


def _steps(quick: bool, device: str) -> Any:
    from .steps import measure

    return list(_told(measure(quick, device)))


def _pixels(quick: bool, device: str) -> Any:
    from .sampling_pixels import measure

    return measure(quick)


def _window(quick: bool, device: str) -> Any:
    from .window import DEPTHS, measure

    return [measure(quick=quick, layers=layers) for layers in DEPTHS]


def _memory(quick: bool, device: str) -> Any:
    from .memory import measure

    return measure(1.2 if quick else 2.0)


def _quality(quick: bool, device: str) -> Any:
    from .quality import RUNS, measure

    return [measure(*run) for run in RUNS]


def _of(module: str) -> Callable[[bool, str], Any]:
    def rows(quick: bool, device: str) -> Any:
        found = importlib.import_module(f"{__package__}.{module}").measure(quick, device)
        return [found] if isinstance(found, dict) else list(_told(iter(found)))

    return rows


def _growth(quick: bool, device: str) -> Any:
    found = []
    for module in ("growth_steps", "growth_frames"):
        found += _of(module)(quick, device)
    return found


def _told(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        found = f"{row['ratio']:.2f} to {row['fastest']}" if row.get("ratio") else ""
        print(f"  {row['row']:<44}{found}".rstrip(), flush=True)
        yield row


PARTS: dict[str, Callable[[bool, str], Any]] = {
    "steps": _steps,
    "grids": _of("grids"),
    "pixels": _pixels,
    "growth": _growth,
    "time_to_gap": _of("time_to_gap"),
    "window": _window,
    "memory": _memory,
    "quality": _quality,
}
SLOW = ("memory", "quality")
"""Left out of a quick run, unless asked for."""


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument(
        "--quick", action="store_true", help="fewer rounds, and neither memory nor training to quality"
    )
    options.add_argument("--device", choices=("cpu", "cuda"), default="cpu", help="what is measured on")
    options.add_argument("--only", choices=PARTS, action="extend", nargs="+", help="these parts")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures there, too, after each part")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")  # the other libraries' own
    # As the program does; for all libraries.
    keep_freed_memory()
    found: dict[str, Any] = {
        "machine": machine(chosen.device),
        "device": chosen.device,
        "quick": chosen.quick,
        "seconds": {},
        "parts": {},
    }
    print(in_words(found["machine"]), flush=True)
    for part in chosen.only or [part for part in PARTS if not (chosen.quick and part in SLOW)]:
        print(f"{TITLES[part]} ...", flush=True)
        began = time.perf_counter()
        found["parts"][part] = PARTS[part](chosen.quick, chosen.device)
        found["seconds"][part] = time.perf_counter() - began
        if chosen.json is not None:
            chosen.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(text(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
