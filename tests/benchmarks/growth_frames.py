"""What the pictures of the window cost, in milliseconds, with the size of what they are of: layers, width, dimensions.

A frame of everything that the window asks for at first, at the resolution that it has while a flow of eight layers trains,
and one of the tiles alone. K layers have K + 2 tiles, each of which goes through all the layers behind it: the points' work
grows with K², the tables' with K.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from flowviz.engine.messages import Wanted
from flowviz.pipeline import NamedTarget, PipelineSpec, Project, TableTarget
from flowviz.training import Trainer
from flowviz.training.frames import FrameMaker, tiles_alone
from flowviz.training.frames_budget import Detail

from . import models
from .couplings import couplings

LAYERS = (1, 2, 4, 8, 16, 32, 64)
WIDTHS = (16, 64, 256, 1024)
DIMENSIONS = (1, 2, 8, 64, 784)
WANTED = Wanted(tile_resolution=112, model_resolution=256, whole_flow=True, ledger=True)
DETAIL = Detail(64, 128, 128)
FRAMES, QUICK_FRAMES = 15, 3


def measure(quick: bool = False, device: str = "cpu") -> Iterator[dict[str, Any]]:
    """Rows for each size; `libraries` has FlowViz's milliseconds alone. Above two dimensions tiles never come alone."""
    torch.set_num_threads(1)
    moons = NamedTarget()
    for layers in _some(LAYERS, quick):
        yield from _rows(f"{layers} layer{'s' * (layers > 1)}", couplings(layers), moons, quick, device)
    for width in _some(WIDTHS, quick):
        yield from _rows(f"width {width}", couplings(8, width), moons, quick, device)
    with tempfile.TemporaryDirectory(prefix="flowviz-") as folder:
        for dimensions in _some(DIMENSIONS, quick):
            table = models.table(dimensions, Path(folder))
            yield from _rows(f"D = {dimensions}, MAF", models.pipeline("maf"), table, quick, device)


def _some(sizes: tuple[int, ...], quick: bool) -> tuple[int, ...]:
    """All, or the smallest and the largest but one."""
    return (sizes[0], sizes[-2]) if quick else sizes


def _rows(
    name: str, pipeline: PipelineSpec, target: NamedTarget | TableTarget, quick: bool, device: str
) -> Iterator[dict[str, Any]]:
    trainer = Trainer(Project(pipeline=pipeline, target=target), device=device, threads=1)
    for _ in trainer.run(3):
        pass
    maker = FrameMaker(trainer.target)
    alone = tiles_alone(WANTED, trainer.flow.event_shape)
    for what, wanted in (("whole frame", WANTED), ("tiles alone", alone)):
        if wanted is not None:
            milliseconds = _milliseconds(trainer, maker, wanted, tiles_only=wanted is alone, quick=quick)
            row = f"{name}, {what}"
            yield {
                "row": row,
                "unit": "ms",
                "parameters": trainer.parameters,
                "libraries": {"FlowViz": milliseconds},
            }


def _milliseconds(trainer: Trainer, maker: FrameMaker, wanted: Wanted, *, tiles_only: bool, quick: bool) -> float:
    """The median over frames as they are made while it trains, the first aside."""
    found = []
    for _ in range(1 + (QUICK_FRAMES if quick else FRAMES)):
        maker.forget()
        began = time.perf_counter()
        maker.frame(
            trainer.evaluation_flow(),
            wanted,
            DETAIL,
            generation=1,
            step=trainer.step,
            averaged=trainer.averaged,
            tiles_only=tiles_only,
            live=True,
        )
        found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found[1:])
