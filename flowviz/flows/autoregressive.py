"""Autoregressive layers: each coordinate is scaled and shifted by a masked network of those before it."""

from __future__ import annotations

import torch
from torch import Tensor

from .. import pipeline as specs
from .layer import FlowLayer
from .networks import bounded, made


class _Autoregressive(FlowLayer):
    """y_i = u_i · exp(s_i(u_<i)) + t_i(u_<i) in one pass; its inverse goes coordinate by coordinate."""

    def __init__(self, spec: specs.MAF | specs.IAF, dimensions: int, generator: torch.Generator) -> None:
        super().__init__(dimensions)
        self.log_scale_bound = spec.log_scale_bound
        degrees = torch.arange(1, dimensions + 1)
        if spec.order == "reversed":
            degrees = degrees.flip(0)
        self.order = [int(i) for i in degrees.argsort()]
        self.network, _ = made(spec.conditioner, degrees, 2, generator, spec.initial_std)

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.MAF | specs.IAF)
        self.log_scale_bound = spec.log_scale_bound

    def _scale_and_shift(self, u: Tensor) -> tuple[Tensor, Tensor]:
        out = self.network(u)
        return bounded(out[:, : self.dimensions], self.log_scale_bound), out[:, self.dimensions :]

    def _parallel(self, u: Tensor) -> tuple[Tensor, Tensor]:
        """u -> (y, Σ s)."""
        s, t = self._scale_and_shift(u)
        return u * s.exp() + t, s.sum(1)

    def _sequential(self, y: Tensor) -> tuple[Tensor, Tensor]:
        """y -> (u, −Σ s): D passes, each of which settles the next coordinate in the order."""
        u = torch.zeros_like(y)
        column = torch.arange(self.dimensions, device=y.device)
        total = y.new_zeros(y.shape[0])
        for i in self.order:
            s, t = self._scale_and_shift(u)
            u = torch.where(column == i, (y - t) * (-s).exp(), u)
            total = total - s[:, i]
        return u, total


class MAF(_Autoregressive):
    """z_i = x_i · exp(s_i(x_<i)) + t_i(x_<i); log|det dz/dx| = Σ s_i(x_<i), with s = c·tanh(raw/c).

    Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057, section 3.1 (their α is −s, and
    their μ is −t·exp(−s)). Density in one pass, samples coordinate by coordinate.
    """

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return self._parallel(x)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return self._sequential(z)


class IAF(_Autoregressive):
    """x_i = z_i · exp(s_i(z_<i)) + t_i(z_<i); log|det dz/dx| = −Σ s_i(z_<i): a MAF turned around.

    Kingma et al. 2016, Inverse autoregressive flow, arXiv 1606.04934, section 3. Samples in one pass, density coordinate
    by coordinate.
    """

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return self._sequential(x)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return self._parallel(z)
