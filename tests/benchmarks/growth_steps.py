"""How training steps a second go with the size of what is trained: layers, width, batch, and dimensions.

Affine couplings of two numbers, one of these changed at a time; with the dimensions grows a MAF of five layers, which works
from one number on. FlowViz alone: whole steps, as in `steps.py`.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from flowviz.pipeline import NamedTarget, PipelineSpec, Project, TableTarget, Training
from flowviz.training import Trainer

from . import models
from .couplings import LONGEST, couplings
from .timing import timed

LAYERS = (1, 2, 4, 8, 16, 32, 64)
WIDTHS = (16, 64, 256, 1024)
BATCHES = (64, 512, 4096, 16_384, 65_536)
DIMENSIONS = (1, 2, 8, 64, 256, 784)
USUAL_LAYERS, USUAL_WIDTH, USUAL_BATCH = 8, 64, 512
TURNS = 3
SECONDS, QUICK_SECONDS = 0.5, 0.1
"""Of one turn, about."""


def measure(quick: bool = False, device: str = "cpu") -> Iterator[dict[str, Any]]:
    """One row for each size; `libraries` has FlowViz's steps/s alone."""
    torch.set_num_threads(1)
    moons = NamedTarget()
    for layers in _some(LAYERS, quick):
        yield _row(f"{layers} layer{'s' * (layers > 1)}", couplings(layers), moons, USUAL_BATCH, quick, device)
    for width in _some(WIDTHS, quick):
        yield _row(f"width {width}", couplings(USUAL_LAYERS, width), moons, USUAL_BATCH, quick, device)
    for batch in _some(BATCHES, quick):
        yield _row(f"batch {batch:,}", couplings(USUAL_LAYERS), moons, batch, quick, device)
    with tempfile.TemporaryDirectory(prefix="flowviz-") as folder:
        for dimensions in _some(DIMENSIONS, quick):
            table = models.table(dimensions, Path(folder))
            yield _row(f"D = {dimensions}, MAF", models.pipeline("maf"), table, USUAL_BATCH, quick, device)


def _some(sizes: tuple[int, ...], quick: bool) -> tuple[int, ...]:
    """All, or the smallest and the largest but one."""
    return (sizes[0], sizes[-2]) if quick else sizes


def _row(
    name: str, pipeline: PipelineSpec, target: NamedTarget | TableTarget, batch: int, quick: bool, device: str
) -> dict[str, Any]:
    training = Training(batch_size=batch, steps=LONGEST)
    trainer = Trainer(Project(pipeline=pipeline, target=target, training=training), device=device, threads=1)

    def steps(count: int) -> float:
        def run() -> None:
            for _ in trainer.run(count):
                pass

        return timed(run, device)

    steps(3)
    count = max(1, round((QUICK_SECONDS if quick else SECONDS) / (steps(2) / 2)))
    steps(min(count, 20))
    rate = count / statistics.median(steps(count) for _ in range(TURNS))
    return {"row": name, "unit": "steps/s", "parameters": trainer.parameters, "libraries": {"FlowViz": rate}}
