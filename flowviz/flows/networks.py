"""Conditioners: networks that give a layer its log-scales and shifts. Plain and masked, with or without residuals."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import MADE, MLP
from .dropout import left_out
from .products import linear

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "silu": F.silu,
    "elu": F.elu,
}
IN_PLACE: dict[str, Callable[[Tensor], Tensor]] = {"relu": torch.relu_, "tanh": torch.tanh_}
"""Activations whose gradient is known from their output, so that they may overwrite their input."""
_aten = torch.ops.aten
_threshold_backward = _aten.threshold_backward
DERIVATIVES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "relu": lambda grad, out: _threshold_backward.grad_input(grad, out, 0, grad_input=grad),
    "tanh": lambda grad, out: _aten.tanh_backward.grad_input(grad, out, grad_input=grad),
    "gelu": lambda grad, pre: _aten.gelu_backward.grad_input(grad, pre, grad_input=grad),
    "silu": lambda grad, pre: _aten.silu_backward.grad_input(grad, pre, grad_input=grad),
    "elu": lambda grad, pre: _aten.elu_backward.grad_input(grad, 1.0, 1.0, 1.0, False, pre, grad_input=grad),
}
"""(gradient of the output, output if it is one of the above, else input) -> gradient of the input, in its place."""


class Wiring(NamedTuple):
    """How a network's numbers are used: h ← act(W h + b) for each layer but the last, which has no activation."""

    activation: str
    residual: tuple[bool, ...]
    """For each layer, whether its input is added to its output."""


Masks = tuple[Tensor | None, ...]
"""For each layer, what its weight is multiplied by; None leaves it whole."""


def evaluate(x: Tensor, parameters: Sequence[Tensor], masks: Masks, wiring: Wiring, dropout: float = 0.0) -> Tensor:
    """The network's output (B, O) at x (B, I). The parameters are all weights, then all biases.

    `dropout`: the share of each hidden layer's units that are left out here, at random.
    """
    act = ACTIVATIONS[wiring.activation]
    depth = len(masks)
    h = x
    for i, mask in enumerate(masks):
        out = linear(h, masked(parameters[i], mask), parameters[depth + i])
        if i < depth - 1:
            out = act(out)
            if dropout:
                out = left_out(out, dropout)
            out = out + h if wiring.residual[i] else out
        h = out
    return h


def with_context(x: Tensor, context: Tensor | None) -> Tensor:
    """x (B, I) with its context (B, C) behind it, where there is one."""
    return x if context is None else torch.cat((x, context.to(x)), 1)


def shown_one(masks: Masks, columns: slice) -> Masks:
    """The masks of a MADE of two coordinates that is shown the first of its order only, the `columns` of its first weight.

    The other coordinate decides nothing: the masks leave nothing of it.
    """
    mask = masks[0]
    return (None if mask is None or len(masks) > 1 else mask[:, columns], *masks[1:])


def masked(weight: Tensor, mask: Tensor | None) -> Tensor:
    """The weight with what the mask forbids set to 0."""
    return weight if mask is None else weight * mask


