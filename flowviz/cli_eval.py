"""`flowviz eval`: how good a checkpoint is, and whether its mathematics is right."""

from __future__ import annotations

import argparse
import math
from typing import Any

import torch
from torch import Tensor

from .cli_common import UsageError, figure, last_line, readable
from .cli_sources import target as resolve
from .diagnostics import verify
from .flows import Flow
from .targets import Density
from .targets import load as load_target
from .training.checkpoint import load, read

CHUNK = 16_384
VERIFIED = 256
"""Points whose Jacobians are taken by autograd: each costs one backward pass a dimension."""


def evaluate(model: str, target: str | None, count: int) -> dict[str, Any]:
    """Judges a checkpoint on `count` held-out points of the target; figures in nats, None where they do not exist.

    gap = nll - entropy. kl is the paired estimate of KL(target || model), mean of log p - log q over the same points, with
    its standard error: both exist where the target's log-density is known.
    """
    path = readable(model)
    flow = load(path)
    density = load_target(read(path).project.target if target is None else resolve(target))
    if tuple(density.event_shape) != tuple(flow.event_shape):
        raise UsageError(
            f"{path.name} takes points of {_numbers(flow.event_shape)}; "
            f"the target '{density.title}' has {_numbers(density.event_shape)}"
        )
    points = density.held_out(count)
    log_q = log_prob(flow, points)
    nll = float(-log_q.mean())
    report = verify(flow, points[:VERIFIED])
    kl, error = _divergence(density, points, log_q)
    return {
        "nll": nll,
        "entropy": density.entropy,
        "gap": None if density.entropy is None else nll - density.entropy,
        "kl": kl,
        "kl_standard_error": error,
        "bits_per_dim": None,
        "round_trip_error": report.round_trip_error,
        "log_det_error": report.log_det_error,
        "integral": report.integral,
        "n": len(points),
    }


def eval(options: argparse.Namespace) -> int:
    """Prints the figures of `evaluate`."""
    figures = evaluate(options.model, options.target, options.n)
    if options.json:
        last_line(figures)
        return 0
    lines = [
        ("NLL", figure(figures["nll"], "nats"), f"on {figures['n']:,} held-out points"),
        ("entropy", figure(figures["entropy"], "nats"), "the floor of the NLL"),
        ("gap", figure(figures["gap"], "nats"), "NLL - entropy"),
        ("KL", figure(figures["kl"], "nats"), _plus_minus(figures["kl_standard_error"])),
        ("round trip", _error(figures["round_trip_error"]), "largest |g(f(x)) - x|"),
        ("log-det", _error(figures["log_det_error"], " nats"), "largest error against autograd"),
        ("integral", figure(figures["integral"]), "of the density; 1 is right"),
    ]
    for name, value, note in lines:
        print(f"{name:<12}{value:<18}{note}")
    return 0


def log_prob(flow: Flow, points: Tensor) -> Tensor:
    """log q of points (N, D), in chunks that fit the cache; (N,) nats."""
    with torch.no_grad():
        return torch.cat([flow.log_prob(chunk) for chunk in torch.split(points, CHUNK)])


def _divergence(density: Density, points: Tensor, log_q: Tensor) -> tuple[float | None, float | None]:
    if not density.has_log_prob:
        return None, None
    ratio = density.log_prob(points) - log_q
    return float(ratio.mean()), float(ratio.std() / math.sqrt(len(ratio)))


def _numbers(shape: tuple[int, ...]) -> str:
    return f"{' x '.join(map(str, shape))} number{'' if math.prod(shape) == 1 else 's'}"


def _plus_minus(error: float | None) -> str:
    return (
        "not known: the target has no log-density" if error is None else f"+- {error:.4f}, of the target from the model"
    )


def _error(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.1e}{unit}"
