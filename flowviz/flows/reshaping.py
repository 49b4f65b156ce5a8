"""Layers that change an event's shape: squeeze, Haar wavelets, split and flatten."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from ..pipeline import output_shape
from .convnet import convolution
from .convnet_step import Plan
from .halves import Halves
from .layer import FlowLayer, Place
from .networks import bounded
from .picture_step import Affine, couple

SPLIT_BOUND = 5.0
"""Largest |l| of a split, in nats."""
ONE_CONVOLUTION = Plan("relu", residual=False, depth=1, dropout=0.0)
"""A split's network: the activation would come before a second one."""


class _Reordering(FlowLayer):
    """A map that keeps volume: `_there` and `_back` are all of it, and every log-determinant is 0."""

    def __init__(self, spec: specs.LayerSpec, place: Place) -> None:
        super().__init__(place)
        self.output_shape = output_shape(spec, place.shape)

    def _there(self, x: Tensor) -> Tensor:
        raise NotImplementedError

    def _back(self, z: Tensor) -> Tensor:
        raise NotImplementedError

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return self._there(x), x.new_zeros(len(x))

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z, latent=True)
        return self._back(z), z.new_zeros(len(z))

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return torch.zeros_like(x)


class Squeeze(_Reordering):
    """(C, H, W) -> (4C, H/2, W/2): pixel (2h + i, 2w + j) of channel c becomes channel 4c + 2i + j at (h, w).

    A sequence (C, T) -> (2C, T/2): moment 2t + i of channel c becomes channel 2c + i at t. log|det| = 0.
    Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.6.
    """

    def _there(self, x: Tensor) -> Tensor:
        if x.ndim == 3 or not len(x):
            # Of no pictures, torch's own would keep the shape.
            return _blocks(x).flatten(1, 2)
        # Channels that lie together, as what comes after wants them.
        return F.pixel_unshuffle(x, 2).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2)

    def _back(self, z: Tensor) -> Tensor:
        channels = self.shape[0]
        return _unblocked(z.reshape(len(z), channels, self.output_shape[0] // channels, *z.shape[2:]))


class Haar(_Reordering):
    """(C, H, W) -> (4C, H/2, W/2), orthogonal; log|det| = 0.

    Of every 2x2 block (p, q; r, s) of a channel: channel c gets the average times 2, (p + q + r + s)/2, so that the first C
    channels are a smaller picture; C + c left minus right, (p − q + r − s)/2; 2C + c top minus bottom, (p + q − r − s)/2;
    3C + c the diagonal, (p − q − r + s)/2. Of a sequence's pair (p, q): (p + q)/√2 in channel c and (p − q)/√2 in C + c.
    Ardizzone et al. 2019, Guided image generation with conditional invertible neural networks, arXiv 1907.02392, section 3.2.
    """

    matrix: Tensor

    def __init__(self, spec: specs.Haar, place: Place) -> None:
        super().__init__(spec, place)
        pair = torch.tensor([[1.0, 1.0], [1.0, -1.0]], dtype=torch.float64)
        # The halves are exact in floating point; 1/√2 by 1/√2 would not be.
        matrix = pair * 0.5**0.5 if len(place.shape) == 2 else torch.kron(pair, pair) * 0.5
        self.register_buffer("matrix", matrix, persistent=False)

    def _there(self, x: Tensor) -> Tensor:
        return torch.einsum("ki,bci...->bkc...", self.matrix, _blocks(x)).flatten(1, 2)

    def _back(self, z: Tensor) -> Tensor:
        bands = z.reshape(len(z), len(self.matrix), self.shape[0], *z.shape[2:])
        return _unblocked(torch.einsum("ki,bkc...->bci...", self.matrix, bands))


class Flatten(_Reordering):
    """(C, H, W) or (C, T) -> (D,): channels, then rows, then columns; or -> (C, H·W). log|det| = 0."""

    def _there(self, x: Tensor) -> Tensor:
        return x.flatten(1).reshape(len(x), *self.output_shape)

    def _back(self, z: Tensor) -> Tensor:
        return z.reshape(len(z), *self.shape)


class Split(FlowLayer):
    """ε = (x_b − μ(x_a)) · exp(−l(x_a)), x_a stays; log|det dz/dx| = −Σ l(x_a). x_b is the second half of the channels.

    z = (x_a, ε) here; in a flow ε leaves for the base, and x_a goes on alone. ε judged by a standard normal is x_b judged by
    a normal of mean μ and deviation exp(l): Glow's split prior (Kingma, Dhariwal 2018, arXiv 1807.03039; Dinh et al. 2017,
    arXiv 1605.08803, section 3.6). (raw l, μ) = (3x3 convolution of x_a, and V c of the context c) · exp(3 g), all but g
    being 0 at first; l = 5·tanh(raw/5).
    """

    def __init__(self, spec: specs.Split, place: Place) -> None:
        super().__init__(place)
        self.leaving = place.shape[0] // 2
        going = place.shape[0] - self.leaving
        outputs, sides = 2 * self.leaving, len(place.shape) - 1
        self.conv = convolution(going, outputs, 3, place.generator, 0.0, dimensions=sides)
        self.by_context = (
            nn.Parameter(torch.zeros(outputs, place.context, dtype=torch.float64)) if place.context else None
        )
        self.log_gain = nn.Parameter(torch.zeros(outputs, *(1,) * sides, dtype=torch.float64))
        self.halves = Halves("first_half", place.shape)

    def _by_hand(self, x: Tensor, *, generative: bool) -> tuple[Tensor, Tensor] | None:
        """The same as a coupling of pictures by one convolution, where that serves."""
        functional = torch._C._are_functorch_transforms_active()
        if not x.is_cpu or len(self.shape) != 3 or self.by_context is not None or functional:
            return None
        numbers = (self.conv.weight, self.conv.bias, self.log_gain.flatten())
        return couple(x, None, Affine(self.halves, SPLIT_BOUND, not generative), ONE_CONVOLUTION, numbers)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        done = self._by_hand(x, generative=False)
        if done is not None:
            return done
        going, leaving = x[:, : -self.leaving], x[:, -self.leaving :]
        log_scale, mean = self._judged(going, context)
        noise = (leaving - mean) * torch.exp(-log_scale)
        return torch.cat((going, noise), 1), -log_scale.flatten(1).sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        done = self._by_hand(z, generative=True)
        if done is not None:
            return done
        going, noise = z[:, : -self.leaving], z[:, -self.leaving :]
        log_scale, mean = self._judged(going, context)
        return torch.cat((going, torch.addcmul(mean, noise, log_scale.exp())), 1), log_scale.flatten(1).sum(1)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        going = x[:, : -self.leaving]
        return torch.cat((torch.zeros_like(going), -self._judged(going, context)[0]), 1)

    def _judged(self, going: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """(l, μ) of what leaves, each (B, C/2, *sides)."""
        out = self.conv(going)
        if self.by_context is not None:
            assert context is not None
            given = F.linear(context.to(out), self.by_context)
            out = out + given.reshape(*given.shape, *(1 for _ in out.shape[2:]))
        raw, mean = (out * (3.0 * self.log_gain).exp()).chunk(2, 1)
        return bounded(raw, SPLIT_BOUND), mean


def _blocks(x: Tensor) -> Tensor:
    """Pictures (B, C, H, W) -> (B, C, 4, H/2, W/2), the four of a 2x2 block row by row; sequences (B, C, 2, T/2)."""
    count, channels, *sides = x.shape
    halves = [n // 2 for n in sides]
    if len(sides) == 1:
        return x.reshape(count, channels, *halves, 2).transpose(2, 3)
    rows, columns = halves
    apart = x.reshape(count, channels, rows, 2, columns, 2)
    return apart.permute(0, 1, 3, 5, 2, 4).reshape(count, channels, 4, rows, columns)


def _unblocked(blocks: Tensor) -> Tensor:
    """Back from `_blocks`."""
    count, channels, _, *halves = blocks.shape
    if len(halves) == 1:
        return blocks.transpose(2, 3).reshape(count, channels, 2 * halves[0])
    rows, columns = halves
    apart = blocks.reshape(count, channels, 2, 2, rows, columns)
    return apart.permute(0, 1, 4, 2, 5, 3).reshape(count, channels, 2 * rows, 2 * columns)
