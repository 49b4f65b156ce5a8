"""Couplings: a part of the event passes unchanged, and decides how the rest is transformed."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import pipeline as specs
from .convnet import ConvolutionalNet
from .halves import Halves, coupling_network
from .layer import FlowLayer, Place
from .networks import Network, bounded
from .picture_step import Affine, couple, transform
from .step import Step, take


class _Coupling(FlowLayer):
    """Vectors without a context take the hand-written step, pictures theirs; everything else goes through `Halves`."""

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
        return self._transformed(x, context, generative=False)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        return self._transformed(z, context, generative=True)

    def _transformed(self, x: Tensor, context: Tensor | None, *, generative: bool) -> tuple[Tensor, Tensor]:
        """Both directions: by the hand-written step of vectors, by that of pictures, or plainly."""
        self.check(x)
        steps = self.steps(generative=generative)
        if steps:
            return take(x, steps)
        network, affine = self.network, Affine(self.halves, self.log_scale_bound, generative)
        if isinstance(network, ConvolutionalNet) and network.by_hand(x):
            return couple(x, network.extra(x, context), affine, network.plan, network.numbers)
        return transform(x, network(self.halves.take(x)[0], context), affine)

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        nothing = torch.zeros_like(x)
        if self.log_scale_bound is None:
            return nothing
        out = self.halves.parameters_of(self.network(self.halves.take(x)[0], context), self.each)
        return self.halves.put(nothing, bounded(out[:, 0], self.log_scale_bound))


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
