"""Autoregressive layers: each coordinate is scaled and shifted by a masked network of those before it."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import pipeline as specs
from .layer import FlowLayer, Place
from .networks import ACTIVATIONS, Wiring, bounded, made
from .step import Step, take


class _Autoregressive(FlowLayer):
    """y_i = u_i · exp(s_i(u_<i)) + t_i(u_<i) in one pass; its inverse goes coordinate by coordinate.

    The network's outputs are a block of raw log-scales, then a block of shifts.
    """

    def __init__(self, spec: specs.MAF | specs.IAF, place: Place) -> None:
        super().__init__(place)
        self.log_scale_bound = spec.log_scale_bound
        dimensions = place.dimensions
        degrees = torch.arange(1, dimensions + 1)
        if spec.order == "reversed":
            degrees = degrees.flip(0)
        self.order = [int(i) for i in degrees.argsort()]
        self.network, hidden = made(spec.conditioner, degrees, 2, place.generator, spec.initial_std)
        self.up_to = [[int((layer <= degree).sum()) for degree in range(dimensions + 1)] for layer in hidden]
        """For each hidden layer, how many units have a degree of at most 0, 1, ..., D."""
        for i, layer in enumerate([degrees, *hidden]):
            self.register_buffer(f"by_degree_{i}", layer.argsort(stable=True), persistent=False)

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.MAF | specs.IAF)
        self.log_scale_bound = spec.log_scale_bound

    def _parallel_steps(self) -> tuple[Step, ...]:
        """u -> y in one step, whose network sees to it that each coordinate is given only those before it."""
        network, everything = self.network, slice(None)
        return (
            Step(
                everything,
                everything,
                self.log_scale_bound,
                False,
                network.wiring,
                network.masks,
                network.numbers,
            ),
        )

    def _sequential_steps(self) -> tuple[Step, ...]:
        """y -> u. With two coordinates one pass does: the first's scale and shift are constants, the second's a coupling's.

        Of the network's inputs only the first coordinate counts then, of its outputs only the second's: the masks leave
        nothing else.
        """
        weights, biases = self._numbers()
        first = self.order[0]
        here, bias = slice(first, first + 1), biases[-1]
        constant = (weights[-1].new_zeros(2, 0), bias[first :: self.dimensions])
        alone = Step(slice(0, 0), here, self.log_scale_bound, True, Wiring("relu", (False,)), (None,), constant)
        if self.dimensions == 1:
            return (alone,)
        if self.dimensions > 2:
            return ()
        second = self.order[1]
        weights[0] = weights[0][:, here]
        weights[-1], biases[-1] = weights[-1][second::2], bias[second::2]
        rest = Step(
            here,
            slice(second, second + 1),
            self.log_scale_bound,
            True,
            self.network.wiring,
            (None,) * len(weights),
            (*weights, *biases),
        )
        return (alone, rest)

    def parallel(self, u: Tensor) -> tuple[Tensor, Tensor]:
        """u (B, D) -> (y, Σ s), in one pass."""
        self.check(u)
        return take(u, self._parallel_steps())

    def sequential(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """y (B, D) -> (u, −Σ s), coordinate by coordinate."""
        self.check(y)
        steps = self._sequential_steps()
        return take(y, steps) if steps else self._one_by_one(y)

    def _numbers(self) -> tuple[list[Tensor], list[Tensor]]:
        """The network's weights and biases."""
        numbers = list(self.network.numbers)
        depth = len(numbers) // 2
        return numbers[:depth], numbers[depth:]

    def _one_by_one(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """Each hidden unit is computed once, as soon as all that it sees is known: D small steps, the work of one pass.

        A unit of degree d sees the coordinates up to the d-th in the order. With the units sorted by degree, those known
        after d coordinates are the first ones of each layer.
        """
        act = ACTIVATIONS[self.network.wiring.activation]
        all_weights, all_biases = self._numbers()
        orders = [getattr(self, f"by_degree_{i}") for i in range(len(all_weights))]
        pairs = list(itertools.pairwise(orders))
        weights = [W[after][:, before] for W, (before, after) in zip(all_weights, pairs, strict=False)]
        biases = [bias[after] for bias, (_, after) in zip(all_biases, pairs, strict=False)]
        last, last_bias = all_weights[-1][:, orders[-1]], all_biases[-1]
        known = [y.new_empty(len(y), 0) for _ in orders]
        columns: dict[int, Tensor] = {}
        total = y.new_zeros(len(y))
        for degree, i in enumerate(self.order, 1):
            rows = slice(i, None, self.dimensions)
            raw, t = F.linear(known[-1], last[rows, : known[-1].shape[1]], last_bias[rows]).unbind(1)
            s = bounded(raw, self.log_scale_bound)
            columns[i] = (y[:, i] - t) * torch.exp(-s)
            total = total - s
            known[0] = torch.cat((known[0], columns[i][:, None]), 1)
            for layer, (W, bias) in enumerate(zip(weights, biases, strict=True)):
                start, stop = self.up_to[layer][degree - 1], self.up_to[layer][degree]
                if start < stop:
                    seen = known[layer]
                    out = act(F.linear(seen, W[start:stop, : seen.shape[1]], bias[start:stop]))
                    if self.network.wiring.residual[layer]:
                        out = out + seen[:, start:stop]
                    known[layer + 1] = torch.cat((known[layer + 1], out), 1)
        return torch.stack([columns[i] for i in range(self.dimensions)], 1), total


class MAF(_Autoregressive):
    """z_i = x_i · exp(s_i(x_<i)) + t_i(x_<i); log|det dz/dx| = Σ s_i(x_<i), with s = c·tanh(raw/c).

    Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057, section 3.1 (their α is −s, and
    their μ is −t·exp(−s)). Density in one pass, samples coordinate by coordinate.
    """

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        return self._sequential_steps() if generative else self._parallel_steps()

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.parallel(x)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.sequential(z)


class IAF(_Autoregressive):
    """x_i = z_i · exp(s_i(z_<i)) + t_i(z_<i); log|det dz/dx| = −Σ s_i(z_<i): a MAF turned around.

    Kingma et al. 2016, Inverse autoregressive flow, arXiv 1606.04934, section 3. Samples in one pass, density coordinate
    by coordinate.
    """

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        return self._parallel_steps() if generative else self._sequential_steps()

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.sequential(x)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.parallel(z)
