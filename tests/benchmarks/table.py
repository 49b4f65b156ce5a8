"""The figures of a run as a table: `python -m tests.benchmarks.table FILE.json` prints Markdown, as in README."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .lines import Line, lines
from .machine import in_words

HEADS = ("", "FlowViz", "fastest other", "ratio", "aim", "also")
TITLES = {
    "steps": "Training steps, batch 512 (pictures 64)",
    "grids": "Densities, samples and states",
    "pixels": "Pixel by pixel",
    "window": "The window",
    "memory": "Memory",
    "growth": "Growth",
    "quality": "Quality",
    "time_to_gap": "Seconds of training",
}


def cells(line: Line) -> tuple[str, ...]:
    """One row, as HEADS says."""
    ours = "-" if line.value is None else f"{number(line.value)} {line.unit}".strip()
    other = "-" if line.fastest is None or line.other is None else f"{line.fastest}: {number(line.other)}"
    ratio = "-" if line.ratio is None else f"{line.ratio:.{2 if line.ratio < 10.0 else 1}f}"
    return line.row, ours, other, ratio, _aim(line), line.note


def _aim(line: Line) -> str:
    if line.aim is None:
        return ""
    sign = {"ratio": "", "at least": "≥ ", "at most": "≤ "}[line.sense]
    return f"{sign}{number(line.aim)}" + {True: "", False: " (missed)", None: " (unknown)"}[line.reached]


def number(value: float) -> str:
    """Three digits that count, and no more than there are."""
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def markdown(found: dict[str, Any]) -> str:
    """The machine, and a table for each part."""
    out = [f"{in_words(found['machine'])}."]
    for part, group in _groups(lines(found["parts"], found["device"])):
        out += ["", f"**{TITLES.get(part, part)}**", "", *_markdown_table(group)]
    return "\n".join(out) + "\n"


def _markdown_table(group: Sequence[Line]) -> list[str]:
    rows = _rows(group)
    return ["| " + " | ".join(row) + " |" for row in (rows[0], ("---",) * len(rows[0]), *rows[1:])]


def _rows(group: Sequence[Line]) -> list[tuple[str, ...]]:
    """With heads, and without the columns that are empty."""
    rows = [cells(line) for line in group]
    keep = [i for i in range(len(HEADS)) if any(row[i] not in ("", "-") for row in rows)]
    return [tuple(row[i] for i in keep) for row in (HEADS, *rows)]


def text(found: dict[str, Any]) -> str:
    """The same in columns, for a terminal."""
    out = []
    for part, group in _groups(lines(found["parts"], found["device"])):
        rows = _rows(group)
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        out += ["", TITLES.get(part, part)]
        out += ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(out)


def _groups(every: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    for line in every:
        groups.setdefault(line.part, []).append(line)
    return list(groups.items())


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.benchmarks.table", description=__doc__)
    options.add_argument("file", type=Path, help="what --json of the benchmark has written")
    print(markdown(json.loads(options.parse_args().file.read_text("utf-8"))), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
