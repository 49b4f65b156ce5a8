"""What the window is told of a target: its density, its points with their colours, and the figures that go with it."""

from __future__ import annotations

import time

import numpy as np
import torch

from ..engine.messages import Array, Picture, TargetInfo
from ..pipeline import Text
from ..targets import Density
from .frames import POINTS, view
from .frames_grids import CHUNK, Grid
from .frames_states import seen
from .frames_strip import FLOOR

RESOLUTION, COARSE = 256, 64
"""Cells along the longer side of the density's picture (a canvas has as many), and of the one that comes first."""
AT_ONCE = 0.06
"""Seconds that the fine picture may take to be the first."""


def target_info(target: Density, axes: tuple[int, int], generation: int) -> TargetInfo:
    """All that is known at once. Baselines are added later, and where the density takes long, its fine picture is."""
    points = target.held_out(POINTS)
    standardization = target.standardization
    mean, std = standardization if standardization is not None else ((), ())
    return TargetInfo(
        generation=generation,
        title=target.title,
        event_shape=target.event_shape,
        columns=target.columns,
        box=view(target, axes),
        has_log_prob=target.has_log_prob,
        density=first_density(target),
        points=Array.of(seen(points.cpu().float().numpy(), axes)),
        hues=Array.of(target.labels(points).cpu().float().numpy()),
        entropy=target.entropy,
        train_count=target.train_count,
        held_out_count=target.held_out_count,
        mean=tuple(float(value) for value in mean),
        std=tuple(float(value) for value in std),
        notes=tuple(Text.of(note) for note in target.notes),
    )


def first_density(target: Density) -> Picture | None:
    """The density's picture: fine where that takes no time, else coarse."""
    density(target, 1)  # what only the first call costs shall not be measured
    began = time.perf_counter()
    coarse = density(target, COARSE)
    if coarse is None or (time.perf_counter() - began) * (RESOLUTION / COARSE) ** 2 > AT_ONCE:
        return coarse
    return density(target, RESOLUTION)


@torch.no_grad()
def density(target: Density, resolution: int) -> Picture | None:
    """The target's log-density (nats) over its box, where it is known and can be drawn."""
    dimensions = target.event_shape[0]
    if not target.has_log_prob or dimensions > 2:
        return None
    grid = Grid(0, target.box, resolution)
    points = torch.from_numpy(grid.points(dimensions)).to(target.held_out(1))
    values = torch.cat([target.log_prob(part) for part in torch.split(points, CHUNK)]).cpu().float().numpy()
    values = np.maximum(np.nan_to_num(values, nan=FLOOR), np.float32(FLOOR))
    return Picture(box=grid.box, values=Array.of(values.reshape(grid.shape(dimensions))))
