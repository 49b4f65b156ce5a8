"""What each part has found, as lines of one table: FlowViz, the fastest other, the ratio, and what is aimed at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OURS = "FlowViz"


@dataclass(frozen=True)
class Line:
    """One row. `value` and `other` are in `unit`; `sense` says what `aim` bounds: "ratio" (from below), or FlowViz's own
    value, "at least" or "at most". None: not known, or nothing is aimed at."""

    part: str
    row: str
    unit: str
    value: float | None
    fastest: str | None = None
    other: float | None = None
    ratio: float | None = None
    aim: float | None = None
    sense: str = "ratio"
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the aim is reached; None where there is none, or nothing to compare it with."""
        found = self.ratio if self.sense == "ratio" else self.value
        if self.aim is None or found is None:
            return None
        return found <= self.aim if self.sense == "at most" else found >= self.aim


def lines(parts: Mapping[str, Any], device: str = "cpu") -> list[Line]:
    """Of the parts of a JSON file, in the order of the file."""
    return [line for part, found in parts.items() for line in lines_of(part, found, device)]


def lines_of(part: str, found: Any, device: str = "cpu") -> Iterator[Line]:
    match part:
        case "window":
            for each in found:
                yield from _window(each, device)
        case "memory":
            yield from _plain(part, found, "MiB", [name for name in found if name.endswith("mib")])
            yield from _plain(part, found, "MiB/h", [name for name in found if name.endswith("per_hour")])
        case "pixels":
            for each in found:
                name = f"{each['name']}: {each['batch']} samples, states kept"
                yield Line(part, name, "s", each["seconds"], "nothing kept", each["seconds_without"], each["ratio"])
        case "quality":
            for each in found:
                name = f"{each['preset']} on {each['target']}, gap after {each['steps']:,} steps"
                yield Line(part, name, "nats", each["gap"], aim=each["bound"], sense="at most")
        case _:
            for each in found:
                yield _compared(part, each)


def _compared(part: str, row: Mapping[str, Any]) -> Line:
    """A row that names libraries, the fastest of them, and a ratio."""
    libraries, fastest = row["libraries"], row.get("fastest")
    notes = []
    if row.get("ratio_fused") is not None:
        notes.append(f"{row['ratio_fused']:.2f} to {row['fastest_fused']}")
    if row.get("ratio_examples") is not None:
        notes.append(f"{row['ratio_examples']:.2f} to {row['fastest_examples']}")
    if row.get("note"):
        notes.append(row["note"])
    return Line(
        part,
        row["row"],
        row["unit"],
        libraries.get(OURS),
        fastest,
        None if fastest is None else libraries[fastest],
        row.get("ratio"),
        row.get("aim"),
        note="; ".join(notes),
    )


def _window(found: Mapping[str, Any], device: str) -> Iterator[Line]:
    layers = found["layers"]
    hertz = 30.0 if device != "cpu" else 20.0 if layers <= 8 else 10.0
    bounds = {
        "tiles_hz": (hertz, "at least"),
        "gap_p99_ms": (20.0, "at most"),
        "share_of_headless": (0.85, "at least"),
        "paused_paints": (0.0, "at most"),
        "paused_window_cpu_share": (0.01, "at most"),
        "paused_engine_cpu_share": (0.01, "at most"),
    }
    for name, value in found.items():
        if isinstance(value, float):
            aim, sense = bounds.get(name, (None, "at least"))
            yield Line("window", f"{layers} layers: {_words(name)}", _unit(name), value, aim=aim, sense=sense)


def _plain(part: str, found: Mapping[str, Any], unit: str, names: list[str]) -> Iterator[Line]:
    for name in names:
        if isinstance(found[name], float):
            yield Line(part, _words(name), unit, found[name])


UNITS = {
    "_ms": "ms",
    "_hz": "Hz",
    "_s": "s",
    "frame_share": "of the time",
    "_share": "of a core",
    "_paints": "redraws",
    "_per_second": "steps/s",
}


def _unit(name: str) -> str:
    if name == "share_of_headless":
        return "of headless"
    return next((unit for ending, unit in UNITS.items() if name.endswith(ending)), "")


def _words(name: str) -> str:
    """`gap_p99_ms` -> gap p99."""
    for ending in ("_per_hour", "_mib", "_ms", "_hz", "_s"):
        name = name.removesuffix(ending)
    return name.replace("_", " ")
