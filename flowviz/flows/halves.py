"""Which elements of an event pass a coupling unchanged, which ones it changes, and the network between the two."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..pipeline import MLP, ConvNet, EventShape, WaveNet
from .layer import Place
from .networks import mlp


class Halves(nn.Module):
    """The two parts of an event (*shape) under a mask, and back.

    Channel masks (of a vector: its coordinates): 'even' passes channels 0, 2, ...; 'odd' 1, 3, ...; 'first_half' the first
    ⌈C/2⌉; 'second_half' the rest. The network sees the channels that pass. With one channel there is nothing to condition
    on: it is changed, by constants.

    Checkerboards of pictures and sequences: 'checkerboard' passes the places where the sum of the indices is even,
    'checkerboard_odd' the others. The network sees the whole event with the changed places at 0, and of its output only
    the changed places are read.

    network_channels: channels that the network is given, without the context. output_channels: those that it gives for
    each number that an element needs. changed_shape: (n,) of a vector, (n, *sides) under a channel mask, (C, n) under a
    checkerboard, whose n changed places come in raster order.
    """

    index: Tensor | None
    keep: Tensor | None

    def __init__(self, mask: str, shape: EventShape) -> None:
        super().__init__()
        channels, sides = shape[0], shape[1:]
        self.passed, self.changed = slice(None), slice(None)
        index = keep = None
        self.network_channels = self.output_channels = channels
        if mask.startswith("checkerboard"):
            grids = torch.meshgrid(*(torch.arange(n) for n in sides), indexing="ij")
            parity = torch.stack(grids).sum(0) % 2
            passes = parity == (1 if mask.endswith("odd") else 0)
            index = (~passes).flatten().nonzero()[:, 0]
            keep = passes.double()
            self.changed_shape: EventShape = (channels, len(index))
        else:
            self.passed, self.changed = split(mask, channels)
            self.network_channels = len(range(channels)[self.passed])
            self.output_channels = len(range(channels)[self.changed])
            self.changed_shape = (self.output_channels, *sides)
        self.register_buffer("index", index, persistent=False)
        self.register_buffer("keep", keep, persistent=False)
        self.shape = shape

    def take(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x (B, *shape) -> (what passes, as the network is given it (B, network_channels, *sides), what changes
        (B, *changed_shape))."""
        if self.index is None or self.keep is None:
            return x[:, self.passed], x[:, self.changed]
        return x * self.keep, x.flatten(2).index_select(2, self.index)

    def put(self, x: Tensor, changed: Tensor) -> Tensor:
        """x (B, *shape) with `changed` (B, *changed_shape) in place of its changed elements."""
        if self.index is None:
            y = x.clone()
            y[:, self.changed] = changed
            return y
        return x.flatten(2).index_copy(2, self.index, changed).reshape(x.shape)

    def parameters_of(self, out: Tensor, each: int) -> Tensor:
        """The network's output (B, each · output_channels, *sides) -> (B, each, *changed_shape): blocks along the
        channels, one for each of the numbers that an element needs."""
        blocks = out.reshape(len(out), each, self.output_channels, *out.shape[2:])
        return blocks if self.index is None else blocks.flatten(3).index_select(3, self.index)


def split(mask: str, channels: int) -> tuple[slice, slice]:
    """(passed through, transformed) as slices, since views cost nothing. 'first_half' is the larger half when C is odd.

    With C = 1 there is nothing to condition on: the one coordinate is transformed, by constants.
    """
    half = (channels + 1) // 2
    parts = {
        "even": (slice(0, None, 2), slice(1, None, 2)),
        "odd": (slice(1, None, 2), slice(0, None, 2)),
        "first_half": (slice(0, half), slice(half, None)),
        "second_half": (slice(half, None), slice(0, half)),
    }
    return parts[mask] if channels > 1 else (slice(0, 0), slice(0, 1))


def coupling_network(
    spec: MLP | ConvNet | WaveNet, halves: Halves, each: int, place: Place, last_std: float
) -> nn.Module:
    """The network that gives `each` numbers for every changed element: net(passed, context) -> what `parameters_of` reads.

    `last_std`: of the last layer's initial weights; at 0 the network gives exactly 0 whatever it sees.
    """
    inputs, outputs = halves.network_channels, each * halves.output_channels
    if isinstance(spec, MLP):
        return mlp(spec, inputs, outputs, place.generator, last_std, place.context)
    if isinstance(spec, ConvNet):
        from .convnet import ConvolutionalNet

        return ConvolutionalNet(spec, inputs, outputs, place.context, place.generator, last_std)
    from .wavenet import DilatedNet

    return DilatedNet(spec, inputs, outputs, place.context, place.generator, last_std)
