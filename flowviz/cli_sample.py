"""`flowviz sample`: samples of a checkpoint as NPY, CSV or a picture."""

from __future__ import annotations

import argparse
import csv

import numpy as np

from .cli_common import last_line, readable, writable
from .targets import load as load_target
from .training.checkpoint import load, read


def sample(options: argparse.Namespace) -> int:
    """Writes (N, D) float32 samples in data units; a CSV has the columns' names in its first line."""
    out = writable(options.out, (".npy", ".csv", ".png"))
    path = readable(options.model)
    flow = load(path)
    points = flow.sample(options.n, temperature=options.temperature, seed=options.seed).numpy()
    density = load_target(read(path).project.target)
    match out.suffix.lower():
        case ".npy":
            np.save(out, points)
        case ".csv":
            with out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerow(density.columns)
                np.savetxt(file, points, fmt="%.9g", delimiter=",")
        case _:
            from .cli_offscreen import application

            with application("light"):
                from .app.figure import write_samples

                write_samples(points, density.box, f"{len(points):,} samples of {path.name}", out)
    if options.json:
        last_line({"n": len(points), "dimensions": points.shape[1], "out": str(out)})
    else:
        print(f"{len(points):,} samples of {points.shape[1]} numbers each in {out}")
    return 0
