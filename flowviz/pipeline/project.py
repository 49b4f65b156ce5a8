"""A pipeline, and the project around it: the one immutable value that the window, the engine and the files share."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from .bases import Base, StandardNormal
from .layers import Layer
from .targets import NamedTarget, Target
from .training import Training

TileMode = Literal["density", "grid", "samples", "log_det"]


class Context(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What conditions a pipeline: nothing, one of `count` classes, or `count` numbers; p(x) becomes p(x | c)."""

    kind: Literal["none", "classes", "numbers"] = "none"
    count: Annotated[int, Meta(ge=0, le=1024)] = 0

    @property
    def width(self) -> int:
        """How many numbers a layer is given: a class as a one-hot row."""
        return 0 if self.kind == "none" else self.count


class PipelineSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Layers in the normalizing direction (data to base), then the base.

    Layers without a uid, or with one already taken, get a fresh one here, deterministically: l1, l2, ...
    """

    layers: tuple[Layer, ...] = ()
    base: Base = StandardNormal()
    context: Annotated[
        Context, Meta(title="Context", description="What the density depends on beside x: nothing, a class, or numbers")
    ] = Context()

    def __post_init__(self) -> None:
        uids = [layer.uid for layer in self.layers]
        if all(uids) and len(set(uids)) == len(uids):
            return
        taken = set(uids)
        seen: set[str] = set()
        layers, number = [], 0
        for layer in self.layers:
            if not layer.uid or layer.uid in seen:
                number += 1
                while f"l{number}" in taken:
                    number += 1
                layer = msgspec.structs.replace(layer, uid=f"l{number}")
                taken.add(layer.uid)
            seen.add(layer.uid)
            layers.append(layer)
        msgspec.structs.force_setattr(self, "layers", tuple(layers))

    def index(self, uid: str) -> int | None:
        """Where the layer with this uid stands, or None."""
        return next((i for i, layer in enumerate(self.layers) if layer.uid == uid), None)


class View(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the window shows, kept with the project."""

    tile_mode: TileMode = "density"
    turned: bool = False
    selected: str = ""
    axes: tuple[int, int] = (0, 1)
    samples: bool = False
    contours: bool = False
    difference: bool = False
    """The model's picture is its density minus the target's."""
    morph: Annotated[float, Meta(ge=0.0, le=1.0)] = 1.0
    whole_flow: bool = False
    pinned: tuple[float, ...] = ()
    context: tuple[float, ...] = ()
    """The class (one number), or the numbers, that a conditional density is shown for."""
    temperature: Annotated[
        float,
        Meta(title="Temperature", description="Scales the noise that shown samples are made from", ge=0.0, le=2.0),
    ] = 1.0
    gallery: Literal["samples", "interpolation", "reconstruction", "nearest"] = "samples"
    ends: tuple[int, int] = (0, 1)
    """The two held-out events between which the gallery interpolates."""
    projection: Literal["axes", "principal"] = "axes"
    corner: bool = False
    frame_share: Annotated[
        float,
        Meta(title="Drawing share", description="Share of the engine's time that pictures may take", ge=0.02, le=0.8),
    ] = 0.12


class Project(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pipeline: PipelineSpec = PipelineSpec()
    target: Target = NamedTarget()
    training: Training = Training()
    seed: Annotated[
        int, Meta(title="Seed", description="Of the initial weights and of the training data", ge=0, le=2**31 - 1)
    ] = 0
    view: View = View()
    preset: str = ""
