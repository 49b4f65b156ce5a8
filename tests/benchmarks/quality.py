"""Gap to the entropy after the default run of a preset, paired on fresh points, mean of three seeds."""

from __future__ import annotations

import math
import statistics
from typing import Any

import torch

from flowviz.pipeline import NamedTarget, preset
from flowviz.training import Trainer

RUNS = (
    ("realnvp", "two_moons", 0.02),
    ("realnvp", "eight_gaussians", 0.07),
    ("realnvp", "checkerboard", 0.15),
    ("maf", "eight_gaussians", 0.12),
    ("nsf", "two_moons", 0.003),
    ("nsf", "eight_gaussians", 0.003),
)
"""Preset, target, and the gap in nats that it must not exceed."""
SEEDS = (0, 1, 2)
FRESH = 40_000
"""Points that neither training nor the held-out curve has seen."""


def measure(name: str, target: str, bound: float) -> dict[str, Any]:
    """gap = mean over x of log p(x) - log q(x), nats; `standard_error` is that of the points, for one seed."""
    gaps, errors, steps = [], [], 0
    for seed in SEEDS:
        trainer = Trainer(preset(name).project(target=NamedTarget(name=target), seed=seed), threads=1)
        for _ in trainer.run(trainer.project.training.steps):
            pass
        steps = trainer.step
        generator = torch.Generator().manual_seed(10_000_019 + seed)
        points = trainer.target.sample(FRESH, generator)
        with torch.no_grad():
            ratio = trainer.target.log_prob(points) - trainer.evaluation_flow().log_prob(points)
        gaps.append(float(ratio.mean()))
        errors.append(float(ratio.std()) / math.sqrt(FRESH))
    return {
        "preset": name,
        "target": target,
        "steps": steps,
        "gaps": gaps,
        "gap": statistics.mean(gaps),
        "standard_error": max(errors),
        "bound": bound,
    }
