"""Collects every text that the window can show into assets/translations, and compiles the translations.

    python -m flowviz.app.translation_sources

brings `flowviz_en.ts` (plural forms alone) and `flowviz_ko.ts` up to date, keeping what is translated, and makes the `.qm`
files that the window loads. Texts of the window's own code are found by Qt's lupdate; the words of the specs (context
"spec") and the sentences of the engine (context "sentences") are handed to it as a source file made for that.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, inspect

from ..pipeline import BASES, LAYERS, MADE, MLP, NAMED, PRESETS, Project, Target, Training, View, parameters
from ..resources import assets
from .examples import examples
from .translation import LANGUAGES

PACKAGE = Path(__file__).resolve().parents[1]


def spec_texts() -> list[str]:
    """Titles, groups, descriptions, choices and units of everything that the forms and menus show."""
    found: dict[str, None] = {}
    kinds: list[type[Struct]] = [*LAYERS.values(), *BASES.values(), MLP, MADE, *Target.__args__, Training]
    for kind in kinds:
        for name in ("title", "short", "group", "description", "normalize_cost", "generate_cost"):
            found[getattr(kind, name, "")] = None
        found.update(dict.fromkeys(_parameter_texts(kind)))
    for kind in (Project, View):
        found.update(dict.fromkeys(_metadata_texts(kind)))
    for preset in PRESETS.values():
        found.update(dict.fromkeys((preset.title, preset.description)))
    for info in NAMED.values():
        found.update(dict.fromkeys((info.title, info.description)))
    found.update(dict.fromkeys(example.title for example in examples()))
    return [text for text in found if any(letter.isalpha() for letter in text)]


def sentence_templates() -> list[str]:
    """The templates of every `say("...")` and `Text("...")` in the package; raises ValueError where one is no literal."""
    found: dict[str, None] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
                continue
            first = call.args[0]
            if call.func.id == "say" and not isinstance(first, ast.Constant):
                raise ValueError(f"{path}:{call.lineno}: the template of say() must be a literal")
            if call.func.id in ("say", "Text") and isinstance(first, ast.Constant) and first.value:
                found[str(first.value)] = None
    return list(found)


def update(folder: Path) -> list[Path]:
    """Brings the `.ts` files in `folder` up to date and compiles each; the `.qm` files."""
    with tempfile.TemporaryDirectory() as scratch:
        texts = Path(scratch, "texts.py")
        rows = [("spec", text) for text in spec_texts()] + [("sentences", text) for text in sentence_templates()]
        lines = [f"QCoreApplication.translate({context!r}, {_quoted(text)})" for context, text in rows]
        texts.write_text("\n".join(lines) + "\n", "utf-8")
        sources = [str(path) for path in sorted((PACKAGE / "app").glob("*.py")) if path.name != Path(__file__).name]
        compiled = []
        for code in LANGUAGES:
            ts = folder / f"flowviz_{code}.ts"
            plural = ["-pluralonly"] if code == "en" else []
            languages = ["-source-language", "en", "-target-language", code]
            _tool(
                "lupdate",
                *sources,
                str(texts),
                "-locations",
                "none",
                "-no-obsolete",
                *languages,
                *plural,
                "-ts",
                str(ts),
            )
            compiled.append(ts.with_suffix(".qm"))
            _tool("lrelease", "-silent", str(ts), "-qm", str(compiled[-1]))
    return compiled


def main() -> int:
    folder = assets("translations")
    folder.mkdir(parents=True, exist_ok=True)
    for path in update(folder):
        print(path)
    return 0


def _parameter_texts(kind: type[Struct]) -> Iterator[str]:
    for parameter in parameters(kind):
        yield from (parameter.title, parameter.description, parameter.unit, *parameter.choices)
        if parameter.struct is not None:
            yield from _parameter_texts(parameter.struct)


def _metadata_texts(kind: type[Struct]) -> Iterator[str]:
    """Of a spec that is no form as a whole: the fields that have a title."""
    for field in inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        if isinstance(field.type, inspect.Metadata):
            schema = field.type.extra_json_schema or {}
            yield from (schema[key] for key in ("title", "description") if key in schema)


def _quoted(text: str) -> str:
    """A Python literal that lupdate reads: it knows no other escapes than these."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _tool(name: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name("pyside6-" + name)), *arguments]
    result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if result.returncode:
        raise SystemExit(f"pyside6-{name}: {result.stderr.strip() or result.stdout.strip()}")


if __name__ == "__main__":
    sys.exit(main())
