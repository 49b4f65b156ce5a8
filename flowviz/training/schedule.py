"""The learning rate of every step: a linear warm-up, then constant or a cosine down to zero, then a small rest."""

from __future__ import annotations

import math

from ..pipeline import Training

AFTER = 0.02
"""Share of the highest rate at which training goes on after the cosine has come to its end."""


def learning_rate(training: Training, step: int) -> float:
    """Rate of the step after `step` steps (so the first is step 0).

    Warm-up over w steps: r (step + 1)/w. Then the constant r, or r (1 + cos(π (step − w)/(steps − w)))/2, which comes to
    zero at `steps`; from there on the constant `AFTER` r.
    """
    highest, warmup, steps = training.learning_rate, training.warmup, training.steps
    if training.schedule == "cosine" and step >= steps:
        return AFTER * highest
    if step < warmup:
        return highest * (step + 1) / warmup
    if training.schedule == "constant":
        return highest
    return highest * 0.5 * (1.0 + math.cos(math.pi * (step - warmup) / (steps - warmup)))
