"""Linear layers: diagonal scaling, ActNorm, an invertible matrix, and permutations, of coordinates or of channels."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .. import pipeline as specs
from ..pipeline import say
from .layer import FlowLayer, Place
from .plu import PLU, multiply


class Scaling(FlowLayer):
    """z = x ⊙ exp(s), one s an element; log|det dz/dx| = Σ s (Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516, section 3.3)."""

    def __init__(self, spec: specs.Scaling, place: Place) -> None:
        super().__init__(place)
        self.log_scale = nn.Parameter(torch.zeros(place.shape, dtype=torch.float64))

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return x * self.log_scale.exp(), self.log_scale.sum().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return z * (-self.log_scale).exp(), (-self.log_scale.sum()).expand(z.shape[0])

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self.log_scale.expand(x.shape)


class ScaleAndShift(FlowLayer):
    """z = x ⊙ exp(s) + b with s and b of shape `size`, the event's shape or its front; log|det dz/dx| = places · Σ s.

    `initialize` sets s and b so that the batch comes out with mean 0 and variance 1 (divide by their count), each number of
    s and b from all points and all places that it acts on. What has a standard deviation below 1e-7 of its largest absolute
    value is constant but for rounding: it is only centred.
    """

    initialized: Tensor

    def __init__(self, place: Place, size: specs.EventShape) -> None:
        super().__init__(place)
        self.places = place.dimensions // math.prod(size)
        self.wide = (*size, *(1 for _ in place.shape[len(size) :]))
        """The shape that s and b have beside an event."""
        self.log_scale = nn.Parameter(torch.zeros(size, dtype=torch.float64))
        self.shift = nn.Parameter(torch.zeros(size, dtype=torch.float64))
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
        rows = x.reshape(len(x), self.log_scale.numel(), self.places).transpose(1, 2).flatten(0, 1)
        mean, std = (moment.reshape(self.log_scale.shape) for moment in moments(rows))
        log_scale = -std.log()
        self.log_scale.copy_(log_scale)
        self.shift.copy_(-mean * log_scale.exp())
        self.initialized.fill_(True)

    def skip_initialization(self) -> None:
        self.initialized.fill_(True)

    def _log_det(self) -> Tensor:
        return self.log_scale.sum() * self.places

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        scale, shift = self.log_scale.exp().reshape(self.wide), self.shift.reshape(self.wide)
        return torch.addcmul(shift, x, scale), self._log_det().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        scale, shift = (-self.log_scale).exp().reshape(self.wide), self.shift.reshape(self.wide)
        return (z - shift) * scale, (-self._log_det()).expand(z.shape[0])

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return self.log_scale.reshape(self.wide).expand(x.shape)


class ActNorm(ScaleAndShift):
    """z = x ⊙ exp(s) + b, one s and b a coordinate, or a channel; log|det dz/dx| = Σ s, times the places of a channel.

    Set from the first batch (Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.1).
    """

    def __init__(self, spec: specs.ActNorm, place: Place) -> None:
        super().__init__(place, place.shape[:1])


class Linear(FlowLayer):
    """z = W x, at every place of a picture or sequence the same W (C, C) on its channels; log|det dz/dx| = places · log|det W|.

    Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.2, eq. 10 and 11.

    'plu': W = P L (U + diag(s)), L unit lower and U strictly upper triangular, P and the signs of s fixed, log|s| learned:
    the log-determinant is Σ log|s|, and the inverse two triangular solves. 'plain': W itself; its determinant and inverse
    are computed in float64.
    """

    order: Tensor
    sign: Tensor

    def __init__(self, spec: specs.Linear, place: Place) -> None:
        super().__init__(place)
        self.parameterization = spec.parameterization
        size = self.channels = place.shape[0]
        self.places = place.dimensions // size
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

    @property
    def _plu(self) -> PLU:
        return PLU(self.lower, self.upper, self.log_diagonal, self.sign, self.order)

    def matrix(self) -> Tensor:
        """W (C, C)."""
        return self.weight if self.parameterization == "plain" else self._plu.matrix()

    def _log_det(self) -> Tensor:
        """log|det W|, times the places that it acts at."""
        if self.parameterization == "plain":
            log_det: Tensor = torch.linalg.slogdet(_double(self.weight))[1].to(self.weight) * self.places
            return log_det
        return self.log_diagonal.sum() * self.places

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        rows = self._rows(x)
        z = rows @ self.weight.T if self.parameterization == "plain" else multiply(rows, self._plu)
        return self._events(z), self._log_det().expand(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        log_det = (-self._log_det()).expand(z.shape[0])
        rows = self._rows(z)
        if self.parameterization == "plain":
            return self._events(rows @ torch.linalg.inv(_double(self.weight)).to(self.weight).T), log_det
        L, U = self._plu.factors()
        y = rows[:, self.order.argsort()].T
        y = torch.linalg.solve_triangular(L, y, upper=False, unitriangular=True)
        return self._events(torch.linalg.solve_triangular(U, y, upper=True).T), log_det

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor | None:
        """On pictures and sequences, log|det W| at every place, in equal shares of its channels."""
        self.check(x)
        if len(self.shape) == 1:
            return None
        return (self._log_det() / self.dimensions).expand(x.shape)

    def _rows(self, x: Tensor) -> Tensor:
        """x (B, C, *sides) -> the channels at every place (B · places, C); a view where they lie together."""
        return x.movedim(1, -1).reshape(len(x) * self.places, self.channels)

    def _events(self, rows: Tensor) -> Tensor:
        """Back from `_rows`, a view."""
        return rows.view(len(rows) // self.places, *self.shape[1:], self.channels).movedim(-1, 1)


class Permutation(FlowLayer):
    """z_i = x_π(i), of coordinates or channels; log|det dz/dx| = 0.

    'reverse', or one fixed random order, which is never the identity where there are two or more.
    """

    order: Tensor

    def __init__(self, spec: specs.Permutation, place: Place) -> None:
        super().__init__(place)
        channels = place.shape[0]
        identity = torch.arange(channels)
        order = identity.flip(0)
        if spec.order == "random" and channels > 1:
            own = torch.Generator().manual_seed(spec.seed)
            order = torch.randperm(channels, generator=own)
            while bool((order == identity).all()):
                order = torch.randperm(channels, generator=own)
        self.register_buffer("order", order)

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        return x[:, self.order], x.new_zeros(x.shape[0])

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        return z[:, self.order.argsort()], z.new_zeros(z.shape[0])

    def terms(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        self.check(x)
        return torch.zeros_like(x)


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
