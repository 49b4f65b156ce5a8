"""Linear layers: scales, shifts, mixes and orders."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from .base import LayerSpec


class Scaling(LayerSpec, frozen=True, kw_only=True, tag="scaling"):
    title = "Diagonal scaling"
    short = "Scaling"
    group = "Linear"
    formula = "z = x ⊙ exp(s)"
    log_det = "Σ s"
    description = "One learned scale a coordinate: NICE's only change of volume."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"


class ElementwiseAffine(LayerSpec, frozen=True, kw_only=True, tag="elementwise_affine"):
    title = "Element-wise affine"
    short = "Element-wise"
    group = "Linear"
    formula = "z = x ⊙ exp(s) + b"
    log_det = "Σ s"
    description = (
        "One learned scale and shift for every number of the event, a pixel each on pictures; set from the first batch."
    )
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"


class ActNorm(LayerSpec, frozen=True, kw_only=True, tag="actnorm"):
    title = "ActNorm"
    short = "ActNorm"
    group = "Linear"
    formula = "z = x ⊙ exp(s) + b"
    log_det = "Σ s, times the places of a channel"
    description = (
        "A learned scale and shift a coordinate (a channel on pictures and sequences), set from the first batch so that "
        "its outputs have mean 0 and variance 1."
    )
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039"


class BatchNorm(LayerSpec, frozen=True, kw_only=True, tag="batch_norm"):
    momentum: Annotated[
        float,
        Meta(
            title="Momentum",
            description="How much of the running mean and variance each training batch replaces",
            gt=0.0,
            le=1.0,
        ),
    ] = 0.1

    title = "Batch normalisation"
    short = "BatchNorm"
    group = "Linear"
    formula = "z = (x − m)/√(v + ε) ⊙ exp(γ) + β"
    log_det = "Σ γ − ½ log(v + ε), times the places of a channel"
    description = (
        "Normalises by the batch's mean and variance while training, and by their running averages otherwise; a batch's "
        "log-densities then depend on the whole batch."
    )
    paper = "Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.7"
    starts_as_identity = True


class Linear(LayerSpec, frozen=True, kw_only=True, tag="linear"):
    parameterization: Annotated[
        Literal["plu", "plain"],
        Meta(title="Parameters", description="PLU factors (triangular, cheap log-det) or the plain matrix W"),
    ] = "plu"
    start: Annotated[
        Literal["identity", "rotation"],
        Meta(
            title="Starts as", description="The identity, or a random rotation; in a trained flow always the identity"
        ),
    ] = "identity"

    title = "Invertible linear (1×1 convolution)"
    short = "1×1 linear"
    group = "Linear"
    formula = "z = W x,  W = P L (U + diag(s))"
    log_det = "log|det W|, times the places of a channel"
    description = (
        "A learned invertible mix of all coordinates, or of the channels at every place: Glow's 1×1 convolution."
    )
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039"


class Householder(LayerSpec, frozen=True, kw_only=True, tag="householder"):
    reflections: Annotated[
        int,
        Meta(
            title="Reflections",
            description="How many learned reflections in a row; where they are odd, the first has a fixed partner",
            ge=2,
            le=256,
        ),
    ] = 2

    title = "Householder"
    short = "Householder"
    group = "Linear"
    formula = "z = H_K … H_1 x,  H = I − 2 v vᵀ/‖v‖²"
    log_det = "0"
    description = (
        "A learned rotation of the coordinates or channels, made of reflections; it starts as pairs that cancel."
    )
    paper = "Tomczak, Welling 2016, Improving variational auto-encoders using Householder flow, arXiv 1611.09630"


class Permutation(LayerSpec, frozen=True, kw_only=True, tag="permutation"):
    order: Annotated[
        Literal["reverse", "random"],
        Meta(title="Order", description="Reverse the coordinates, or one fixed random order (never the identity)"),
    ] = "reverse"
    seed: Annotated[
        int,
        Meta(
            title="Seed",
            description="Of the random order",
            ge=0,
            le=2**31 - 1,
            extra={"only_if": ("order", "random")},
        ),
    ] = 0

    title = "Permutation"
    short = "Permutation"
    group = "Linear"
    formula = "z_i = x_π(i)"
    log_det = "0"
    description = "Reorders the coordinates (channels on pictures), so that the next layer sees them in other roles."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"
    starts_as_identity = False
