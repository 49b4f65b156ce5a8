"""Couplings: some coordinates pass unchanged, and decide how the others are transformed."""

from __future__ import annotations

from torch import Tensor

from .. import pipeline as specs
from .layer import FlowLayer, Place
from .networks import mlp
from .step import Step, take


def split(mask: str, dimensions: int) -> tuple[slice, slice]:
    """(passed through, transformed) as slices, since views cost nothing. 'first_half' is the larger half when D is odd.

    With D = 1 there is nothing to condition on: the one coordinate is transformed, by constants.
    """
    half = (dimensions + 1) // 2
    parts = {
        "even": (slice(0, None, 2), slice(1, None, 2)),
        "odd": (slice(1, None, 2), slice(0, None, 2)),
        "first_half": (slice(0, half), slice(half, None)),
        "second_half": (slice(half, None), slice(0, half)),
    }
    return parts[mask] if dimensions > 1 else (slice(0, 0), slice(0, 1))


class _Coupling(FlowLayer):
    def __init__(
        self,
        spec: specs.AffineCoupling | specs.AdditiveCoupling,
        place: Place,
        each: int,
    ) -> None:
        super().__init__(place)
        self.passed, self.changed = split(spec.mask, place.dimensions)
        columns = range(place.dimensions)
        inputs, outputs = len(columns[self.passed]), each * len(columns[self.changed])
        self.network = mlp(spec.conditioner, inputs, outputs, place.generator, spec.initial_std)
        self.log_scale_bound: float | None = None

    def steps(self, *, generative: bool) -> tuple[Step, ...]:
        network = self.network
        return (
            Step(
                self.passed,
                self.changed,
                self.log_scale_bound,
                generative,
                network.wiring,
                network.masks,
                network.numbers,
            ),
        )

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return take(x, self.steps(generative=False))

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return take(z, self.steps(generative=True))


class AffineCoupling(_Coupling):
    """z_b = x_b · exp(s(x_a)) + t(x_a), z_a = x_a; log|det dz/dx| = Σ s(x_a), with s = c·tanh(raw/c).

    Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.2 and 3.3.
    The network's outputs are a block of raw log-scales, then a block of shifts.
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
