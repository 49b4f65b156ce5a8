"""Conditioners: networks that give a layer its log-scales and shifts. Plain and masked, with or without residuals."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import MADE, MLP

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "silu": F.silu,
    "elu": F.elu,
}


class Network(nn.Module):
    """h ← act(W h + b) for each hidden layer, then out = W h + b; residual: h ← h + act(W h + b) where widths agree.

    x (B, sizes[0]) -> (B, sizes[-1]). `masks` (one a weight, or None) are multiplied into the weights. The hidden weights
    are uniform in ±1/√(inputs that the mask leaves); the last layer is normal with `last_std`, and zero at 0.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str,
        *,
        residual: bool = False,
        masks: Sequence[Tensor | None] = (),
        generator: torch.Generator,
        last_std: float = 0.0,
    ) -> None:
        super().__init__()
        self.activation = activation
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        last = len(shapes) - 1
        self.residual = tuple(residual and 0 < i < last and rows == columns for i, (rows, columns) in enumerate(shapes))
        for i, (rows, columns) in enumerate(shapes):
            mask = masks[i] if masks else None
            self.register_buffer(f"mask_{i}", None if mask is None or bool(mask.all()) else mask, persistent=False)
            if i == last:
                weight = torch.randn(rows, columns, generator=generator, dtype=torch.float64) * last_std
                bias = torch.zeros(rows, dtype=torch.float64)
            else:
                inputs = torch.full((rows, 1), columns) if mask is None else mask.sum(1, keepdim=True)
                bound = inputs.clamp_min(1).double().rsqrt()
                weight = _uniform(rows, columns, generator) * bound
                bias = (_uniform(rows, 1, generator) * bound).squeeze(1)
            self.weights.append(nn.Parameter(weight))
            self.biases.append(nn.Parameter(bias))

    def masked_weights(self) -> list[Tensor]:
        """The weights with the masks multiplied in, first layer first."""
        masks = [getattr(self, f"mask_{i}") for i in range(len(self.weights))]
        return [w if mask is None else w * mask for w, mask in zip(self.weights, masks, strict=True)]

    def forward(self, x: Tensor) -> Tensor:
        act = ACTIVATIONS[self.activation]
        weights = self.masked_weights()
        last = len(weights) - 1
        h = x
        for i, (weight, bias) in enumerate(zip(weights, self.biases, strict=True)):
            out = F.linear(h, weight, bias)
            if i < last:
                out = act(out) + h if self.residual[i] else act(out)
            h = out
        return h


def mlp(spec: MLP, inputs: int, outputs: int, generator: torch.Generator, last_std: float) -> Network:
    """A fully connected network. Without inputs, hidden layers could only make constants: there are none then."""
    hidden = spec.hidden if inputs else ()
    return Network(
        (inputs, *hidden, outputs),
        spec.activation,
        residual=spec.residual,
        generator=generator,
        last_std=last_std,
    )


def made(
    spec: MADE, degrees: Tensor, outputs_each: int, generator: torch.Generator, last_std: float
) -> tuple[Network, list[Tensor]]:
    """A masked network (Germain et al. 2015, arXiv 1502.03509, eq. 8 and 9), and the degrees of its hidden layers.

    `degrees` (D,) is 1 for the coordinate that is predicted from nothing, D for the one predicted from all others. The
    outputs are `outputs_each` blocks of D. A layer narrower than D−1 cannot hold every degree; it spreads what it has.
    """
    dimensions = len(degrees)
    widths = spec.hidden if dimensions > 1 else ()
    hidden = [hidden_degrees(width, dimensions) for width in widths]
    seen = [degrees, *hidden]
    masks: list[Tensor | None] = [after[:, None] >= before[None, :] for before, after in itertools.pairwise(seen)]
    masks.append((degrees[:, None] > seen[-1][None, :]).repeat(outputs_each, 1))
    network = Network(
        (dimensions, *widths, outputs_each * dimensions),
        spec.activation,
        residual=spec.residual,
        masks=masks,
        generator=generator,
        last_std=last_std,
    )
    return network, hidden


def hidden_degrees(width: int, dimensions: int) -> Tensor:
    """Degrees 1..D−1 in turn; when there are fewer units than degrees, spread evenly up to D−1."""
    if width >= dimensions - 1:
        return torch.arange(width) % (dimensions - 1) + 1
    return torch.linspace(dimensions - 1, 1, width).round().long().flip(0)


def _uniform(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.rand(rows, columns, generator=generator, dtype=torch.float64) * 2.0 - 1.0


def bounded(raw: Tensor, bound: float) -> Tensor:
    """s = c·tanh(raw/c): the identity near 0, never beyond ±c."""
    return torch.tanh(raw / bound) * bound
