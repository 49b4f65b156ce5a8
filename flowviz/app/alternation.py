"""New layers that take turns with their neighbours: two couplings with one mask in a row would leave half the data alone."""

from __future__ import annotations

import msgspec

from ..pipeline import LAYERS, LayerSpec

OPPOSITES = {
    "mask": {
        "even": "odd",
        "odd": "even",
        "first_half": "second_half",
        "second_half": "first_half",
        "checkerboard": "checkerboard_odd",
        "checkerboard_odd": "checkerboard",
    },
    "order": {"natural": "reversed", "reversed": "natural"},
}
"""Field to the opposite of each of its values."""


def alternating(kind: str, layers: tuple[LayerSpec, ...], gap: int) -> LayerSpec:
    """A new layer for a gap: its mask or order is the opposite of that of the nearest layer before (else after) that has one."""
    new = LAYERS[kind]()
    for name, opposite in OPPOSITES.items():
        if getattr(new, name, None) in opposite:
            for neighbour in (*reversed(layers[:gap]), *layers[gap:]):
                if (value := getattr(neighbour, name, None)) in opposite:
                    return msgspec.structs.replace(new, **{name: opposite[value]})
    return new


def alternated(layer: LayerSpec, layers: tuple[LayerSpec, ...], gap: int) -> LayerSpec:
    """The layer with the opposite of the nearest mask of its own sort before it: a checkerboard answers a checkerboard."""
    opposite = OPPOSITES["mask"]
    mask = getattr(layer, "mask", None)
    if mask is None:
        return layer
    for neighbour in reversed(layers[:gap]):
        value = getattr(neighbour, "mask", None)
        if value is not None and value.startswith("checkerboard") == mask.startswith("checkerboard"):
            return msgspec.structs.replace(layer, mask=opposite[value])
    return layer
