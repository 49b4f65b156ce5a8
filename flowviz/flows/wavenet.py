"""WaveNet: dilated convolutions with gates over sequences. Causal for autoregressive models, two-sided for couplings.

van den Oord et al. 2016, WaveNet: a generative model for raw audio, arXiv 1609.03499, section 2.
"""

from __future__ import annotations

from collections import deque

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import WaveNet, say
from . import dropout


class _Stack(nn.Module):
    """The blocks that both networks are made of: (B, I, T) -> the sum of the skip paths (B, S, T).

    First a 1×1 convolution; then for d = 1, 2, 4, ..., `blocks` times over, with W of `taps` taps that lie d apart:
        y = tanh(W_f ∗ h + V_f c) ⊙ σ(W_g ∗ h + V_g c),   skip ← skip + W_s y,   h ← h + W_r y.
    W_s and W_r are 1×1 convolutions of their own. The last layer has no W_r, since nothing would read it.
    """

    def __init__(self, spec: WaveNet, inputs: int, taps: int, context: int, generator: torch.Generator) -> None:
        super().__init__()
        width = spec.channels
        self.dropout, self.taps = spec.dropout, taps
        self.dilations: list[int] = [2**i for _ in range(spec.blocks) for i in range(spec.layers)]
        self.first, self.first_bias = _weight(generator, width, inputs), _bias(generator, width, inputs)
        count = len(self.dilations)
        self.gates = nn.ParameterList(_weight(generator, 2 * width, width, taps) for _ in range(count))
        self.gate_biases = nn.ParameterList(_bias(generator, 2 * width, width * taps) for _ in range(count))
        self.gate_contexts = nn.ParameterList(
            _weight(generator, 2 * width, context) for _ in range(count if context else 0)
        )
        self.skips = nn.ParameterList(_weight(generator, spec.skip, width) for _ in range(count))
        self.skip_bias = _bias(generator, spec.skip, width)
        self.residuals = nn.ParameterList(_weight(generator, width, width) for _ in range(count - 1))
        self.residual_biases = nn.ParameterList(_bias(generator, width, width) for _ in range(count - 1))

    def biases(self, context: Tensor | None) -> list[Tensor]:
        """What is added in the gates of each layer: (2W,), or with a context (B, K) its own for each event, (B, 2W)."""
        if not len(self.gate_contexts):
            return list(self.gate_biases)
        if context is None:
            raise ValueError(say("a context is needed: this network was made for one"))
        return [
            F.linear(context, weight, bias) for weight, bias in zip(self.gate_contexts, self.gate_biases, strict=True)
        ]

    def forward(self, x: Tensor, context: Tensor | None, before: int) -> Tensor:
        """`before`: how many of each layer's taps lie before the moment itself; the others lie after it."""
        h = pointwise(x, self.first, self.first_bias)
        biases = self.biases(context)
        total: Tensor | None = None
        for i, (gate, dilation) in enumerate(zip(self.gates, self.dilations, strict=True)):
            after = self.taps - 1 - before
            padded = F.pad(h, (before * dilation, after * dilation))
            y = self._gated(F.conv1d(padded, gate, dilation=dilation) + biases[i][..., None])
            skip = pointwise(y, self.skips[i], self.skip_bias if i == 0 else None)
            total = skip if total is None else total + skip
            if i < len(self.residuals):
                h = h + pointwise(y, self.residuals[i], self.residual_biases[i])
        assert total is not None
        return total

    def moment(self, x: Tensor, biases: list[Tensor], queues: list[deque[Tensor]]) -> Tensor:
        """One moment x (B, I) of the causal stack -> (B, S), with what each layer saw before in its queue, oldest first."""
        h = F.linear(x, self.first, self.first_bias)
        total: Tensor | None = None
        for i, (gate, dilation, queue) in enumerate(zip(self.gates, self.dilations, queues, strict=True)):
            queue.append(h)
            seen = torch.stack([queue[tap * dilation] for tap in range(self.taps)], 2)
            queue.popleft()
            y = self._gated(F.linear(seen.flatten(1), gate.flatten(1)) + biases[i])
            skip = F.linear(y, self.skips[i], self.skip_bias if i == 0 else None)
            total = skip if total is None else total + skip
            if i < len(self.residuals):
                h = h + F.linear(y, self.residuals[i], self.residual_biases[i])
        assert total is not None
        return total

    def queues(self, like: Tensor) -> list[deque[Tensor]]:
        """Each layer's past before the first moment: zeros, as the padding of `forward`. `like` (B, ...)."""
        empty = like.new_zeros(len(like), self.first.shape[0])
        return [deque([empty] * ((self.taps - 1) * dilation)) for dilation in self.dilations]

    def _gated(self, raw: Tensor) -> Tensor:
        f, g = raw.chunk(2, 1)
        y = torch.tanh(f) * torch.sigmoid(g)
        return dropout.left_out(y, self.dropout) if self.dropout and self.training else y


