"""What an engine would say of small targets and a flow of two layers, made with numpy: for tests of the views."""

from __future__ import annotations

import numpy as np

from flowviz.engine.messages import (
    Array,
    Device,
    Frame,
    Ledger,
    Metrics,
    Morph,
    Picture,
    Probe,
    Ready,
    TargetInfo,
    Tile,
)
from flowviz.pipeline import Box

BOX: Box = (-4.0, 4.0, -4.0, 4.0)
READY = Ready(torch="2", devices=(Device(name="cpu", title="CPU", available=True),), threads=1, pid=1)
SCALES = (2.0, 0.5)
"""The flow: layer l1 multiplies x by 2, layer l2 multiplies y by 1/2; its base is a standard normal."""


def centres(box: Box, size: int):
    x = box[0] + (np.arange(size) + 0.5) * (box[1] - box[0]) / size
    y = box[2] + (np.arange(size) + 0.5) * (box[3] - box[2]) / size
    return x[None, :], y[:, None]


def log_normal(box: Box = BOX, size: int = 64, middle=(0.0, 0.0), deviations=(0.5, 1.0)) -> np.ndarray:
    x, y = centres(box, size)
    (mx, my), (sx, sy) = middle, deviations
    return (-0.5 * ((x - mx) / sx) ** 2 - 0.5 * ((y - my) / sy) ** 2 - np.log(2 * np.pi * sx * sy)).astype(np.float32)


def points(count: int = 300, dimensions: int = 2) -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(count, dimensions)).astype(np.float32) * 0.7
    return drawn[:, 0] if dimensions == 1 else drawn[:, :2]


def hues(count: int = 300) -> np.ndarray:
    return (np.arange(count) / count).astype(np.float32)


def target(generation: int = 1, *, box: Box = BOX, middle=(1.0, 0.0), known: bool = True, **fields) -> TargetInfo:
    """A Gaussian around `middle`; `known=False`: a table whose density nobody knows."""
    values = {
        "generation": generation,
        "title": "Two moons",
        "event_shape": (2,),
        "columns": ("x1", "x2"),
        "box": box,
        "has_log_prob": known,
        "density": Picture(box=box, values=Array.of(log_normal(box, 128, middle))) if known else None,
        "points": Array.of(points()),
        "hues": Array.of(hues()),
        "entropy": 2.1 if known else None,
        "gaussian_nll": 2.9,
        "kde_nll": 2.5,
    }
    return TargetInfo(**(values | fields))


def line_target(generation: int = 1, **fields) -> TargetInfo:
    """A standard normal of one dimension."""
    x = centres((-4.0, 4.0, 0.0, 1.0), 128)[0][0]
    density = Picture(box=(-4.0, 4.0, 0.0, 1.0), values=Array.of((-0.5 * x**2 - 0.919).astype(np.float32)))
    values = {
        "event_shape": (1,),
        "columns": ("x1",),
        "box": (-4.0, 4.0, 0.0, 1.0),
        "density": density,
        "points": Array.of(points(dimensions=1)),
    }
    return target(generation, **(values | fields))


def wide_target(generation: int = 1, **fields) -> TargetInfo:
    """Eight dimensions, of which two are shown."""
    values = {"event_shape": (8,), "columns": tuple(f"c{i}" for i in range(8))}
    return target(generation, known=False, **(values | fields))


def lattice(size: int = 9) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(-3, 3, size), np.linspace(-3, 3, size))
    return np.stack([x, y], -1).astype(np.float32)


def tile(uid: str, scale, *, box: Box = BOX, log_det: float | None = None, size: int = 64) -> Tile:
    """The state that is `scale` times the data."""
    stretch = np.full((9, 9), np.log(scale[0] * scale[1]), np.float32)
    return Tile(
        uid=uid,
        log_det=log_det,
        box=box,
        picture=Picture(box=box, values=Array.of(log_normal(box, size, deviations=(0.5 * scale[0], scale[1])))),
        points=Array.of(points() * np.array(scale, np.float32)),
        lattice=Array.of(lattice() * np.array(scale, np.float32)),
        stretch=Array.of(stretch),
    )


def line_tile(uid: str, scale: float) -> Tile:
    x = np.linspace(-3, 3, 33).astype(np.float32)
    picture = Picture(box=(-4.0, 4.0, 0.0, 1.0), values=Array.of((-0.5 * (x / scale) ** 2).astype(np.float32)))
    return Tile(
        uid=uid,
        box=(-4.0, 4.0, 0.0, 1.0),
        picture=picture,
        points=Array.of(points(dimensions=1) * np.float32(scale)),
        lattice=Array.of(x * np.float32(scale)),
        stretch=Array.of(np.full(33, np.log(scale), np.float32)),
    )


def ledger(uids=("l1", "l2"), log_dets=(0.5, -0.75), base=-1.9) -> Ledger:
    return Ledger(uids=tuple(uids), log_dets=tuple(log_dets), base=base, total=base + sum(log_dets))


def probe(point=(0.5, -1.0)) -> Probe:
    states = np.array([point, np.multiply(point, (2, 1)), np.multiply(point, SCALES)], np.float32)
    return Probe(point=tuple(point), log_prob=ledger().total + 0.25, ledger=ledger(), states=Array.of(states))


def frame(generation: int = 1, step: int = 10, *, middle=(0.0, 0.0), **fields) -> Frame:
    values = {
        "generation": generation,
        "step": step,
        "averaged": True,
        "seconds": 0.01,
        "model": Picture(box=BOX, values=Array.of(log_normal(middle=middle))),
        "ledger": ledger(),
    }
    return Frame(**(values | fields))


def morph(uid: str = "l1") -> Morph:
    return Morph(uid=uid, input=tile(uid, (1.0, 1.0)), output=tile(uid, (2.0, 1.0)))


def flow() -> Array:
    """The points at the data, after l1, and at the base: (3, N, 2)."""
    at = points()
    return Array.of(np.stack([at, at * [2, 1], at * SCALES]).astype(np.float32))


def metrics(step: int, losses, generation: int = 1, **fields) -> Metrics:
    return Metrics(generation=generation, step=step, train=Array.of(np.asarray(losses, np.float32)), **fields)
