"""What the laws are tested on: every registered layer and base, with every value of every option, made from the specs.

A new layer comes in by being registered; nothing here names one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import torch
from torch import Tensor

from flowviz.flows import BASES, LAYERS, BaseDensity, FlowLayer
from flowviz.pipeline import BaseSpec, LayerSpec, parameters

torch.set_num_threads(1)
DIMENSIONS = (1, 2, 3, 5, 8)
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
        elif parameter.type == "struct":
            nested = [*options(parameter.struct)[1:], {"hidden": ()}, {"hidden": (9, 9, 9), "residual": True}]
            sets += [{parameter.name: parameter.struct(**fields)} for fields in nested]
    return sets


@dataclass(frozen=True)
class Case:
    """A layer's spec, at D coordinates."""

    spec: LayerSpec
    dimensions: int

    def __str__(self) -> str:
        fields = msgspec.to_builtins(self.spec)
        plain = msgspec.to_builtins(type(self.spec)())
        changed = [f"{name}={_short(value)}" for name, value in fields.items() if value != plain[name]]
        return "-".join([self.spec.kind, f"D{self.dimensions}", *changed])

    def layer(self, *, std: float = 0.3, dtype: torch.dtype = torch.float64) -> FlowLayer:
        """The layer with `std` of noise on all its weights, so that nothing is zero by chance."""
        generator = torch.Generator().manual_seed(1)
        layer = LAYERS[type(self.spec)](self.spec, self.dimensions, generator)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter += std * torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        return layer.to(dtype)

    def points(self, count: int = 6, *, scale: float = 1.0, seed: int = 2) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return scale * torch.randn(count, self.dimensions, generator=generator, dtype=torch.float64)


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "+".join(f"{k}:{v}" for k, v in value.items() if k != "kind" and v not in ([64, 64], "relu", False))
    return str(value)


def layer_cases(dimensions: tuple[int, ...] = DIMENSIONS) -> list[Case]:
    """Every kind of layer, with every value of every option, at every D."""
    return list(_layer_cases(dimensions))


def _layer_cases(dimensions: tuple[int, ...]) -> Iterator[Case]:
    for kind in LAYERS:
        for fields, D in itertools.product(options(kind), dimensions):
            yield Case(kind(**fields), D)


def base(spec: BaseSpec, dimensions: int, dtype: torch.dtype = torch.float64) -> BaseDensity:
    """A base of this spec, not fitted yet."""
    unit = torch.ones(dimensions, dtype=torch.float64)
    return BASES[type(spec)](spec, dimensions, torch.Generator().manual_seed(1), unit).to(dtype)


def shape_of_data(count: int, dimensions: int, seed: int = 3) -> Tensor:
    """Data with two modes, correlations and unequal scales, (count, D)."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(count, dimensions, generator=generator, dtype=torch.float64)
    mix = torch.randn(dimensions, dimensions, generator=generator, dtype=torch.float64) + 2.0 * torch.eye(dimensions)
    side = torch.randint(0, 2, (count, 1), generator=generator).double() * 4.0
    return noise @ mix * 0.5 + side + 1.0
