"""Whether a trained flow is true: its laws layer by layer, and its samples and latents against data that it never saw."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from ..flows import Flow, Stage
from ..flows.flow import Trace
from ..pipeline import Sentence, StandardNormal, in_words, say
from .statistics import mmd, normal_quantiles, normality, sliced_wasserstein
from .verification import Report, integrated, largest, log_det_error

POINTS, COMPARED, SLOWLY_COMPARED = 1000, 500, 100
"""Held-out points that latents are judged by; and samples that are compared with data, fewer where they come one by one."""
LAW_POINTS = 256
MOST_JACOBIAN, LARGEST_JACOBIAN = 64, 1024
"""Numbers of an event up to which every layer's Jacobian is taken by autograd, and up to which the whole flow's is."""
UNLIKELY = 0.01
"""p-value below which a deviation is no longer put down to chance."""
NORMAL_ERRORS = 4.0
"""Standard errors that the mean of ‖z‖² may be away from D."""


@dataclass(frozen=True)
class Finding:
    """A law or a test: its figure, what that should not exceed (a p-value: not fall below), and whether it held.

    `passed` None: a figure to know, with no rule. `uid`: of the layer that it is about; empty: the whole flow.
    """

    name: Sentence
    value: float | None
    limit: float | None = None
    passed: bool | None = None
    unit: str = ""
    uid: str = ""
    note: Sentence | None = None


def below(
    name: Sentence, value: float, limit: float, unit: str = "", uid: str = "", note: Sentence | None = None
) -> Finding:
    """A figure that must not exceed its limit; no number, or infinity, fails."""
    return Finding(name, value if math.isfinite(value) else None, limit, value <= limit, unit, uid, note)


class Examination:
    """Examines a copy of a flow at held-out points x (N, *event) with their contexts, and beside `real` (M, *event), its
    training points: no more is asked of samples than that they are as near to held-out data as those. `run` does the work a piece at a time; the findings gather in `findings`.

    Laws are checked in double precision, and their figures in single precision are told beside them.
    """

    def __init__(
        self,
        flow: Flow,
        x: Tensor,
        context: Tensor | None = None,
        real: Tensor | None = None,
        *,
        seed: int = 0,
    ) -> None:
        self.findings: list[Finding] = []
        self.quantiles: Tensor | None = None
        """(Q, 4): normal quantile, latent quantile, and the 95 % band; where the base is a standard normal."""
        self._single = copy.deepcopy(flow).eval().requires_grad_(False)
        exact = copy.deepcopy(self._single)
        self._double = (exact.cpu() if flow.like.device.type == "mps" else exact).double()
        self._x, self._context, self._real, self._seed = x[:POINTS], context, real, seed
        if context is not None:
            self._context = context[:POINTS]
        self._numbers = math.prod(flow.event_shape)

    def run(self) -> Iterator[None]:
        """All checks; control comes back between them, and in the middle of long ones."""
        for part in (self._laws(), self._density(), self._latents(), self._samples()):
            for finding in part:
                if finding is not None:
                    self.findings.append(finding)
                yield

    # ---- laws ----

    def _laws(self) -> Iterator[Finding | None]:
        x, context = self._x[:LAW_POINTS], None if self._context is None else self._context[:LAW_POINTS]
        exact, single = self._double, self._single
        where = exact.like.device
        x64, c64 = x.to(where, torch.float64), None if context is None else context.to(where)
        with torch.no_grad():
            trace = exact.trace(x64, c64)
            coarse = single.trace(x, context)
        yield None
        rows = exact.encode(c64, len(x))
        rows32 = single.encode(context, len(x))
        for k, (uid, stage) in enumerate(exact.stages()):
            yield from self._layer(k, uid, stage, trace, coarse, rows, rows32)
        with torch.no_grad():
            log_prob = exact.log_prob(x64, c64)
            parts = exact.latent_log_prob(trace.latent, c64) + trace.log_dets.sum(0)
            rounded = single.log_prob(x, context)
        size = max(1.0, float(log_prob.abs().nan_to_num(0.0).max()))
        yield below(
            say("Base and log-dets add up to log p(x)"), largest(parts, log_prob), 1e-9 * size, "nats", note=_points(x)
        )
        yield Finding(
            say("log p(x) in single against double precision"),
            largest(rounded.double().to(where), log_prob),
            unit="nats",
            note=say("The largest difference; it is rounding alone."),
        )
        yield from self._round_trips(x, context, x64, c64)
        yield from self._whole_jacobian(x64, c64)

    def _layer(
        self,
        k: int,
        uid: str,
        stage: Stage,
        trace: Trace,
        coarse: Trace,
        rows: Tensor | None,
        rows32: Tensor | None,
    ) -> Iterator[Finding | None]:
        title = trace.layer_names[k]
        h, h32 = trace.states[k], coarse.states[k]
        spec = next((layer for layer in self._double.spec.layers if layer.uid == uid), None)
        numerical = spec is not None and spec.inverse == "numerical"
        with torch.no_grad():
            z, log_det = stage.normalize(h, rows)
            back, inverse = stage.generate(z, rows)
            twin = self._single.stages()[k][1]
            single = largest(twin.generate(twin.normalize(h32, rows32)[0], rows32)[0], h32)
        size = max(1.0, float(h.abs().nan_to_num(0.0).max()))
        note = say("In single precision {figure}.", figure=f"{single:.1e}")
        if numerical:
            note = say("The inverse is found by iteration. In single precision {figure}.", figure=f"{single:.1e}")
        yield below(
            say("{layer}: round trip", layer=title),
            largest(back, h),
            (1e-5 if numerical else 1e-8) * size,
            uid=uid,
            note=note,
        )
        terms = max(1.0, float(log_det.abs().nan_to_num(0.0).max()))
        yield below(
            say("{layer}: log-dets of the two directions are opposite", layer=title),
            largest(-inverse, log_det),
            (1e-4 if numerical else 1e-9) * terms,
            "nats",
            uid,
        )
        if self._numbers <= MOST_JACOBIAN:
            count = self._jacobians()
            some = None if rows is None else rows[:count]
            yield below(
                say("{layer}: log-det against autograd", layer=title),
                log_det_error(lambda at: stage.normalize(at, some), h[:count]),
                (1e-5 if numerical else 1e-8) * terms,
                "nats",
                uid,
                _points(h[:count]),
            )

    def _jacobians(self) -> int:
        """Points whose Jacobian is taken: each costs a backward pass a number."""
        return max(8, min(LAW_POINTS, 512 // self._numbers))

    def _round_trips(
        self, x: Tensor, context: Tensor | None, x64: Tensor, c64: Tensor | None
    ) -> Iterator[Finding | None]:
        numerical = any(layer.inverse == "numerical" for layer in self._double.spec.layers if not layer.bypass)
        size = max(1.0, float(x.abs().max()))
        for flow, at, c, limit, name in (
            (self._double, x64, c64, 1e-4 if numerical else 1e-7, say("Round trip of the data, double precision")),
            (self._single, x, context, 1e-2 if numerical else 1e-3, say("Round trip of the data, single precision")),
        ):
            with torch.no_grad():
                z, _ = flow.normalize(at, c)
                back, _ = flow.generate(z, c)
            yield below(name, largest(back, at), limit * size, "", note=_points(at))
        generator = torch.Generator().manual_seed(self._seed)
        with torch.no_grad():
            latent = torch.randn(z.shape, generator=generator).to(z)
            for scale in (1.0, 2.0):
                made, _ = self._single.generate(scale * latent, context)
                again, _ = self._single.normalize(made, context)
                yield Finding(
                    say("Round trip of noise of standard deviation {scale}, single precision", scale=f"{scale:g}"),
                    _number(largest(again, scale * latent)),
                    note=say("Noise far out meets parts of the flow that no data has shaped."),
                )

    def _whole_jacobian(self, x: Tensor, context: Tensor | None) -> Iterator[Finding | None]:
        name = say("log-det of the whole flow against autograd")
        if self._numbers > LARGEST_JACOBIAN:
            words = in_words(self._double.event_shape)
            yield Finding(
                name, None, note=say("Not checked: {shape} numbers are too many for a Jacobian.", shape=words)
            )
            return
        count = self._jacobians() if self._numbers <= MOST_JACOBIAN else 1
        some = None if context is None else context[:count]
        flow = self._double
        with torch.no_grad():
            size = max(1.0, float(flow.normalize(x[:count], some)[1].abs().max()))
        numerical = any(layer.inverse == "numerical" for layer in flow.spec.layers if not layer.bypass)
        error = log_det_error(lambda at: flow.normalize(at, some), x[:count])
        yield below(name, error, (1e-4 if numerical else 1e-7) * size, "nats", note=_points(x[:count]))

    # ---- density, latents, samples ----

    def _density(self) -> Iterator[Finding | None]:
        if self._single.event_shape not in ((1,), (2,)):
            return
        context = None if self._context is None else self._context[:1]
        empty = Report(round_trip_error=0.0, round_trip_error_normal=0.0, round_trip_error_wide=0.0, points=0)
        report = integrated(empty, self._single, self._x, self._seed, context)
        assert report.integral is not None
        assert report.integral_coarse is not None
        box = " x ".join(f"{low:.3g} to {high:.3g}" for low, high in report.box)
        step = " x ".join(f"{one:.2g}" for one in report.step)
        yield below(
            say("Integral of the density: distance from 1"),
            abs(report.integral - 1.0),
            0.01,
            note=say(
                "{value} over {box} in steps of {step}; {coarse} with twice the step. {outside} % of the samples fall outside.",
                value=f"{report.integral:.4f}",
                box=box,
                step=step,
                coarse=f"{report.integral_coarse:.4f}",
                outside="–" if report.outside is None else f"{100.0 * report.outside:.2g}",
            ),
        )

    def _latents(self) -> Iterator[Finding | None]:
        flow = self._single
        if not isinstance(flow.spec.base, StandardNormal):
            yield Finding(
                say("Latents of held-out data"), None, note=say("Not tested: the base is no standard normal.")
            )
            return
        with torch.no_grad():
            z = flow.normalize(self._x, self._context)[0].flatten(1).double().cpu()
        z = z[torch.isfinite(z).all(1)]
        if len(z) < 20:
            yield Finding(say("Latents of held-out data"), None, note=say("Not tested: there are too few points."))
            return
        self.quantiles = normal_quantiles(z.flatten())
        p, column = normality(z)
        yield Finding(
            say("Latents of held-out data are normal: smallest p-value"),
            p,
            UNLIKELY,
            p >= UNLIKELY,
            note=say(
                "Kolmogorov–Smirnov of each of {count} coordinates over {points} points, Holm's correction; least likely: "
                "coordinate {column}.",
                count=z.shape[1],
                points=len(z),
                column=column + 1,
            ),
        )
        mean = float(z.square().sum(1).mean())
        error = math.sqrt(2.0 * self._numbers / len(z))
        yield below(
            say("Mean of ‖z‖² over held-out data: distance from D"),
            abs(mean - self._numbers),
            NORMAL_ERRORS * error,
            note=say(
                "{mean} for D = {count}; four standard errors are allowed.", mean=f"{mean:.3f}", count=self._numbers
            ),
        )

    def _samples(self) -> Iterator[Finding | None]:
        if self._real is None:
            return
        flow, slow = self._single, self._numbers > 2 and _slow(self._single)
        count = min(SLOWLY_COMPARED if slow else COMPARED, len(self._x), len(self._real))
        if count < 20:
            return
        context = None if self._context is None else self._context[:count]
        z = self._x[:0]
        with torch.no_grad():
            generator = torch.Generator().manual_seed(self._seed)
            for z, _ in flow.drawing_latent(count, generator, 1.0, context):  # noqa: B007
                yield None
            samples = flow.generate(z, context)[0].flatten(1).double().cpu()
        held_out = self._x[:count].flatten(1).double().cpu()
        real = self._real[:count].flatten(1).double().cpu()
        samples = samples.nan_to_num(0.0, 1e30, -1e30).clamp(-1e30, 1e30)
        for measure, name, unit in (
            (sliced_wasserstein, say("Sliced Wasserstein distance of samples and held-out data"), "data units"),
            (mmd, say("MMD² of samples and held-out data"), ""),
        ):
            found = measure(samples, held_out, seed=self._seed)
            yield None
            floor = measure(real, held_out, seed=self._seed)
            yield Finding(
                name,
                found.value,
                max(found.limit, floor.value),
                found.p >= UNLIKELY or found.value <= floor.value,
                unit,
                note=say(
                    "p = {p} by shuffling {count} of each; training data against held-out data: {floor}.",
                    p=f"{found.p:.3f}",
                    count=count,
                    floor=f"{floor.value:.4g}",
                ),
            )


def _slow(flow: Flow) -> bool:
    """Whether samples come number by number."""
    spec = flow.spec
    return spec.base.sample_cost != "one pass" or any(
        layer.generate_cost != "one pass" for layer in spec.layers if not layer.bypass
    )


def _points(x: Tensor) -> Sentence:
    return say("Largest over {count} held-out points.", count=len(x))


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
