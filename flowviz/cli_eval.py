"""`flowviz eval`: how good a checkpoint is, and whether its mathematics is right."""

from __future__ import annotations

import argparse
import math
from typing import Any

from torch import Tensor

from .cli_common import UsageError, figure, last_line, readable
from .cli_figures import bits, entropy, judged, parts
from .cli_sources import load as load_target
from .cli_sources import target as resolve
from .diagnostics import Examination, Finding, verify
from .pipeline import in_words
from .targets import Density
from .training import contexts
from .training.checkpoint import load, read

VERIFIED, VERIFIED_PICTURES = 256, 32
"""Points whose round trip and Jacobians are looked at: each costs one backward pass a number."""
REPORTED = 1000
"""Held-out points of the report."""


def evaluate(model: str, target: str | None, count: int, *, report: bool = False) -> dict[str, Any]:
    """Judges a checkpoint on `count` points of the target's test split, or held-out points where it has none.

    Figures in nats, None where they do not exist. gap = nll - entropy. kl is the paired estimate of KL(target || model), mean
    of log p - log q over the same points, with its standard error: both exist where the target's log-density is known. Of
    pictures, bits_per_dim is nll/(D ln 2) in units of a level, the mean over `noise_draws` draws of the noise, and its parts
    add up to it.
    """
    path = readable(model)
    flow = load(path)
    density = load_target(read(path).project.target if target is None else resolve(target))
    if tuple(density.event_shape) != tuple(flow.event_shape):
        raise UsageError(
            f"{path.name} takes points of {_numbers(flow.event_shape)}; "
            f"the target '{density.title}' has {_numbers(density.event_shape)}"
        )
    mismatch = contexts.problem(flow.spec, density)
    if mismatch is not None:
        raise UsageError(f"{path.name}: {mismatch.sentence} {mismatch.remedy}")
    points = contexts.test_points(density, flow.spec, count)
    log_q, draws = judged(flow, density, points)
    nll = float(-log_q.mean())
    some = points.part(slice(VERIFIED if len(flow.event_shape) == 1 else VERIFIED_PICTURES))
    checked = verify(flow, *some)
    kl, error = (None, None) if contexts.conditional(flow.spec) else _divergence(density, points.points, log_q)
    floor = entropy(density, flow)
    figures: dict[str, Any] = {
        "nll": nll,
        "entropy": floor,
        "gap": None if floor is None else nll - floor,
        "kl": kl,
        "kl_standard_error": error,
        "bits_per_dim": bits(nll, density),
        "bits_per_dim_parts": None,
        "noise_draws": draws,
        "round_trip_error": checked.round_trip_error,
        "log_det_error": checked.log_det_error,
        "integral": checked.integral,
        "n": len(points.points),
        "split": "held out" if density.test_count is None else "test",
    }
    if density.levels:
        figures["bits_per_dim_parts"] = {
            name: bits(value, density) for name, value in parts(flow, points.part(slice(REPORTED))).items()
        }
    if report:
        examination = Examination(
            flow, *contexts.held_out(density, flow.spec, REPORTED), density.train_points(REPORTED)
        )
        for _ in examination.run():
            pass
        figures["report"] = [_plain(finding) for finding in examination.findings]
    return figures


def eval(options: argparse.Namespace) -> int:
    """Prints the figures of `evaluate`."""
    figures = evaluate(options.model, options.target, options.n, report=options.report)
    if options.json:
        last_line(figures)
        return 0
    split = "test" if figures["split"] == "test" else "held-out"
    lines = [
        ("NLL", figure(figures["nll"], "nats"), f"on {figures['n']:,} {split} points"),
        ("entropy", figure(figures["entropy"], "nats"), "the floor of the NLL"),
        ("gap", figure(figures["gap"], "nats"), "NLL - entropy"),
        ("KL", figure(figures["kl"], "nats"), _plus_minus(figures["kl_standard_error"])),
        ("round trip", _error(figures["round_trip_error"]), "largest |g(f(x)) - x|"),
        ("log-det", _error(figures["log_det_error"], " nats"), "largest error against autograd"),
        ("integral", figure(figures["integral"]), "of the density; 1 is right"),
    ]
    if figures["bits_per_dim"] is not None:
        note = f"mean over {figures['noise_draws']} draws of the noise" if figures["noise_draws"] > 1 else "exact"
        lines.insert(1, ("bits/dim", figure(figures["bits_per_dim"]), note))
        added = [(f"  {name}", figure(value), "") for name, value in figures["bits_per_dim_parts"].items()]
        lines[2:2] = added
    for name, value, note in lines:
        print(f"{name:<16}{value:<18}{note}".rstrip())
    for entry in figures.get("report", []):
        print(_line(entry))
    return 0


def _divergence(density: Density, points: Tensor, log_q: Tensor) -> tuple[float | None, float | None]:
    if not density.has_log_prob:
        return None, None
    ratio = density.log_prob(points) - log_q
    return float(ratio.mean()), float(ratio.std() / math.sqrt(len(ratio)))


def _plain(finding: Finding) -> dict[str, Any]:
    return {
        "name": str(finding.name),
        "value": finding.value,
        "limit": finding.limit,
        "passed": finding.passed,
        "unit": finding.unit,
        "layer": finding.uid,
        "note": str(finding.note or ""),
    }


def _line(entry: dict[str, Any]) -> str:
    """One line of the report: the verdict, the law, its figure and its limit."""
    verdict = {True: "pass", False: "FAIL", None: "    "}[entry["passed"]]
    value = "–" if entry["value"] is None else f"{entry['value']:.3g}"
    limit = "" if entry["limit"] is None else f" (limit {entry['limit']:.3g})"
    unit = f" {entry['unit']}" if entry["unit"] else ""
    layer = f" [{entry['layer']}]" if entry["layer"] else ""
    return f"{verdict}  {entry['name']}{layer}: {value}{unit}{limit}. {entry['note']}".rstrip()


def _numbers(shape: tuple[int, ...]) -> str:
    return f"{in_words(shape)} number{'' if math.prod(shape) == 1 else 's'}"


def _plus_minus(error: float | None) -> str:
    return (
        "not known: the target has no log-density" if error is None else f"+- {error:.4f}, of the target from the model"
    )


def _error(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.1e}{unit}"
