"""Sets of pictures as densities: whole levels, made continuous by noise.

x = k + u with levels k in {0, ..., Q−1} and u uniform in [0, 1), so that E_u log p(x) ≤ log P(k) (Jensen's inequality; Theis
et al. 2016, arXiv 1511.01844): what a flow reaches is a bound of the levels' own probability. The noise is fresh in every
training draw and fixed in every list of points. The standardisation (0, Q) takes x to [0, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from ..pipeline import Context, Sentence, say
from .density import HELD_OUT_SEED, TEST_SEED, Density, hue, train_seed

_CHUNK = 256
"""Fixed noise is made for so many pictures at once, so that the first n are the same whatever n is."""
_GRID = 1 << 15
"""The noise is (j + ½)/2¹⁵: exact in float32 up to level 255, and so never on the edge of the next level."""
_COLOURS = ("red", "green", "blue")


class Pictures(NamedTuple):
    """Levels (N, C, H, W) uint8, and the class (N,) int64 of each, where it is known."""

    levels: Tensor
    classes: Tensor | None = None

    def part(self, index: Tensor | slice) -> Pictures:
        return Pictures(self.levels[index], None if self.classes is None else self.classes[index])


class PictureDensity(Density):
    """Pictures of one size, in levels; the log-density is not known."""

    def __init__(
        self,
        train: Pictures,
        held_out: Pictures,
        test: Pictures | None = None,
        *,
        title: str,
        levels: int = 256,
        class_names: Sequence[str] = (),
        device: torch.device | str = "cpu",
        seed: int = 0,
        notes: tuple[Sentence, ...] = (),
    ) -> None:
        self.title, self.levels, self.notes = title, levels, notes
        self.device = torch.device(device)
        self.event_shape = tuple(train.levels.shape[1:])
        self.columns = pixel_names(self.event_shape)
        self.box = (0.0, float(levels), 0.0, float(levels))
        self.train_count, self.held_out_count = len(train.levels), len(held_out.levels)
        self.test_count = None if test is None else len(test.levels)
        if class_names:
            self.context = Context(kind="classes", count=len(class_names))
            self.context_names = tuple(class_names)
        zeros = torch.zeros(self.event_shape, device=self.device)
        self.standardization = (zeros, zeros + levels)
        self._train = Pictures(*(None if part is None else part.to(self.device) for part in train))  # type: ignore[arg-type]
        self._fixed = {
            "train": _Noisy(train, train_seed(seed), self.device),
            "held out": _Noisy(held_out, HELD_OUT_SEED, self.device),
        }
        self._fixed["test"] = self._fixed["held out"] if test is None else _Noisy(test, TEST_SEED, self.device)

    def log_prob(self, x: Tensor) -> Tensor:
        raise ValueError(say("The log-density of pictures is not known."))

    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        return self._draw(n, generator)[0]

    def sample_with_context(self, n: int, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor]:
        points, which = self._draw(n, generator)
        return points, self._classes(self._train)[which]

    def _draw(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        which = torch.randint(len(self._train.levels), (n,), generator=generator, device=self.device)
        return dequantised(self._train.levels[which], generator), which

    def held_out(self, n: int) -> Tensor:
        return self._fixed["held out"].points(n)

    def train_points(self, n: int) -> Tensor:
        return self._fixed["train"].points(n)

    def test_points(self, n: int) -> Tensor:
        return self._fixed["test"].points(n)

    def held_out_context(self, n: int) -> Tensor:
        return self._context("held out", n)

    def train_context(self, n: int) -> Tensor:
        return self._context("train", n)

    def test_context(self, n: int) -> Tensor:
        return self._context("test", n)

    def _context(self, which: str, n: int) -> Tensor:
        return self._classes(self._fixed[which].pictures)[:n].to(self.device)

    def _classes(self, pictures: Pictures) -> Tensor:
        if pictures.classes is None:
            raise self._no_context()
        return pictures.classes

    def held_out_hues(self, n: int) -> Tensor:
        if not self.context_names:
            return super().held_out_hues(n)
        return hue(self.held_out_context(n) / len(self.context_names))

    def range(self, axis: int) -> tuple[float, float]:
        return 0.0, float(self.levels)


class _Noisy:
    """Pictures with noise that is always the same, made when it is asked for."""

    def __init__(self, pictures: Pictures, seed: int, device: torch.device) -> None:
        self.pictures = pictures
        self._seed, self._device = seed, device
        self._chunks: list[Tensor] = []

    def points(self, n: int) -> Tensor:
        """Made on the CPU, so that every device judges by the same points."""
        levels = self.pictures.levels
        n = max(0, min(n, len(levels)))
        while len(self._chunks) * _CHUNK < n:
            start = len(self._chunks)
            generator = torch.Generator().manual_seed(self._seed + start)
            part = dequantised(levels[start * _CHUNK : (start + 1) * _CHUNK], generator)
            self._chunks.append(part.to(self._device))
        if not n:
            return torch.empty((0, *levels.shape[1:]), device=self._device)
        return torch.cat(self._chunks[: -(-n // _CHUNK)])[:n]


def dequantised(levels: Tensor, generator: torch.Generator | None) -> Tensor:
    """k + u for levels k (N, ...) uint8, u uniform in [0, 1): float32, with ⌊x⌋ = k exactly."""
    noise = torch.randint(_GRID, levels.shape, generator=generator, device=levels.device, dtype=torch.int32)
    return levels.float().add_(noise.float().add_(0.5).div_(_GRID))


def pixel_names(shape: tuple[int, ...]) -> tuple[str, ...]:
    """'row 1, column 1' of each number of a picture (C, H, W), with its colour or channel where there are several."""
    channels, rows, columns = shape
    names = [f"row {r + 1}, column {c + 1}" for r in range(rows) for c in range(columns)]
    if channels == 1:
        return tuple(names)
    kinds = _COLOURS if channels == 3 else [f"channel {i + 1}" for i in range(channels)]
    return tuple(f"{name}, {kind}" for kind in kinds for name in names)
