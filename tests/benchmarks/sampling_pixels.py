"""Seconds for one batch of samples that are drawn number by number, with what was computed kept and without.

PixelRNN, PixelCNN and WaveNet keep each layer's states (`network.walk`), so that a number costs one place of every layer.
Without, the whole network runs anew for each number, as in the papers' first implementations; its draws are the same.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor

from flowviz.flows import Flow, build
from flowviz.flows.pixel_bases import PixelBase, draw
from flowviz.flows.wavenet_base import WaveNetBase
from flowviz.pipeline import (
    EventShape,
    PipelineSpec,
    PixelCNN,
    PixelCNNBase,
    PixelRNN,
    PixelRNNBase,
    WaveNet,
)
from flowviz.pipeline import WaveNetBase as WaveNetSpec

BATCH = 16
ROUNDS, QUICK_ROUNDS = 5, 3
DIGITS = 17
"""Levels of the digits."""


class Case(NamedTuple):
    """A base alone, on events of a shape whose units count this many levels."""

    name: str
    spec: PipelineSpec
    shape: EventShape
    levels: int
    quick: bool


def cases() -> list[Case]:
    """Small networks on digits of 8x8, and the presets' own sizes."""
    small_rnn, small_cnn = PixelRNN(channels=8, layers=1), PixelCNN(channels=16, blocks=2)
    row = PixelRNN(variant="row")
    return [
        Case("PixelRNN, small", PipelineSpec(base=PixelRNNBase(network=small_rnn)), (1, 8, 8), DIGITS, True),
        Case("PixelRNN", PipelineSpec(base=PixelRNNBase()), (1, 8, 8), DIGITS, True),
        Case("PixelRNN, row", PipelineSpec(base=PixelRNNBase(network=row)), (1, 8, 8), DIGITS, False),
        Case("PixelCNN, small", PipelineSpec(base=PixelCNNBase(network=small_cnn)), (1, 8, 8), DIGITS, True),
        Case("PixelCNN", PipelineSpec(base=PixelCNNBase()), (1, 8, 8), DIGITS, True),
        Case("WaveNet, 64 moments", PipelineSpec(base=WaveNetSpec(network=WaveNet(layers=5))), (1, 64), 1, True),
        Case("WaveNet, 256 moments", PipelineSpec(base=WaveNetSpec()), (1, 256), 1, False),
    ]


def measure(quick: bool = False) -> list[dict[str, Any]]:
    """For each case the median seconds of a batch with and without, their ratio, and samples a second with."""
    torch.set_num_threads(1)
    found = []
    for case in cases():
        if quick and not case.quick:
            continue
        flow = _flow(case)
        ways: dict[str, Callable[[], Tensor]] = {
            "with": lambda flow=flow: flow.sample(BATCH, seed=0),  # type: ignore[misc]
            "without": lambda flow=flow: without(flow, BATCH, seed=0),  # type: ignore[misc]
        }
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for round_ in range((QUICK_ROUNDS if quick else ROUNDS) + 1):
            for name, way in ways.items():
                began = time.perf_counter()
                way()
                if round_:
                    seconds[name].append(time.perf_counter() - began)
        medians = {name: statistics.median(values) for name, values in seconds.items()}
        ratios = [one / other for one, other in zip(seconds["without"], seconds["with"], strict=True)]
        found.append(
            {
                "name": case.name,
                "shape": list(case.shape),
                "batch": BATCH,
                "seconds": medians["with"],
                "seconds_without": medians["without"],
                "ratio": statistics.median(ratios),
                "samples_per_second": BATCH / medians["with"],
            }
        )
    return found


@torch.no_grad()
def without(flow: Flow, n: int, seed: int) -> Tensor:
    """n draws as `flow.sample` gives them, the whole network anew for every number."""
    base, generator = flow.base, torch.Generator().manual_seed(seed)
    if isinstance(base, PixelBase):
        return _pixels(base, n, generator) * base.levels
    assert isinstance(base, WaveNetBase)
    return _moments(base, n, generator)


def _pixels(base: PixelBase, n: int, generator: torch.Generator) -> Tensor:
    chances = base._uniform(n, generator).reshape(n, *base.shape)
    noise = base._uniform(n, generator).reshape(n, *base.shape)
    edge = 4.0 * base._rounding(noise.dtype)
    level = torch.zeros(n, *base.shape, dtype=torch.int64)
    for row, column, channel in _indices(base.shape):
        at = (slice(None), channel, row, column)
        level[at] = draw(base.logits(level)[:, channel, :, row, column], chances[at], 1.0)
    return (level + noise.clamp(edge, 1.0 - edge)) / base.levels


def _indices(shape: EventShape) -> Iterator[tuple[int, int, int]]:
    channels, height, width = shape
    for row in range(height):
        for column in range(width):
            for channel in range(channels):
                yield row, column, channel


def _moments(base: WaveNetBase, n: int, generator: torch.Generator) -> Tensor:
    channels, length = base.shape
    noise = base.output.noise(n, base.dimensions, generator, base.like)
    z = base.like.new_zeros(n, channels, length)
    for number in range(base.dimensions):
        moment, channel = divmod(number, channels)
        parameters = base.network(z)[:, channel, :, moment]
        z[:, channel, moment] = base.output.draw(parameters, noise[:, number], 1.0)
    return z


def _flow(case: Case) -> Flow:
    """With weights that are not zero, so that what was drawn decides about what is drawn."""
    scale = torch.full(case.shape, float(case.levels))
    flow = build(case.spec, case.shape, standardization=(torch.zeros(case.shape), scale))
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in flow.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return flow.eval()
