"""Continuous layers: a vector field that carries points for a while, in Runge and Kutta's steps."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .. import pipeline as specs
from .inversion import implicit, invert, log_abs_det
from .layer import FlowLayer, Place

ACTIVATIONS: dict[str, tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], Tensor]]] = {
    "tanh": (torch.tanh, lambda pre, out: 1.0 - out.square()),
    "softplus": (F.softplus, lambda pre, out: torch.sigmoid(pre)),
}
"""The activation, and its slope from its input and its output."""


class Continuous(FlowLayer):
    """dx/dt = f(x, t), z = x(T): n classical Runge–Kutta steps of h = T/n. log|det dz/dx| = Σ log|det| of the steps.

    Grathwohl et al. 2019, FFJORD, arXiv 1810.01367. As h becomes small the sum becomes ∫ tr ∂f/∂x dt, to an error of O(h⁴);
    but it is exact for the steps as they are taken, at any h: the tangents are carried through them, which costs no more
    than the D derivatives of an exact trace. So the density is that of the map, and no error of discretisation hides in it.
    With trace 'hutchinson' training (training mode, gradients on) takes vᵀ(∂f/∂x)v for the trace instead, one v of ±1 for
    the whole solution, and the integral: unbiased but for O(h⁴).

    f has layers (W x + b) ⊙ σ(G u + g) + C u with u = (t, context), as in the paper's toy experiments ("concatsquash").
    `generate` undoes the steps from the last to the first, each by Newton's method to rounding, started from a step back in
    time. Where h is too large for the field, steps fold and have no inverse: more steps are the remedy.
    A new layer has f = 0: the identity.
    """

    def __init__(self, spec: specs.Continuous, place: Place) -> None:
        super().__init__(place)
        self.act, self.slope = ACTIVATIONS[spec.activation]
        self.time, self.count, self.estimated = spec.time, spec.steps, spec.trace == "hutchinson"
        sizes = (place.dimensions, *spec.hidden, place.dimensions)
        self.depth = len(sizes) - 1
        outer = 1 + place.context

        def drawn(*shape: int, fan_in: int) -> Tensor:
            uniform = torch.rand(*shape, generator=place.generator, dtype=torch.float64) * 2.0 - 1.0
            return uniform / math.sqrt(fan_in)

        for i, (before, after) in enumerate(itertools.pairwise(sizes)):
            weight, bias = drawn(after, before, fan_in=before), drawn(after, fan_in=before)
            shift = drawn(after, outer, fan_in=outer)
            if i == self.depth - 1:
                weight, bias, shift = weight * 0.0, bias * 0.0, shift * 0.0
            self.register_parameter(f"weight_{i}", nn.Parameter(weight))
            self.register_parameter(f"bias_{i}", nn.Parameter(bias))
            self.register_parameter(f"gate_{i}", nn.Parameter(drawn(after, outer, fan_in=outer)))
            self.register_parameter(f"gate_bias_{i}", nn.Parameter(drawn(after, fan_in=outer)))
            self.register_parameter(f"shift_{i}", nn.Parameter(shift))

    def configure(self, spec: specs.LayerSpec) -> None:
        super().configure(spec)
        assert isinstance(spec, specs.Continuous)
        self.time, self.count, self.estimated = spec.time, spec.steps, spec.trace == "hutchinson"

    def field(self, x: Tensor, tangents: Tensor, t: float, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """f(x, t) (B, D), and ∂f/∂x applied to each row of the tangents (B or 1, S, D) -> (B, S, D)."""
        outer = x.new_full((1, 1), t)
        if context is not None:
            outer = torch.cat((outer.expand(len(context), 1), context.to(x)), 1)
        h, along = x, tangents
        for i in range(self.depth):
            own = self._parameters
            weight = own[f"weight_{i}"]
            assert weight is not None
            gate = torch.sigmoid(F.linear(outer, own[f"gate_{i}"], own[f"gate_bias_{i}"]))  # type: ignore[arg-type]
            shift = F.linear(outer, own[f"shift_{i}"])  # type: ignore[arg-type]
            h = torch.addcmul(shift, F.linear(h, weight, own[f"bias_{i}"]), gate)
            along = along @ weight.T * gate[:, None]
            if i < self.depth - 1:
                out = self.act(h)
                along = along * self.slope(h, out)[:, None]
                h = out
        return h, along

    def _step(self, x: Tensor, t: float, h: float, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """One step of h from time t: x (B, D) -> (x at t + h, the Jacobian (B, D, D))."""
        eye = torch.eye(self.dimensions, dtype=x.dtype, device=x.device)[None]
        x, J = self._carried(x, eye, t, h, context)
        return x, J.mT

    def _moved(self, x: Tensor, t: float, h: float, context: Tensor | None) -> Tensor:
        """One step without tangents."""
        return self._carried(x, x.new_empty(1, 0, self.dimensions), t, h, context)[0]

    def _carried(self, x: Tensor, eye: Tensor, t: float, h: float, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """One step of h from time t, with the tangents (1, S, D) carried along -> (B, S, D)."""
        k1, K1 = self.field(x, eye, t, context)
        k2, K2 = self.field(x + 0.5 * h * k1, eye + 0.5 * h * K1, t + 0.5 * h, context)
        k3, K3 = self.field(x + 0.5 * h * k2, eye + 0.5 * h * K2, t + 0.5 * h, context)
        k4, K4 = self.field(x + h * k3, eye + h * K3, t + h, context)
        sixth = h / 6.0
        return x + sixth * (k1 + 2.0 * (k2 + k3) + k4), eye + sixth * (K1 + 2.0 * (K2 + K3) + K4)

    def _estimated_step(
        self, x: Tensor, v: Tensor, t: float, h: float, context: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """The same step, with the integral of vᵀ(∂f/∂x)v (B,) over it, by the same rule; v (B, 1, D)."""
        k1, K1 = self.field(x, v, t, context)
        k2, K2 = self.field(x + 0.5 * h * k1, v, t + 0.5 * h, context)
        k3, K3 = self.field(x + 0.5 * h * k2, v, t + 0.5 * h, context)
        k4, K4 = self.field(x + h * k3, v, t + h, context)
        sixth = h / 6.0
        trace = ((K1 + 2.0 * (K2 + K3) + K4) * v).sum((1, 2))
        return x + sixth * (k1 + 2.0 * (k2 + k3) + k4), sixth * trace

    def normalize(self, x: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(x)
        h = self.time / self.count
        if self.estimated and self.training and torch.is_grad_enabled():
            v = torch.randint(0, 2, x.shape, device=x.device).to(x)[:, None] * 2.0 - 1.0
            total = x.new_zeros(len(x))
            for i in range(self.count):
                x, trace = self._estimated_step(x, v, i * h, h, context)
                total = total + trace
            return x, total
        matrices = []
        for i in range(self.count):
            x, J = self._step(x, i * h, h, context)
            matrices.append(J)
        return x, log_abs_det(torch.stack(matrices)).sum(0)

    def generate(self, z: Tensor, context: Tensor | None = None) -> tuple[Tensor, Tensor]:
        self.check(z)
        h = self.time / self.count
        matrices = []
        for i in reversed(range(self.count)):
            z, J = self._step_back(z, i * h, h, context)
            matrices.append(J)
        return z, -log_abs_det(torch.stack(matrices)).sum(0)

    def _step_back(self, z: Tensor, t: float, h: float, context: Tensor | None) -> tuple[Tensor, Tensor]:
        """z at t + h -> (x at t, the Jacobian of the step from x)."""
        with torch.no_grad():
            start = self._moved(z, t + h, -h, context)
            x = invert(lambda x: self._moved(x, t, h, context), lambda x: self._step(x, t, h, context), z, start)
        reached, J = self._step(x, t, h, context)
        if not torch.is_grad_enabled():
            return x, J
        x = implicit(x, J.detach(), reached - z)
        return x, self._step(x, t, h, context)[1]
