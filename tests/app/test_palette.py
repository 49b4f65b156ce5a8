"""The palette: every kind of layer has a card, found by search, inserted by key and plus, dragged by the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flowviz.app import palette as module
from flowviz.app.document import Document
from flowviz.app.formula import formula_html
from flowviz.app.palette import LayerCard, LayerPalette
from flowviz.app.strip_gestures import LAYER_MIME
from flowviz.pipeline import BASES, LAYERS, MAX_LAYERS, ActNorm


@pytest.fixture
def palette(qtbot: QtBot, document: Document) -> LayerPalette:
    palette = LayerPalette(document)
    qtbot.addWidget(palette)
    palette.resize(palette.sizeHint())
    palette.show()
    return palette


def kinds(document: Document) -> list[str]:
    return [layer.kind for layer in document.project.pipeline.layers]


def shown(palette: LayerPalette) -> list[str]:
    return [card.name for card in palette.cards if card.isVisible()]


def card(palette: LayerPalette, kind: str) -> LayerCard:
    return next(card for card in palette.cards if card.name == kind)


def test_every_layer_has_a_card_with_words_and_a_picture(palette: LayerPalette) -> None:
    assert shown(palette) == list(LAYERS)
    for one in palette.cards:
        assert one.accessibleName() == one.kind.title
        for words in (one.kind.description, one.kind.log_det, one.kind.paper, one.kind.normalize_cost):
            assert words in one.toolTip()
        assert one.plus.accessibleName()
        assert one.width() <= palette.area.viewport().width()


def test_pictures_of_layers_and_bases_are_all_different(qapp: QApplication) -> None:
    from flowviz.app.icons import pixmap

    images = [pixmap(f"layer_{kind}", 24).toImage() for kind in LAYERS] + [
        pixmap(f"base_{kind}", 24).toImage() for kind in BASES
    ]
    for number, image in enumerate(images):
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        assert image not in images[:number]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("maf", ["maf", "iaf"]),  # the description of IAF names MAF
        ("AFFINE", ["affine_coupling", "elementwise_affine"]),
        ("coupling", ["affine_coupling", "additive_coupling", "spline_coupling"]),
        ("glow matrix", []),
        ("glow", ["actnorm", "linear", "split"]),
        ("  ", list(LAYERS)),
    ],
)
def test_search_finds_by_name_group_and_description(
    qtbot: QtBot, palette: LayerPalette, text: str, found: list[str]
) -> None:
    qtbot.keyClicks(palette.search, text)
    assert shown(palette) == found
    palette.search.clear()
    assert shown(palette) == list(LAYERS)


def test_search_without_success_says_so(qtbot: QtBot, palette: LayerPalette) -> None:
    qtbot.keyClicks(palette.search, "telescope")
    assert shown(palette) == []
    assert any("telescope" in label.text() for label in palette.findChildren(module.QLabel) if label.isVisible())


def test_enter_in_the_search_inserts_the_first_found(qtbot: QtBot, palette: LayerPalette, document: Document) -> None:
    before = kinds(document)
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert kinds(document) == before
    qtbot.keyClicks(palette.search, "permut")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert kinds(document) == [*before, "permutation"]


def test_the_keys_walk_the_cards_and_enter_inserts_after_the_selected(
    qtbot: QtBot, palette: LayerPalette, document: Document
) -> None:
    before = document.project
    document.look(selected=before.pipeline.layers[0].uid)
    palette.search.setFocus()
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.cards[0].hasFocus()
    qtbot.keyClick(palette.cards[0], Qt.Key.Key_Down)
    qtbot.keyClick(palette.cards[1], Qt.Key.Key_Down)
    assert palette.cards[2].hasFocus()
    qtbot.keyClick(palette.cards[2], Qt.Key.Key_Return)
    assert kinds(document)[:2] == ["actnorm", palette.cards[2].name]
    assert document.project.view.selected == document.project.pipeline.layers[1].uid
    for number in (2, 1, 0):
        qtbot.keyClick(palette.cards[number], Qt.Key.Key_Up)
    assert palette.search.hasFocus()
    document.undo_stack.undo()
    assert document.project.pipeline == before.pipeline


def test_the_plus_appears_under_the_mouse_and_inserts(qtbot: QtBot, palette: LayerPalette, document: Document) -> None:
    one = card(palette, "maf")
    assert not one.plus.isVisible()
    place = QPointF(one.rect().center())
    QApplication.sendEvent(one, QHoverEvent(QEvent.Type.HoverEnter, place, place, QPointF(-1, -1)))
    assert one.plus.isVisible()
    assert one.rect().contains(one.plus.geometry())
    count = len(kinds(document))
    qtbot.mouseClick(one.plus, Qt.MouseButton.LeftButton)
    assert kinds(document)[-1] == "maf"
    assert len(kinds(document)) == count + 1


def test_pulling_a_card_drags_its_kind(
    qtbot: QtBot, palette: LayerPalette, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[tuple[object, ...]] = []
    monkeypatch.setattr(module, "drag", lambda *what: dragged.append(what))
    one, before = card(palette, "linear"), kinds(document)
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton)
    assert not dragged
    qtbot.mousePress(one, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    qtbot.mouseMove(one, QPoint(22, 10))
    assert not dragged
    qtbot.mouseMove(one, QPoint(120, 40))
    qtbot.mouseRelease(one, Qt.MouseButton.LeftButton, pos=QPoint(120, 40))
    assert [what[:4] for what in dragged] == [(one, LAYER_MIME, "linear", QPoint(20, 10))]
    assert kinds(document) == before


def test_escape_before_the_pull_cancels_it(
    qtbot: QtBot, palette: LayerPalette, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[object] = []
    monkeypatch.setattr(module, "drag", lambda *what: dragged.append(what))
    one = card(palette, "linear")
    qtbot.mousePress(one, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    qtbot.keyClick(one, Qt.Key.Key_Escape)
    qtbot.mouseMove(one, QPoint(120, 40))
    qtbot.mouseRelease(one, Qt.MouseButton.LeftButton, pos=QPoint(120, 40))
    assert not dragged


def test_a_full_pipeline_says_so(qtbot: QtBot, palette: LayerPalette, document: Document) -> None:
    document.replace_layers(tuple(ActNorm() for _ in range(MAX_LAYERS)), "Many")
    before = document.project
    qtbot.keyClick(palette.cards[0], Qt.Key.Key_Return)
    assert document.project == before
    notices = [
        label for label in palette.findChildren(module.QLabel) if label.isVisible() and str(MAX_LAYERS) in label.text()
    ]
    assert notices
    document.undo_stack.undo()
    assert not notices[0].isVisible()


@pytest.mark.parametrize(
    ("formula", "html"),
    [
        (
            "z_b = x_b · exp(s(x_a))",
            "<i>z</i><sub><i>b</i></sub> = <i>x</i><sub><i>b</i></sub> · exp(<i>s</i>(<i>x</i><sub><i>a</i></sub>))",
        ),
        ("s_i(x_<i)", "<i>s</i><sub><i>i</i></sub>(<i>x</i><sub>&lt;<i>i</i></sub>)"),
        ("x_π(i)", "<i>x</i><sub><i>π</i>(<i>i</i>)</sub>"),
        ("(2w)^−D", "(2<i>w</i>)<sup>−<i>D</i></sup>"),
        ("−Σ s", "−Σ <i>s</i>"),
    ],
)
def test_formulas_are_set_as_in_books(formula: str, html: str) -> None:
    assert formula_html(formula) == html


@pytest.mark.parametrize("kind", [*LAYERS.values(), *BASES.values()], ids=lambda kind: kind.__name__)
def test_no_formula_shows_its_markup(kind: type) -> None:
    for formula in (kind.formula, getattr(kind, "log_det", "")):
        html = formula_html(formula)
        assert "_" not in html
        assert "^" not in html
