"""Gated PixelCNN: masked convolutions in two stacks, so that every pixel before is seen and none after."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .pixel_masks import Kind, Masked, groups, kernel_mask, sees, uniform
from .pixel_walk import Head, PixelWalk, by_taps, from_context, left_out, taps

FIRST_KERNEL = 7
"""Side of the first layer's kernel, the one with mask A."""


def gated(pre: Tensor, dim: int = 1) -> Tensor:
    """tanh(a) ⊙ σ(b) of the two halves (a, b)."""
    a, b = pre.chunk(2, dim)
    return torch.tanh(a) * torch.sigmoid(b)


class GatedLayer(nn.Module):
    """(v, h) -> (v', h'): v of all rows above, h of the pixels to the left, too.

        pre_v = K_v ∗ v + V_v c,                  v' = gate(pre_v)
        pre_h = K_h ∗ h + W pre_v + V_h c,        h' = h + U gate(pre_h)   (without h in the first layer)

    K_v sees rows above (from the second layer on also its own row, where v knows only rows above), K_h what is left in the
    row and at the centre what the mask allows: A in the first layer, B later. W needs no mask, U has mask B.
    """

    def __init__(
        self,
        inputs: int,
        features: int,
        channels: int,
        kernel: int,
        context: int,
        generator: torch.Generator,
        *,
        kind: Kind,
    ) -> None:
        super().__init__()
        self.first = kind == "A"
        self.kernel, self.reach = kernel, kernel // 2
        before, after = groups(inputs, channels), groups(features, channels, 2)
        whole = kernel_mask(kind, after, before, kernel)
        self.rows = self.reach if self.first else self.reach + 1
        above = torch.ones(2 * features, inputs, self.rows, kernel, dtype=torch.bool)
        self.vertical = Masked(above, generator)
        self.horizontal = Masked(whole[:, :, self.reach, : self.reach + 1], generator)
        self.across = nn.Parameter(uniform((2 * features, 2 * features), generator) * (2 * features) ** -0.5)
        self.out = Masked(sees("B", groups(features, channels), groups(features, channels)), generator)
        self.by_context = nn.Parameter(uniform((4 * features, context), generator) * context**-0.5) if context else None

    def from_context(self, context: Tensor | None) -> tuple[Tensor | None, Tensor | None]:
        """What the context adds to pre_v and pre_h, (B, 2F) each."""
        extra = from_context(self.by_context, context)
        if extra is None:
            return None, None
        v, h = extra.chunk(2, 1)
        return v, h

    def forward(self, v: Tensor, h: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """v, h (B, I, H, W) -> (B, F, H, W) each; the new h without the old one and without dropout."""
        reach, last = self.reach, -1 if self.first else 0
        pre_v = F.conv2d(F.pad(v, (reach, reach, reach, last)), self.vertical.kernel, self.vertical.bias)
        for_v, for_h = self.from_context(context)
        if for_v is not None:
            pre_v = pre_v + for_v[:, :, None, None]
        pre_h = F.conv2d(F.pad(h, (reach, 0)), self.horizontal.kernel[:, :, None], self.horizontal.bias)
        pre_h = pre_h + F.conv2d(pre_v, self.across[:, :, None, None])
        if for_h is not None:
            pre_h = pre_h + for_h[:, :, None, None]
        return gated(pre_v), F.conv2d(gated(pre_h), self.out.kernel[:, :, None, None], self.out.bias)


class PixelCNN(nn.Module):
    """x (B, C, H, W), context (B, K) -> (B, C, P, H, W): P numbers for each channel of each pixel, of those before it.

    A 7x7 layer with mask A, then `blocks` gated residual layers, then a head of 1x1 convolutions; the last is normal with
    `last_std`. Van den Oord et al. 2016, Conditional image generation with PixelCNN decoders, arXiv 1606.05328, section 2.
    """

    def __init__(
        self,
        spec: specs.PixelCNN,
        channels: int,
        parameters: int,
        context: int,
        generator: torch.Generator,
        last_std: float,
    ) -> None:
        super().__init__()
        # Every colour needs a feature of its own.
        features = max(spec.channels, channels)
        self.dropout = spec.dropout
        # An even kernel has no centre: the next odd one is meant.
        kernel = spec.kernel // 2 * 2 + 1
        sizes = [(channels, FIRST_KERNEL, "A"), *[(features, kernel, "B")] * spec.blocks]
        self.layers = nn.ModuleList(
            GatedLayer(inputs, features, channels, size, context, generator, kind="A" if kind == "A" else "B")
            for inputs, size, kind in sizes
        )
        self.head = Head(features, channels, parameters, generator, last_std)

    @property
    def gated_layers(self) -> list[GatedLayer]:
        return [layer for layer in self.layers if isinstance(layer, GatedLayer)]

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        v = h = x
        for layer in self.gated_layers:
            v, new = layer(v, h, context)
            h = left_out(new, self) if layer.first else h + left_out(new, self)
        out: Tensor = self.head(h.permute(0, 2, 3, 1))
        return out.permute(0, 3, 4, 1, 2)

    def walk(self, like: Tensor, context: Tensor | None = None) -> PixelCNNWalk:
        return PixelCNNWalk(self, like, context)


class PixelCNNWalk(PixelWalk):
    """Row by row the vertical stack, pixel by pixel the horizontal one, each place once a layer.

    Of the vertical stack only the rows are kept that a kernel still reaches.
    """

    def __init__(self, network: PixelCNN, like: Tensor, context: Tensor | None) -> None:
        super().__init__(network.head, like)
        self.network = network
        self.layers = network.gated_layers
        self.context = [layer.from_context(context) for layer in self.layers]
        self.horizontal = [by_taps(layer.horizontal.kernel) for layer in self.layers]
        self.out = [layer.out.kernel for layer in self.layers]
        self.v_rows: list[list[Tensor]] = [[] for _ in self.layers]
        """For each layer the last rows of its v, (B, F, W) each."""
        self.h_rows: list[list[Tensor]] = []
        """For each layer its h at the finished pixels of this row, (B, F) each."""
        self.above: list[tuple[Tensor, ...]] = []
        """For each layer what pre_h gets from above and from the context, (B, 2F) for each column."""

    def begin_row(self) -> None:
        self.above = []
        self.h_rows = [[] for _ in self.layers]
        for i, (layer, (for_v, for_h)) in enumerate(zip(self.layers, self.context, strict=True)):
            if layer.first:
                window = self.window(layer.rows)
            else:
                known = self.v_rows[i - 1][-layer.rows :]
                window = torch.stack([torch.zeros_like(known[0])] * (layer.rows - len(known)) + known, 2)
            pre_v = F.conv2d(F.pad(window, (layer.reach, layer.reach)), layer.vertical.kernel, layer.vertical.bias)
            pre_v = pre_v[:, :, 0]
            if for_v is not None:
                pre_v = pre_v + for_v[:, :, None]
            longest = max(other.rows for other in self.layers)
            self.v_rows[i] = [*self.v_rows[i], gated(pre_v)][-longest:]
            pre_h = F.linear(pre_v.transpose(1, 2), layer.across, layer.horizontal.bias)
            if for_h is not None:
                pre_h = pre_h + for_h[:, None]
            self.above.append(pre_h.unbind(1))

    def features(self, pixel: Tensor, *, last: bool) -> Tensor:
        h, column = pixel, len(self.pixels)
        for i, layer in enumerate(self.layers):
            row = self.pixels if layer.first else self.h_rows[i - 1]
            pre_h = F.linear(taps(row, h, layer.reach + 1), self.horizontal[i]) + self.above[i][column]
            new = left_out(F.linear(gated(pre_h), self.out[i], layer.out.bias), self.network)
            if last and not layer.first:
                self.h_rows[i - 1].append(h)
            h = new if layer.first else h + new
        return h
