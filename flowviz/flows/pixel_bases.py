"""Bases that predict pictures pixel by pixel: the exact probability of every level, as a density."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import pipeline as specs
from ..pipeline import SpecError, say
from .bases import BaseDensity
from .layer import Place
from .pixelcnn import PixelCNN
from .pixelrnn import PixelRNN

LEVELS = 256
"""How many levels there are where the data doesn't say."""
TOGETHER = 1024
"""Pictures that are drawn in one go."""


def levels_of(unit: Tensor | None) -> int:
    """Q: the unit, one whole number of at least 2 for every pixel; 256 where it is unknown, or 1 everywhere.

    Raises SpecError for any other unit.
    """
    if unit is None or bool((unit == 1.0).all()):
        return LEVELS
    levels = float(unit.flatten()[0])
    if not bool((unit == levels).all()) or levels < 2.0 or levels != round(levels):
        raise SpecError(
            say(
                "Pixels are predicted level by level: the data's scale has to be one whole number of levels, 2 or more."
            )
        )
    return round(levels)


class PixelBase(BaseDensity):
    """log p(z) = Σ_i log P(level_i | levels before i) + D log Q, level = ⌊z Q⌋; −∞ outside [0, 1)^D. z is (B, C, H, W).

    P is a softmax over the Q levels of each channel. The density is constant over each bin of width 1/Q and integrates to
    1, so the exact probability of a picture is its density in units of the levels: x = z Q has log p(x) = Σ log P.

    Temperature T divides the logits: below 1 likely levels become likelier, at 0 each pixel takes its likeliest one. Inside
    its bin a draw is uniform at any temperature.
    """

    flat = False

    def __init__(self, spec: specs.PixelCNNBase | specs.PixelRNNBase, place: Place) -> None:
        super().__init__(place)
        self.levels = levels_of(place.unit)
        network = spec.network
        kind = PixelCNN if isinstance(network, specs.PixelCNN) else PixelRNN
        self.network = kind(network, place.shape[0], self.levels, place.context, place.generator, 0.0)  # type: ignore[arg-type]

    def fits(self, place: Place) -> bool:
        return super().fits(place) and levels_of(place.unit) == self.levels

    def scaled(self, level: Tensor) -> Tensor:
        """Levels 0 to Q−1 as the network reads them, −1 to 1."""
        return level.to(self.like.dtype) * (2.0 / (self.levels - 1)) - 1.0

    def logits(self, level: Tensor, context: Tensor | None = None) -> Tensor:
        """level (B, C, H, W) -> (B, C, Q, H, W), each channel's of those before it."""
        out: Tensor = self.network(self.scaled(level), context)
        return out

    def log_prob(self, z: Tensor, context: Tensor | None = None) -> Tensor:
        inside = ((z >= 0.0) & (z < 1.0)).flatten(1).all(1)
        # A whole level may have come out a rounding error below itself.
        bins = torch.floor(z.detach() * self.levels + self._rounding(z.dtype))
        level = bins.nan_to_num(0.0).clamp(0, self.levels - 1).long()
        losses = F.cross_entropy(self.logits(level, context).transpose(1, 2), level, reduction="none")
        log_prob = self.dimensions * math.log(self.levels) - losses.flatten(1).sum(1)
        return log_prob.masked_fill(~inside, -math.inf)

    def _rounding(self, dtype: torch.dtype) -> float:
        return self.levels * torch.finfo(dtype).eps

    def sample(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Tensor:
        for z, _ in self.sampling(n, generator, temperature, context):
            last = z
        return last

    @torch.no_grad()
    def sampling(
        self,
        n: int,
        generator: torch.Generator | None = None,
        temperature: float = 1.0,
        context: Tensor | None = None,
    ) -> Iterator[tuple[Tensor, float]]:
        """The draws of `sample` after every pixel; what is not drawn yet is 0."""
        channels, height, width = self.shape
        chances = self._uniform(n, generator).reshape(n, *self.shape)
        noise = self._uniform(n, generator).reshape(n, *self.shape)
        # Clear of the edges, so that no rounding on the way carries a draw into the next bin.
        edge = 4.0 * self._rounding(noise.dtype)
        noise = noise.clamp(edge, 1.0 - edge)
        z = torch.zeros_like(noise)
        if not n:
            yield z, 1.0
        done = 0
        for start in range(0, n, TOGETHER):
            part = slice(start, start + TOGETHER)
            walk = self.network.walk(z[part], None if context is None else context[part])
            for row, column in itertools.product(range(height), range(width)):
                for channel in range(channels):
                    at = (part, channel, row, column)
                    level = draw(walk.parameters(), chances[at], temperature)
                    walk.put(self.scaled(level))
                    z[at] = (level + noise[at]) / self.levels
                done += len(z[part])
                yield z.clone(), done / (n * height * width)


def draw(logits: Tensor, chance: Tensor, temperature: float) -> Tensor:
    """A level (B,) of softmax(logits/T) (B, Q) for each chance (B,) in [0, 1); the likeliest one at T = 0."""
    if temperature == 0.0:
        return logits.argmax(1)
    edges = torch.softmax((logits - logits.amax(1, keepdim=True)) / temperature, 1).cumsum(1)
    return (edges <= chance[:, None] * edges[:, -1:]).sum(1).clamp_max(logits.shape[1] - 1)
