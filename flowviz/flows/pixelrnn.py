"""PixelRNN: LSTMs that go over a picture row by row, or diagonal by diagonal from both sides."""

from __future__ import annotations

from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .pixel_masks import Masked, groups, kernel_mask, sees, skew, uniform, unskew
from .pixel_walk import Head, PixelWalk, by_taps, from_context, left_out, taps

SHUT = -1e4
"""What a gate is given where there is no pixel: its sigmoid is exactly 0, so that state and output are 0 there."""


def cell(gates: Tensor, c: Tensor | None) -> tuple[Tensor, Tensor]:
    """[o, f, i, g] (..., 4h) and the state c (..., h) -> (h, c): c ← σ(f)⊙c + σ(i)⊙tanh(g), h = σ(o)⊙tanh(c)."""
    size = gates.shape[-1] // 4
    o, f, i = torch.sigmoid(gates[..., : 3 * size]).chunk(3, -1)
    g = torch.tanh(gates[..., 3 * size :])
    c = i * g if c is None else torch.addcmul(i * g, f, c)
    return o * torch.tanh(c), c


class LSTMLayer(nn.Module):
    """A recurrent layer over features (B, H, W, 2h) in colour groups and the pixels (B, H, W, C) -> (B, H, W, h).

    The input-to-state product runs over the whole map at once; its mask is (streams·4h, inputs). The state-to-state product
    sees `state` neighbours, whose features are all before, and needs no mask. The forget gates start with a bias 1 higher.
    """

    def __init__(
        self, size: int, mask: Tensor, streams: int, state: int, context: int, generator: torch.Generator
    ) -> None:
        super().__init__()
        self.size = size
        self.inputs = Masked(mask, generator)
        with torch.no_grad():
            self.inputs.bias.view(streams, 4, size)[:, 1] += 1.0
        shape = (streams, state * size, 4 * size)
        self.state = nn.Parameter(uniform(shape, generator) * (state * size) ** -0.5)
        self.by_context = nn.Parameter(uniform((len(mask), context), generator) * context**-0.5) if context else None

    def gates(self, x: Tensor, context: Tensor | None) -> Tensor:
        """The input-to-state product of x (B, H, W, inputs), (B, H, W, streams·4h)."""
        out = F.linear(x, self.inputs.kernel, self.inputs.bias)
        extra = self.from_context(context)
        return out if extra is None else out + extra[:, None, None]

    def from_context(self, context: Tensor | None) -> Tensor | None:
        """What the context adds to every gate, (B, streams·4h)."""
        return from_context(self.by_context, context)

    def walk(self, like: Tensor, context: Tensor | None) -> LSTMWalk:
        raise NotImplementedError


class RowLSTM(LSTMLayer):
    """Row by row: gates_i = K_is ∗ x_i + K_ss ∗ h_{i−1}, K_is over two taps (left, here), K_ss over three of the row above.

    A pixel sees a triangle above it (arXiv 1601.06759, section 3.1, eq. 3).
    """

    def __init__(self, size: int, channels: int, context: int, generator: torch.Generator) -> None:
        here = sees("B", groups(size, channels, 4), groups(2 * size, channels))
        super().__init__(size, torch.cat((torch.ones_like(here), here), 1), 1, 3, context, generator)

    def forward(self, x: Tensor, pixels: Tensor, context: Tensor | None = None) -> Tensor:
        gates = self.gates(torch.cat((F.pad(x, (0, 0, 1, -1)), x), -1), context)
        h: Tensor | None = None
        c: Tensor | None = None
        found = []
        for row in gates.unbind(1):
            h, c = cell(row if h is None else row + self.from_row(h), c)
            found.append(h)
        return torch.stack(found, 1)

    def from_row(self, h: Tensor) -> Tensor:
        """What the row above (B, W, h) gives to the gates, (B, W, 4h)."""
        three = torch.cat((F.pad(h, (0, 0, 1, -1)), h, F.pad(h, (0, 0, -1, 1))), -1)
        return three @ self.state[0]

    def walk(self, like: Tensor, context: Tensor | None) -> LSTMWalk:
        return RowWalk(self, like, context)


