"""Autoregressive layers: each number is scaled and shifted by an ordered network of those before it."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor

from .. import pipeline as specs
from .dropout import left_out
from .layer import FlowLayer, Place
from .networks import ACTIVATIONS, Network, Wiring, bounded, made, shown_one
from .ordered import OrderedNetwork, autoregressive_network
from .step import Step, take


class _Autoregressive(FlowLayer):
    """y_i = u_i · exp(s_i(u_<i)) + t_i(u_<i) in one pass; its inverse goes number by number.

    A MADE reads a picture or a sequence flattened; its outputs are a block of raw log-scales, then a block of shifts. The
    other networks say (raw log-scale, shift) of every channel of every place.
    """

    def __init__(self, spec: specs.MAF | specs.IAF, place: Place) -> None:
        super().__init__(place)
        self.log_scale_bound = spec.log_scale_bound
        self.network: Network | OrderedNetwork
        if not isinstance(spec.conditioner, specs.MADE):
            self.network = autoregressive_network(spec.conditioner, place, 2, spec.initial_std, spec.order)
            return
        dimensions = place.dimensions
        degrees = torch.arange(1, dimensions + 1)
        if spec.order == "reversed":
            degrees = degrees.flip(0)
        self.order = [int(i) for i in degrees.argsort()]
        self.network, hidden = made(
            spec.conditioner, degrees, 2, place.generator, spec.initial_std, context=place.context
        )
        self.up_to = [[int((layer <= degree).sum()) for degree in range(dimensions + 1)] for layer in hidden]
        """For each hidden layer, how many units have a degree of at most 0, 1, ..., D."""
        inputs = torch.cat((degrees, degrees.new_zeros(place.context)))
        for i, layer in enumerate([inputs, *hidden]):
            self.register_buffer(f"by_degree_{i}", layer.argsort(stable=True), persistent=False)

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.MAF | specs.IAF)
        self.log_scale_bound = spec.log_scale_bound

    def _plain(self) -> bool:
        """Whether a direction can be made of steps: a MADE without dropout, of vectors without context."""
        network = self.network
        return isinstance(network, Network) and len(self.shape) == 1 and not self.context and not network.dropout

    def _parallel_steps(self) -> tuple[Step, ...]:
        """u -> y in one step, whose network sees to it that each coordinate is given only those before it.

        Of two coordinates only the first is given to any: the network's first layer need not see the other.
        """
        network = self.network
        if not isinstance(network, Network) or not self._plain():
            return ()
        given, inputs, masks = slice(None), None, network.masks
        if self.dimensions == 2:
            given = inputs = slice(self.order[0], self.order[0] + 1)
            masks = shown_one(masks, inputs)
        return (
            Step(
                given,
                slice(None),
                self.log_scale_bound,
                False,
                network.wiring,
                masks,
                network.numbers,
                inputs=inputs,
            ),
        )

    def _sequential_steps(self) -> tuple[Step, ...]:
        """y -> u. With two coordinates one pass does: the first's scale and shift are constants, the second's a coupling's.

        Of the network's inputs only the first coordinate counts then, of its outputs only the second's: the masks leave
        nothing else.
        """
        network = self.network
        if not isinstance(network, Network) or not self._plain() or self.dimensions > 2:
            return ()
        first, *others = self.order
        here, constants = slice(first, first + 1), slice(first, None, self.dimensions)
        bound, wiring, numbers, masks = self.log_scale_bound, network.wiring, network.numbers, network.masks
        if not others:
            # Whatever layers the network has, they see nothing.
            nothing = (numbers[-1].new_zeros(2, 0), numbers[-1])
            return (Step(slice(0, 0), here, bound, True, Wiring("relu", (False,)), (None,), nothing),)
        (second,) = others
        return (
            Step(
                here,
                slice(second, second + 1),
                bound,
                True,
                wiring,
                (None,) * len(masks),
                numbers,
                inputs=here,
                outputs=slice(second, None, 2),
                constants=constants,
            ),
        )

    def scales_and_shifts(self, u: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """s and t of u (B, *shape), of the same shape each."""
        if isinstance(self.network, Network):
            raw, t = self.network(u.flatten(1), context).chunk(2, 1)
            raw, t = raw.reshape(u.shape), t.reshape(u.shape)
        else:
            raw, t = self.network(u, context).unbind(2)
        return bounded(raw, self.log_scale_bound), t

    def parallel(self, u: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """u (B, *shape) -> (y, Σ s), in one pass."""
        self.check(u)
        steps = self._parallel_steps()
        if steps:
            return take(u, steps)
        s, t = self.scales_and_shifts(u, context)
        return u * torch.exp(s) + t, s.flatten(1).sum(1)

    def sequential(self, y: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """y (B, *shape) -> (u, −Σ s), number by number."""
        self.check(y)
        steps = self._sequential_steps()
        if steps:
            return take(y, steps)
        if isinstance(self.network, OrderedNetwork):
            return self.network.one_by_one(y, self._undone, context)
        u, total = self._one_by_one(self.network, y.flatten(1), context)
        return u.reshape(y.shape), total

    def _undone(self, y: Tensor, parameters: Tensor) -> tuple[Tensor, Tensor]:
        """y_i (B,), (raw, t) (B, 2) -> (u_i, −s_i)."""
        raw, t = parameters.unbind(1)
        s = bounded(raw, self.log_scale_bound)
        return (y - t) * torch.exp(-s), -s

    def _one_by_one(self, network: Network, y: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """Each hidden unit is computed once, as soon as all that it sees is known: D small steps, the work of one pass.

        A unit of degree d sees the coordinates up to the d-th in the order, one of degree 0 the context alone. With the
        units sorted by degree, those known after d coordinates are the first ones of each layer.
        """
        act = ACTIVATIONS[network.wiring.activation]
        dropout = network.dropout if self.training else 0.0
        all_weights, all_biases = _weights_and_biases(network)
        orders = [getattr(self, f"by_degree_{i}") for i in range(len(all_weights))]
        pairs = list(itertools.pairwise(orders))
        weights = [W[after][:, before] for W, (before, after) in zip(all_weights, pairs, strict=False)]
        biases = [bias[after] for bias, (_, after) in zip(all_biases, pairs, strict=False)]
        last, last_bias = all_weights[-1][:, orders[-1]], all_biases[-1]
        nothing = y.new_empty(len(y), 0)
        known = [nothing if context is None else context.to(y), *[nothing] * (len(orders) - 1)]

        def learn(degree: int) -> None:
            for layer, (W, bias) in enumerate(zip(weights, biases, strict=True)):
                start, stop = self.up_to[layer][degree - 1] if degree else 0, self.up_to[layer][degree]
                if start < stop:
                    seen = known[layer]
                    out = act(F.linear(seen, W[start:stop, : seen.shape[1]], bias[start:stop]))
                    if dropout:
                        out = left_out(out, dropout)
                    if network.wiring.residual[layer]:
                        out = out + seen[:, start:stop]
                    known[layer + 1] = torch.cat((known[layer + 1], out), 1)

        learn(0)
        columns: dict[int, Tensor] = {}
        total = y.new_zeros(len(y))
        for degree, i in enumerate(self.order, 1):
            rows = slice(i, None, self.dimensions)
            parameters = F.linear(known[-1], last[rows, : known[-1].shape[1]], last_bias[rows])
            columns[i], log_det = self._undone(y[:, i], parameters)
            total = total + log_det
            known[0] = torch.cat((known[0], columns[i][:, None]), 1)
            learn(degree)
        return torch.stack([columns[i] for i in range(self.dimensions)], 1), total


def _weights_and_biases(network: Network) -> tuple[list[Tensor], list[Tensor]]:
    numbers = list(network.numbers)
    depth = len(numbers) // 2
    return numbers[:depth], numbers[depth:]


class MAF(_Autoregressive):
    """z_i = x_i · exp(s_i(x_<i)) + t_i(x_<i); log|det dz/dx| = Σ s_i(x_<i), with s = c·tanh(raw/c).

    Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057, section 3.1 (their α is −s, and
    their μ is −t·exp(−s)). Density in one pass, samples number by number.
    """

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        return self._sequential_steps() if generative else self._parallel_steps()

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self.scales_and_shifts(x, context)[0]

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.parallel(x, context)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.sequential(z, context)


class IAF(_Autoregressive):
    """x_i = z_i · exp(s_i(z_<i)) + t_i(z_<i); log|det dz/dx| = −Σ s_i(z_<i): a MAF turned around.

    Kingma et al. 2016, Inverse autoregressive flow, arXiv 1606.04934, section 3. Samples in one pass, density number by
    number.
    """

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        return self._parallel_steps() if generative else self._sequential_steps()

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        return -self.scales_and_shifts(self.sequential(x, context)[0], context)[0]

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.sequential(x, context)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self.parallel(z, context)
