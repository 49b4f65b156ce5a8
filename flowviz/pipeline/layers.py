"""Layers: what a card in the palette and a tile in the strip stand for, as frozen values.

A layer's class carries the words that every view of it needs (title, group, formula, cost), so the palette, the inspector,
the tooltips, the translations and `flowviz layers` all read one place. Formulas are written in the normalizing direction,
x to z.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from .conditioners import MADE, MLP

Mask = Literal["even", "odd", "first_half", "second_half"]
InitialStd = Annotated[
    float,
    Meta(
        title="Initial weight scale",
        description="Standard deviation of the last layer's initial weights; 0 starts as the identity",
        ge=0.0,
        le=1.0,
    ),
]
MaskField = Annotated[
    Mask,
    Meta(
        title="Passed through", description="Which coordinates pass unchanged and decide how the others are transformed"
    ),
]
LogScaleBound = Annotated[
    float,
    Meta(
        title="Log-scale bound",
        description="Largest |s|: s = c·tanh(raw/c), so that no single layer can explode",
        ge=0.1,
        le=10.0,
        extra={"unit": "nats"},
    ),
]
Conditioner = Meta(title="Conditioner", description="The network that gives the scales and shifts")
Order = Annotated[
    Literal["natural", "reversed"],
    Meta(title="Order", description="The order in which the coordinates are predicted, one from those before it"),
]


class LayerSpec(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """One layer of a pipeline. `uid` names its weights for life: they follow the layer through every edit."""

    uid: str = ""
    label: Annotated[str, Meta(title="Label", description="Your own name for this layer", max_length=60)] = ""
    bypass: Annotated[bool, Meta(title="Bypass", description="Leave this layer out, keeping its weights")] = False
    trainable: Annotated[
        bool, Meta(title="Trainable", description="Off: the layer keeps its weights while others learn")
    ] = True

    title: ClassVar[str] = ""
    short: ClassVar[str] = ""
    """A word or two for a tile."""
    group: ClassVar[str] = ""
    formula: ClassVar[str] = ""
    log_det: ClassVar[str] = ""
    description: ClassVar[str] = ""
    paper: ClassVar[str] = ""
    normalize_cost: ClassVar[str] = "one pass"
    generate_cost: ClassVar[str] = "one pass"
    starts_as_identity: ClassVar[bool] = True

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class AffineCoupling(LayerSpec, frozen=True, kw_only=True, tag="affine_coupling"):
    mask: MaskField = "even"
    conditioner: Annotated[MLP, Conditioner] = MLP()
    log_scale_bound: LogScaleBound = 3.0
    initial_std: InitialStd = 0.0

    title = "Affine coupling"
    short = "Affine"
    group = "Coupling"
    formula = "z_b = x_b · exp(s(x_a)) + t(x_a),  z_a = x_a"
    log_det = "Σ s(x_a)"
    description = "Half of the coordinates pass through and decide how the other half is scaled and shifted."
    paper = "Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803"


class AdditiveCoupling(LayerSpec, frozen=True, kw_only=True, tag="additive_coupling"):
    mask: MaskField = "even"
    conditioner: Annotated[MLP, Conditioner] = MLP()
    initial_std: InitialStd = 0.0

    title = "Additive coupling"
    short = "Additive"
    group = "Coupling"
    formula = "z_b = x_b + m(x_a),  z_a = x_a"
    log_det = "0"
    description = "Half of the coordinates pass through and decide how the other half is shifted; volume is kept."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"


class MAF(LayerSpec, frozen=True, kw_only=True, tag="maf"):
    order: Order = "natural"
    conditioner: Annotated[MADE, Conditioner] = MADE()
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


class IAF(LayerSpec, frozen=True, kw_only=True, tag="iaf"):
    order: Order = "natural"
    conditioner: Annotated[MADE, Conditioner] = MADE()
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


class Scaling(LayerSpec, frozen=True, kw_only=True, tag="scaling"):
    title = "Diagonal scaling"
    short = "Scaling"
    group = "Linear"
    formula = "z = x ⊙ exp(s)"
    log_det = "Σ s"
    description = "One learned scale a coordinate: NICE's only change of volume."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"


class ActNorm(LayerSpec, frozen=True, kw_only=True, tag="actnorm"):
    title = "ActNorm"
    short = "ActNorm"
    group = "Linear"
    formula = "z = x ⊙ exp(s) + b"
    log_det = "Σ s"
    description = "A learned scale and shift, set from the first batch so that its outputs have mean 0 and variance 1."
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039"


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
    log_det = "log|det W|"
    description = "A learned invertible mix of all coordinates: Glow's 1×1 convolution, on vectors."
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039"


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
    description = "Reorders the coordinates, so that the next layer sees them in other roles."
    paper = "Dinh, Krueger, Bengio 2015, NICE, arXiv 1410.8516"
    starts_as_identity = False


Layer = AffineCoupling | AdditiveCoupling | MAF | IAF | Scaling | ActNorm | Linear | Permutation

LAYERS: dict[str, type[LayerSpec]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (AffineCoupling, AdditiveCoupling, MAF, IAF, Scaling, ActNorm, Linear, Permutation)
}
"""Kind to class, in the order of the palette."""
