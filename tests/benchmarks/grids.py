"""Densities on a grid, samples, and all states of a grid: FlowViz against the same flows elsewhere, one thread, interleaved.

FlowViz's flows of two coordinates have learnt eight Gaussians for some hundred steps, since the number of knots that its
tables have depends on it; every call finds them anew. The others are as they are made: it makes no difference to their time.
"FlowViz, plain" is `Flow.log_prob`, and `generate` of drawn latents: the layers themselves, without tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from flowviz.flows import Flow, build, quick
from flowviz.pipeline import NamedTarget, Project
from flowviz.training import Trainer

from .models import pipeline
from .peers import Peer, peers
from .timing import compare, interleaved, paired_ratio

ROUNDS, QUICK_ROUNDS = 9, 3
STEPS, QUICK_STEPS = 500, 100
"""That FlowViz's flows of two coordinates have been trained for."""
SIDE, STATES_SIDE = 256, 64
SAMPLES = 20_000
WIDE, WIDE_POINTS, WIDE_SAMPLES = 64, 16_384, 1_000
"""Dimensions of a larger flow, its points and its samples."""
BOX = 4.0


@dataclass(frozen=True)
class Row:
    """What is measured of which model, and the ratios aimed at on a CPU and on a GPU (None: no other has it as it is)."""

    work: str
    model: str
    aims: tuple[float | None, float | None]
    dimensions: int = 2


ROWS = (
    Row("density", "realnvp", (7.0, 5.0)),
    Row("density", "maf", (1.5, 5.0)),
    Row("density", "iaf", (3.0, 5.0)),
    Row("density", "nsf", (1.0, 5.0)),
    Row("density", "realnvp", (1.5, 5.0), WIDE),
    Row("density", "maf", (1.5, 5.0), WIDE),
    Row("sampling", "realnvp", (1.2, 5.0)),
    Row("sampling", "maf", (2.5, 5.0)),
    Row("sampling", "iaf", (1.3, 5.0)),
    Row("sampling", "nsf", (1.0, 5.0)),
    Row("sampling", "maf", (2.5, 5.0), WIDE),
    Row("states", "realnvp", (1.0, 5.0)),
    Row("states", "maf", (1.0, 5.0)),
    Row("states", "iaf", (1.0, 5.0)),
)
NAMES = {"realnvp": "RealNVP 8", "maf": "MAF 5", "iaf": "IAF 5", "nsf": "NSF 5, couplings"}
WORK = {
    ("density", 2): f"density on {SIDE}x{SIDE}",
    ("density", WIDE): f"density of {WIDE_POINTS:,} points, D = {WIDE}",
    ("sampling", 2): f"{SAMPLES:,} samples",
    ("sampling", WIDE): f"{WIDE_SAMPLES:,} samples, D = {WIDE}",
    ("states", 2): f"all states on {STATES_SIDE}x{STATES_SIDE}",
}


def measure(quick: bool = False, device: str = "cpu") -> Iterator[dict[str, Any]]:
    """One row after the other: calls/s of each library, and the ratio of FlowViz to the fastest other."""
    torch.set_num_threads(1)
    flows: dict[tuple[str, int], Flow] = {}
    for row in ROWS:
        key = row.model, row.dimensions
        if key not in flows:
            flows[key] = (
                learnt(row.model, QUICK_STEPS if quick else STEPS, device) if row.dimensions == 2 else new(*key, device)
            )
        yield measure_row(row, flows[key], QUICK_ROUNDS if quick else ROUNDS, device)


def measure_row(row: Row, flow: Flow, rounds: int, device: str = "cpu") -> dict[str, Any]:
    others = peers(row.model, row.dimensions, device)
    runs = {
        name: run
        for name, run in (*_ours(row, flow, device), *((peer.name, _theirs(row, peer, device)) for peer in others))
        if run is not None
    }
    with torch.no_grad():
        seconds = interleaved(runs, rounds, device=device, warm_up=2)
    found = compare(seconds)
    plain = paired_ratio(seconds[found.fastest], seconds[PLAIN]) if found.fastest and PLAIN in runs else None
    return {
        "row": f"{NAMES[row.model]}: {WORK[row.work, row.dimensions]}",
        "model": row.model,
        "unit": "calls/s",
        "libraries": {name: 1.0 / median for name, median in found.medians.items()},
        "fastest": found.fastest,
        "ratio": found.ratio,
        "ratio_plain": plain,
        "note": "" if plain is None else f"{plain:.2f} by the layers themselves",
        "aim": row.aims[0 if device == "cpu" else 1],
        "seconds": seconds,
    }


PLAIN = "FlowViz, plain"
Run = Callable[[], object]


def _ours(row: Row, flow: Flow, device: str) -> list[tuple[str, Run]]:
    x = points(row, device)
    if row.work == "density":
        fast: list[tuple[str, Run]] = [("FlowViz", lambda: quick.log_prob(flow, x))]
        return fast if row.dimensions > 2 else [*fast, (PLAIN, lambda: flow.log_prob(x))]
    if row.work == "sampling":
        count = SAMPLES if row.dimensions == 2 else WIDE_SAMPLES
        fast = [("FlowViz", lambda: flow.sample(count))]
        return fast if row.dimensions > 2 else [*fast, (PLAIN, lambda: flow.generate(flow.draw_latent(count)))]
    return [("FlowViz", lambda: flow.trace(x))]


def _theirs(row: Row, peer: Peer, device: str) -> Run | None:
    x = points(row, device)
    if row.work == "density":
        asked: Callable[[Any], object] | None = peer.log_prob
    else:
        asked = peer.sample if row.work == "sampling" else peer.states
    if asked is None:
        return None
    given = (SAMPLES if row.dimensions == 2 else WIDE_SAMPLES) if row.work == "sampling" else x

    def run() -> None:
        asked(given)
        # What one library remembers of a call would be the answer to the next.
        if peer.clear is not None:
            peer.clear()

    return run


def points(row: Row, device: str) -> Tensor:
    """A grid in two dimensions, else draws of a standard normal."""
    if row.dimensions > 2:
        generator = torch.Generator().manual_seed(0)
        return torch.randn(WIDE_POINTS, row.dimensions, generator=generator).to(device)
    side = torch.linspace(-BOX, BOX, STATES_SIDE if row.work == "states" else SIDE)
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack((x.flatten(), y.flatten()), 1).to(device)


def learnt(model: str, steps: int, device: str = "cpu") -> Flow:
    """FlowViz's flow of this name on eight Gaussians."""
    project = Project(pipeline=pipeline(model), target=NamedTarget(name="eight_gaussians"))
    trainer = Trainer(project, device=device, threads=1)
    for _ in trainer.run(steps):
        pass
    return trainer.flow.eval()


def new(model: str, dimensions: int, device: str = "cpu") -> Flow:
    """The same as it is made."""
    return build(pipeline(model), (dimensions,), device=device).eval()
