"""`flowviz render`: what every layer of a checkpoint does, its densities and samples, as one figure."""

from __future__ import annotations

import argparse

import msgspec
import numpy as np
from PIL.Image import Image

from .cli_common import figure, last_line, readable, writable
from .cli_context import context
from .cli_figures import bits, entropy
from .cli_offscreen import application
from .cli_pictures import Pixels, grid, write_figure
from .cli_sources import load as load_target
from .engine.messages import BASE, DATA, Array, Frame, TargetInfo, Tile, Wanted
from .flows import PREPROCESSING, Flow
from .pipeline import Project, TileMode, in_words
from .targets import Density
from .training import contexts
from .training.checkpoint import load, read
from .training.evaluation import mean_nll
from .training.frames import FrameMaker
from .training.frames_budget import FULL
from .training.frames_target import density as density_picture
from .training.frames_target import target_info

TILE, STAGE = 192, 320
"""Longest sides of the pictures that are computed, in pixels."""
SAMPLES = 4000
HELD_OUT, HELD_OUT_NUMBERS = 20_000, 1 << 18
PICTURES = 12
"""Pictures in a row of the figure."""
MODES: tuple[TileMode, ...] = ("density", "grid", "samples", "log_det")


def render(options: argparse.Namespace) -> int:
    """Computes the pictures of all tile modes at full resolution and paints them."""
    out = writable(options.out, (".png", ".svg"))
    path = readable(options.model)
    checkpoint = read(path)
    flow, density = load(path), load_target(checkpoint.project.target)
    row = context(options, flow)
    wanted = Wanted(context=() if row is None else tuple(float(value) for value in row.flatten()))
    count = max(256, min(HELD_OUT, HELD_OUT_NUMBERS // flow.base.dimensions))
    nll = mean_nll(flow, contexts.held_out(density, flow.spec, count))
    floor = entropy(density, flow)
    caption = f"{density.title}, step {checkpoint.snapshot.step:,}: held-out NLL {figure(nll, 'nats')}"
    if floor is not None:
        caption += f", entropy {figure(floor, 'nats')}, gap {figure(nll - floor, 'nats')}"
    if density.levels:
        caption += f", {figure(bits(nll, density), 'bits/dim')}"
    names = _names(checkpoint.project)
    if len(flow.event_shape) > 1:
        rows = _rows(flow, density, checkpoint.snapshot.step, wanted, names)
        write_figure(f"{path.name}: {caption}", rows, out, dark=options.theme == "dark")
    else:
        info, frames = _info(density), _frames(flow, density, checkpoint.snapshot.step, wanted)
        with application(options.theme):
            from .app.figure import Content, write

            write(Content(title=path.name, caption=caption, target=info, frames=frames, names=names), out)
    if options.json:
        last_line({"out": str(out), "layers": len(flow.active), "nll": nll, "entropy": floor})
    else:
        print(f"{out}: {len(flow.active)} layers of {path.name}")
    return 0


def _info(density: Density) -> TargetInfo:
    """What a figure needs to know of the target, with more points than a window shows, and its density finely."""
    info = target_info(density, (0, 1), 0)
    points = density.held_out(SAMPLES)
    seen = points[:, 0] if density.event_shape == (1,) else points[:, :2]
    return msgspec.structs.replace(
        info,
        density=density_picture(density, STAGE),
        points=Array.of(seen.numpy()),
        hues=Array.of(density.held_out_hues(len(points)).numpy()),
    )


def _frames(flow: Flow, density: Density, step: int, wanted: Wanted) -> dict[str, Frame]:
    maker = FrameMaker(density)
    everything = msgspec.structs.replace(
        wanted, tile_resolution=TILE, model_resolution=STAGE, samples=SAMPLES, box=density.box
    )
    return {
        mode: maker.frame(
            flow,
            msgspec.structs.replace(everything, tile_mode=mode),
            FULL,
            generation=0,
            step=step,
            averaged=False,
        )
        for mode in MODES
    }


def _rows(flow: Flow, density: Density, step: int, wanted: Wanted, names: dict[str, str]) -> list[tuple[str, Image]]:
    """The same few held-out events at every state, and below them samples of the model."""
    everything = msgspec.structs.replace(
        wanted, tile_resolution=TILE, pictures=PICTURES, gallery="samples", gallery_count=PICTURES
    )
    frame = FrameMaker(density).frame(
        flow, everything, FULL, generation=0, step=step, averaged=False, drawing=float("inf")
    )
    rows = [_row(tile, names) for tile in frame.tiles]
    if frame.gallery is not None:
        rows.append(("samples", grid(_pixels(frame.gallery.events), PICTURES)))
    return rows


def _row(tile: Tile, names: dict[str, str]) -> tuple[str, Image]:
    label = f"{names.get(tile.uid, tile.uid)}\n{in_words(tile.shape)}"
    if tile.log_det is not None:
        label += f", log|det| {tile.log_det:+.2f} nats"
    low, high = tile.event_range
    label += f"\nblack {low:.3g}, white {high:.3g}"
    assert tile.events is not None
    return label, grid(_pixels(tile.events, (low, high)), PICTURES)


def _pixels(events: Array, ends: tuple[float, float] | None = None) -> Pixels:
    """Pictures as they are; sequences (N, C, T) as their curves, drawn into 32 rows."""
    values = events.numpy()
    if values.ndim == 4:
        return values
    low, high = ends or (float(values.min()), float(values.max()))
    height = 32
    places = np.clip((values - low) / max(high - low, 1e-9), 0.0, 1.0)
    rows = np.rint((1.0 - places) * (height - 1)).astype(np.int64)
    drawn = np.zeros((len(values), 1, height, values.shape[2]), np.uint8)
    for channel in range(values.shape[1]):
        n, t = np.indices((len(values), values.shape[2]))
        drawn[n, 0, rows[:, channel], t] = 255
    return drawn


def _names(project: Project) -> dict[str, str]:
    fixed = {DATA: "data", PREPROCESSING: "standardise", BASE: f"base: {project.pipeline.base.title}"}
    return fixed | {layer.uid: layer.label or layer.short or layer.title for layer in project.pipeline.layers}