class CausalWaveNet(nn.Module):
    """x (B, C, T), context (B, K) or None -> (B, C, P, T): P parameters of each number from the numbers before it.

    The order is moment by moment, channels in order within a moment. The input is shifted by one moment, so that the stack
    sees x at t−R to t−1, R its receptive field; the channels before c at the same moment enter at the head, whose features
    are dealt out to the channels in order: a feature of channel g sees the stack and the channels before g, and the
    parameters of channel c see the features of the channels up to c.
    Head: ReLU → 1×1 → ReLU → 1×1, the last with normal weights of `last_std` and zero bias: all zero at 0.
    """

    def __init__(
        self,
        spec: WaveNet,
        channels: int,
        parameters_per_channel: int,
        context: int,
        generator: torch.Generator,
        last_std: float,
    ) -> None:
        super().__init__()
        self.channels, self.each = channels, parameters_per_channel
        self.stack = _Stack(spec, channels, spec.kernel, context, generator)
        features = spec.skip
        self.hidden, self.hidden_bias = _weight(generator, features, features), _bias(generator, features, features)
        last = torch.randn(channels * self.each, features, generator=generator, dtype=torch.float64) * last_std
        self.last, self.last_bias = nn.Parameter(last), nn.Parameter(torch.zeros(len(last), dtype=torch.float64))
        self.same_moment: nn.Parameter | None = None
        if channels > 1:
            self.same_moment = _weight(generator, features, channels)
            # Dealt out evenly and from the first on, so that the first channel has features however few there are.
            owner = torch.arange(features) * channels // features
            here = torch.arange(channels)
            self.register_buffer("sees", (here[None] < owner[:, None]).double(), persistent=False)
            heard = owner[None] <= here[:, None]
            self.register_buffer("heard", heard.double().repeat_interleave(self.each, 0), persistent=False)

    @property
    def receptive_field(self) -> int:
        """How many earlier moments decide about one: 1 + (k−1) Σ d, for the shift and for every layer."""
        stack = self.stack
        return 1 + (stack.taps - 1) * sum(stack.dilations)

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        shifted = F.pad(x, (1, 0))[..., :-1]
        features = self.stack(shifted, context, self.stack.taps - 1)
        hidden = pointwise(F.relu(features), self.hidden, self.hidden_bias)
        if self.same_moment is not None:
            hidden = hidden + pointwise(x, self.same_moment * self.get_buffer("sees"), None)
        out = pointwise(F.relu(hidden), self._last(), self.last_bias)
        return out.reshape(len(x), self.channels, self.each, x.shape[2])

    def walk(self, like: Tensor, context: Tensor | None = None) -> WaveNetWalk:
        """The same network number by number, for events of the size of `like` (B, C, T)."""
        return WaveNetWalk(self, like, context)

    def _last(self) -> Tensor:
        return self.last if self.same_moment is None else self.last * self.get_buffer("heard")


class WaveNetWalk:
    """A causal WaveNet number by number: each layer keeps a queue of its own past, so that a moment costs O(layers).

    In turn: `parameters` (B, P) of the next number, moment by moment and channel by channel, then `put` its value (B,).
    All tensors stay in the graph of autograd; nothing is written in place.
    """

    def __init__(self, network: CausalWaveNet, like: Tensor, context: Tensor | None) -> None:
        self.network = network
        self.biases = network.stack.biases(context)
        self.queues = network.stack.queues(like)
        self.last = network._last()
        self.sees = None if network.same_moment is None else network.same_moment * network.get_buffer("sees")
        self.here: list[Tensor] = []
        """The channels known of this moment."""
        self.hidden: Tensor = self._enter(torch.zeros_like(like[:, :, 0]))

    def parameters(self) -> Tensor:
        network, channel = self.network, len(self.here)
        hidden = self.hidden
        if self.sees is not None and channel:
            hidden = hidden + F.linear(torch.stack(self.here, 1), self.sees[:, :channel])
        rows = slice(channel * network.each, (channel + 1) * network.each)
        return F.linear(F.relu(hidden), self.last[rows], network.last_bias[rows])

    def put(self, value: Tensor) -> None:
        self.here.append(value)
        if len(self.here) == self.network.channels:
            self.hidden = self._enter(torch.stack(self.here, 1))
            self.here = []

    def _enter(self, previous: Tensor) -> Tensor:
        """The head's features, but for the channels of the moment itself, when the moment before was `previous` (B, C)."""
        features = self.network.stack.moment(previous, self.biases, self.queues)
        return F.linear(F.relu(features), self.network.hidden, self.network.hidden_bias)


class DilatedNet(nn.Module):
    """The same blocks without causality, for couplings: x (B, I, T), context (B, K) or None -> (B, O, T).

    A causal layer of k taps becomes one of 2k−1, as far forward as it is back. The last layer is as that of `CausalWaveNet`.
    """

    def __init__(
        self,
        spec: WaveNet,
        in_channels: int,
        out_channels: int,
        context: int,
        generator: torch.Generator,
        last_std: float,
    ) -> None:
        super().__init__()
        self.before = spec.kernel - 1
        self.stack = _Stack(spec, in_channels, 2 * spec.kernel - 1, context, generator)
        features = spec.skip
        self.hidden, self.hidden_bias = _weight(generator, features, features), _bias(generator, features, features)
        last = torch.randn(out_channels, features, generator=generator, dtype=torch.float64) * last_std
        self.last, self.last_bias = nn.Parameter(last), nn.Parameter(torch.zeros(out_channels, dtype=torch.float64))

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        features = self.stack(x, context, self.before)
        hidden = pointwise(F.relu(features), self.hidden, self.hidden_bias)
        return pointwise(F.relu(hidden), self.last, self.last_bias)


def pointwise(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A 1×1 convolution of x (B, I, T) by weight (O, I)."""
    return F.conv1d(x, weight[..., None], bias)


def _weight(generator: torch.Generator, rows: int, columns: int, taps: int | None = None) -> nn.Parameter:
    """Uniform in ±1/√(numbers that each row reads)."""
    shape = (rows, columns) if taps is None else (rows, columns, taps)
    bound = max(columns * (taps or 1), 1) ** -0.5
    return nn.Parameter((torch.rand(shape, generator=generator, dtype=torch.float64) * 2.0 - 1.0) * bound)


def _bias(generator: torch.Generator, rows: int, reads: int) -> nn.Parameter:
    bound = max(reads, 1) ** -0.5
    return nn.Parameter((torch.rand(rows, generator=generator, dtype=torch.float64) * 2.0 - 1.0) * bound)
