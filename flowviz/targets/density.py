"""What a target is to the rest of the program: points to train on, points to judge by, and a log-density where it is known.

Densities are in nats and data units. A `Formula` is the maths of a density; `FormulaDensity` gives it fixed points.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..pipeline import Box, Context, Sentence, say

BLOCK = 8192
"""Fixed points are made in blocks of this many, so that the first n are the same whatever n is."""
HELD_OUT_SEED, TEST_SEED, _TRAIN = 0x8000_0000, 0xA000_0000, 0xC000_0000
"""Seeds of the fixed points lie in ranges of their own: no training seed can meet the held-out ones.

They are below 2^32, since of a seed the CPU's generator takes the lower 32 bits alone; seeds of a project are below 2^31.
"""
_LARGEST_HUE = 1.0 - 2.0**-23


class Density(ABC):
    """What is learnt: events of `event_shape`, a vector (D,), a sequence (C, T) or a picture (C, H, W).

    `entropy` (nats) is the smallest possible expected loss, None where it is not known; `conditional_entropy` is that of a
    loss −log p(x | c). `standardization` is the (mean, std) that a flow should apply first, each of the event's shape;
    points and log-densities here never are standardised. Where there is a `context`, points can be had together with
    theirs: a class (n,) int64, or numbers (n, C) float32.
    """

    title: str
    event_shape: tuple[int, ...]
    columns: tuple[str, ...]
    """What each number of an event is called, in the order of the flattened event."""
    box: Box
    entropy: float | None = None
    conditional_entropy: float | None = None
    floor: float | None = None
    """A documented lower bound of the entropy (nats), where the entropy itself is not known."""
    has_log_prob: bool = False
    train_count: int | None = None
    held_out_count: int | None = None
    test_count: int | None = None
    """Of the third split, where there is one."""
    standardization: tuple[Tensor, Tensor] | None = None
    notes: tuple[Sentence, ...] = ()
    context: Context = Context()
    context_names: tuple[str, ...] = ()
    """Of the classes, or of the numbers."""
    context_ranges: tuple[tuple[float, float], ...] = ()
    """Of each number."""
    levels: int = 0
    """Of pictures: whole levels 0 to levels − 1, to which noise in [0, 1) is added; 0 where data is continuous."""
    rate: int = 0
    """Moments a second of a sound; 0 where that has no meaning."""
    capturable: bool = True
    """Whether the device draws samples all by itself, without a number that the host has to wait for."""

    @abstractmethod
    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density (B,) of points (B, *event), nats; −∞ where there is no mass. ValueError where it is not known."""

    @abstractmethod
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Fresh training points (n, *event), float32 on the density's device; `generator` must live there."""

    @abstractmethod
    def held_out(self, n: int) -> Tensor:
        """The first n held-out points (n, *event), always the same and never trained on; all there are when they are fewer."""

    @abstractmethod
    def train_points(self, n: int) -> Tensor:
        """The first n of a fixed list of training points (n, *event); all there are when they are fewer."""

    @abstractmethod
    def range(self, axis: int) -> tuple[float, float]:
        """The interval worth showing of one coordinate (of the flattened event), data units."""

    def test_points(self, n: int) -> Tensor:
        """The first n points of a third split, neither trained on nor chosen by; the held-out ones where there is none."""
        return self.held_out(n)

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        """Fresh training points and the context of each, drawn together. ValueError where there is no context."""
        raise self._no_context()

    def held_out_context(self, n: int) -> Tensor:
        """The context of each point of `held_out(n)`. ValueError where there is none."""
        raise self._no_context()

    def train_context(self, n: int) -> Tensor:
        """The context of each point of `train_points(n)`. ValueError where there is none."""
        raise self._no_context()

    def test_context(self, n: int) -> Tensor:
        """The context of each point of `test_points(n)`. ValueError where there is none."""
        return self.held_out_context(n)

    def _no_context(self) -> ValueError:
        return ValueError(say("{title} has no context to be conditioned by.", title=self.title))

    def events_for_showing(self, x: Tensor) -> Tensor:
        """Pictures x (N, C, H, W) in levels as grey or colour 0..255: ⌊x⌋ · 255/(Q − 1), (N, C, H, W) uint8.

        What lies outside [0, Q) becomes black or white. ValueError where events are no pictures of levels.
        """
        if self.levels < 2:
            raise ValueError(say("{title} holds no pictures.", title=self.title))
        whole = x.float().nan_to_num(0.0).floor().clamp(0.0, self.levels - 1.0)
        return (whole * (255.0 / (self.levels - 1))).round().to(torch.uint8)

    def held_out_hues(self, n: int) -> Tensor:
        """The hue (n,) of each point of `held_out(n)`: by its class where the data says it, else by `labels`."""
        return self.labels(self.held_out(n))

    def labels(self, x: Tensor) -> Tensor:
        """Hues (N,) in [0, 1) of points, by where they are: the angle around the middle, or the place on a line.

        Of pictures and sequences, whose coordinates tell little one by one, it is the mean within the range of the first.
        """
        if len(self.event_shape) > 1:
            low, high = self.range(0)
            return hue((x.flatten(1).mean(1) - low) / (high - low), wrap=False)
        if x.shape[1] == 1:
            low, high = self.range(0)
            return hue((x[:, 0] - low) / (high - low), wrap=False)
        (left, right), (bottom, top) = self.range(0), self.range(1)
        across = (x[:, 0] - (left + right) / 2) / (right - left)
        return angle_hue(across, (x[:, 1] - (bottom + top) / 2) / (top - bottom))


