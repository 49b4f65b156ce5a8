"""Couplings: a part passes unchanged and decides how the rest is transformed."""

from __future__ import annotations

from typing import Annotated

from ..conditioners import MLP, CouplingNetwork
from .base import Bins, Conditioner, InitialStd, LayerSpec, LogScaleBound, MaskField, TailBound


class AffineCoupling(LayerSpec, frozen=True, kw_only=True, tag="affine_coupling"):
    mask: MaskField = "even"
    conditioner: Annotated[CouplingNetwork, Conditioner] = MLP()
    log_scale_bound: LogScaleBound = 3.0
    initial_std: InitialStd = 0.0

    title = "Affine coupling"
    short = "Affine"
    group = "Coupling"
    formula = "z_b = x_b · exp(s(x_a)) + t(x_a),  z_a = x_a"
    log_det = "Σ s(x_a)"
    description = "Half of the coordinates pass through and decide how the other half is scaled and shifted."
    paper = "Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803"
    uses_context = True


class AdditiveCoupling(LayerSpec, frozen=True, kw_only=True, tag="additive_coupling"):
    mask: MaskField = "even"
    conditioner: Annotated[CouplingNetwork, Conditioner] = MLP()
    initial_std: InitialStd = 0.0

    title = "Additive coupling"
    short = "Additive"
    group = "Coupling"
    formula = "z_b = x_b + m(x_a),  z_a = x_a"
    log_det = "0"
    description = "Half of the coordinates pass through and decide how the other half is shifted; volume is kept."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"
    uses_context = True


class SplineCoupling(LayerSpec, frozen=True, kw_only=True, tag="spline_coupling"):
    mask: MaskField = "even"
    conditioner: Annotated[CouplingNetwork, Conditioner] = MLP()
    bins: Bins = 8
    tail_bound: TailBound = 4.0
    initial_std: InitialStd = 0.0

    title = "Spline coupling"
    short = "Spline"
    group = "Coupling"
    formula = "z_b = spline(x_b; θ(x_a)),  z_a = x_a"
    log_det = "Σ log spline′(x_b)"
    description = "Half of the coordinates pass through and decide the knots of a rising rational-quadratic spline for each of the others."
    paper = "Durkan, Bekasov, Murray, Papamakarios 2019, Neural spline flows, arXiv 1906.04032"
    uses_context = True
