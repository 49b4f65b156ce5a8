"""The flow that the window's benchmarks train: affine couplings of two coordinates, 1 -> 64 -> 64 -> 2, alternating."""

from __future__ import annotations

from flowviz.pipeline import MLP, AffineCoupling, PipelineSpec, Project, Training

LONGEST = 10_000_000
"""Steps of a schedule that no benchmark sees the end of; the longest there is."""


def couplings(layers: int, width: int = 64) -> PipelineSpec:
    """So many couplings, with two hidden layers of `width` units each, and nothing else."""
    conditioner = MLP(hidden=(width, width))
    return PipelineSpec(
        layers=tuple(AffineCoupling(mask="odd" if i % 2 else "even", conditioner=conditioner) for i in range(layers))
    )


def endless(layers: int, width: int = 64) -> Project:
    """Two moons, batch 512, trained for as long as one looks."""
    return Project(pipeline=couplings(layers, width), training=Training(steps=LONGEST))
