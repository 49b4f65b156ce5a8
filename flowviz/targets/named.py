"""The named densities: what each name in the menu stands for.

Those of FFJORD's code (Grathwohl et al. 2019, arXiv 1810.01367) are its `toy_data.py` with endless data instead of a file:
two_moons, eight_gaussians, checkerboard, rings, circles, pinwheel, two_spirals, swiss_roll.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import torch
from torch import Tensor

from ..pipeline import NAMED, SpecError, say
from .conditionals import Banana, Funnel, Ribbon, Ribbons, fork, split, wave
from .curves import Arm, BlurredCurves
from .density import Density, Formula, FormulaDensity
from .digits import digits
from .lines import Exponential, Laplace
from .mixtures import GaussianMixture, RoundMixture
from .moons import PLANE, TurningMoons, two_moons
from .pinwheel import Pinwheel
from .regions import Rectangles, Star
from .rings import Rings, Torus
from .sheets import SwissRollSheet, roll
from .spirals import TwoSpirals
from .waves import Chirps, SineMixture, autoregressive_process, plucked_strings


def named_density(name: str, *, device: torch.device | str = "cpu", seed: int = 0) -> Density:
    """The density of this name; raises SpecError listing the names."""
    if name not in NAMED:
        raise SpecError(say("no density is called '{name}'; there are {names}", name=name, names=", ".join(NAMED)))
    info = NAMED[name]
    if name in SETS:
        return SETS[name](device=device, seed=seed)
    return FormulaDensity(
        FORMULAS[name],
        title=info.title,
        entropy=info.entropy,
        has_log_prob=info.has_log_prob,
        conditional_entropy=info.conditional_entropy,
        floor=info.floor,
        context_names=info.classes or info.numbers,
        device=device,
        seed=seed,
    )


def _eight_gaussians() -> Formula:
    """Eight centres at radius 4, every 45°, sd 0.5; all divided by 1.414."""
    angles = torch.arange(8, dtype=torch.float64) * (math.pi / 4.0)
    centres = torch.stack([angles.cos(), angles.sin()], 1) * (4.0 / 1.414)
    return RoundMixture(centres, 0.5 / 1.414, PLANE)


def _twenty_five_gaussians() -> Formula:
    line = torch.linspace(-3.0, 3.0, 5, dtype=torch.float64)
    return RoundMixture(torch.cartesian_prod(line, line), 0.15, PLANE)


def _checkerboard() -> Formula:
    """x₁ ~ U(−2, 2), x₂ = U(0, 1) − {0 or 2} + (⌊x₁⌋ mod 2), both times 2: eight squares of side 2."""
    squares = [(2.0 * i, 2.0 * i + 2.0, 2.0 * j, 2.0 * j + 2.0) for i in range(-2, 2) for j in (i % 2 - 2, i % 2)]
    return Rectangles(squares, range(8), PLANE)


def _corners() -> Formula:
    """Four L-shapes of outer side 2 and width 0.75, each 1 away from the axes."""
    bars = []
    for right in (-1, 1):
        for up in (-1, 1):
            for x, y in (((1.0, 3.0), (1.0, 1.75)), ((1.0, 1.75), (1.75, 3.0))):
                bars.append((*sorted((right * x[0], right * x[1])), *sorted((up * y[0], up * y[1]))))
    return Rectangles([(a, b, c, d) for a, b, c, d in bars], [i // 2 for i in range(8)], PLANE)


def _swiss_roll() -> Formula:
    """t = 1.5π (1 + 2u), (t cos t, t sin t)/5, sd 0.2."""
    return BlurredCurves([Arm(roll)], 0.2, PLANE)


def _cross() -> Formula:
    factors = torch.tensor([[[1.6, 0.0], [0.0, 0.2]], [[0.2, 0.0], [0.0, 1.6]]])
    return GaussianMixture(torch.tensor([0.5, 0.5]), torch.zeros(2, 2), factors, ((-5.0, 5.0), (-5.0, 5.0)))


def _heart() -> Formula:
    """(16 sin³t, 13 cos t − 5 cos 2t − 2 cos 3t − cos 4t + 2.5)/6, sd 0.12."""

    def curve(s: Tensor) -> Tensor:
        t = 2.0 * math.pi * s
        x = 16.0 * t.sin() ** 3
        y = 13.0 * t.cos() - 5.0 * (2.0 * t).cos() - 2.0 * (3.0 * t).cos() - (4.0 * t).cos() + 2.5
        return torch.stack([x, y], 1) / 6.0

    return BlurredCurves([Arm(curve)], 0.12, PLANE)


def _infinity() -> Formula:
    """Bernoulli's lemniscate, 3 (cos t, sin t cos t)/(1 + sin²t), sd 0.15."""

    def curve(s: Tensor) -> Tensor:
        t = 2.0 * math.pi * s
        return 3.0 * torch.stack([t.cos(), t.sin() * t.cos()], 1) / (1.0 + t.sin().square()).unsqueeze(1)

    return BlurredCurves([Arm(curve)], 0.15, PLANE)