class DiagonalLSTM(LSTMLayer):
    """Diagonal by diagonal, from the top left and from the top right: each pixel's state comes from above and beside it.

    Skewed, a diagonal is a column, and both streams go through the columns together. What the stream from the right found
    is moved down one row before it is added, or it would know the pixels right of it (arXiv 1601.06759, section 3.2).

    Since it is moved down, that stream may know its own pixel whole, and reads it beside the features, without a mask. In
    the paper it does not: the last pixel of a row then stays unknown to the left end of the next.
    """

    def __init__(self, size: int, channels: int, context: int, generator: torch.Generator) -> None:
        from_left = sees("B", groups(size, channels, 4), groups(2 * size, channels))
        pixel = torch.zeros(4 * size, channels, dtype=torch.bool)
        masks = (torch.cat((from_left, pixel), 1), torch.ones(4 * size, 2 * size + channels, dtype=torch.bool))
        super().__init__(size, torch.cat(masks), 2, 2, context, generator)

    def forward(self, x: Tensor, pixels: Tensor, context: Tensor | None = None) -> Tensor:
        batch, height, width, _ = x.shape
        size = self.size
        right, left = self.gates(torch.cat((x, pixels), -1), context).chunk(2, -1)
        fill = right.new_zeros(4 * size)
        fill[: 3 * size] = SHUT
        both = skew(torch.stack((right, left.flip(2))), fill)
        count = width + height - 1
        columns = both.permute(3, 0, 1, 2, 4).reshape(count, 2, batch * height, 4 * size)
        h: Tensor | None = None
        c: Tensor | None = None
        found = []
        for column in columns.unbind(0):
            if h is not None:
                above = F.pad(h.view(2, batch, height, size), (0, 0, 1, -1)).view(2, batch * height, size)
                column = torch.baddbmm(column, torch.cat((above, h), 2), self.state)
            h, c = cell(column, c)
            found.append(h)
        right, left = unskew(torch.stack(found, 2).view(2, batch, height, count, size)).unbind(0)
        return right + F.pad(left.flip(2), (0, 0, 0, 0, 1, -1))

    def walk(self, like: Tensor, context: Tensor | None) -> LSTMWalk:
        return DiagonalWalk(self, like, context)


class PixelRNN(nn.Module):
    """x (B, C, H, W), context (B, K) -> (B, C, P, H, W): P numbers for each channel of each pixel, of those before it.

    A masked convolution (mask A) to 2h features; LSTM layers, each h ← h + 1x1(LSTM(h)) with mask B; a head of 1x1
    convolutions, the last normal with `last_std`. Van den Oord, Kalchbrenner, Kavukcuoglu 2016, arXiv 1601.06759, section 3.
    """

    def __init__(
        self,
        spec: specs.PixelRNN,
        channels: int,
        parameters: int,
        context: int,
        generator: torch.Generator,
        last_std: float,
    ) -> None:
        super().__init__()
        # Every colour needs a unit of its own.
        size = max(spec.channels, channels)
        self.dropout = spec.dropout
        self.reach = spec.kernel // 2
        features = groups(2 * size, channels)
        # An even kernel has no centre: the next odd one is meant. Rows below the centre are masked whole, so left out.
        mask = kernel_mask("A", features, torch.arange(channels), 2 * self.reach + 1)[:, :, : self.reach + 1]
        self.first = Masked(mask, generator)
        kind = DiagonalLSTM if spec.variant == "diagonal" else RowLSTM
        self.layers = nn.ModuleList(kind(size, channels, context, generator) for _ in range(spec.layers))
        up = sees("B", features, groups(size, channels))
        self.ups = nn.ModuleList(Masked(up, generator) for _ in range(spec.layers))
        self.head = Head(2 * size, channels, parameters, generator, last_std)

    @property
    def blocks(self) -> list[tuple[LSTMLayer, Masked]]:
        return list(zip(self.layers, self.ups, strict=True))  # type: ignore[arg-type]

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        reach = self.reach
        features = F.conv2d(F.pad(x, (reach, reach, reach, 0)), self.first.kernel, self.first.bias)
        h, pixels = features.permute(0, 2, 3, 1), x.permute(0, 2, 3, 1)
        for layer, up in self.blocks:
            h = h + left_out(F.linear(layer(h, pixels, context), up.kernel, up.bias), self)
        out: Tensor = self.head(h)
        return out.permute(0, 3, 4, 1, 2)

    def walk(self, like: Tensor, context: Tensor | None = None) -> PixelRNNWalk:
        return PixelRNNWalk(self, like, context)


