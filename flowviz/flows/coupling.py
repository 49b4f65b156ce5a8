"""Couplings: a part of the event passes unchanged, and decides how the rest is transformed."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import pipeline as specs
from .halves import Halves, coupling_network
from .layer import FlowLayer, Place
from .networks import Network, bounded
from .step import Step, take


class _Coupling(FlowLayer):
    """Vectors without a context take the hand-written step; everything else goes through `Halves`."""

    def __init__(
        self,
        spec: specs.AffineCoupling | specs.AdditiveCoupling,
        place: Place,
        each: int,
    ) -> None:
        super().__init__(place)
        self.each = each
        self.halves = Halves(spec.mask, place.shape)
        self.network = coupling_network(spec.conditioner, self.halves, each, place, spec.initial_std)
        self.log_scale_bound: float | None = None

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        network, halves = self.network, self.halves
        if not isinstance(network, Network) or self.context or network.dropout:
            return ()
        return (
            Step(
                halves.passed,
                halves.changed,
                self.log_scale_bound,
                generative,
                network.wiring,
                network.masks,
                network.numbers,
            ),
        )

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        steps = self.steps(generative=False)
        if steps:
            return take(x, steps)
        changed, s, t = self._decided(x, context)
        if s is None:
            return self.halves.put(x, changed + t), x.new_zeros(len(x))
        return self.halves.put(x, torch.addcmul(t, changed, s.exp())), s.flatten(1).sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        steps = self.steps(generative=True)
        if steps:
            return take(z, steps)
        changed, s, t = self._decided(z, context)
        if s is None:
            return self.halves.put(z, changed - t), z.new_zeros(len(z))
        return self.halves.put(z, (changed - t) * torch.exp(-s)), -s.flatten(1).sum(1)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        nothing = torch.zeros_like(x)
        _, s, _ = self._decided(x, context)
        return nothing if s is None else self.halves.put(nothing, s)

    def _decided(self, x: Tensor, context: Tensor | None) -> tuple[Tensor, Tensor | None, Tensor]:
        """What changes, its log-scales (None for a shift alone) and its shifts, each (B, *changed)."""
        passed, changed = self.halves.take(x)
        out = self.halves.parameters_of(self.network(passed, context), self.each)
        if self.log_scale_bound is None:
            return changed, None, out[:, 0]
        return changed, bounded(out[:, 0], self.log_scale_bound), out[:, 1]


class AffineCoupling(_Coupling):
    """z_b = x_b · exp(s(x_a)) + t(x_a), z_a = x_a; log|det dz/dx| = Σ s(x_a), with s = c·tanh(raw/c).

    Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.2 to 3.4.
    The network's outputs are a block of raw log-scales, then a block of shifts, along the channels. The sum is over the
    elements that change: all places of the changed channels, or the changed places of a checkerboard.
    """

    def __init__(self, spec: specs.AffineCoupling, place: Place) -> None:
        super().__init__(spec, place, 2)
        self.log_scale_bound = spec.log_scale_bound

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.AffineCoupling)
        self.log_scale_bound = spec.log_scale_bound


class AdditiveCoupling(_Coupling):
    """z_b = x_b + m(x_a), z_a = x_a; log|det dz/dx| = 0.

    Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.2.
    """

    def __init__(self, spec: specs.AdditiveCoupling, place: Place) -> None:
        super().__init__(spec, place, 1)