def _helix() -> Formula:
    """Two and a half windings of radius 2, from z = −3 to 3, sd 0.2."""

    def curve(s: Tensor) -> Tensor:
        angle = 5.0 * math.pi * s
        return torch.stack([2.0 * angle.cos(), 2.0 * angle.sin(), 6.0 * s - 3.0], 1)

    return BlurredCurves([Arm(curve)], 0.2, (*PLANE, (-4.0, 4.0)))


def _gaussian(dimensions: int) -> Formula:
    """Mean 0, Σ_ij = 0.8^|i−j|."""
    order = torch.arange(dimensions, dtype=torch.float64)
    covariance = 0.8 ** (order[:, None] - order).abs()
    factor = torch.linalg.cholesky(covariance)
    return GaussianMixture(torch.ones(1), torch.zeros(1, dimensions), factor[None], ((-4.0, 4.0),) * dimensions)


def _line_mixture(weights: list[float], means: list[float], sds: list[float], low: float, high: float) -> Formula:
    return GaussianMixture(
        torch.tensor(weights, dtype=torch.float64),
        torch.tensor(means, dtype=torch.float64)[:, None],
        torch.tensor(sds, dtype=torch.float64)[:, None, None],
        ((low, high),),
    )


FORMULAS: dict[str, Callable[[], Formula]] = {
    "two_moons": two_moons,
    "eight_gaussians": _eight_gaussians,
    "twenty_five_gaussians": _twenty_five_gaussians,
    "checkerboard": _checkerboard,
    "rings": lambda: Rings([(0.0, 0.0, radius) for radius in (3.0, 2.25, 1.5, 0.75)], 0.08, PLANE),
    "circles": lambda: Rings([(0.0, 0.0, 3.0), (0.0, 0.0, 1.5)], 0.24, PLANE),
    "pinwheel": Pinwheel,
    "two_spirals": TwoSpirals,
    "swiss_roll": _swiss_roll,
    "banana": Banana,
    "funnel": lambda: Funnel(2),
    "sine": lambda: Ribbons([Ribbon(lambda x: 2.0 * wave(x), 0.25)]),
    "cross": _cross,
    "star": lambda: Star(3.6),
    "corners": _corners,
    "four_circles": lambda: Rings([(x, y, 2.0) for x in (-1.0, 1.0) for y in (-1.0, 1.0)], 0.1, PLANE),
    "gaussian": lambda: _gaussian(2),
    "donut": lambda: Rings([(0.0, 0.0, 2.5)], 0.4, PLANE),
    "heart": _heart,
    "infinity": _infinity,
    "wave": lambda: Ribbons([Ribbon(wave, 0.4)]),
    "split": lambda: Ribbons([Ribbon(wave, 0.35, 0.5), Ribbon(split, 0.35, 0.5)]),
    "fork": lambda: Ribbons([Ribbon(wave, 0.4, 0.4 / 0.75), Ribbon(fork, 0.35, 0.35 / 0.75)], bottom=-5.5),
    "turning_moons": TurningMoons,
    "mixture_1d": lambda: _line_mixture([0.5, 0.3, 0.2], [-2.0, 1.0, 3.0], [0.8, 0.4, 0.15], -5.0, 5.0),
    "claw": lambda: _line_mixture([0.5, *[0.1] * 5], [0.0, -1.0, -0.5, 0.0, 0.5, 1.0], [1.0, *[0.1] * 5], -3.5, 3.5),
    "laplace": Laplace,
    "exponential": Exponential,
    "helix": _helix,
    "swiss_roll_3d": SwissRollSheet,
    "torus": lambda: Torus(2.0, 0.8, 0.1),
    "gaussian_8d": lambda: _gaussian(8),
    "funnel_8d": lambda: Funnel(8),
    "mixture_8d": lambda: RoundMixture(3.0 * torch.eye(8), 0.5, ((-2.0, 5.0),) * 8),
    "ar_process": lambda: autoregressive_process(64, 0.97, 12.0),
    "sine_mixture": lambda: SineMixture(64, (2, 3, 5, 7), 0.1),
    "chirps": lambda: Chirps(64, 0.1),
    "plucked_strings": lambda: plucked_strings(128, (9, 12, 16, 21), 0.99, 0.05),
}
"""Name to the maths of it, in the order of the menu."""


class _Set(Protocol):
    def __call__(self, *, device: torch.device | str, seed: int) -> Density: ...


SETS: dict[str, _Set] = {"digits": digits}
"""Name to the maker of a set of data that is bundled."""
