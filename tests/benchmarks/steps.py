"""Training steps a second: FlowViz's own trainer against the same flow in other libraries, one thread, interleaved.

FlowViz's figure is that of the whole step of `flowviz train`: drawing fresh points, forward, backward, clipping, the
schedule and the averaged weights. The others are given ready-made batches, and Adam alone: once as torch's default makes
it, as their users do, once fused. The ratio is to the fastest with torch's default. On a GPU FlowViz replays its steps as a
graph; "FlowViz, one by one" is the same without.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from flowviz.pipeline import EventShape, Project, Training
from flowviz.training import Trainer
from flowviz.training.graphs import QUIET, Steps

from . import models, peers_pictures
from .couplings import LONGEST
from .peers import Peer, count, peers
from .timing import FUSED, compare, interleaved, timed

BATCH = 512
ROUNDS, QUICK_ROUNDS = 11, 3
TURN, QUICK_TURN = 0.1, 0.05
"""Seconds of one turn of FlowViz's; the others make as many steps in a turn as FlowViz does."""


@dataclass(frozen=True)
class Row:
    """One model on data of one shape, and the ratios aimed at on a CPU and on a GPU."""

    name: str
    model: str
    shape: EventShape
    aims: tuple[float, float]


ROWS = (
    Row("RealNVP 8", "realnvp", (2,), (1.6, 5.0)),
    Row("MAF 5", "maf", (2,), (1.5, 5.0)),
    Row("IAF 5", "iaf", (2,), (2.5, 5.0)),
    Row("NSF 5, couplings", "nsf", (2,), (1.0, 1.0)),
    Row("NSF 5, autoregressive", "nsf_autoregressive", (2,), (1.0, 1.0)),
    Row("RealNVP 8, D = 64", "realnvp", (64,), (1.0, 1.0)),
    Row("MAF 5, D = 64", "maf", (64,), (1.0, 1.0)),
    Row("Glow, 1x8x8", "glow", (1, 8, 8), (1.05, 2.0)),
    Row("Glow, 3x16x16", "glow", (3, 16, 16), (1.05, 2.0)),
)


def measure(quick: bool = False, device: str = "cpu") -> Iterator[dict[str, Any]]:
    """One row after the other: steps/s of each library, its parameters, and the ratios."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="flowviz-") as folder:
        for row in ROWS:
            yield measure_row(row, Path(folder), quick=quick, device=device)


def measure_row(row: Row, folder: Path, *, quick: bool = False, device: str = "cpu") -> dict[str, Any]:
    pictures = row.model == "glow"
    if pictures:
        batch, spec = peers_pictures.BATCH, peers_pictures.pipeline_pictures(row.shape)
        target: Any = peers_pictures.target_pictures(row.shape, folder)
        others = peers_pictures.peers_pictures(row.shape, device)
    else:
        batch, spec, target = BATCH, models.pipeline(row.model), models.target(row.shape[0], folder)
        others = peers(row.model, row.shape[0], device)
    training = Training(batch_size=batch, steps=LONGEST)
    project = Project(pipeline=spec, target=target, training=training)
    trainer = Trainer(project, device=device, threads=1)
    steps = _steps_of_a_turn(trainer, QUICK_TURN if quick else TURN, device)
    batches = _batches(row.shape, batch, device)
    runs: dict[str, Callable[[], object]] = {"FlowViz": lambda: _drain(trainer, steps)}
    if device != "cpu":
        plain_trainer = OneByOne(project, device=device, threads=1)
        runs["FlowViz, one by one"] = lambda: _drain(plain_trainer, steps)
    for peer in others:
        for fused in (False, True):
            runs[peer.name + FUSED if fused else peer.name] = _training(peer, batches, steps, fused=fused)
    seconds = interleaved(runs, QUICK_ROUNDS if quick else ROUNDS, device=device)
    plain, fused = compare(seconds), compare(seconds, ending=FUSED)
    return {
        "row": row.name,
        "unit": "steps/s",
        "batch": batch,
        "parameters": {"FlowViz": trainer.parameters} | {peer.name: count(peer.parameters) for peer in others},
        "libraries": {name: steps / median for name, median in plain.medians.items()},
        "fastest": plain.fastest,
        "ratio": plain.ratio,
        "fastest_fused": fused.fastest,
        "ratio_fused": fused.ratio,
        "aim": row.aims[0 if device == "cpu" else 1],
        "seconds": seconds,
    }


class OneByOne(Trainer):
    """Captures nothing."""

    def _steps_of_now(self) -> Steps:
        return Steps(super()._steps_of_now().program)


def _steps_of_a_turn(trainer: Trainer, seconds: float, device: str) -> int:
    _drain(trainer, 3 if device == "cpu" else 2 * QUIET)
    return max(2, round(seconds / (timed(lambda: _drain(trainer, 5), device) / 5)))


def _drain(trainer: Trainer, steps: int) -> None:
    for _ in trainer.run(steps):
        pass


def _batches(shape: EventShape, batch: int, device: str) -> Tensor:
    """Sixteen of them, ready on the device: standard normal."""
    return torch.randn(16, batch, *shape, generator=torch.Generator().manual_seed(0)).to(device)


def _training(peer: Peer, batches: Tensor, steps: int, *, fused: bool) -> Callable[[], None]:
    optimizer = torch.optim.Adam(peer.parameters, lr=1e-3, **({"fused": True} if fused else {}))

    def run() -> None:
        for i in range(steps):
            optimizer.zero_grad()
            loss = peer.loss(batches[i % len(batches)])
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            if peer.clear is not None:
                peer.clear()

    return run
