"""`python -m tests.benchmarks [--quick] [--only steps|window|quality] [--json FILE]`: prints a table, and writes it as JSON.

Nothing here passes or fails: the figures depend on the machine. The bounds that are aimed at stand beside them.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import warnings
from pathlib import Path
from typing import Any

import torch

PARTS = ("steps", "window", "quality")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer rounds, and no training to quality")
    options.add_argument("--only", choices=PARTS, action="append", help="one part; may be given again")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    chosen = options.parse_args()
    parts = chosen.only or [part for part in PARTS if not (chosen.quick and part == "quality")]
    warnings.simplefilter("ignore")  # the other libraries' own
    figures: dict[str, Any] = {"machine": _machine()}
    print(f"{figures['machine']}\n")
    if "steps" in parts:
        figures["steps"] = _steps(chosen.quick)
    if "window" in parts:
        figures["window"] = _window(chosen.quick)
    if "quality" in parts:
        figures["quality"] = _quality()
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}"


def _steps(quick: bool) -> list[dict[str, Any]]:
    from .steps import BATCH, measure

    print(f"Training steps/s, batch {BATCH}, one thread, median of interleaved rounds")
    results = []
    for model in ("realnvp", "maf"):
        result = measure(model, quick=quick)
        results.append(result)
        print(f"  {model}, {result['parameters']:,} parameters")
        for name, rate in sorted(result["libraries"].items(), key=lambda item: -item[1]):
            print(f"    {name:<24}{rate:8.1f}")
        if result["ratio"] is not None:
            print(f"    FlowViz / fastest: {result['ratio']:.2f}; with fused Adam for all: {result['ratio_fused']:.2f}")
        sys.stdout.flush()
    print()
    return results


def _window(quick: bool) -> dict[str, Any]:
    from .window import measure

    print("The window, eight affine couplings, batch 512, all tiles live")
    result = measure(quick=quick)
    for name, value in result.items():
        print(f"  {name.replace('_', ' '):<44}{value:10.3f}" if isinstance(value, float) else f"  {name:<44}{value}")
    print(flush=True)
    return result


def _quality() -> list[dict[str, Any]]:
    from .quality import RUNS, SEEDS, measure

    print(f"Gap to the entropy (nats), default settings, mean of {len(SEEDS)} seeds")
    results = []
    for name, target, bound in RUNS:
        result = measure(name, target, bound)
        results.append(result)
        each = ", ".join(f"{gap:.4f}" for gap in result["gaps"])
        print(
            f"  {name} on {target}, {result['steps']:,} steps: {result['gap']:.4f} (aim {bound}; {each}; "
            f"s.e. of the points {result['standard_error']:.4f})",
            flush=True,
        )
    print()
    return results


if __name__ == "__main__":
    sys.exit(main())
