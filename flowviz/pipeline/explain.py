"""What is wrong with a spec, in one sentence: which field, what it was, and what is allowed."""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct, inspect

from .sentences import Sentence, say

_TOKEN = re.compile(r"\.?([A-Za-z_]\w*)|\[(\d+)\]")


def explain(message: str, raw: Any, kind: type[Struct]) -> Sentence:
    """msgspec's message about `raw`, which should have been a `kind`, in words that help to mend it."""
    what, _, place = message.partition(" - at `")
    where = place.rstrip("`").removeprefix("$").removeprefix(".")
    here = where or "the whole"
    try:
        declared, value = _find(kind, raw, [int(index) if index else name for name, index in _TOKEN.findall(where)])
    except (LookupError, TypeError):
        return say("{where}: {what}", where=here, what=what)
    kinds = _kinds(declared)
    if kinds and isinstance(value, dict) and value.get("kind") not in kinds:
        if "kind" not in value:
            return say("{where}: the kind is missing; there are {kinds}", where=here, kinds=", ".join(kinds))
        return say(
            "{where}: {kind} is not a known kind; there are {kinds}",
            where=here,
            kind=_short(value["kind"]),
            kinds=", ".join(kinds),
        )
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", what)
    declared = _chosen(declared, value)
    if unknown and isinstance(declared, inspect.StructType):
        names = ", ".join(field.name for field in declared.fields)
        return say("{where}: there is no field '{field}'; there are {names}", where=here, field=unknown[1], names=names)
    return say("{where} is {value}; {allowed} is allowed", where=here, value=_short(value), allowed=_allowed(declared))


def _find(kind: type[Struct], raw: Any, tokens: list[int | str]) -> tuple[inspect.Type, Any]:
    """The declared type and the value that the tokens lead to; an object's kind leads to the object."""
    declared: inspect.Type = inspect.type_info(kind)
    value = raw
    for token in tokens:
        if token == "kind":
            break
        declared = _chosen(declared, value)
        match declared:
            case inspect.VarTupleType():
                declared = declared.item_type
            case inspect.TupleType() if isinstance(token, int):
                declared = declared.item_types[token]
            case inspect.StructType():
                declared = {field.name: field.type for field in declared.fields}[str(token)]
            case _:
                raise LookupError(token)
        while isinstance(declared, inspect.Metadata):
            declared = declared.type
        value = value[token]
    return declared, value


def _kinds(declared: inspect.Type) -> list[str]:
    """The kinds that an object may be of; none where objects have no kinds."""
    options = declared.types if isinstance(declared, inspect.UnionType) else (declared,)
    return [str(option.tag) for option in options if isinstance(option, inspect.StructType) and option.tag is not None]


def _chosen(declared: inspect.Type, value: Any) -> inspect.Type:
    """Of a union of kinds, the one that the value says it is."""
    if isinstance(declared, inspect.UnionType) and isinstance(value, dict):
        for option in declared.types:
            if isinstance(option, inspect.StructType) and option.tag == value.get("kind"):
                return option
    return declared


def _allowed(declared: inspect.Type) -> str:
    """What may stand there, in words."""
    match declared:
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType() | inspect.FloatType():
            word = "a whole number" if isinstance(declared, inspect.IntType) else "a number"
            if declared.ge is not None and declared.le is not None:
                return f"{word} from {declared.ge:.12g} to {declared.le:.12g}"
            limits = (
                ("at least", declared.ge),
                ("above", declared.gt),
                ("at most", declared.le),
                ("below", declared.lt),
            )
            return f"{word} {' and '.join(f'{how} {n:.12g}' for how, n in limits if n is not None)}".strip()
        case inspect.LiteralType():
            return " or ".join(map(str, declared.values))
        case inspect.StrType() | inspect.BytesType():
            return "text" if declared.max_length is None else f"text of at most {declared.max_length} letters"
        case inspect.VarTupleType():
            return "a list" if declared.max_length is None else f"a list of at most {declared.max_length}"
        case inspect.TupleType():
            return f"a list of {len(declared.item_types)}"
        case _:
            return "an object"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
