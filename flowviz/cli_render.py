"""`flowviz render`: what every layer of a checkpoint does, its densities and samples, as one figure."""

from __future__ import annotations

import argparse

import torch

from .cli_common import figure, last_line, readable, writable
from .cli_eval import log_prob
from .cli_offscreen import application
from .engine.messages import BASE, DATA, Array, Frame, Picture, TargetInfo, Wanted
from .flows import PREPROCESSING, Flow
from .pipeline import Project, TileMode
from .targets import Density
from .targets import load as load_target
from .training.checkpoint import load, read
from .training.frames import FrameMaker
from .training.frames_budget import FULL

TILE, STAGE = 192, 320
"""Longest sides of the pictures that are computed, in pixels."""
SAMPLES = 4000
HELD_OUT = 20_000
MODES: tuple[TileMode, ...] = ("density", "grid", "samples", "log_det")


def render(options: argparse.Namespace) -> int:
    """Computes the pictures of all tile modes at full resolution and paints them."""
    out = writable(options.out, (".png", ".svg"))
    path = readable(options.model)
    checkpoint = read(path)
    flow, density = load(path), load_target(checkpoint.project.target)
    info, frames = target_info(density), _frames(flow, density, checkpoint.snapshot.step)
    nll = float(-log_prob(flow, density.held_out(HELD_OUT)).mean())
    caption = f"{density.title}, step {checkpoint.snapshot.step:,}: held-out NLL {figure(nll, 'nats')}"
    if density.entropy is not None:
        caption += f", entropy {figure(density.entropy, 'nats')}, gap {figure(nll - density.entropy, 'nats')}"
    with application(options.theme):
        from .app.figure import Content, write

        write(
            Content(title=path.name, caption=caption, target=info, frames=frames, names=_names(checkpoint.project)), out
        )
    if options.json:
        last_line({"out": str(out), "layers": len(flow.active), "nll": nll, "entropy": density.entropy})
    else:
        print(f"{out}: {len(flow.active)} layers of {path.name}")
    return 0


def target_info(density: Density) -> TargetInfo:
    """What a figure needs to know of the target: its density (nats) on its box where it is known, or points of it."""
    points = density.held_out(SAMPLES)
    flat = density.event_shape[0] == 1
    shown = points[:, 0] if flat else points[:, :2]
    picture = None
    if density.has_log_prob and density.event_shape[0] <= 2:
        with torch.no_grad():
            picture = Picture(box=density.box, values=Array.of(_log_density(density).float().numpy()))
    return TargetInfo(
        generation=0,
        title=density.title,
        event_shape=density.event_shape,
        columns=density.columns,
        box=density.box,
        has_log_prob=density.has_log_prob,
        density=picture,
        points=Array.of(shown.numpy()),
        hues=Array.of(density.labels(points).numpy()),
        entropy=density.entropy,
    )


def _log_density(density: Density) -> torch.Tensor:
    """Log-density at the cell centres of the box, row 0 at the smallest y: (STAGE, STAGE), or (STAGE,) in one dimension."""
    left, right, bottom, top = density.box
    cells = (torch.arange(STAGE, dtype=torch.float64) + 0.5) / STAGE
    x = left + (right - left) * cells
    if density.event_shape[0] == 1:
        return density.log_prob(x[:, None])
    y = bottom + (top - bottom) * cells
    grid = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], -1).reshape(-1, 2)
    return density.log_prob(grid).reshape(STAGE, STAGE)


def _frames(flow: Flow, density: Density, step: int) -> dict[str, Frame]:
    maker = FrameMaker(density)
    return {
        mode: maker.frame(
            flow,
            Wanted(tile_mode=mode, tile_resolution=TILE, model_resolution=STAGE, samples=SAMPLES, box=density.box),
            FULL,
            generation=0,
            step=step,
            averaged=False,
        )
        for mode in MODES
    }


def _names(project: Project) -> dict[str, str]:
    fixed = {DATA: "data", PREPROCESSING: "standardise", BASE: f"base: {project.pipeline.base.title}"}
    return fixed | {layer.uid: layer.label or layer.short or layer.title for layer in project.pipeline.layers}
