"""What the window is told of a target: its density, its points with their colours, and the figures that go with it."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ..engine.messages import Array, Picture, TargetInfo
from ..pipeline import Sentence, Text
from ..targets import Density
from . import contexts
from .frames import corner, points_of, sight
from .frames_events import event_array
from .frames_grids import CHUNK, Grid
from .frames_projection import cornered
from .frames_states import seen
from .frames_strip import FLOOR

RESOLUTION, COARSE = 256, 64
"""Cells along the longer side of the density's picture (a canvas has as many), and of the one that comes first."""
AT_ONCE = 0.06
"""Seconds that the fine picture may take to be the first."""


EVENTS = 64
"""Pictures or sequences that are sent with the target."""


def target_info(
    target: Density,
    axes: tuple[int, int],
    generation: int,
    *,
    projection: str = "axes",
    with_corner: bool = False,
    notes: Sequence[Sentence] = (),
) -> TargetInfo:
    """All that is known at once, and `notes` beside the target's own.

    Baselines are added later, and where the density takes long, its fine picture is.
    """
    points = target.held_out(points_of(target.event_shape))
    flat = points.flatten(1).cpu().float().numpy()
    plane, box = sight(target, axes, projection, flat)
    grouped = target.context.kind == "classes"
    standardization = target.standardization
    mean, std = standardization if standardization is not None else (None, None)
    return TargetInfo(
        generation=generation,
        title=target.title,
        event_shape=target.event_shape,
        columns=target.columns,
        box=box,
        has_log_prob=target.has_log_prob,
        density=first_density(target),
        points=Array.of(seen(flat, axes, plane)),
        hues=Array.of(target.held_out_hues(len(points)).cpu().float().numpy()),
        entropy=target.entropy,
        train_count=target.train_count,
        held_out_count=target.held_out_count,
        test_count=target.test_count,
        mean=_numbers(mean),
        std=_numbers(std),
        notes=tuple(Text.of(note) for note in (*target.notes, *notes)),
        context=contexts.info(target),
        events=event_array(target, points[:EVENTS]) if points.ndim > 2 else None,
        classes=Array.of(target.held_out_context(len(points)).cpu().numpy().astype(np.int32)) if grouped else None,
        levels=target.levels,
        rate=target.rate,
        corner=corner(flat) if with_corner and cornered(target.event_shape) else None,
    )


def _numbers(values: Tensor | None) -> tuple[float, ...]:
    """As they are written down: one for each number of an event, or a single one where all are the same."""
    if values is None:
        return ()
    flat = values.flatten().tolist()
    return tuple(flat[:1]) if values.ndim > 1 and len(set(flat)) == 1 else tuple(flat)


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
    if not target.has_log_prob or target.event_shape not in ((1,), (2,)):
        return None
    dimensions = target.event_shape[0]
    grid = Grid(0, target.box, resolution)
    points = torch.from_numpy(grid.points(dimensions)).to(target.held_out(1))
    values = torch.cat([target.log_prob(part) for part in torch.split(points, CHUNK)]).cpu().float().numpy()
    values = np.maximum(np.nan_to_num(values, nan=FLOOR), np.float32(FLOOR))
    return Picture(box=grid.box, values=Array.of(values.reshape(grid.shape(dimensions))))
