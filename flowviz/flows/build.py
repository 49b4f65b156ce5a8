"""From a spec to a flow; and from a trained flow to its edited self, with the weights kept by uid."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from typing import Any, TypeVar

import msgspec
import torch
from torch import Tensor

from ..pipeline import (
    BaseSpec,
    EventShape,
    LayerSpec,
    NetworkSpec,
    PipelineSpec,
    SpecError,
    layer_problem,
    pipeline,
    problems,
    say,
    trace_shapes,
)
from .bases import BaseDensity
from .flow import Flow, LayerDict
from .layer import FlowLayer, Place
from .preprocessing import Standardize
from .registry import BASES, LAYERS

NOT_ARCHITECTURE = frozenset(
    {
        "uid",
        "label",
        "bypass",
        "trainable",
        "initial_std",
        "start",
        "log_scale_bound",
        "half_width",
        "rule",
        "bandwidth",
        "dropout",
        "momentum",
        "tail_bound",
        "lipschitz",
        "time",
        "steps",
        "trace",
    }
)
"""Fields of layers, bases and their networks that leave the weights meaningful when they change."""
IDENTITY = {"initial_std": 0.0, "start": "identity"}
"""What makes a new layer start as the identity, whatever its options say."""


def build(
    spec: PipelineSpec | dict[str, Any] | str | bytes,
    event_shape: EventShape = (2,),
    seed: int = 0,
    *,
    previous: Flow | None = None,
    standardization: tuple[Tensor, Tensor] | None = None,
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> Flow:
    """Makes the flow that a spec describes: a dict, JSON text or a PipelineSpec, every field of which has a default.

    A layer's initial weights depend on `seed`, its uid and its architecture alone, not on its place. `standardization`
    is (mean, std), each of the event's shape: the flow then takes and gives data units and counts the Jacobian.

    With `previous`, a trained flow, layers and base whose uid and architecture agree are taken over as they are, the same
    modules; new layers start as the identity whatever their options say, so that log_prob stays (a permutation alone
    cannot). Raises SpecError, one sentence, when the pipeline is impossible.
    """
    wanted = pipeline(spec)
    shape = tuple(int(n) for n in event_shape)
    for problem in problems(wanted, shape):
        raise SpecError(problem.sentence)
    kept = _Kept(previous, shape)
    unit = torch.ones(shape, dtype=torch.float64)
    first = None
    if standardization is not None:
        mean, std = (torch.as_tensor(part).detach().cpu().double() for part in standardization)
        if mean.shape != shape or std.shape != shape:
            raise SpecError(
                say("the standardisation has shape {got}; the data has {shape}", got=tuple(mean.shape), shape=shape)
            )
        first, unit = Standardize(mean, std), std
    shapes = trace_shapes(wanted, shape)
    layers = LayerDict()
    for layer, here in zip(wanted.layers, shapes, strict=False):
        if layer_problem(layer, here) is not None:
            # Bypassed, or it would have been refused: there is nothing that could be made of it here.
            continue
        place = Place(here, _generator(seed, layer.uid), wanted.context.width)
        layers[layer.uid] = kept.layer(layer, place) or _new_layer(layer, place, identity=kept.previous is not None)
    place = Place(shapes[-1], _generator(seed, "base/"), wanted.context.width, unit)
    base = kept.base(wanted.base, place) or BASES[type(wanted.base)](wanted.base, place)
    for layer in wanted.layers:
        if layer.uid in layers:
            layers[layer.uid].configure(layer)
    base.configure(wanted.base, unit)
    return Flow(wanted, shape, layers, base, first).to(dtype=dtype).to(device=device)


class _Kept:
    """What a new flow takes over from the previous one."""

    def __init__(self, previous: Flow | None, shape: EventShape) -> None:
        self.previous = previous if previous is not None and previous.event_shape == shape else None
        self.specs = {} if self.previous is None else {layer.uid: layer for layer in self.previous.spec.layers}

    def layer(self, wanted: LayerSpec, place: Place) -> FlowLayer | None:
        had = self.specs.get(wanted.uid)
        if self.previous is None or had is None or architecture(had) != architecture(wanted):
            return None
        if wanted.uid not in self.previous.layers:
            return None
        kept = self.previous.layers[wanted.uid]
        same_context = kept.context == place.context or not wanted.uses_context
        return kept if kept.shape == place.shape and same_context else None

    def base(self, wanted: BaseSpec, place: Place) -> BaseDensity | None:
        if self.previous is None or architecture(self.previous.spec.base) != architecture(wanted):
            return None
        kept = self.previous.base
        if not wanted.uses_context:
            place = dataclasses.replace(place, context=kept.context)
        return kept if kept.fits(place) else None


Spec = TypeVar("Spec", LayerSpec, BaseSpec, NetworkSpec)


@functools.cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Of a spec; finding them takes 0.3 ms, and an edit asks for those of every layer."""
    return msgspec.structs.fields(kind)


def architecture(spec: Spec) -> Spec:
    """The spec with everything put aside that leaves the weights meaningful, in its network too."""
    fields: dict[str, Any] = {}
    for field in _fields(type(spec)):
        value = getattr(spec, field.name)
        if field.name in NOT_ARCHITECTURE:
            fields[field.name] = field.default
        elif isinstance(value, NetworkSpec):
            fields[field.name] = architecture(value)
    return msgspec.structs.replace(spec, **fields)


def _new_layer(spec: LayerSpec, place: Place, *, identity: bool) -> FlowLayer:
    if identity:
        present = {field.name for field in msgspec.structs.fields(spec)}
        spec = msgspec.structs.replace(spec, **{name: value for name, value in IDENTITY.items() if name in present})
    layer = LAYERS[type(spec)](spec, place)
    if identity:
        layer.skip_initialization()
    return layer


def _generator(seed: int, uid: str) -> torch.Generator:
    """A generator of the seed and the uid: moving a layer does not change what it draws."""
    digest = hashlib.sha256(f"{seed}/{uid}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little", signed=True))
