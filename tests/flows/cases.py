"""What the laws are tested on: every registered layer and base, with every value of every option, made from the specs.

A new layer comes in by being registered; nothing here names one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import torch
from torch import Tensor

from flowviz.flows import BASES, LAYERS, BaseDensity, FlowLayer, Place
from flowviz.pipeline import (
    MADE,
    MLP,
    BaseSpec,
    EventShape,
    LayerSpec,
    NetworkSpec,
    Sigmoid,
    layer_problem,
    parameters,
    suited,
)

torch.set_num_threads(1)
DIMENSIONS = (1, 2, 3, 5, 8)
SHAPES: tuple[EventShape, ...] = ((1, 4, 2), (2, 2, 4), (1, 6), (2, 4))
"""Pictures (C, H, W) and sequences (C, T) that the laws are tested on, one with a single channel and one with two each."""
Way = Callable[[Tensor, Tensor | None], tuple[Tensor, Tensor]]
NOT_SHAPING = ("label", "bypass", "trainable", "initial_std")


def options(kind: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """One set of fields for each value of each option, the others as they are by default; the first is all default."""
    sets: list[dict[str, Any]] = [{}]
    for parameter in parameters(kind):
        if parameter.name in NOT_SHAPING:
            continue
        if parameter.type == "choice":
            sets += [{parameter.name: value} for value in parameter.choices if value != parameter.default]
        elif parameter.type == "bool":
            sets.append({parameter.name: not parameter.default})
        elif parameter.type == "variant":
            for variant in parameter.variants:
                nested = options(variant)
                if "hidden" in {field.name for field in msgspec.structs.fields(variant)}:
                    nested += [{"hidden": ()}, {"hidden": (9, 9, 9), "residual": True}]
                made = [small_network(variant(**fields)) for fields in nested]
                sets += [{parameter.name: network} for network in made if network != parameter.default]
    return sets


SMALL: dict[str, dict[str, Any]] = {
    "convnet": {"channels": 6},
    "pixelcnn": {"channels": 4, "blocks": 2},
    "pixelrnn": {"channels": 3, "layers": 2},
    "wavenet": {"channels": 4, "skip": 5, "layers": 2, "blocks": 2},
    "transformer": {"channels": 4, "heads": 2, "depth": 1},
}
"""Sizes at which the laws are quick to test."""


def small_network(network: NetworkSpec) -> NetworkSpec:
    return msgspec.structs.replace(network, **SMALL.get(network.kind, {}))


@dataclass(frozen=True)
class Case:
    """A layer's spec, on events of a shape, with a number of context numbers."""

    spec: LayerSpec
    shape: EventShape
    context: int = 0

    @property
    def dimensions(self) -> int:
        return math.prod(self.shape)

    @property
    def numerical(self) -> bool:
        """Whether one direction is found by iteration."""
        return self.spec.inverse == "numerical"

    def __str__(self) -> str:
        fields = msgspec.to_builtins(self.spec)
        plain = msgspec.to_builtins(type(self.spec)())
        changed = [f"{name}={_short(value)}" for name, value in fields.items() if value != plain[name]]
        size = f"D{self.shape[0]}" if len(self.shape) == 1 else "x".join(map(str, self.shape))
        return "-".join([self.spec.kind, size, *(["context"] if self.context else []), *changed])

    def layer(self, *, std: float = 0.3, dtype: torch.dtype = torch.float64) -> FlowLayer:
        """The layer, not training, set from data and with `std` of noise on all its weights: nothing is zero by chance."""
        generator = torch.Generator().manual_seed(1)
        layer = LAYERS[type(self.spec)](self.spec, Place(self.shape, generator, self.context))
        with torch.no_grad():
            if std and layer.needs_data():
                layer.initialize(self.points(20, scale=2.0, seed=7))
            for parameter in layer.parameters():
                parameter += std * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        return layer.to(dtype).eval()

    def points(self, count: int = 6, *, scale: float = 1.0, seed: int = 2) -> Tensor:
        """Inputs of `normalize`; between 0 and 1 for a layer that takes no others."""
        generator = torch.Generator().manual_seed(seed)
        drawn = scale * torch.randn(count, *self.shape, generator=generator, dtype=torch.float64)
        return torch.sigmoid(drawn) if self.spec.domain == "unit" else drawn

    def latents(self, count: int = 6, *, scale: float = 1.0, seed: int = 2) -> Tensor:
        """Inputs of `generate`, of the layer's output shape."""
        points = self.points(count, scale=scale, seed=seed)
        with torch.no_grad():
            return self.layer(std=0.0).normalize(points, self.given(count))[0]

    def given(self, count: int = 6, *, seed: int = 5) -> Tensor | None:
        """A context for each point, where the case has one."""
        if not self.context:
            return None
        return torch.randn(count, self.context, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)

    def ways(self, layer: FlowLayer) -> list[tuple[Way, Way, Tensor]]:
        """(there, back, six inputs of there), for both directions."""
        return [
            (layer.normalize, layer.generate, self.points()),
            (layer.generate, layer.normalize, self.latents()),
        ]


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "+".join(f"{k}:{v}" for k, v in value.items() if k != "kind" and v not in ([64, 64], "relu", False))
    return str(value)


