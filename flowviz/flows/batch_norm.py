"""Batch normalisation as a layer of a flow."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from ..pipeline import say
from .layer import FlowLayer, Place

EPSILON = 1e-5
"""ε, added to every variance."""


class BatchNorm(FlowLayer):
    """z = (x − m)/√(v + ε) ⊙ exp(γ) + β; log|det dz/dx| = Σ γ − ½ log(v + ε), times the places of a channel.

    Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.7 and appendix E; with
    γ and β as in Papamakarios, Pavlakou, Murray 2017, arXiv 1705.07057, appendix B.

    m and v are a coordinate's (a channel's) running mean and variance. Only while it is trained, which is in training mode
    with gradients on, `normalize` takes mean and variance (divide by N) of the batch at hand instead, with their gradients,
    and moves the running ones towards them by the momentum. Such log-densities depend on the whole batch: they are good for
    learning, and are never shown. `generate` always takes the running ones, since a batch of x is not known before its end.

    `initialize` sets m and v from data; until then m = 0 and v + ε = 1, the identity.
    """

    mean: Tensor
    variance: Tensor
    initialized: Tensor

    def __init__(self, spec: specs.BatchNorm, place: Place) -> None:
        super().__init__(place)
        size = place.shape[0]
        self.momentum = spec.momentum
        self.log_scale = nn.Parameter(torch.zeros(size, dtype=torch.float64))
        self.shift = nn.Parameter(torch.zeros(size, dtype=torch.float64))
        self.register_buffer("mean", torch.zeros(size, dtype=torch.float64))
        self.register_buffer("variance", torch.full((size,), 1.0 - EPSILON, dtype=torch.float64))
        self.register_buffer("initialized", torch.tensor(False))

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.BatchNorm)
        self.momentum = spec.momentum

    def needs_data(self) -> bool:
        return not bool(self.initialized)

    @torch.no_grad()
    def initialize(self, x: Tensor) -> None:
        self.check(x)
        if self.initialized:
            return
        if not len(x):
            raise ValueError(say("Batch normalisation cannot be set from an empty batch; at least one point is wanted"))
        mean, variance = self._moments(x.double() if x.device.type != "mps" else x)
        self.mean.copy_(mean)
        # A constant coordinate is only centred: divided by √ε it would leave rounding of unit size.
        self.variance.copy_(torch.where(variance > 0.0, variance, 1.0 - EPSILON))
        self.initialized.fill_(True)

    def skip_initialization(self) -> None:
        self.initialized.fill_(True)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        mean, variance = self.mean, self.variance
        if self._learns(x):
            mean, variance = self._moments(x)
            with torch.no_grad():
                self.mean.lerp_(mean.detach(), self.momentum)
                self.variance.lerp_(variance.detach(), self.momentum)
        log_scale = self.log_scale - 0.5 * (variance + EPSILON).log()
        z = (x - self._wide(mean)) * self._wide(log_scale.exp()) + self._wide(self.shift)
        return z, self._log_det(log_scale).expand(len(x))

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        log_scale = self.log_scale - 0.5 * (self.variance + EPSILON).log()
        x = (z - self._wide(self.shift)) * self._wide((-log_scale).exp()) + self._wide(self.mean)
        return x, (-self._log_det(log_scale)).expand(len(z))

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        log_scale = self.log_scale - 0.5 * (self.variance + EPSILON).log()
        return self._wide(log_scale).expand(x.shape)

    def _learns(self, x: Tensor) -> bool:
        """Whether this pass is one of training, with more than one number for each mean."""
        return (
            self.training
            and torch.is_grad_enabled()
            and not torch._C._are_functorch_transforms_active()
            and x.numel() > x.shape[1]
        )

    def _moments(self, x: Tensor) -> tuple[Tensor, Tensor]:
        variance, mean = torch.var_mean(x, (0, *range(2, x.ndim)), correction=0)
        return mean, variance

    def _wide(self, values: Tensor) -> Tensor:
        """(C,) beside (B, C, *sides)."""
        return values.reshape(-1, *(1,) * (len(self.shape) - 1))

    def _log_det(self, log_scale: Tensor) -> Tensor:
        return log_scale.sum() * (self.dimensions // self.shape[0])
