"""`flowviz presets`, `targets` and `layers`: what there is, for a reader or, with `--json`, for a program."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

import msgspec

from .cli_common import figure, last_line
from .pipeline import (
    BASES,
    LAYERS,
    NAMED,
    PRESETS,
    DrawnTarget,
    EventKind,
    ImageTarget,
    ModelTarget,
    Preset,
    SequenceTarget,
    TableTarget,
    Training,
    in_words,
    listing,
    parameters,
)
from .pipeline.shapes import KIND_NAMES

COMMON = ("label", "bypass", "trainable")
"""Parameters that every layer has; a reader is told of them once."""


def presets(options: argparse.Namespace) -> int:
    """Every preset with the settings that it trains with."""
    if options.json:
        last_line({"presets": [_preset(preset) for preset in PRESETS.values()]})
        return 0
    for preset in PRESETS.values():
        layers = len(preset.pipeline.layers)
        print(f"{preset.name:<12} {preset.title}: {preset.description}")
        print(f"{'':<12} {layers} layer{'' if layers == 1 else 's'}, base {preset.pipeline.base.kind}")
    return 0


def targets(options: argparse.Namespace) -> int:
    """Every named density, and what kinds of file can be learnt."""
    files = [
        {
            "kind": "table",
            "title": TableTarget.title,
            "suffixes": [".csv", ".npy", ".npz"],
            "parameters": listing(TableTarget),
        },
        {
            "kind": "drawn",
            "title": DrawnTarget.title,
            "suffixes": [".png", ".jpg", ".bmp"],
            "parameters": listing(DrawnTarget),
        },
        {
            "kind": "images",
            "title": ImageTarget.title,
            "suffixes": ["a folder", ".npy", ".npz", ".bin", ".gz", "IDX"],
            "parameters": listing(ImageTarget),
        },
        {
            "kind": "sequences",
            "title": SequenceTarget.title,
            "suffixes": [".wav", ".npy", ".npz"],
            "parameters": listing(SequenceTarget),
        },
        {
            "kind": "model",
            "title": ModelTarget.title,
            "suffixes": [".pt"],
            "parameters": listing(ModelTarget),
        },
    ]
    if options.json:
        last_line({"targets": [_target(info) for info in NAMED.values()], "files": files})
        return 0
    for info in NAMED.values():
        entropy = figure(info.entropy, "nats")
        size = in_words(info.shape) if info.shape else f"{info.dimensions}-D"
        classes = f" {len(info.classes)} classes." if info.classes else ""
        print(f"{info.name:<22}{size:<10} entropy {entropy:<13} {info.title}: {info.description}{classes}")
    print(
        "A file can be learnt, too: --target FILE with a table (CSV, NPY, NPZ), one picture as a density (PNG, JPEG, ...), "
        "a set of pictures (a folder, IDX, CIFAR, NPY, NPZ), a sound (WAV), or a trained flow (.pt)."
    )
    return 0


def layers(options: argparse.Namespace) -> int:
    """Every kind of layer and base, with parameters, ranges and defaults."""
    if options.json:
        last_line(
            {
                "layers": [_layer(kind) for kind in LAYERS],
                "bases": [
                    {
                        "kind": kind,
                        "title": spec.title,
                        "formula": spec.formula,
                        "description": spec.description,
                        "needs": "training data to be fitted to" if spec.fitted else "nothing",
                        "takes": list(spec.takes),
                        "sample_cost": spec.sample_cost,
                        "parameters": listing(spec),
                    }
                    for kind, spec in BASES.items()
                ],
            }
        )
        return 0
    for kind, spec in LAYERS.items():
        print(f"{kind:<18} {spec.title} ({spec.group}): {spec.formula}")
        print(f"{'':<18} log|det J| = {spec.log_det}; density {spec.normalize_cost}, samples {spec.generate_cost}")
        print(f"{'':<18} takes {_kinds(spec.takes)}; {spec.inverse} inverse")
        _print_parameters(spec)
    print(f"Every layer also has: {', '.join(COMMON)}.\n\nBases:")
    for kind, base in BASES.items():
        print(f"{kind:<18} {base.title}: {base.formula}")
        _print_parameters(base)
    return 0


def _preset(preset: Preset) -> dict[str, Any]:
    settings = msgspec.to_builtins(preset.training)
    return {
        "name": preset.name,
        "title": preset.title,
        "description": preset.description,
        "needs": _kinds(preset.kinds),
        "kinds": list(preset.kinds),
        "target": msgspec.to_builtins(preset.target),
        "layers": [layer.kind for layer in preset.pipeline.layers],
        "base": preset.pipeline.base.kind,
        "parameters": [{**entry, "default": settings[entry["name"]]} for entry in listing(Training)],
    }


def _target(info: Any) -> dict[str, Any]:
    return {
        "name": info.name,
        "title": info.title,
        "description": info.description,
        "needs": "nothing",
        "dimensions": info.dimensions,
        "shape": list(info.event_shape),
        "classes": list(info.classes),
        "has_log_prob": info.has_log_prob,
        "entropy": info.entropy,
        "unit": "nats",
        "parameters": [],
    }


def _kinds(kinds: Iterable[EventKind]) -> str:
    """'vectors, pictures'."""
    return ", ".join(KIND_NAMES[kind] for kind in kinds)


def _layer(kind: str) -> dict[str, Any]:
    spec = LAYERS[kind]
    return {
        "kind": kind,
        "title": spec.title,
        "group": spec.group,
        "formula": spec.formula,
        "log_det": spec.log_det,
        "description": spec.description,
        "paper": spec.paper,
        "needs": _kinds(spec.takes),
        "takes": list(spec.takes),
        "inverse": spec.inverse,
        "uses_context": spec.uses_context,
        "normalize_cost": spec.normalize_cost,
        "generate_cost": spec.generate_cost,
        "parameters": listing(spec),
    }


def _print_parameters(spec: type[msgspec.Struct], indent: str = "    ") -> None:
    for p in parameters(spec):
        if p.name in COMMON and len(indent) == 4 and hasattr(spec, "group"):
            continue
        if p.variants:
            print(f"{indent}{p.name}: {' or '.join(str(one.__struct_config__.tag) for one in p.variants)}")
            for one in p.variants:
                print(f"{indent}  {one.__struct_config__.tag}")
                _print_parameters(one, indent + "    ")
            continue
        if p.struct is not None:
            print(f"{indent}{p.name}: {p.struct.__struct_config__.tag}")
            _print_parameters(p.struct, indent + "    ")
            continue
        default = msgspec.to_builtins(p.default)
        unit = f" {p.unit}" if p.unit else ""
        allowed = f" ({p.allowed()})" if p.allowed() else ""
        print(f"{indent}{p.name} = {default}{unit}{allowed}: {p.description}")
