"""What every layer's spec has, and the fields that several kinds share.

A layer's class carries the words that every view of it needs (title, group, formula, cost), so the palette, the inspector,
the tooltips, the translations and `flowviz layers` all read one place. Formulas are written in the normalizing direction,
x to z.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from ..conditioners import EventKind

Mask = Literal["even", "odd", "first_half", "second_half", "checkerboard", "checkerboard_odd"]
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
        title="Passed through",
        description="Which coordinates or channels (on pictures and sequences also: which places of a checkerboard) "
        "pass unchanged and decide how the others are transformed",
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
    Meta(title="Order", description="The order in which the numbers are predicted, one from those before it"),
]
Bins = Annotated[int, Meta(title="Bins", description="Pieces of each spline", ge=2, le=64)]
TailBound = Annotated[
    float,
    Meta(
        title="Tail bound",
        description="The spline acts on [−B, B]; outside, it is the identity",
        gt=0.0,
        le=1000.0,
    ),
]
OnePass = Annotated[
    Literal["density", "samples"],
    Meta(
        title="One pass for",
        description="The direction in which the formula is used as it is written; the other one solves for its inverse",
    ),
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
    takes: ClassVar[tuple[EventKind, ...]] = ("vector", "image", "sequence")
    """The kinds of events that it can transform."""
    inverse: ClassVar[Literal["analytic", "numerical"]] = "analytic"
    """Numerical: one direction is found by iteration, to a stated error."""
    domain: ClassVar[Literal["real", "unit"]] = "real"
    """What it takes: any number, or numbers between 0 and 1."""
    uses_context: ClassVar[bool] = False
    """Whether it is conditioned by the context where the pipeline has one."""

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)
