"""Languages: every text is collected, said in the language in force, and in English where a translation is unfit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from flowviz.app import translation_sources
from flowviz.app.translation import LANGUAGES, language, sentence, spec
from flowviz.pipeline import LAYERS, NAMED, SpecError, Text, say
from flowviz.resources import assets


class Echo(QTranslator):
    """Translates one text of one context."""

    def __init__(self, context: str, source: str, target: str) -> None:
        super().__init__()
        self._key, self._target = (context, source), target

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        return self._target if (context, source) == self._key else None


@pytest.fixture
def echo(qapp: object) -> Iterator[object]:
    installed = []

    def install(context: str, source: str, target: str) -> None:
        installed.append(Echo(context, source, target))
        QCoreApplication.installTranslator(installed[-1])

    yield install
    for translator in installed:
        QCoreApplication.removeTranslator(translator)


def messages(path: Path) -> dict[tuple[str, str], ElementTree.Element]:
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }


def test_sentences_are_said_in_the_language_with_their_arguments(echo) -> None:  # type: ignore[no-untyped-def]
    echo("sentences", "{file} has no rows.", "{file}: 행이 없습니다.")
    said = say("{file} has no rows.", file="a.csv")
    assert sentence(said) == "a.csv: 행이 없습니다."
    assert sentence(SpecError(said)) == "a.csv: 행이 없습니다."
    assert sentence(Text.of(said)) == "a.csv: 행이 없습니다."
    assert sentence("free words with {braces}") == "free words with {braces}"
    assert sentence(Text()) == ""
    echo("spec", "Affine coupling", "아핀 커플링")
    assert sentence(say("{layer}: round trip", layer="Affine coupling")) == "아핀 커플링: round trip"


def test_a_translation_with_an_unknown_argument_gives_way_to_english(echo) -> None:  # type: ignore[no-untyped-def]
    echo("sentences", "{file} has no columns.", "{datei} hat keine Spalten.")
    assert sentence(say("{file} has no columns.", file="a.csv")) == "a.csv has no columns."


def test_words_of_specs(echo) -> None:  # type: ignore[no-untyped-def]
    echo("spec", "Affine coupling", "아핀 커플링")
    assert spec("Affine coupling") == "아핀 커플링"
    assert spec("") == ""


def test_the_collection_holds_what_forms_menus_and_errors_say() -> None:
    words, templates = translation_sources.spec_texts(), translation_sources.sentence_templates()
    for layer in LAYERS.values():
        assert {layer.title, layer.group, layer.description} <= set(words)
    for info in NAMED.values():
        assert {info.title, info.description} <= set(words)
    assert {"Learning rate", "steps", "cosine", "Seed", "sequential"} <= set(words)
    assert "The engine is not running." in templates
    assert len(set(templates)) == len(templates)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_files_hold_every_text(code: str, tmp_path: Path) -> None:
    """Fails when a text was added or changed: `python -m flowviz.app.translation_sources` brings the files up to date."""
    name = f"flowviz_{code}.ts"
    (tmp_path / name).write_bytes(assets("translations", name).read_bytes())
    translation_sources.update(tmp_path)
    now, kept = messages(tmp_path / name), messages(assets("translations", name))
    assert set(now) == set(kept)
    assert assets("translations", f"flowviz_{code}.qm").read_bytes() == (tmp_path / f"flowviz_{code}.qm").read_bytes()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_text_is_translated_with_the_same_arguments(code: str) -> None:
    for (context, source), message in messages(assets("translations", f"flowviz_{code}.ts")).items():
        translation = message.find("translation")
        assert translation is not None
        assert translation.get("type") != "unfinished", (context, source)
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        for form in forms:
            assert form.strip(), (context, source)
            assert fields(form) == fields(source), (context, source, form)


def fields(template: str) -> set[str]:
    """Names in braces; braces that are no template of ours count for nothing."""
    parts = template.replace("{{", "").replace("}}", "").split("{")[1:]
    return {part.partition("}")[0] for part in parts}


def test_switching_back_and_forth_leaves_the_language_that_was_chosen(qapp: object) -> None:
    try:
        language().choose("ko")
        korean = spec("Affine coupling")
        assert korean != "Affine coupling"
        language().choose("en")
        assert spec("Affine coupling") == "Affine coupling"
        language().choose("ko")
        assert spec("Affine coupling") == korean
    finally:
        language().choose("en")


def test_no_sentence_of_the_window_is_an_f_string() -> None:
    for path in sorted(translation_sources.PACKAGE.joinpath("app").glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
                assert isinstance(call.args[0], ast.Constant), f"{path.name}:{call.lineno}"
