"""Linear layers: diagonal scaling, ActNorm, an invertible matrix, and permutations."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from ..pipeline import say
from .layer import FlowLayer, Place


class Scaling(FlowLayer):
    """z = x ⊙ exp(s); log|det dz/dx| = Σ s (Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.3)."""

    def __init__(self, spec: specs.Scaling, place: Place) -> None:
        super().__init__(place)
        self.log_scale = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return x * self.log_scale.exp(), self.log_scale.sum().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return z * (-self.log_scale).exp(), (-self.log_scale.sum()).expand(z.shape[0])


class ActNorm(FlowLayer):
    """z = x ⊙ exp(s) + b; log|det dz/dx| = Σ s (Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1).

    `initialize` sets s and b so that the batch comes out with mean 0 and variance 1 (divide by N). A column whose
    standard deviation is below 1e-7 of its largest absolute value is constant but for rounding: it is only centred.
    """

    initialized: Tensor

    def __init__(self, spec: specs.ActNorm, place: Place) -> None:
        super().__init__(place)
        self.log_scale = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))
        self.shift = nn.Parameter(torch.zeros(place.dimensions, dtype=torch.float64))
        self.register_buffer("initialized", torch.tensor(False))

    def needs_data(self) -> bool:
        return not bool(self.initialized)

    @torch.no_grad()
    def initialize(self, x: Tensor) -> None:
        self.check(x)
        if self.initialized:
            return
        if x.shape[0] == 0:
            raise ValueError(say("ActNorm cannot be set from an empty batch; at least one point is wanted"))
        mean, std = moments(x)
        log_scale = -std.log()
        self.log_scale.copy_(log_scale)
        self.shift.copy_(-mean * log_scale.exp())
        self.initialized.fill_(True)

    def skip_initialization(self) -> None:
        self.initialized.fill_(True)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return torch.addcmul(self.shift, x, self.log_scale.exp()), self.log_scale.sum().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return (z - self.shift) * (-self.log_scale).exp(), (-self.log_scale.sum()).expand(z.shape[0])


class Linear(FlowLayer):
    """z = W x; log|det dz/dx| = log|det W| (Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.2, eq. 10 and 11).

    'plu': W = P L (U + diag(s)), L unit lower and U strictly upper triangular, P and the signs of s fixed, log|s| learned:
    the log-determinant is Σ log|s|, and the inverse two triangular solves. 'plain': W itself; its determinant and inverse
    are computed in float64.
    """

    order: Tensor
    sign: Tensor

    def __init__(self, spec: specs.Linear, place: Place) -> None:
        super().__init__(place)
        self.parameterization = spec.parameterization
        size = place.dimensions
        W = torch.eye(size, dtype=torch.float64) if spec.start == "identity" else rotation(size, place.generator)
        if self.parameterization == "plain":
            self.weight = nn.Parameter(W)
            return
        P, L, U = torch.linalg.lu(W)
        diagonal = U.diagonal()
        self.lower = nn.Parameter(L.tril(-1))
        self.upper = nn.Parameter(U.triu(1))
        self.log_diagonal = nn.Parameter(diagonal.abs().log())
        self.register_buffer("sign", diagonal.sign())
        self.register_buffer("order", P.argmax(1))

    def _factors(self) -> tuple[Tensor, Tensor]:
        """L and U + diag(s)."""
        L = self.lower.tril(-1) + torch.eye(self.dimensions, dtype=self.lower.dtype, device=self.lower.device)
        return L, self.upper.triu(1) + torch.diag(self.sign * self.log_diagonal.exp())

    def matrix(self) -> Tensor:
        """W (D, D)."""
        if self.parameterization == "plain":
            return self.weight
        L, U = self._factors()
        return (L @ U)[self.order]

    def _log_det(self) -> Tensor:
        if self.parameterization == "plain":
            log_det: Tensor = torch.linalg.slogdet(_double(self.weight))[1].to(self.weight)
            return log_det
        return self.log_diagonal.sum()

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return x @ self.matrix().T, self._log_det().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        log_det = (-self._log_det()).expand(z.shape[0])
        if self.parameterization == "plain":
            return z @ torch.linalg.inv(_double(self.weight)).to(self.weight).T, log_det
        L, U = self._factors()
        y = z[:, self.order.argsort()].T
        y = torch.linalg.solve_triangular(L, y, upper=False, unitriangular=True)
        return torch.linalg.solve_triangular(U, y, upper=True).T, log_det


class Permutation(FlowLayer):
    """z_i = x_π(i); log|det dz/dx| = 0. 'reverse', or one fixed random order, which is never the identity when D > 1."""

    order: Tensor

    def __init__(self, spec: specs.Permutation, place: Place) -> None:
        super().__init__(place)
        dimensions = place.dimensions
        identity = torch.arange(dimensions)
        order = identity.flip(0)
        if spec.order == "random" and dimensions > 1:
            own = torch.Generator().manual_seed(spec.seed)
            order = torch.randperm(dimensions, generator=own)
            while bool((order == identity).all()):
                order = torch.randperm(dimensions, generator=own)
        self.register_buffer("order", order)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return x[:, self.order], x.new_zeros(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return z[:, self.order.argsort()], z.new_zeros(z.shape[0])


def moments(x: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation (divide by N) of each column, in float64; 1 for the deviation of a constant column."""
    values = _double(x)
    mean, std = values.mean(0), values.std(0, correction=0)
    constant = std <= 1e-7 * values.abs().amax(0)
    return mean, torch.where(constant, torch.ones_like(std), std)


def rotation(dimensions: int, generator: torch.Generator) -> Tensor:
    """A random rotation (D, D) in float64: determinant +1."""
    Q: Tensor
    Q, R = torch.linalg.qr(torch.randn(dimensions, dimensions, generator=generator, dtype=torch.float64))
    Q = Q * R.diagonal().sign()
    if torch.linalg.det(Q) < 0:
        Q[:, 0] = -Q[:, 0]
    return Q


def _double(values: Tensor) -> Tensor:
    """In float64; MPS has none, so there on the CPU."""
    return (values.cpu() if values.device.type == "mps" else values).double()