class PixelRNNWalk(PixelWalk):
    """Each LSTM's state is kept where a later pixel needs it; every pixel is computed once a layer."""

    def __init__(self, network: PixelRNN, like: Tensor, context: Tensor | None) -> None:
        super().__init__(network.head, like)
        self.network = network
        self.reach = network.reach
        kernel = network.first.kernel
        self.above_kernel, self.bias = kernel[:, :, : self.reach], network.first.bias
        self.beside_kernel = by_taps(kernel[:, :, self.reach, : self.reach + 1])
        self.walks = [layer.walk(like, context) for layer, _ in network.blocks]
        self.ups = [(up.kernel, up.bias) for _, up in network.blocks]
        self.above: tuple[Tensor, ...] = ()

    def begin_row(self) -> None:
        window = F.pad(self.window(self.reach), (self.reach, self.reach))
        self.above = F.conv2d(window, self.above_kernel, self.bias)[:, :, 0].unbind(2)
        for walk in self.walks:
            walk.begin_row()

    def features(self, pixel: Tensor, *, last: bool) -> Tensor:
        beside = F.linear(taps(self.pixels, pixel, self.reach + 1), self.beside_kernel)
        h = beside + self.above[len(self.pixels)]
        for walk, (kernel, bias) in zip(self.walks, self.ups, strict=True):
            h = h + left_out(F.linear(walk.pixel(h, last=last), kernel, bias), self.network)
        return h

    def end_row(self) -> None:
        pixels = self.rows[-1].unbind(2)
        for walk in self.walks:
            walk.end_row(pixels)


class LSTMWalk(Protocol):
    """An LSTM layer pixel by pixel."""

    def begin_row(self) -> None: ...

    def pixel(self, x: Tensor, *, last: bool) -> Tensor:
        """x (B, 2h) of the next pixel -> (B, h); `last`: x is final, and the state goes on from here."""

    def end_row(self, pixels: tuple[Tensor, ...]) -> None:
        """The row's pixels, (B, C) each, are known."""


class RowWalk:
    """Keeps the states of the row above and of this one."""

    def __init__(self, layer: RowLSTM, like: Tensor, context: Tensor | None) -> None:
        self.layer, self.width = layer, like.shape[3]
        extra = layer.from_context(context)
        self.bias = layer.inputs.bias if extra is None else layer.inputs.bias + extra
        self.kernel = layer.inputs.kernel
        self.above: list[tuple[Tensor, Tensor]] = []
        self.here: list[tuple[Tensor, Tensor]] = []
        self.inputs: list[Tensor] = []
        self.from_row: tuple[Tensor, ...] = ()

    def begin_row(self) -> None:
        if self.above:
            self.from_row = self.layer.from_row(torch.stack([h for h, _ in self.above], 1)).unbind(1)

    def pixel(self, x: Tensor, *, last: bool) -> Tensor:
        column = len(self.here)
        gates = F.linear(taps(self.inputs, x, 2), self.kernel) + self.bias
        if self.above:
            gates = gates + self.from_row[column]
        h, c = cell(gates, self.above[column][1] if self.above else None)
        if last:
            self.inputs.append(x)
            self.here.append((h, c))
        return h

    def end_row(self, pixels: tuple[Tensor, ...]) -> None:
        self.above, self.here, self.inputs = self.here, [], []


class DiagonalWalk:
    """The stream from the left goes with the pixels; the one from the right goes back through a row when it is whole."""

    def __init__(self, layer: DiagonalLSTM, like: Tensor, context: Tensor | None) -> None:
        extra = layer.from_context(context)
        bias = layer.inputs.bias if extra is None else layer.inputs.bias + extra
        self.from_left, self.from_right = bias.chunk(2, -1)
        left, self.kernel_right = layer.inputs.kernel.chunk(2, 0)
        self.kernel_left = left[:, : 2 * layer.size]
        self.state_left, self.state_right = layer.state.unbind(0)
        self.zero = torch.zeros_like(like[:, :1, 0, 0]).expand(-1, layer.size)
        self.above: list[Tensor] = [self.zero] * like.shape[3]
        """h of the stream from the left in the row above."""
        self.right: list[Tensor] = [self.zero] * like.shape[3]
        """h of the stream from the right in the row above."""
        self.here: list[Tensor] = []
        self.inputs: list[Tensor] = []
        self.beside: tuple[Tensor, Tensor] = (self.zero, self.zero)

    def begin_row(self) -> None:
        self.beside = (self.zero, self.zero)

    def pixel(self, x: Tensor, *, last: bool) -> Tensor:
        column = len(self.here)
        state = torch.cat((self.above[column], self.beside[0]), 1) @ self.state_left
        h, c = cell(F.linear(x, self.kernel_left) + self.from_left + state, self.beside[1])
        if last:
            self.inputs.append(x)
            self.here.append(h)
            self.beside = (h, c)
        return h + self.right[column]

    def end_row(self, pixels: tuple[Tensor, ...]) -> None:
        h = c = self.zero
        found: list[Tensor] = []
        for x, pixel, above in zip(reversed(self.inputs), reversed(pixels), reversed(self.right), strict=True):
            state = torch.cat((above, h), 1) @ self.state_right
            h, c = cell(F.linear(torch.cat((x, pixel), 1), self.kernel_right) + self.from_right + state, c)
            found.append(h)
        self.right, self.above = found[::-1], self.here
        self.here, self.inputs = [], []
