"""Training steps a second: FlowViz's own trainer against the same flow in other libraries, one thread, interleaved.

FlowViz's figure is that of the whole step of `flowviz train`: drawing fresh points, forward, backward, clipping, the
schedule and the averaged weights. The others are given ready-made batches, and Adam alone: once as torch's default makes
it, once fused.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch

from flowviz.pipeline import MADE, MAF, AffineCoupling, NamedTarget, PipelineSpec, Project
from flowviz.training import Trainer

from .peers import LAYERS, Peer, peers

BATCH = 512
ROUNDS, QUICK_ROUNDS = 15, 5
STEPS = 40
"""Steps in one round of one library."""


def pipeline(model: str) -> PipelineSpec:
    """The peers' architecture in FlowViz: nothing but the couplings, or the autoregressive layers."""
    if model == "realnvp":
        return PipelineSpec(
            layers=tuple(AffineCoupling(mask="even" if i % 2 == 0 else "odd") for i in range(LAYERS["realnvp"]))
        )
    orders = ("natural", "reversed")
    return PipelineSpec(layers=tuple(MAF(order=orders[i % 2], conditioner=MADE()) for i in range(LAYERS["maf"])))  # type: ignore[arg-type]


def measure(model: str, *, quick: bool = False) -> dict[str, Any]:
    """Median steps/s of each, and the ratio of FlowViz to the fastest other; `libraries` maps names to steps/s."""
    torch.set_num_threads(1)
    trainer = Trainer(Project(pipeline=pipeline(model), target=NamedTarget(name="eight_gaussians")), threads=1)
    runs: dict[str, Callable[[], None]] = {"FlowViz": lambda: _drain(trainer)}
    for fused in (False, True):
        for peer in peers(model):
            runs[f"{peer.name}, fused Adam" if fused else peer.name] = _training(peer, fused=fused)
    for run in runs.values():
        run()
    rates: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            rates[name].append(STEPS / (time.perf_counter() - began))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    plain = {name: rate for name, rate in medians.items() if name != "FlowViz" and "fused" not in name}
    fused_ones = {name: rate for name, rate in medians.items() if "fused" in name}
    return {
        "model": model,
        "parameters": trainer.parameters,
        "libraries": medians,
        "fastest": max(plain, key=plain.__getitem__, default=None),
        "ratio": medians["FlowViz"] / max(plain.values()) if plain else None,
        "ratio_fused": medians["FlowViz"] / max(fused_ones.values()) if fused_ones else None,
    }


def _drain(trainer: Trainer) -> None:
    for _ in trainer.run(STEPS):
        pass


def _training(peer: Peer, *, fused: bool) -> Callable[[], None]:
    optimizer = torch.optim.Adam(peer.parameters, lr=1e-3, **({"fused": True} if fused else {}))
    batches = torch.randn(16, BATCH, 2)

    def run() -> None:
        for i in range(STEPS):
            optimizer.zero_grad()
            loss = peer.loss(batches[i % 16])
            loss.backward()
            optimizer.step()

    return run
