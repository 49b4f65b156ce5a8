"""Spline layers: a network gives every changed number a rising rational-quadratic spline of its own.

Durkan, Bekasov, Murray, Papamakarios 2019, Neural spline flows, arXiv 1906.04032, section 3. Of the 3K − 1 raw parameters of
each number, in blocks of K widths, K heights and K − 1 slopes, the widths and heights are divided by √(the network's last
hidden width), as there: the bins of a new network are then nearly even, however wide it is.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from .halves import Halves, coupling_network
from .layer import FlowLayer, Place
from .networks import Network, evaluate, made, shown_one, with_context
from .ordered import OrderedNetwork, autoregressive_network
from .splines import spline
from .step import SplineForm, Step, take


def evenness(network: specs.NetworkSpec) -> float:
    """What the raw widths and heights that a network gives are multiplied by."""
    if isinstance(network, specs.MLP | specs.MADE):
        width = network.hidden[-1] if network.hidden else 1
    elif isinstance(network, specs.WaveNet):
        width = network.skip
    else:
        width = int(getattr(network, "channels", 1))
    return 1.0 / math.sqrt(width)


class _Splines(FlowLayer):
    """What the two have in common: the bins and their bound."""

    def __init__(self, spec: specs.SplineCoupling | specs.SplineAutoregressive, place: Place) -> None:
        super().__init__(place)
        self.parameters_each = 3 * spec.bins - 1
        self.form = SplineForm(spec.bins, spec.tail_bound, evenness(spec.conditioner))

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.SplineCoupling | specs.SplineAutoregressive)
        self.form = self.form._replace(bound=spec.tail_bound)

    def transform(self, x: Tensor, raw: Tensor, *, inverse: bool = False) -> tuple[Tensor, Tensor]:
        """x (...) and the network's raw parameters (3K − 1, ...) -> (y, log|dy/dx|), both (...)."""
        # In one row: torch is quicker so.
        flat = self.form.scaled(raw).reshape(self.parameters_each, -1)
        y, log_slopes = spline(x.reshape(-1), flat, self.form.bound, inverse=inverse)
        return y.reshape(x.shape), log_slopes.reshape(x.shape)

    def _step(self, network: nn.Module, given: slice, changed: slice, inverted: bool) -> tuple[Step, ...]:
        """A direction as one step, where the network is a dense one of vectors without context or dropout."""
        if not isinstance(network, Network) or len(self.shape) > 1 or self.context or network.dropout:
            return ()
        return (Step(given, changed, None, inverted, network.wiring, network.masks, network.numbers, self.form),)


class SplineCoupling(_Splines):
    """z_b = spline(x_b; θ(x_a)), z_a = x_a; log|det dz/dx| = Σ log spline′(x_b)."""

    def __init__(self, spec: specs.SplineCoupling, place: Place) -> None:
        super().__init__(spec, place)
        self.halves = Halves(spec.mask, place.shape)
        self.network = coupling_network(spec.conditioner, self.halves, self.parameters_each, place, spec.initial_std)

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        return self._step(self.network, self.halves.passed, self.halves.changed, generative)

    def _changed(self, x: Tensor, context: Tensor | None, *, inverse: bool) -> tuple[Tensor, Tensor]:
        """What becomes of the changed part of x, and its log slopes."""
        passed, changed = self.halves.take(x)
        raw = self.halves.parameters_of(self.network(passed, context), self.parameters_each)
        return self.transform(changed, raw.movedim(1, 0), inverse=inverse)

    def _through(self, x: Tensor, context: Tensor | None, *, inverse: bool) -> tuple[Tensor, Tensor]:
        self.check(x)
        steps = self.steps(generative=inverse)
        if steps:
            return take(x, steps)
        new, log_slopes = self._changed(x, context, inverse=inverse)
        return self.halves.put(x, new), log_slopes.flatten(1).sum(1)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self._through(x, context, inverse=False)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self._through(z, context, inverse=True)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self.halves.put(torch.zeros_like(x), self._changed(x, context, inverse=False)[1])


class SplineAutoregressive(_Splines):
    """z_i = spline(x_i; θ_i(x_<i)); log|det dz/dx| = Σ log spline′(x_i). Density in one pass, samples number by number.

    A MADE reads pictures and sequences flattened: channels, then rows, then columns.
    """

    def __init__(self, spec: specs.SplineAutoregressive, place: Place) -> None:
        super().__init__(spec, place)
        self.network: Network | OrderedNetwork
        self.order: list[int] = []
        if isinstance(spec.conditioner, specs.MADE):
            degrees = torch.arange(1, place.dimensions + 1)
            if spec.order == "reversed":
                degrees = degrees.flip(0)
            self.order = [int(i) for i in degrees.argsort()]
            self.network, _ = made(
                spec.conditioner, degrees, self.parameters_each, place.generator, spec.initial_std, place.context
            )
        else:
            self.network = autoregressive_network(
                spec.conditioner, place, self.parameters_each, spec.initial_std, spec.order
            )

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        given = everything = slice(None)
        steps = () if generative else self._step(self.network, given, everything, False)
        if not steps or self.dimensions != 2 or not self.order:
            return steps
        # Only the first coordinate is given to any.
        first = slice(self.order[0], self.order[0] + 1)
        return tuple(step._replace(given=first, inputs=first, masks=shown_one(step.masks, first)) for step in steps)

    def _each(self, x: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """z and log slopes, both (B, *shape)."""
        if isinstance(self.network, OrderedNetwork):
            return self.transform(x, self.network(x, context).movedim(2, 0))
        flat = x.flatten(1)
        raw = self.network(flat, context).reshape(len(x), self.parameters_each, self.dimensions)
        z, log_slopes = self.transform(flat, raw.movedim(1, 0))
        return z.reshape(x.shape), log_slopes.reshape(x.shape)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        steps = self.steps(generative=False)
        if steps:
            return take(x, steps)
        z, log_slopes = self._each(x, context)
        return z, log_slopes.flatten(1).sum(1)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self._each(x, context)[1]

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        if isinstance(self.network, OrderedNetwork):
            return self.network.one_by_one(z, self._solve, context)
        return self._one_by_one(self.network, z, context)

    def _solve(self, z: Tensor, raw: Tensor) -> tuple[Tensor, Tensor]:
        """One number (B,) and its parameters (B, 3K − 1) -> (x, log|dx/dz|)."""
        return self.transform(z, raw.T, inverse=True)

    def _one_by_one(self, network: Network, z: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """The MADE once for each number, of its last layer only the rows that this number needs."""
        weights, masks = list(network.numbers), list(network.masks)
        depth = len(masks)
        last, bias, mask = weights[depth - 1], weights[-1], masks[-1]
        numbers = z.flatten(1).unbind(1)
        # What is not known yet is masked out anyway; any number may stand for it.
        found = [torch.zeros_like(number) for number in numbers]
        total = z.new_zeros(len(z))
        for i in self.order:
            rows = slice(i, None, self.dimensions)
            weights[depth - 1], weights[-1] = last[rows], bias[rows]
            masks[-1] = None if mask is None else mask[rows]
            seen = with_context(torch.stack(found, 1), context)
            raw = evaluate(seen, weights, tuple(masks), network.wiring, network.dropout if self.training else 0.0)
            found[i], log_slope = self._solve(numbers[i], raw)
            total = total + log_slope
        return torch.stack(found, 1).reshape(z.shape), total