def layer_cases(dimensions: tuple[int, ...] = DIMENSIONS, *, spatial: bool = True) -> list[Case]:
    """Every kind of layer, with every value of every option, at every D and on small pictures and sequences.

    The defaults come on all shapes; an option on those where it may make a difference.
    """
    # An option may be just what the default is made to fit with.
    return list(dict.fromkeys(_layer_cases(dimensions, spatial)))


def _layer_cases(dimensions: tuple[int, ...], spatial: bool) -> Iterator[Case]:
    for kind in LAYERS:
        for fields in options(kind):
            spec = kind(**fields)
            few = (1, 3) if "conditioner" in fields else (1, 2, 5)
            sizes = [D for D in dimensions if not fields or D in few or len(dimensions) == 1]
            yield from (Case(spec, (D,)) for D in sizes if layer_problem(spec, (D,)) is None)
            if spatial:
                shapes = SHAPES if "conditioner" not in fields else SHAPES[1::2]
                yield from (Case(fitted(spec, shape), shape) for shape in shapes if _worth(spec, shape))
        if kind.uses_context:
            plain = kind()
            shapes = [(1,), (3,), *(SHAPES if spatial else ())]
            yield from (
                Case(fitted(plain, shape), shape, 2)
                for shape in shapes
                if layer_problem(fitted(plain, shape), shape) is None
            )


def fitted(spec: LayerSpec, shape: EventShape) -> LayerSpec:
    """The layer with a mask and a small network that can take this shape."""
    spec = suited(spec, shape)
    network = getattr(spec, "conditioner", None)
    return spec if network is None else msgspec.structs.replace(spec, conditioner=small_network(network))


def _worth(spec: LayerSpec, shape: EventShape) -> bool:
    """Whether it fits as it is, or with a network that does. Of dense networks the default is enough here."""
    network, plain = getattr(spec, "conditioner", None), type(spec)()
    changed = network != getattr(plain, "conditioner", None)
    if isinstance(network, MLP | MADE) and changed:
        return False
    there = spec if changed else fitted(spec, shape)
    same_mask = getattr(there, "mask", None) == getattr(spec, "mask", None)
    return (same_mask or spec == plain) and layer_problem(there, shape) is None


def chainable() -> list[type[LayerSpec]]:
    """The registered kinds that take any vector of real numbers to any other, both ways by a formula."""
    return [
        kind
        for kind in LAYERS
        if layer_problem(kind(), (2,)) is None
        and kind.inverse == "analytic"
        and kind.domain == "real"
        and kind is not Sigmoid
    ]


def base(spec: BaseSpec, dimensions: int, dtype: torch.dtype = torch.float64) -> BaseDensity:
    """A base of this spec, not fitted yet."""
    return BASES[type(spec)](spec, Place((dimensions,), torch.Generator().manual_seed(1))).to(dtype)


def shape_of_data(count: int, dimensions: int, seed: int = 3) -> Tensor:
    """Data with two modes, correlations and unequal scales, (count, D)."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(count, dimensions, generator=generator, dtype=torch.float64)
    mix = torch.randn(dimensions, dimensions, generator=generator, dtype=torch.float64) + 2.0 * torch.eye(dimensions)
    side = torch.randint(0, 2, (count, 1), generator=generator).double() * 4.0
    return noise @ mix * 0.5 + side + 1.0
