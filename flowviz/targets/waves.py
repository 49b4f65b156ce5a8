"""Waves (1, T) made by formula: a network of sequences is judged by densities that are known exactly.

Phases are uniform and the noise is Gaussian throughout, so the differential entropy is at least T/2 log(2πe σ²).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from .density import Formula, angle_hue, hue
from .mixtures import working
from .rings import ring_log_prob

RATE = 2000
"""Moments a second at which these waves sound like something."""


class GaussianWaves(Formula):
    """p(x) = 1/K Σ_c N(x; 0, A_c A_cᵀ) for waves (1, T); factors A (K, T, T) lower triangular, float64. The class is c."""

    def __init__(self, factors: Tensor, reach: float, rate: int = 0) -> None:
        super().__init__()
        self.classes, length = factors.shape[:2]
        # Which waves are of a class is looked up on the host.
        self.capturable = self.classes == 1
        self.shape, self.rate = (1, length), rate
        self.ranges = ((-reach, reach),) * length
        self.factors: Tensor
        self.whitening: Tensor
        self.constants: Tensor
        log_det = factors.diagonal(dim1=1, dim2=2).log().sum(1)
        whitening = torch.linalg.solve_triangular(factors, torch.eye(length, dtype=torch.float64), upper=False)
        self.register_buffer("factors", factors.to(torch.float32))
        self.register_buffer("whitening", whitening)
        self.register_buffer("constants", -log_det - 0.5 * length * math.log(2.0 * math.pi))

    def joint(self, x: Tensor) -> Tensor:
        """log p(x | c), (B, K)."""
        flat = working(x).flatten(1)
        white = [(flat @ whitening.T).square().sum(1) for whitening in self.whitening.to(flat.dtype)]
        return self.constants.to(flat.dtype) - 0.5 * torch.stack(white, 1)

    def log_prob(self, x: Tensor) -> Tensor:
        return (torch.logsumexp(self.joint(x), 1) - math.log(self.classes)).to(x.dtype)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        device = self.factors.device
        which = torch.randint(self.classes, (n,), generator=generator, device=device)
        noise = torch.randn(n, self.shape[1], generator=generator, device=device)
        waves = noise @ self.factors[0].T
        for c in range(1, self.classes):
            chosen = which == c
            waves[chosen] = noise[chosen] @ self.factors[c].T
        return waves.unsqueeze(1), which

    def labels(self, x: Tensor) -> Tensor:
        if self.classes > 1:
            return hue(self.joint(x).argmax(1) / self.classes)
        # Where one is in the middle of the wave, against a few moments later: its phase there.
        middle = self.shape[1] // 2
        return angle_hue(x[:, 0, middle], x[:, 0, min(middle + 3, self.shape[1] - 1)])


def autoregressive_process(length: int, radius: float, period: float) -> GaussianWaves:
    """x_t = a₁ x_{t−1} + a₂ x_{t−2} + σ ε_t with a₁ = 2 r cos(2π/P), a₂ = −r², stationary from its first moment, variance 1.

    Its autocorrelation obeys ρ_k = a₁ ρ_{k−1} + a₂ ρ_{k−2} (Yule 1927), so the covariance is Toeplitz of ρ.
    """
    first, second = 2.0 * radius * math.cos(2.0 * math.pi / period), -(radius**2)
    rho = [1.0, first / (1.0 - second)]
    while len(rho) < length:
        rho.append(first * rho[-1] + second * rho[-2])
    order = torch.arange(length)
    covariance = torch.tensor(rho, dtype=torch.float64)[(order[:, None] - order).abs()]
    return GaussianWaves(torch.linalg.cholesky(covariance)[None], 3.5)


def plucked_strings(length: int, delays: Sequence[int], damping: float, sd: float) -> GaussianWaves:
    """Strings of Karplus and Strong (1983): y_t = ρ (y_{t−N} + y_{t−N−1})/2, started by N + 1 normal numbers, plus noise σ.

    The class is the delay N, which sets the pitch. A wave depends linearly on its start, so each class is Gaussian.
    """
    factors = []
    for delay in delays:
        response = torch.zeros(length, delay + 1, dtype=torch.float64)
        response[: delay + 1] = torch.eye(delay + 1, dtype=torch.float64)
        for t in range(delay + 1, length):
            response[t] = 0.5 * damping * (response[t - delay] + response[t - delay - 1])
        covariance = response @ response.T + sd**2 * torch.eye(length, dtype=torch.float64)
        factors.append(torch.linalg.cholesky(covariance))
    return GaussianWaves(torch.stack(factors), 3.0, RATE)


class SineMixture(Formula):
    """x_t = Σ_j sin(2π j f t/T + φ_j)/j + σ ε_t, j = 1, 2, 3, with φ_j uniform and f one of a few whole numbers of cycles.

    Sines of whole cycles are orthogonal: given f, the two Fourier coefficients of each are a circle of radius √(T/2)/j
    blurred by σ, and the T − 6 others are noise. So p(x) = 1/K Σ_f Π_j ring_j · noise is exact. The class is f.
    """

    HARMONICS = 3

    def __init__(self, length: int, cycles: Sequence[int], sd: float) -> None:
        super().__init__()
        self.sd, self.rate, self.classes, self.shape = sd, RATE, len(cycles), (1, length)
        self.ranges = ((-2.2, 2.2),) * length
        self.basis: Tensor
        self.radii: Tensor
        self.frequencies: Tensor
        order = torch.arange(1, self.HARMONICS + 1, dtype=torch.float64)
        frequencies = torch.tensor(cycles, dtype=torch.float64)[:, None] * order * (2.0 * math.pi / length)
        if float(frequencies.max()) >= math.pi:
            raise ValueError("a sine needs more than two moments in a cycle")
        angles = frequencies[:, :, None] * torch.arange(length, dtype=torch.float64)
        basis = torch.stack([angles.cos(), angles.sin()], 2) * math.sqrt(2.0 / length)
        self.register_buffer("basis", basis.flatten(0, 2))
        self.register_buffer("radii", math.sqrt(length / 2.0) / order)
        self.register_buffer("frequencies", frequencies.to(torch.float32))

    def joint(self, x: Tensor) -> Tensor:
        """log p(x | f), (B, K)."""
        flat = working(x).flatten(1)
        pairs = (flat @ self.basis.to(flat.dtype).T).reshape(-1, self.classes, self.HARMONICS, 2)
        squares = pairs.square().sum(3)
        rings = ring_log_prob(squares, self.radii.to(flat.dtype), self.sd).sum(2)
        rest = flat.square().sum(1, keepdim=True) - squares.sum(2)
        count = self.shape[1] - 2 * self.HARMONICS
        return rings - rest / (2.0 * self.sd**2) - 0.5 * count * math.log(2.0 * math.pi * self.sd**2)

    def log_prob(self, x: Tensor) -> Tensor:
        return (torch.logsumexp(self.joint(x), 1) - math.log(self.classes)).to(x.dtype)

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        device = self.frequencies.device
        which = torch.randint(self.classes, (n,), generator=generator, device=device)
        phases = torch.rand(n, self.HARMONICS, generator=generator, device=device).mul_(2.0 * math.pi)
        time = torch.arange(self.shape[1], dtype=torch.float32, device=device)
        waves = torch.randn(n, self.shape[1], generator=generator, device=device).mul_(self.sd)
        for j in range(self.HARMONICS):
            angles = self.frequencies[which, j, None] * time + phases[:, j, None]
            waves.add_(angles.sin_(), alpha=1.0 / (j + 1))
        return waves.unsqueeze(1), which

    def labels(self, x: Tensor) -> Tensor:
        return hue(self.joint(x).argmax(1) / self.classes)


class Chirps(Formula):
    """x_t = sin(φ + 2π (f₀ t + ½ (f₁ − f₀) t²/T)) + σ ε_t: the pitch glides from f₀ to f₁, up or down (the class).

    φ is uniform, the lower pitch U(0.02, 0.06) and the higher one U(0.12, 0.2) cycles a moment. The log-density is not known.
    """

    classes, rate = 2, RATE

    def __init__(self, length: int, sd: float) -> None:
        super().__init__()
        self.sd, self.shape = sd, (1, length)
        self.ranges = ((-1.4, 1.4),) * length
        self.time: Tensor
        self.register_buffer("time", torch.arange(length, dtype=torch.float32))

    def draw_with_context(self, n: int, generator: torch.Generator | None) -> tuple[Tensor, Tensor]:
        device = self.time.device
        which = torch.randint(2, (n,), generator=generator, device=device)
        phase, low, high = torch.rand(3, n, 1, generator=generator, device=device).unbind(0)
        low, high, down = 0.02 + 0.04 * low, 0.12 + 0.08 * high, (which == 1).unsqueeze(1)
        start, end = torch.where(down, high, low), torch.where(down, low, high)
        turns = phase + start * self.time + (end - start) * self.time.square() / (2.0 * len(self.time))
        noise = torch.randn(n, len(self.time), generator=generator, device=device)
        return (2.0 * math.pi * turns).sin_().add_(noise, alpha=self.sd).unsqueeze(1), which
