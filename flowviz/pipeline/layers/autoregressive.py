"""Autoregressive layers: each number is transformed by a network of those before it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from ..conditioners import MADE, AutoregressiveNetwork, Dropout
from .base import Bins, Conditioner, InitialStd, LayerSpec, LogScaleBound, Order, TailBound


class MAF(LayerSpec, frozen=True, kw_only=True, tag="maf"):
    order: Order = "natural"
    conditioner: Annotated[AutoregressiveNetwork, Conditioner] = MADE()
    log_scale_bound: LogScaleBound = 3.0
    initial_std: InitialStd = 0.0

    title = "Masked autoregressive (MAF)"
    short = "MAF"
    group = "Autoregressive"
    formula = "z_i = x_i · exp(s_i(x_<i)) + t_i(x_<i)"
    log_det = "Σ s_i(x_<i)"
    description = "Each coordinate is scaled and shifted by a network of those before it: density in one pass."
    paper = "Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057"
    generate_cost = "sequential"
    uses_context = True


class IAF(LayerSpec, frozen=True, kw_only=True, tag="iaf"):
    order: Order = "natural"
    conditioner: Annotated[AutoregressiveNetwork, Conditioner] = MADE()
    log_scale_bound: LogScaleBound = 3.0
    initial_std: InitialStd = 0.0

    title = "Inverse autoregressive (IAF)"
    short = "IAF"
    group = "Autoregressive"
    formula = "x_i = z_i · exp(s_i(z_<i)) + t_i(z_<i)"
    log_det = "−Σ s_i(z_<i)"
    description = "A MAF turned around: samples in one pass, density coordinate by coordinate."
    paper = "Kingma et al. 2016, Inverse autoregressive flow, arXiv 1606.04934"
    normalize_cost = "sequential"
    uses_context = True


class SplineAutoregressive(LayerSpec, frozen=True, kw_only=True, tag="spline_autoregressive"):
    order: Order = "natural"
    conditioner: Annotated[AutoregressiveNetwork, Conditioner] = MADE()
    bins: Bins = 8
    tail_bound: TailBound = 4.0
    initial_std: InitialStd = 0.0

    title = "Spline autoregressive"
    short = "Spline AR"
    group = "Autoregressive"
    formula = "z_i = spline(x_i; θ_i(x_<i))"
    log_det = "Σ log spline′(x_i)"
    description = (
        "Each coordinate goes through a rising rational-quadratic spline whose knots depend on those before it."
    )
    paper = "Durkan, Bekasov, Murray, Papamakarios 2019, Neural spline flows, arXiv 1906.04032"
    generate_cost = "sequential"
    uses_context = True


class Transformer(LayerSpec, frozen=True, kw_only=True, tag="transformer"):
    order: Order = "natural"
    patch: Annotated[
        int,
        Meta(
            title="Patch",
            description="Side of a picture's square patches, or moments of a sequence, that make one token; "
            "of a vector every coordinate is a token",
            ge=1,
            le=16,
        ),
    ] = 2
    channels: Annotated[int, Meta(title="Channels", description="Width of a token inside", ge=4, le=1024)] = 64
    heads: Annotated[int, Meta(title="Heads", description="Attention heads; must divide the channels", ge=1, le=16)] = 4
    depth: Annotated[int, Meta(title="Depth", description="Attention layers", ge=1, le=16)] = 2
    log_scale_bound: LogScaleBound = 3.0
    initial_std: InitialStd = 0.0
    dropout: Dropout = 0.0

    title = "Transformer autoregressive (TarFlow)"
    short = "TarFlow"
    group = "Autoregressive"
    formula = "z_t = (x_t − b_t(x_<t)) · exp(−a_t(x_<t))"
    log_det = "−Σ a_t(x_<t)"
    description = "A causal transformer over patches scales and shifts each patch by those before it."
    paper = "Zhai et al. 2024, Normalizing flows are capable generative models, arXiv 2412.06329"
    generate_cost = "sequential"
    uses_context = True
