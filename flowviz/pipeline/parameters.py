"""The parameters of a spec, read from its own type annotations: forms, tooltips, listings and checks come from here."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct, inspect

ParameterType = Literal["int", "float", "bool", "str", "choice", "numbers", "strings", "struct", "variant", "bytes"]
HIDDEN = frozenset({"uid", "cells"})
"""Fields that are no business of a form."""


class Parameter(Struct, frozen=True, kw_only=True):
    """One field of a spec. `minimum` and `maximum` are inclusive unless the matching `open_*` is set."""

    name: str
    type: ParameterType
    title: str
    description: str
    default: Any
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    open_minimum: bool = False
    open_maximum: bool = False
    choices: tuple[str, ...] = ()
    struct: Any = None
    """The nested spec's class, where type is struct."""
    variants: tuple[Any, ...] = ()
    """The classes to choose from, where type is variant; the default's own comes first."""
    most: int | None = None
    """Largest count: of values in numbers and strings, of letters in str."""
    only_if: tuple[str, str] | None = None
    """(field, value) of the same spec without which this one has no effect."""

    def allowed(self) -> str:
        """The allowed values in words: '1 to 4096', 'above 0', 'even or odd'."""
        if self.choices:
            return (
                ", ".join(self.choices[:-1]) + " or " + self.choices[-1] if len(self.choices) > 1 else self.choices[0]
            )
        low = None if self.minimum is None else f"{'above' if self.open_minimum else 'at least'} {self.minimum:.12g}"
        high = None if self.maximum is None else f"{'below' if self.open_maximum else 'at most'} {self.maximum:.12g}"
        return " and ".join(part for part in (low, high) if part)


def parameters(spec: type[Struct]) -> tuple[Parameter, ...]:
    """The visible parameters of a spec class, in their order."""
    info = inspect.type_info(spec)
    assert isinstance(info, inspect.StructType)
    return tuple(_parameter(field) for field in info.fields if field.name not in HIDDEN)


def listing(spec: type[Struct]) -> list[dict[str, Any]]:
    """The parameters as plain data, for `--json`: name, type, title, description, default, range, unit, choices."""
    return [
        {
            "name": p.name,
            "type": p.type,
            "title": p.title,
            "description": p.description,
            "default": msgspec.to_builtins(p.default),
            "minimum": p.minimum,
            "maximum": p.maximum,
            "choices": list(p.choices),
            "unit": p.unit,
            "parameters": listing(p.struct) if p.struct is not None else [],
            "variants": [
                {"kind": str(v.__struct_config__.tag), "title": v.title, "parameters": listing(v)} for v in p.variants
            ],
        }
        for p in parameters(spec)
    ]


def _parameter(field: inspect.Field) -> Parameter:
    declared = field.type
    extra: dict[str, Any] = {}
    title, description = field.name.replace("_", " ").capitalize(), ""
    while isinstance(declared, inspect.Metadata):
        schema = declared.extra_json_schema or {}
        title, description = schema.get("title", title), schema.get("description", description)
        extra.update(declared.extra or {})
        declared = declared.type
    default = field.default
    if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    common: dict[str, Any] = {
        "name": field.name,
        "title": title,
        "description": description,
        "default": default,
        "unit": extra.get("unit", ""),
        "only_if": extra.get("only_if"),
    }
    match declared:
        case inspect.BoolType():
            return Parameter(type="bool", **common)
        case inspect.IntType() | inspect.FloatType():
            kind: ParameterType = "int" if isinstance(declared, inspect.IntType) else "float"
            return Parameter(type=kind, **common, **_range(declared))
        case inspect.LiteralType():
            return Parameter(type="choice", choices=tuple(str(v) for v in _declared_order(declared, field)), **common)
        case inspect.StrType():
            return Parameter(type="str", most=declared.max_length, **common)
        case inspect.BytesType():
            return Parameter(type="bytes", **common)
        case inspect.VarTupleType() | inspect.TupleType():
            item = declared.item_type if isinstance(declared, inspect.VarTupleType) else declared.item_types[0]
            most = declared.max_length if isinstance(declared, inspect.VarTupleType) else len(declared.item_types)
            while isinstance(item, inspect.Metadata):
                item = item.type
            if isinstance(item, inspect.StrType):
                return Parameter(type="strings", most=most, **common)
            assert isinstance(item, inspect.IntType | inspect.FloatType), field.name
            return Parameter(type="numbers", most=most, **common, **_range(item))
        case inspect.StructType():
            return Parameter(type="struct", struct=declared.cls, **common)
        case inspect.UnionType() if all(isinstance(one, inspect.StructType) for one in declared.types):
            classes = [one.cls for one in declared.types if isinstance(one, inspect.StructType)]
            first = sorted(classes, key=lambda cls: not isinstance(default, cls))
            return Parameter(type="variant", variants=tuple(first), **common)
        case _:
            raise TypeError(f"field {field.name}: no form is known for {declared}")


def _range(declared: inspect.IntType | inspect.FloatType) -> dict[str, Any]:
    low = declared.ge if declared.ge is not None else declared.gt
    high = declared.le if declared.le is not None else declared.lt
    return {
        "minimum": low,
        "maximum": high,
        "open_minimum": declared.gt is not None,
        "open_maximum": declared.lt is not None,
    }


def _declared_order(declared: inspect.LiteralType, field: inspect.Field) -> list[Any]:
    """Literal values with the default first; msgspec sorts them, which says nothing to a reader."""
    values = list(declared.values)
    return sorted(values, key=lambda value: (value != field.default,))
