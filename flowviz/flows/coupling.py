"""Couplings: some coordinates pass unchanged, and decide how the others are transformed."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import pipeline as specs
from .layer import FlowLayer
from .networks import bounded, mlp


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
        dimensions: int,
        each: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__(dimensions)
        self.mask = spec.mask
        self.passed, self.changed = split(spec.mask, dimensions)
        columns = range(dimensions)
        self.count = len(columns[self.changed])
        inputs = len(columns[self.passed])
        self.network = mlp(spec.conditioner, inputs, each * self.count, generator, spec.initial_std)

    def join(self, passed: Tensor, changed: Tensor) -> Tensor:
        """The two parts back in their places."""
        if self.dimensions == 1:
            return changed
        if self.dimensions == 2 or self.mask.endswith("half"):
            first = self.mask in ("even", "first_half")
            return torch.cat((passed, changed) if first else (changed, passed), 1)
        joined = passed.new_empty(passed.shape[0], self.dimensions)
        joined[:, self.passed] = passed
        joined[:, self.changed] = changed
        return joined


class AffineCoupling(_Coupling):
    """z_b = x_b · exp(s(x_a)) + t(x_a), z_a = x_a; log|det dz/dx| = Σ s(x_a), with s = c·tanh(raw/c).

    Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, eq. 4 to 6 and 8.
    The network's outputs are a block of raw log-scales, then a block of shifts.
    """

    def __init__(self, spec: specs.AffineCoupling, dimensions: int, generator: torch.Generator) -> None:
        super().__init__(spec, dimensions, 2, generator)
        self.log_scale_bound = spec.log_scale_bound

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.AffineCoupling)
        self.log_scale_bound = spec.log_scale_bound

    def _scale_and_shift(self, passed: Tensor) -> tuple[Tensor, Tensor]:
        out = self.network(passed)
        return bounded(out[:, : self.count], self.log_scale_bound), out[:, self.count :]

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        passed = x[:, self.passed]
        s, t = self._scale_and_shift(passed)
        return self.join(passed, x[:, self.changed] * s.exp() + t), s.sum(1)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        passed = z[:, self.passed]
        s, t = self._scale_and_shift(passed)
        return self.join(passed, (z[:, self.changed] - t) * (-s).exp()), -s.sum(1)


class AdditiveCoupling(_Coupling):
    """z_b = x_b + m(x_a), z_a = x_a; log|det dz/dx| = 0.

    Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.2.
    """

    def __init__(self, spec: specs.AdditiveCoupling, dimensions: int, generator: torch.Generator) -> None:
        super().__init__(spec, dimensions, 1, generator)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        passed = x[:, self.passed]
        return self.join(passed, x[:, self.changed] + self.network(passed)), x.new_zeros(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        passed = z[:, self.passed]
        return self.join(passed, z[:, self.changed] - self.network(passed)), z.new_zeros(z.shape[0])
