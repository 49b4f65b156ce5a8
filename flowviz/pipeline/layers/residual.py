"""Residual and continuous layers: x plus something small, once or without end."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ..conditioners import Width
from .base import LayerSpec, OnePass

Hidden = Annotated[
    tuple[Width, ...],
    Meta(
        title="Hidden widths",
        description="Units of each hidden layer, from input to output",
        min_length=1,
        max_length=8,
        extra={"unit": "units"},
    ),
]


class Planar(LayerSpec, frozen=True, kw_only=True, tag="planar"):
    one_pass: OnePass = "density"

    title = "Planar"
    short = "Planar"
    group = "Residual"
    formula = "z = x + û · tanh(wᵀx + b)"
    log_det = "log|1 + ûᵀw · tanh′(wᵀx + b)|"
    description = "Pushes or pulls along one plane; the inverse solves one equation for one number."
    paper = "Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770"
    takes = ("vector",)
    inverse = "numerical"
    generate_cost = "root of one equation"


class Radial(LayerSpec, frozen=True, kw_only=True, tag="radial"):
    one_pass: OnePass = "density"

    title = "Radial"
    short = "Radial"
    group = "Residual"
    formula = "z = x + β (x − c)/(α + ‖x − c‖)"
    log_det = "(D − 1) log(1 + βh) + log(1 + βh − βrh²),  h = 1/(α + r)"
    description = "Pushes away from one centre, or pulls towards it."
    paper = "Rezende, Mohamed 2015, Variational inference with normalizing flows, arXiv 1505.05770"
    takes = ("vector",)


class Sylvester(LayerSpec, frozen=True, kw_only=True, tag="sylvester"):
    rank: Annotated[
        int, Meta(title="Rank", description="Units inside, at most the number of coordinates", ge=1, le=256)
    ] = 2
    one_pass: OnePass = "density"

    title = "Sylvester"
    short = "Sylvester"
    group = "Residual"
    formula = "z = x + Q R tanh(R̃ Qᵀ x + b)"
    log_det = "Σ log|1 + r_ii r̃_ii tanh′_i|"
    description = "Several planar steps at once, in orthogonal directions."
    paper = "van den Berg, Hasenclever, Tomczak, Welling 2018, Sylvester normalizing flows, arXiv 1803.05649"
    takes = ("vector",)
    inverse = "numerical"
    generate_cost = "roots, one after another"


class Residual(LayerSpec, frozen=True, kw_only=True, tag="residual"):
    hidden: Hidden = (64, 64)
    lipschitz: Annotated[
        float,
        Meta(
            title="Lipschitz bound",
            description="κ < 1: how strongly g may stretch; below 1 an inverse exists",
            gt=0.0,
            lt=1.0,
        ),
    ] = 0.9

    title = "Residual (i-ResNet)"
    short = "Residual"
    group = "Residual"
    formula = "z = x + g(x),  Lip(g) ≤ κ < 1"
    log_det = "log|det(I + J_g)|"
    description = "A residual network, held back so that it can be undone by iteration."
    paper = "Behrmann et al. 2019, Invertible residual networks, arXiv 1811.00995; Chen et al. 2019, arXiv 1906.02735"
    takes = ("vector",)
    inverse = "numerical"
    normalize_cost = "Jacobian of D passes"
    generate_cost = "Newton iterations"


class Continuous(LayerSpec, frozen=True, kw_only=True, tag="continuous"):
    hidden: Hidden = (64, 64, 64)
    activation: Annotated[
        Literal["tanh", "softplus"], Meta(title="Activation", description="Smooth, as the equation's solver needs it")
    ] = "tanh"
    time: Annotated[float, Meta(title="Time", description="How long the flow runs", gt=0.0, le=10.0)] = 1.0
    steps: Annotated[
        int, Meta(title="Steps", description="Runge–Kutta steps (4 evaluations each) across the time", ge=1, le=200)
    ] = 12
    trace: Annotated[
        Literal["exact", "hutchinson"],
        Meta(
            title="Trace",
            description="Exact (D derivatives a step), or Hutchinson's unbiased estimate while training; figures are always exact",
        ),
    ] = "exact"

    title = "Continuous (FFJORD)"
    short = "FFJORD"
    group = "Residual"
    formula = "dx/dt = f(x, t),  z = x(T)"
    log_det = "∫ tr ∂f/∂x dt"
    description = "A flow in continuous time, along a learnt vector field."
    paper = "Grathwohl et al. 2019, FFJORD, arXiv 1810.01367"
    takes = ("vector",)
    inverse = "numerical"
    normalize_cost = "ODE solve"
    generate_cost = "ODE solve, refined by Newton iterations"
    uses_context = True
