"""What an engine would say about a project, made up: enough of every mode for the strip to draw."""

from __future__ import annotations

import numpy as np

from flowviz.engine.messages import BASE, DATA, PREPROCESSING, Array, Frame, Picture, TargetInfo, Tile
from flowviz.pipeline import Project, TileMode

BOX = (-3.0, 3.0, -3.0, 3.0)
POINTS = 400


def target_info(dimensions: int = 2, *, mean: tuple[float, ...] = ()) -> TargetInfo:
    points = np.random.default_rng(0).normal(size=(POINTS, 2)).astype(np.float32)
    return TargetInfo(
        generation=1,
        title="Two moons",
        event_shape=(dimensions,),
        columns=tuple(f"x{i}" for i in range(dimensions)),
        box=BOX,
        has_log_prob=True,
        points=Array.of(points[:, 0] if dimensions == 1 else points),
        hues=Array.of((np.arctan2(points[:, 1], points[:, 0]) / (2 * np.pi) % 1).astype(np.float32)),
        entropy=1.5,
        train_count=8000,
        held_out_count=2000,
        mean=mean,
        std=(1.0,) * len(mean),
    )


def frame(
    project: Project, mode: TileMode, dimensions: int = 2, *, resolution: int = 48, preprocessing: bool = False
) -> Frame:
    """A frame whose state k is turned and bent by k."""
    active = [layer.uid for layer in project.pipeline.layers if not layer.bypass]
    uids = [DATA, *([PREPROCESSING] if preprocessing else []), *active, BASE]
    tiles = []
    for number, uid in enumerate(uids):
        k = min(number, len(uids) - 2)
        layer = uid not in (DATA, BASE)
        tiles.append(
            Tile(
                uid=uid,
                log_det=0.25 * k - 0.6 if layer else None,
                box=BOX if dimensions > 1 else (-3.0, 3.0, 0.0, 1.0),
                histogram=_histogram(k) if layer else None,
                **_view(mode, dimensions, k, layer, resolution),
            )
        )
    return Frame(generation=1, step=10, averaged=False, seconds=0.01, tiles=tuple(tiles))


def _view(mode: TileMode, dimensions: int, k: int, layer: bool, resolution: int) -> dict[str, object]:
    x = np.linspace(-3, 3, resolution, dtype=np.float32)
    points = np.random.default_rng(1).normal(size=(POINTS, 2)).astype(np.float32)
    if dimensions > 2:
        return {"points": Array.of(_bent(points, k))}
    if dimensions == 1:
        match mode:
            case "density":
                return {"picture": Picture(box=(-3.0, 3.0, 0.0, 1.0), values=Array.of(-(x**2) / (1 + 0.2 * k)))}
            case "log_det":
                picture = Picture(box=(-3.0, 3.0, 0.0, 1.0), values=Array.of(0.3 * k * np.sin(x)))
                return {"picture": picture} if layer else {}
            case "grid":
                return {"lattice": Array.of(x + 0.1 * k * np.sin(2 * x)), "stretch": Array.of(0.1 * k * np.cos(2 * x))}
            case "samples":
                return {"points": Array.of(points[:, 0])}
    X, Y = np.meshgrid(x, x)
    match mode:
        case "density":
            turned = 0.4 * k
            u, v = np.cos(turned) * X - np.sin(turned) * Y, np.sin(turned) * X + np.cos(turned) * Y
            values = -0.5 * (u**2 / 0.4 + (v - 0.4 * u**2) ** 2)
            return {"picture": Picture(box=BOX, values=Array.of(values.astype(np.float32)))}
        case "log_det":
            picture = Picture(box=BOX, values=Array.of((0.3 * k * np.tanh(X - 0.3 * Y)).astype(np.float32)))
            return {"picture": picture} if layer else {}
        case "grid":
            g = np.linspace(-2.5, 2.5, 33, dtype=np.float32)
            lattice = np.stack(np.meshgrid(g, g), -1)
            return {
                "lattice": Array.of(_bent(lattice, k)),
                "stretch": Array.of((0.2 * k * lattice[..., 0]).astype(np.float32)),
            }
        case "samples":
            return {"points": Array.of(_bent(points, k))}
    raise AssertionError(mode)


def _bent(points: np.ndarray, k: int) -> np.ndarray:
    bent = points.copy()
    bent[..., 1] += np.float32(0.12 * k) * np.sin(2 * points[..., 0])
    return bent


def _histogram(k: int) -> tuple[Array, Array]:
    values = np.random.default_rng(k).normal(0.2 * k - 0.5, 0.3, 500)
    counts, edges = np.histogram(values, 24)
    return Array.of(counts.astype(np.int32)), Array.of(edges.astype(np.float32))
