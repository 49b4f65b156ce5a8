"""`flowviz sample`: samples of a checkpoint as NPY, CSV, a picture, or a sound."""

from __future__ import annotations

import argparse
import csv
import math
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .cli_common import UsageError, last_line, readable, writable
from .cli_context import context
from .cli_pictures import grid, shown
from .cli_sources import load as load_target
from .pipeline import event_kind
from .targets import Density
from .training.checkpoint import load, read

MOST_PICTURES = 4096
RATE = 8000
"""Moments a second of a sound whose data has no rate."""
_ENDINGS = {"vector": (".npy", ".csv", ".png"), "image": (".npy", ".csv", ".png"), "sequence": (".npy", ".csv", ".wav")}


def sample(options: argparse.Namespace) -> int:
    """Writes (N, *event) float32 samples in data units; a CSV has a row a sample, with the names of its numbers above."""
    out = writable(options.out, (".npy", ".csv", ".png", ".wav"))
    path = readable(options.model)
    flow = load(path)
    ending, kind = out.suffix.lower(), event_kind(flow.event_shape)
    if ending not in _ENDINGS[kind]:
        words = {"vector": "points", "image": "pictures", "sequence": "sequences"}[kind]
        raise UsageError(f"{options.out}: {words} are written as {' or '.join(_ENDINGS[kind])}")
    if ending == ".png" and kind == "image" and options.n > MOST_PICTURES:
        raise UsageError(f"-n {options.n}: at most {MOST_PICTURES} pictures fit on one grid")
    row = context(options, flow)
    drawn = flow.sample(options.n, options.temperature, options.seed, row)
    points = drawn.numpy()
    if ending == ".npy":
        np.save(out, points)
    else:
        density = load_target(read(path).project.target)
        if ending == ".csv":
            _write_csv(points, density, out)
        elif ending == ".wav":
            _write_wav(points, density.rate or RATE, out)
        elif kind == "image":
            grid(shown(density, drawn)).save(out)
        else:
            _write_dots(points, density, f"{len(points):,} samples of {path.name}", out)
    numbers = math.prod(flow.event_shape)
    if options.json:
        last_line({"n": len(points), "dimensions": numbers, "shape": list(flow.event_shape), "out": str(out)})
    else:
        print(f"{len(points):,} samples of {numbers} numbers each in {out}")
    return 0


def _write_csv(points: NDArray[np.float32], density: Density, out: Path) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(density.columns)
        np.savetxt(file, points.reshape(len(points), -1), fmt="%.9g", delimiter=",")


def _write_wav(points: NDArray[np.float32], rate: int, out: Path) -> None:
    """One sequence after another, a tenth of a second of silence between them: 16 bits, −1 to 1."""
    silence = np.zeros((points.shape[1], rate // 10), np.float32)
    sound = np.concatenate([part for one in points for part in (one, silence)], 1)
    values = np.rint(np.clip(np.nan_to_num(sound), -1.0, 1.0) * 32767.0).astype("<i2")
    with wave.open(str(out), "wb") as file:
        file.setnchannels(points.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.ascontiguousarray(values.T).tobytes())


def _write_dots(points: NDArray[np.float32], density: Density, title: str, out: Path) -> None:
    from .cli_offscreen import application

    with application("light"):
        from .app.figure import write_samples

        write_samples(points, density.box, title, out)