class Formula(nn.Module, ABC):
    """A density given by maths. Tables for log-densities are float64, tables for samples float32.

    One that is made of classes, or depends on numbers, defines `draw_with_context`; any other, `sample`.
    """

    ranges: tuple[tuple[float, float], ...]
    """The interval worth showing of each coordinate."""
    shape: tuple[int, ...] = ()
    """Of an event that is no vector."""
    rate: int = 0
    classes: int = 0
    """How many parts, arms or modes a point can have been drawn from."""
    numbers: tuple[tuple[float, float], ...] = ()
    """The range of each number that the density depends on."""
    capturable: bool = True
    """As a density's."""

    def log_prob(self, x: Tensor) -> Tensor:
        """Log-density (B,) of points (B, *event), nats. ValueError where it is not known."""
        raise ValueError(say("The log-density of this target is not known."))

    def sample(self, n: int, generator: torch.Generator | None) -> Tensor:
        """Points (n, *event), float32 on the formula's device."""
        return self.draw_with_context(n, generator)[0]

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        """Points as `sample` gives them, with the class (n,) int64 or the numbers (n, C) float32 that they were drawn from."""
        raise NotImplementedError

    def labels(self, x: Tensor) -> Tensor | None:
        """Hues (N,) in [0, 1) by mode or arm; None: there are none."""
        return None


class FormulaDensity(Density):
    """A density that can be sampled without end, so its held-out points are made, not set aside.

    `context_names` name its classes, or the numbers that it depends on; without them it has no context.
    """

    def __init__(
        self,
        make: Callable[[], Formula],
        *,
        title: str,
        entropy: float | None,
        has_log_prob: bool = True,
        conditional_entropy: float | None = None,
        floor: float | None = None,
        context_names: tuple[str, ...] = (),
        device: torch.device | str = "cpu",
        seed: int = 0,
        notes: tuple[Sentence, ...] = (),
    ) -> None:
        self.title, self.entropy, self.notes, self.has_log_prob = title, entropy, notes, has_log_prob
        self.conditional_entropy, self.floor = conditional_entropy, floor
        self.device = torch.device(device)
        self._cpu = make()
        self._formula = self._cpu if self.device.type == "cpu" else _moved(make(), self.device)
        self._seed = seed
        self._blocks: dict[int, tuple[Tensor, Tensor | None]] = {}
        dimensions = len(self._cpu.ranges)
        self.event_shape = self._cpu.shape or (dimensions,)
        self.rate, self.capturable = self._cpu.rate, self._cpu.capturable
        self.columns = coordinate_names(self.event_shape)
        self.box = (*self.range(0), *(self.range(1) if dimensions > 1 else (0.0, 1.0)))
        if context_names:
            self.context_names, self.context_ranges = context_names, self._cpu.numbers
            self.context = Context(kind="numbers" if self._cpu.numbers else "classes", count=len(context_names))

    def log_prob(self, x: Tensor) -> Tensor:
        return self._formula.log_prob(x)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._formula.sample(n, generator)

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        if not self.context_names:
            raise self._no_context()
        return self._formula.draw_with_context(n, generator)

    def held_out(self, n: int) -> Tensor:
        return self._fixed(HELD_OUT_SEED, n)

    def train_points(self, n: int) -> Tensor:
        return self._fixed(train_seed(self._seed), n)

    def held_out_context(self, n: int) -> Tensor:
        return self._fixed_context(HELD_OUT_SEED, n)

    def train_context(self, n: int) -> Tensor:
        return self._fixed_context(train_seed(self._seed), n)

    def range(self, axis: int) -> tuple[float, float]:
        return self._cpu.ranges[axis]

    def labels(self, x: Tensor) -> Tensor:
        found = self._formula.labels(x)
        return super().labels(x) if found is None else found

    def held_out_hues(self, n: int) -> Tensor:
        points = self.held_out(n)
        found = self._formula.labels(points)
        if found is None and self.context.kind == "classes":
            return hue(self.held_out_context(n) / self.context.count)
        return super().labels(points) if found is None else found

    def _fixed(self, seed: int, n: int) -> Tensor:
        if n < 1:
            return torch.empty((0, *self.event_shape), device=self.device)
        return torch.cat([points for points, _ in self._made(seed, n)])[:n]

    def _fixed_context(self, seed: int, n: int) -> Tensor:
        if not self.context_names:
            raise self._no_context()
        made = [context for _, context in self._made(seed, max(1, n)) if context is not None]
        return torch.cat(made)[: max(0, n)]

    def _made(self, seed: int, n: int) -> list[tuple[Tensor, Tensor | None]]:
        """Blocks of points with their context, made on the CPU, so that every device judges by the same points."""
        blocks = range(seed, seed + math.ceil(n / BLOCK))
        for block in blocks:
            if block not in self._blocks:
                generator = torch.Generator().manual_seed(block)
                if self.context_names:
                    points, context = self._cpu.draw_with_context(BLOCK, generator)
                    self._blocks[block] = points.to(self.device), context.to(self.device)
                else:
                    self._blocks[block] = self._cpu.sample(BLOCK, generator).to(self.device), None
        return [self._blocks[block] for block in blocks]


def coordinate_names(shape: tuple[int, ...]) -> tuple[str, ...]:
    """x1, x2, ... of a vector; 'moment 1' of a sequence (C, T), with its channel where there are several."""
    if len(shape) == 1:
        return tuple(f"x{i + 1}" for i in range(shape[0]))
    moments = [f"moment {t + 1}" for t in range(shape[1])]
    if shape[0] == 1:
        return tuple(moments)
    return tuple(f"{moment}, channel {c + 1}" for c in range(shape[0]) for moment in moments)


def train_seed(seed: int) -> int:
    """Where the seeds of a project's fixed training points begin."""
    return _TRAIN + ((seed << 9) & 0x1FFF_FFFF)


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
