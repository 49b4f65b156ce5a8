"""What pixel networks share: their head, and going through a picture pixel by pixel with all that was computed kept."""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import say
from . import dropout
from .pixel_masks import Masked, groups, sees


class Head(nn.Module):
    """ReLU, 1x1 with mask B, ReLU, 1x1 with mask B: features (..., F) in colour groups -> (..., C, P), P numbers a channel."""

    def __init__(
        self, features: int, channels: int, parameters: int, generator: torch.Generator, last_std: float
    ) -> None:
        super().__init__()
        self.channels, self.parameters_per_channel = channels, parameters
        colours = groups(features, channels)
        self.hidden = Masked(sees("B", colours, colours), generator)
        outputs = torch.arange(channels).repeat_interleave(parameters)
        self.last = Masked(sees("B", outputs, colours), generator, last_std)

    def forward(self, features: Tensor) -> Tensor:
        h = F.relu(F.linear(F.relu(features), self.hidden.kernel, self.hidden.bias))
        out = F.linear(h, self.last.kernel, self.last.bias)
        return out.reshape(*features.shape[:-1], self.channels, self.parameters_per_channel)

    def of_channel(self, features: Tensor, channel: int) -> Tensor:
        """The same for one channel: (..., P)."""
        h = F.relu(F.linear(F.relu(features), self.hidden.kernel, self.hidden.bias))
        rows = slice(channel * self.parameters_per_channel, (channel + 1) * self.parameters_per_channel)
        return F.linear(h, self.last.kernel[rows], self.last.bias[rows])


def from_context(weight: Tensor | None, context: Tensor | None) -> Tensor | None:
    """What a context (B, K) adds to the gates (B, O) through a weight (O, K); None where the network has no context.

    Raises ValueError when one is wanted and missing.
    """
    if weight is None:
        return None
    if context is None:
        raise ValueError(say("a context is needed: this network was made for one"))
    return F.linear(context.to(weight), weight)


class Dropping(Protocol):
    """A network with a share of features that are left out while it trains."""

    dropout: float
    training: bool


def left_out(features: Tensor, network: Dropping) -> Tensor:
    """Dropout as the network has it: none in evaluation."""
    return dropout.left_out(features, network.dropout) if network.dropout and network.training else features


class PixelWalk:
    """Through a picture in the order of reading, channel by channel, each feature computed when its pixel is there.

    A subclass says what is computed when a row begins and ends, and at a pixel. What it keeps are lists of tensors, so that
    gradients go through.
    """

    def __init__(self, head: Head, like: Tensor) -> None:
        self.head = head
        self.channels, self.height, self.width = like.shape[1:]
        self.zero = torch.zeros_like(like[:, 0, 0, 0])
        self.no_row = torch.zeros_like(like[:, :, 0])
        self.rows: list[Tensor] = []
        """The finished rows, (B, C, W) each."""
        self.pixels: list[Tensor] = []
        """The finished pixels of this row, (B, C) each."""
        self.here: list[Tensor] = []
        """The known channels of this pixel, (B,) each."""

    def parameters(self) -> Tensor:
        channel = len(self.here)
        if not self.pixels and not channel:
            self.begin_row()
        pixel = torch.stack(self.here + [self.zero] * (self.channels - channel), 1)
        # The features of the last colour see all others: with them, the pixel's features are final.
        return self.head.of_channel(self.features(pixel, last=channel == self.channels - 1), channel)

    def put(self, value: Tensor) -> None:
        self.here.append(value)
        if len(self.here) == self.channels:
            self.pixels.append(torch.stack(self.here, 1))
            self.here = []
        if len(self.pixels) == self.width:
            self.rows.append(torch.stack(self.pixels, 2))
            self.pixels = []
            self.end_row()

    def window(self, rows: int) -> Tensor:
        """The last `rows` finished rows (B, C, rows, W), zero above the picture."""
        known = self.rows[-rows:]
        return torch.stack([self.no_row] * (rows - len(known)) + known, 2)

    def begin_row(self) -> None:
        """All rows above are known."""
        raise NotImplementedError

    def features(self, pixel: Tensor, *, last: bool) -> Tensor:
        """The features (B, F) that the head reads; the pixel (B, C) has zeros for what is unknown. `last`: keep them all."""
        raise NotImplementedError

    def end_row(self) -> None:
        """The row is known and all its features are final."""


def taps(row: list[Tensor], here: Tensor, count: int) -> Tensor:
    """(B, count·F): the `count` entries that end with `here` (B, F), zeros left of the row."""
    known = row[-(count - 1) :] if count > 1 else []
    return torch.cat([torch.zeros_like(here)] * (count - 1 - len(known)) + [*known, here], 1)


def by_taps(kernel: Tensor) -> Tensor:
    """A kernel (O, I, T) of T taps in a row, as the matrix (O, T·I) that meets `taps`."""
    return kernel.transpose(1, 2).flatten(1)
