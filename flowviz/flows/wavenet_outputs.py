"""What a WaveNet says of one number: 256 classes of amplitude, a mixture of logistics, or a Gaussian.

Each is a density on the numbers themselves, in nats. `log_prob(x (B, C, T), parameters (B, C, P, T))` -> (B, C, T);
`draw(parameters (B, P), noise (B, 2), temperature)` -> (B,), with noise from `noise(shape, ...)`.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..pipeline import WaveNetBase
from . import quantization
from .networks import bounded

LOG_2PI = math.log(2.0 * math.pi)
LOG_SCALE_BOUND = 7.0
"""Largest |log-scale| in nats: a scale is between 1/1100 and 1100 units, so no density can grow without bound."""


class Output(nn.Module):
    """One number's density, from `parameters` numbers."""

    parameters_each: int
    normal_noise = False

    def log_prob(self, x: Tensor, parameters: Tensor) -> Tensor:
        raise NotImplementedError

    def draw(self, parameters: Tensor, noise: Tensor, temperature: float) -> Tensor:
        raise NotImplementedError

    def noise(self, count: int, numbers: int, generator: torch.Generator | None, like: Tensor) -> Tensor:
        """(count, numbers, 2) of U(0, 1), or of N(0, 1), drawn where the generator lives."""
        device = like.device if generator is None else generator.device
        drawing = torch.randn if self.normal_noise else torch.rand
        return drawing(count, numbers, 2, generator=generator, device=device, dtype=like.dtype).to(like.device)


class Categorical(Output):
    """log p(x) = log softmax(logits)[class of x] − log(width of its bin), with mu-law classes; −∞ outside [−1, 1].

    Drawn: a class, then uniformly from its bin. Temperature T divides the logits, and below 1 draws the amplitude towards
    the bin's middle; at 0 it is the middle of the likeliest class.
    """

    edges: Tensor
    log_widths: Tensor
    parameters_each = quantization.CLASSES

    def __init__(self) -> None:
        super().__init__()
        edges = quantization.edges()
        self.register_buffer("edges", edges, persistent=False)
        self.register_buffer("log_widths", edges.diff().log(), persistent=False)

    def log_prob(self, x: Tensor, parameters: Tensor) -> Tensor:
        classes = quantization.encode(torch.where(inside(x), x, 0.0))
        log_p = F.log_softmax(parameters, 2).gather(2, classes[:, :, None])[:, :, 0]
        return torch.where(inside(x), log_p - self.log_widths[classes], -math.inf)

    def draw(self, parameters: Tensor, noise: Tensor, temperature: float) -> Tensor:
        logits = parameters - parameters.amax(1, keepdim=True)
        cumulative = (logits / max(temperature, 1e-30)).softmax(1).cumsum(1)
        # Up to the sum itself, which rounding leaves beside 1.
        chosen = torch.searchsorted(cumulative, noise[:, :1] * cumulative[:, -1:], right=True).squeeze(1)
        chosen = chosen.clamp_max(quantization.CLASSES - 1)
        low, high = self.edges[chosen], self.edges[chosen + 1]
        return low + (high - low) * (0.5 + min(temperature, 1.0) * (noise[:, 1] - 0.5))


class Logistics(Output):
    """p(x) = Σ_k w_k logistic(x; m_k, e^{s_k}); log logistic = −softplus(u) − softplus(−u) − s, u = (x − m) e^{−s}.

    A continuous density, of x itself, not of levels. The means start spread over −2 to 2, since equal components would
    stay equal. Temperature scales each draw's distance from its component's mean. Salimans et al. 2017, PixelCNN++,
    arXiv 1701.05517, section 2.1, without the rounding.
    """

    offsets: Tensor

    def __init__(self, components: int) -> None:
        super().__init__()
        self.components = components
        self.parameters_each = 3 * components
        offsets = torch.linspace(-2.0, 2.0, components, dtype=torch.float64) if components > 1 else torch.zeros(1)
        self.register_buffer("offsets", offsets.double(), persistent=False)

    def log_prob(self, x: Tensor, parameters: Tensor) -> Tensor:
        logits, means, raw = parameters.chunk(3, 2)
        s = bounded(raw, LOG_SCALE_BOUND)
        u = (x[:, :, None] - means - self.offsets[:, None]) * torch.exp(-s)
        each = F.log_softmax(logits, 2) - F.softplus(u) - F.softplus(-u) - s
        return torch.logsumexp(each, 2)

    def draw(self, parameters: Tensor, noise: Tensor, temperature: float) -> Tensor:
        logits, means, raw = parameters.chunk(3, 1)
        cumulative = logits.softmax(1).cumsum(1)
        chosen = torch.searchsorted(cumulative, noise[:, :1] * cumulative[:, -1:], right=True)
        chosen = chosen.clamp_max(self.components - 1)
        mean = (means + self.offsets).gather(1, chosen)[:, 0]
        s = bounded(raw.gather(1, chosen)[:, 0], LOG_SCALE_BOUND)
        tiny = torch.finfo(noise.dtype).tiny
        return mean + temperature * torch.exp(s) * torch.logit(noise[:, 1].clamp_min(tiny))


class Gaussian(Output):
    """log p(x) = −½ ((x − m) e^{−s})² − s − ½ log 2π. Temperature scales each draw's distance from its mean."""

    parameters_each = 2
    normal_noise = True

    def log_prob(self, x: Tensor, parameters: Tensor) -> Tensor:
        mean, raw = parameters.unbind(2)
        s = bounded(raw, LOG_SCALE_BOUND)
        return -0.5 * ((x - mean) * torch.exp(-s)).square() - s - 0.5 * LOG_2PI

    def draw(self, parameters: Tensor, noise: Tensor, temperature: float) -> Tensor:
        mean, raw = parameters.unbind(1)
        return mean + temperature * torch.exp(bounded(raw, LOG_SCALE_BOUND)) * noise[:, 0]


def inside(x: Tensor) -> Tensor:
    """Where x is an amplitude, −1 to 1."""
    return (x >= -1.0) & (x <= 1.0)


def output(spec: WaveNetBase) -> Output:
    """The output that the spec names."""
    if spec.output == "categorical":
        return Categorical()
    return Logistics(spec.components) if spec.output == "logistics" else Gaussian()
