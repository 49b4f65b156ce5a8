"""What a target is to the rest of the program: points to train on, points to judge by, and a log-density where it is known.

Densities are in nats and data units. A `Formula` is the maths of a density; `FormulaDensity` gives it fixed points.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..pipeline import Box, Sentence

BLOCK = 8192
"""Fixed points are made in blocks of this many, so that the first n are the same whatever n is."""
_HELD_OUT, _TRAIN = 0x8000_0000, 0xC000_0000
"""Seeds of the fixed points lie in ranges of their own: no training seed can meet the held-out ones.

They are below 2^32, since of a seed the CPU's generator takes the lower 32 bits alone; seeds of a project are below 2^31.
"""
_LARGEST_HUE = 1.0 - 2.0**-23


class Density(ABC):
    """What is learnt.

    `entropy` (nats) is the smallest possible expected loss, None where it is not known. `standardization` is the (mean, std)
    that a flow should apply first, each (D,); points and log-densities here never are standardised.
    """

    title: str
    event_shape: tuple[int, ...]
    columns: tuple[str, ...]
    box: Box
    entropy: float | None = None
    has_log_prob: bool = False
    train_count: int | None = None
    held_out_count: int | None = None
    standardization: tuple[Tensor, Tensor] | None = None
    notes: tuple[Sentence, ...] = ()

    @abstractmethod
    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density (B,) of points (B, D), nats; −∞ where there is no mass. ValueError where it is not known."""

    @abstractmethod
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Fresh training points (n, D), float32 on the density's device; `generator` must live there."""

    @abstractmethod
    def held_out(self, n: int) -> Tensor:
        """The first n held-out points (n, D), always the same and never trained on; all there are when they are fewer."""

    @abstractmethod
    def train_points(self, n: int) -> Tensor:
        """The first n of a fixed list of training points (n, D); all there are when they are fewer."""

    @abstractmethod
    def range(self, axis: int) -> tuple[float, float]:
        """The interval worth showing of one coordinate, data units."""

    def labels(self, x: Tensor) -> Tensor:
        """Hues (N,) in [0, 1) of points (N, D), by where they are: the angle around the middle, or the place on a line."""
        if x.shape[1] == 1:
            low, high = self.range(0)
            return hue((x[:, 0] - low) / (high - low), wrap=False)
        (left, right), (bottom, top) = self.range(0), self.range(1)
        across = (x[:, 0] - (left + right) / 2) / (right - left)
        return angle_hue(across, (x[:, 1] - (bottom + top) / 2) / (top - bottom))


class Formula(nn.Module, ABC):
    """A density given by maths. Tables for log-densities are float64, tables for samples float32."""

    ranges: tuple[tuple[float, float], ...]
    """The interval worth showing of each coordinate."""

    @abstractmethod
    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density (B,) of points (B, D), nats."""

    @abstractmethod
    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        """Points (n, D), float32 on the formula's device."""

    def labels(self, x: Tensor) -> Tensor | None:
        """Hues (N,) in [0, 1) by mode or arm; None: there are none."""
        return None


class FormulaDensity(Density):
    """A density that can be sampled without end, so its held-out points are made, not set aside."""

    has_log_prob = True

    def __init__(
        self,
        make: Callable[[], Formula],
        *,
        title: str,
        entropy: float | None,
        device: torch.device | str = "cpu",
        seed: int = 0,
        notes: tuple[Sentence, ...] = (),
    ) -> None:
        self.title, self.entropy, self.notes = title, entropy, notes
        self.device = torch.device(device)
        self._cpu = make()
        self._formula = self._cpu if self.device.type == "cpu" else _moved(make(), self.device)
        self._seed = seed
        self._blocks: dict[int, Tensor] = {}
        dimensions = len(self._cpu.ranges)
        self.event_shape = (dimensions,)
        self.columns = tuple(f"x{i + 1}" for i in range(dimensions))
        self.box = (*self.range(0), *(self.range(1) if dimensions > 1 else (0.0, 1.0)))

    def log_prob(self, x: Tensor) -> Tensor:
        return self._formula.log_prob(x)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._formula.sample(n, generator)

    def held_out(self, n: int) -> Tensor:
        return self._fixed(_HELD_OUT, n)

    def train_points(self, n: int) -> Tensor:
        return self._fixed(_TRAIN + ((self._seed << 9) & 0x1FFF_FFFF), n)

    def range(self, axis: int) -> tuple[float, float]:
        return self._cpu.ranges[axis]

    def labels(self, x: Tensor) -> Tensor:
        found = self._formula.labels(x)
        return super().labels(x) if found is None else found

    def _fixed(self, seed: int, n: int) -> Tensor:
        """Made on the CPU, so that every device judges by the same points."""
        if n < 1:
            return torch.empty((0, *self.event_shape), device=self.device)
        for block in range(seed, seed + math.ceil(n / BLOCK)):
            if block not in self._blocks:
                points = self._cpu.sample(BLOCK, torch.Generator().manual_seed(block))
                self._blocks[block] = points.to(self.device)
        return torch.cat([self._blocks[block] for block in range(seed, seed + math.ceil(n / BLOCK))])[:n]


def hue(turns: Tensor, *, wrap: bool = True) -> Tensor:
    """Numbers as hues: float32, wrapped (or clipped) into [0, 1)."""
    turns = turns.to(torch.float32)
    return (torch.remainder(turns, 1.0) if wrap else turns.clamp_min(0.0)).clamp_max(_LARGEST_HUE)


def angle_hue(x: Tensor, y: Tensor) -> Tensor:
    """The angle of (x, y) as a hue: 0 to the right, a quarter upwards."""
    return hue(torch.atan2(y, x) / (2 * math.pi))


def _moved(formula: Formula, device: torch.device) -> Formula:
    """On its device; Apple's has no float64."""
    return formula.to(device, torch.float32) if device.type == "mps" else formula.to(device)