class Network(nn.Module):
    """h ← act(W h + b) for each hidden layer, then out = W h + b; residual: h ← h + act(W h + b) where widths agree.

    x (B, sizes[0]) -> (B, sizes[-1]); a context (B, C) counts as the last C of the inputs. `masks` (one a weight) are
    multiplied into the weights. The hidden weights are uniform in ±1/√(inputs that the mask leaves); the last layer is
    normal with `last_std`, and zero at 0. `dropout` leaves out hidden units while training.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activation: str,
        *,
        residual: bool,
        masks: Sequence[Tensor] = (),
        generator: torch.Generator,
        last_std: float,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.dropout = dropout
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        last = len(shapes) - 1
        self.wiring = Wiring(
            activation, tuple(residual and 0 < i < last and rows == columns for i, (rows, columns) in enumerate(shapes))
        )
        biases = []
        for i, (rows, columns) in enumerate(shapes):
            mask = masks[i] if masks else torch.ones(rows, columns, dtype=torch.bool)
            # A mask of ones would only cost time.
            self.register_buffer(f"mask_{i}", None if bool(mask.all()) else mask.double(), persistent=False)
            if i == last:
                weight = torch.randn(rows, columns, generator=generator, dtype=torch.float64) * last_std
                bias = torch.zeros(rows, dtype=torch.float64)
            else:
                bound = mask.sum(1, keepdim=True).clamp_min(1).double().rsqrt()
                weight = _uniform(rows, columns, generator) * bound
                bias = (_uniform(rows, 1, generator) * bound).squeeze(1)
            self.register_parameter(f"weight_{i}", nn.Parameter(weight))
            biases.append(bias)
        for i, bias in enumerate(biases):
            self.register_parameter(f"bias_{i}", nn.Parameter(bias))

    @property
    def numbers(self) -> tuple[Tensor, ...]:
        """All weights, then all biases: the order in which they were registered."""
        return tuple(self._parameters.values())  # type: ignore[arg-type]

    @property
    def masks(self) -> Masks:
        return tuple(self._buffers.values())

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        dropout = self.dropout if self.training else 0.0
        return evaluate(with_context(x, context), self.numbers, self.masks, self.wiring, dropout)


def mlp(spec: MLP, inputs: int, outputs: int, generator: torch.Generator, last_std: float, context: int = 0) -> Network:
    """A fully connected network of `inputs` numbers and `context` more.

    Without inputs, hidden layers could only make constants: there are none then.
    """
    seen = inputs + context
    return Network(
        (seen, *(spec.hidden if seen else ()), outputs),
        spec.activation,
        residual=spec.residual,
        generator=generator,
        last_std=last_std,
        dropout=spec.dropout,
    )


def made(
    spec: MADE, degrees: Tensor, each: int, generator: torch.Generator, last_std: float, context: int = 0
) -> tuple[Network, list[Tensor]]:
    """A masked network (Germain et al. 2015, MADE, arXiv 1502.03509, eq. 8 and 9), and the degrees of its hidden layers.

    `degrees` (D,) is 1 for the coordinate that is predicted from nothing, D for the one predicted from all others. The
    outputs are `each` blocks of D. A layer narrower than D−1 cannot hold every degree; it spreads those that it has.

    The `context` numbers come after the D, with degree 0: every output may see them. Some hidden units have degree 0 then,
    too, so that the first coordinate is conditioned as the others are.
    """
    dimensions = len(degrees)
    lowest = 0 if context else 1
    widths = spec.hidden if dimensions > lowest else ()
    hidden = [hidden_degrees(width, dimensions, lowest) for width in widths]
    inputs = torch.cat((degrees, degrees.new_zeros(context)))
    masks = [after[:, None] >= before[None, :] for before, after in itertools.pairwise([inputs, *hidden])]
    masks.append((degrees[:, None] > [inputs, *hidden][-1][None, :]).repeat(each, 1))
    network = Network(
        (dimensions + context, *widths, each * dimensions),
        spec.activation,
        residual=spec.residual,
        masks=masks,
        generator=generator,
        last_std=last_std,
        dropout=spec.dropout,
    )
    return network, hidden


def hidden_degrees(width: int, dimensions: int, lowest: int = 1) -> Tensor:
    """Degrees 1..D−1 (from 0 with a context) in turn; when there are fewer units than degrees, spread evenly up to D−1."""
    if width >= dimensions - lowest:
        return torch.arange(width) % (dimensions - lowest) + lowest
    if not lowest:
        return torch.linspace(dimensions - 1, 0, width).round().long().flip(0)
    return torch.linspace(dimensions - 1, 1, width + 1)[:width].round().long().flip(0)


def bounded(raw: Tensor, bound: float) -> Tensor:
    """s = c·tanh(raw/c): the identity near 0, never beyond ±c."""
    return torch.tanh(raw / bound) * bound


def _uniform(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.rand(rows, columns, generator=generator, dtype=torch.float64) * 2.0 - 1.0
