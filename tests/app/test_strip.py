"""The strip: gestures, keys and menus, asserting on the document."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from flowviz.app import edits, strip_row
from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
from flowviz.app.strip import PipelineStrip
from flowviz.app.strip_gestures import LAYER_MIME, TILE_MIME, drag
from flowviz.app.strip_menu import base_menu, tile_menu
from flowviz.engine.messages import BASE, DATA, PREPROCESSING, Failure, State
from flowviz.pipeline import (
    BASES,
    LAYERS,
    MAX_LAYERS,
    ActNorm,
    AffineCoupling,
    LayerSpec,
    PipelineSpec,
    Project,
    StandardNormal,
    Text,
)

from .strip_drags import Drag
from .strip_events import frame, target_info

KINDS = ("actnorm", "affine_coupling", "maf", "permutation")
_NO, _CTRL, _ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def document(qapp: object) -> Document:
    return Document(Project(pipeline=PipelineSpec(layers=tuple(LAYERS[kind]() for kind in KINDS))))  # type: ignore[arg-type]


@pytest.fixture
def strip(qtbot: QtBot, document: Document, bridge: Bridge) -> Iterator[PipelineStrip]:
    strip = PipelineStrip(document, bridge)
    qtbot.addWidget(strip)
    strip.resize(1200, 230)
    strip.show()
    bridge.target.emit(target_info())
    yield strip
    if (popup := QApplication.activePopupWidget()) is not None:
        popup.close()


def kinds(document: Document) -> list[str]:
    return [layer.kind for layer in document.project.pipeline.layers]


def uids(document: Document) -> list[str]:
    return [layer.uid for layer in document.project.pipeline.layers]


def gap_place(strip: PipelineStrip, gap: int) -> QPoint:
    return QPoint(strip.row.gap_x(gap), strip.row.height() // 2)


def from_left(strip: PipelineStrip) -> list[str]:
    return sorted(strip.row.tiles, key=lambda uid: strip.row.tiles[uid].x())


# ---- what stands there ----


def test_data_layers_and_base_stand_in_a_row_and_turn_around(strip: PipelineStrip, document: Document) -> None:
    expected = [DATA, *uids(document), BASE]
    assert from_left(strip) == expected
    document.look(turned=True)
    assert from_left(strip) == expected[::-1]


def test_standardised_data_have_a_tile_that_stays_where_it_is(
    qtbot: QtBot, strip: PipelineStrip, document: Document, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge.target.emit(target_info(mean=(0.5, 1.0)))
    assert from_left(strip)[:3] == [DATA, PREPROCESSING, uids(document)[0]]
    assert strip.row.gap_x(0) > strip.row.tiles[PREPROCESSING].geometry().right()
    dragged: list[object] = []
    monkeypatch.setattr(strip_row, "drag", lambda *what: dragged.append(what))
    pull(qtbot, strip, PREPROCESSING)
    assert not dragged
    bridge.target.emit(target_info())
    assert PREPROCESSING not in strip.row.tiles


def test_tiles_stay_the_same_widgets_when_the_pipeline_changes(strip: PipelineStrip, document: Document) -> None:
    before = dict(strip.row.tiles)
    first, *others = document.project.pipeline.layers
    document.replace_layers((*others, first), "Move")
    assert strip.row.tiles == before
    document.replace_layers(tuple(others), "Delete")
    assert first.uid not in strip.row.tiles
    assert all(strip.row.tiles[layer.uid] is before[layer.uid] for layer in others)


def test_tiles_say_what_they_are(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    bridge.tiles.emit(frame(document.project, "density"))
    for uid, tile in strip.row.tiles.items():
        assert tile.accessibleName(), uid
        assert tile.words.tip, uid
    first = strip.row.tiles[uids(document)[0]]
    assert first.accessibleName() == "ActNorm"
    first.describe()
    assert first.accessibleDescription() == "−0.35 nats"
    layer = msgspec.structs.replace(document.project.pipeline.layers[0], label="Whitening")
    document.replace_layer(layer, "Rename")
    assert first.accessibleName() == "Whitening"


# ---- selecting ----


def test_a_click_selects_and_beside_the_tiles_deselects(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    for uid in (DATA, *uids(document), BASE):
        qtbot.mouseClick(strip.row.tiles[uid], Qt.MouseButton.LeftButton)
        assert document.project.view.selected == uid
        assert [tile.uid for tile in strip.row.tiles.values() if tile.selected] == [uid]
    qtbot.mouseClick(strip.row, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert document.project.view.selected == ""
    assert document.undo_stack.count() == 0


def test_the_selected_tile_scrolls_into_view(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    strip.resize(420, 230)
    qtbot.waitUntil(lambda: strip.area.horizontalScrollBar().maximum() > 0)
    document.look(selected=BASE)
    tile = strip.row.tiles[BASE]
    assert strip.area.viewport().rect().contains(tile.mapTo(strip.area.viewport(), tile.rect().center()))


# ---- cards dropped ----


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("gap", range(len(KINDS) + 1))
def test_a_card_goes_where_the_line_is(strip: PipelineStrip, document: Document, gap: int, turned: bool) -> None:
    document.look(turned=turned)
    before = document.project
    card = Drag(strip.row, LAYER_MIME, "iaf")
    place = gap_place(strip, gap)
    assert card.enter(place)
    assert card.move(place) == Qt.DropAction.CopyAction
    assert card.drop(place)
    expected = list(KINDS)
    expected.insert(gap, "iaf")
    assert kinds(document) == expected
    new = document.project.pipeline.layers[gap]
    assert document.project.view.selected == new.uid
    assert new.uid not in {layer.uid for layer in before.pipeline.layers}
    document.undo_stack.undo()
    assert document.project.pipeline == before.pipeline


def test_the_line_is_drawn_while_a_card_is_held_and_goes_with_it(strip: PipelineStrip) -> None:
    plain = strip.row.grab().toImage()
    card = Drag(strip.row, LAYER_MIME, "maf")
    card.enter(gap_place(strip, 1))
    lit = strip.row.grab().toImage()
    assert lit != plain
    card.move(gap_place(strip, 3))
    assert strip.row.grab().toImage() != lit
    card.leave()
    assert strip.row.grab().toImage() == plain


def test_escape_cancels_a_drag(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    card = Drag(strip.row, LAYER_MIME, "maf")
    card.enter(gap_place(strip, 1))
    qtbot.keyClick(strip.row, Qt.Key.Key_Escape)
    assert not card.drop(gap_place(strip, 1))
    assert kinds(document) == list(KINDS)


@pytest.mark.parametrize(("mime", "data"), [("text/plain", "maf"), (LAYER_MIME, "no such kind"), (TILE_MIME, "l99")])
def test_other_things_are_not_taken(strip: PipelineStrip, document: Document, mime: str, data: str) -> None:
    thing = Drag(strip.row, mime, data)
    assert not thing.enter(gap_place(strip, 0))
    assert not thing.drop(gap_place(strip, 0))
    assert kinds(document) == list(KINDS)


def test_a_full_pipeline_says_so_and_stays_as_it_is(strip: PipelineStrip, document: Document) -> None:
    document.replace_layers(tuple(ActNorm() for _ in range(MAX_LAYERS)), "Many")
    before = document.project
    card = Drag(strip.row, LAYER_MIME, "maf")
    card.enter(gap_place(strip, 0))
    card.drop(gap_place(strip, 0))
    assert document.project == before
    assert str(MAX_LAYERS) in strip.header.legend.text()
    document.undo_stack.undo()
    assert str(MAX_LAYERS) not in strip.header.legend.text()


def test_holding_a_card_at_the_edge_scrolls(qtbot: QtBot, strip: PipelineStrip) -> None:
    strip.resize(420, 230)
    bar = strip.area.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    card = Drag(strip.row, LAYER_MIME, "maf")
    viewport = strip.area.viewport()
    card.enter(strip.row.mapFrom(viewport, QPoint(viewport.width() - 4, 40)))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    card.leave()


# ---- tiles dragged ----


def pull(qtbot: QtBot, strip: PipelineStrip, uid: str) -> None:
    """Presses on a tile and moves the mouse well away."""
    tile = strip.row.tiles[uid]
    start = tile.mapTo(strip.row, tile.rect().center())
    qtbot.mousePress(strip.row, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(strip.row, start + QPoint(3, 0))
    qtbot.mouseMove(strip.row, start + QPoint(80, 5))
    qtbot.mouseRelease(strip.row, Qt.MouseButton.LeftButton, pos=start + QPoint(80, 5))


def test_pulling_a_tile_drags_it(
    qtbot: QtBot, strip: PipelineStrip, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    dragged: list[tuple[object, ...]] = []
    monkeypatch.setattr(strip_row, "drag", lambda *what: dragged.append(what))
    uid = uids(document)[1]
    pull(qtbot, strip, uid)
    assert [what[:3] for what in dragged] == [(strip.row.tiles[uid], TILE_MIME, uid)]
    assert document.project.view.selected == uid
    for fixed in (DATA, BASE):
        pull(qtbot, strip, fixed)
    qtbot.mouseClick(strip.row.tiles[uid], Qt.MouseButton.LeftButton)
    assert len(dragged) == 1


def test_a_dragged_tile_carries_its_uid_and_its_picture(
    qtbot: QtBot, strip: PipelineStrip, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QDrag

    carried: list[QDrag] = []
    monkeypatch.setattr(QDrag, "exec", lambda self, *_: carried.append(self) or Qt.DropAction.IgnoreAction)
    tile = strip.row.tiles[uids(document)[0]]
    drag(tile, TILE_MIME, tile.uid, QPoint(5, 5), Qt.DropAction.MoveAction)
    assert carried[0].mimeData().data(TILE_MIME).toStdString() == tile.uid
    assert carried[0].pixmap().size() == tile.size()
    carried[0].deleteLater()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("index", "gap"), [(0, 2), (0, 4), (3, 0), (2, 1)])
def test_a_tile_moves_to_the_line_and_keeps_its_uid(
    strip: PipelineStrip, document: Document, index: int, gap: int, turned: bool
) -> None:
    document.look(turned=turned)
    layers = list(document.project.pipeline.layers)
    moved = layers[index]
    tile = Drag(strip.row, TILE_MIME, moved.uid)
    tile.enter(gap_place(strip, gap))
    assert tile.move(gap_place(strip, gap)) == Qt.DropAction.MoveAction
    tile.drop(gap_place(strip, gap))
    layers.remove(moved)
    layers.insert(gap - (gap > index), moved)
    assert document.project.pipeline.layers == tuple(layers)
    assert document.project.view.selected == moved.uid


@pytest.mark.parametrize("gap", [1, 2])
def test_a_tile_dropped_where_it_stands_is_no_edit(strip: PipelineStrip, document: Document, gap: int) -> None:
    plain = strip.row.grab().toImage()
    tile = Drag(strip.row, TILE_MIME, uids(document)[1])
    tile.enter(gap_place(strip, gap))
    assert strip.row.grab().toImage() == plain  # no line either
    tile.drop(gap_place(strip, gap))
    assert document.undo_stack.count() == 0


def test_with_control_a_copy_is_dropped(strip: PipelineStrip, document: Document) -> None:
    original = document.project.pipeline.layers[1]
    tile = Drag(strip.row, TILE_MIME, original.uid)
    tile.enter(gap_place(strip, 4))
    assert tile.move(gap_place(strip, 4), _CTRL) == Qt.DropAction.CopyAction
    tile.drop(gap_place(strip, 4), _CTRL)
    copy = document.project.pipeline.layers[4]
    assert kinds(document) == [*KINDS, original.kind]
    assert copy.uid != original.uid
    assert msgspec.structs.replace(copy, uid=original.uid) == original


# ---- keys ----


def layers_after(
    strip: PipelineStrip, document: Document, qtbot: QtBot, *keys: tuple[Qt.Key, Qt.KeyboardModifier]
) -> list[str]:
    for key, modifiers in keys:
        qtbot.keyClick(strip.row, key, modifiers)
    return kinds(document)


K = Qt.Key
KEYS: dict[str, tuple[list[tuple[Qt.Key, Qt.KeyboardModifier]], list[str], int | str]] = {
    # the keys, the layers after them, and what is selected then (an index, or a uid); the second layer is at first
    "left": ([(K.Key_Left, _NO)], list(KINDS), 0),
    "right": ([(K.Key_Right, _NO)], list(KINDS), 2),
    "home": ([(K.Key_Home, _NO)], list(KINDS), DATA),
    "end": ([(K.Key_End, _NO)], list(KINDS), BASE),
    "end, right": ([(K.Key_End, _NO), (K.Key_Right, _NO)], list(KINDS), BASE),
    "escape": ([(K.Key_Escape, _NO)], list(KINDS), ""),
    "delete": ([(K.Key_Delete, _NO)], ["actnorm", "maf", "permutation"], 1),
    "move right": ([(K.Key_Right, _ALT)], ["actnorm", "maf", "affine_coupling", "permutation"], 2),
    "move left": ([(K.Key_Left, _ALT)], ["affine_coupling", "actnorm", "maf", "permutation"], 0),
    "duplicate": ([(K.Key_D, _CTRL)], ["actnorm", "affine_coupling", "affine_coupling", "maf", "permutation"], 2),
    "cut": ([(K.Key_X, _CTRL)], ["actnorm", "maf", "permutation"], 1),
    "copy, right, paste": (
        [(K.Key_C, _CTRL), (K.Key_Right, _NO), (K.Key_V, _CTRL)],
        ["actnorm", "affine_coupling", "maf", "affine_coupling", "permutation"],
        3,
    ),
    "cut, end, paste": (
        [(K.Key_X, _CTRL), (K.Key_End, _NO), (K.Key_V, _CTRL)],
        ["actnorm", "maf", "permutation", "affine_coupling"],
        3,
    ),
}


@pytest.mark.parametrize("name", KEYS)
def test_keys(qtbot: QtBot, strip: PipelineStrip, document: Document, name: str) -> None:
    keys, layers, selected = KEYS[name]
    document.look(selected=uids(document)[1])
    before = document.project.pipeline
    assert layers_after(strip, document, qtbot, *keys) == layers
    expected = uids(document)[selected] if isinstance(selected, int) else selected
    assert document.project.view.selected == expected
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.project.pipeline == before


def test_the_keys_follow_the_strip_when_it_is_turned(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    document.look(turned=True, selected=uids(document)[1])
    qtbot.keyClick(strip.row, Qt.Key.Key_Right)
    assert document.project.view.selected == uids(document)[0]
    qtbot.keyClick(strip.row, Qt.Key.Key_Left, _ALT)
    assert kinds(document)[:2] == ["affine_coupling", "actnorm"]
    qtbot.keyClick(strip.row, Qt.Key.Key_Home)
    assert document.project.view.selected == BASE


def test_control_b_and_the_eye_bypass(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    uid = uids(document)[1]
    document.look(selected=uid)
    qtbot.keyClick(strip.row, Qt.Key.Key_B, _CTRL)
    assert document.project.pipeline.layers[1].bypass
    assert strip.row.tiles[uid].bypassed
    qtbot.mouseClick(strip.row.tiles[uid].eye, Qt.MouseButton.LeftButton)
    assert not document.project.pipeline.layers[1].bypass
    assert document.undo_stack.count() == 2


def test_pasting_something_else_says_so(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    QGuiApplication.clipboard().setText("no layers")
    qtbot.keyClick(strip.row, Qt.Key.Key_V, _CTRL)
    assert kinds(document) == list(KINDS)
    assert "clipboard" in strip.header.legend.text()


# ---- menus ----


def choose(menu: QMenu, name: str) -> None:
    action = next(action for action in menu.actions() if action.objectName() == name)
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cut", ["actnorm", "maf", "permutation"]),
        ("delete", ["actnorm", "maf", "permutation"]),
        ("duplicate", ["actnorm", "affine_coupling", "affine_coupling", "maf", "permutation"]),
        ("left", ["affine_coupling", "actnorm", "maf", "permutation"]),
        ("right", ["actnorm", "maf", "affine_coupling", "permutation"]),
    ],
)
def test_the_menu_of_a_layer(strip: PipelineStrip, document: Document, name: str, expected: list[str]) -> None:
    uid = uids(document)[1]
    document.look(selected=uid)
    choose(tile_menu(document, strip.row.commands, uid, strip), name)
    assert kinds(document) == expected


def test_the_menu_copies_pastes_and_inserts(strip: PipelineStrip, document: Document) -> None:
    uid = uids(document)[0]
    document.look(selected=uid)
    choose(tile_menu(document, strip.row.commands, uid, strip), "copy")
    document.look(selected=DATA)
    choose(tile_menu(document, strip.row.commands, DATA, strip), "paste")
    assert kinds(document) == ["actnorm", *KINDS]
    menu = tile_menu(document, strip.row.commands, DATA, strip)
    insert = menu.findChild(QMenu, "insert")
    assert isinstance(insert, QMenu)
    assert len(insert.actions()) == len(LAYERS)
    document.look(selected=DATA)
    insert.actions()[list(LAYERS).index("linear")].trigger()
    assert kinds(document)[0] == "linear"
    menu.deleteLater()


def test_a_right_click_selects_and_opens_the_menu(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    from PySide6.QtGui import QContextMenuEvent

    tile = strip.row.tiles[uids(document)[2]]
    place = tile.mapTo(strip.row, tile.rect().center())
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, strip.row.mapToGlobal(place))
    QApplication.sendEvent(strip.row, event)
    assert document.project.view.selected == tile.uid
    assert isinstance(QApplication.activePopupWidget(), QMenu)


@pytest.mark.parametrize("kind", BASES)
def test_the_base_is_chosen_from_its_tile(qtbot: QtBot, strip: PipelineStrip, document: Document, kind: str) -> None:
    menu = base_menu(document, strip)
    assert [action.objectName() for action in menu.actions() if action.isChecked()] == ["standard_normal"]
    choose(menu, kind)
    assert document.project.pipeline.base.kind == kind
    assert document.undo_stack.count() == (kind != "standard_normal")
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.project.pipeline.base == StandardNormal()


def test_the_button_on_the_base_opens_its_menu(qtbot: QtBot, strip: PipelineStrip) -> None:
    qtbot.mouseClick(strip.row.tiles[BASE].eye, Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert len(menu.actions()) == len(BASES)


# ---- an empty pipeline ----


def test_an_empty_pipeline_offers_a_layer(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    document.replace_layers((), "Clear")
    assert strip.row.empty.isVisible()
    button = strip.row.empty.findChild(QPushButton, "addFirstLayer")
    assert isinstance(button, QPushButton)
    assert strip.row.empty.rect().contains(button.geometry())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert kinds(document) == ["affine_coupling"]
    assert not strip.row.empty.isVisible()
    document.undo_stack.undo()
    card = Drag(strip.row, LAYER_MIME, "maf")
    place = strip.row.empty.geometry().center()
    card.enter(place)
    card.drop(place)
    assert kinds(document) == ["maf"]


# ---- sizes and the header ----


def test_the_header_changes_the_view_and_no_undo_step(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    for mode in ("grid", "samples", "log_det", "density"):
        qtbot.mouseClick(strip.header.modes.button(mode), Qt.MouseButton.LeftButton)
        assert document.project.view.tile_mode == mode
        assert strip.header.modes.current == mode
        assert strip.header.legend.text()
    qtbot.mouseClick(strip.header.turn, Qt.MouseButton.LeftButton)
    assert document.project.view.turned
    assert document.undo_stack.count() == 0


def side(strip: PipelineStrip) -> int:
    return strip.row.tiles[DATA].side


def test_tiles_take_the_height_that_there_is_times_the_zoom(qtbot: QtBot, strip: PipelineStrip) -> None:
    strip.resize(1500, 230)
    usual = side(strip)
    strip.resize(1500, 290)
    qtbot.waitUntil(lambda: side(strip) == usual + 60)
    assert strip.area.verticalScrollBar().maximum() == 0
    strip.header.zoom.setValue(50)
    assert side(strip) == round((usual + 60) / 2)
    place = QPointF(50, 50)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, _CTRL, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(strip.area.viewport(), wheel)
    assert strip.header.zoom.value() == 60


def test_tiles_shrink_a_little_to_be_seen_at_once(qtbot: QtBot, strip: PipelineStrip, document: Document) -> None:
    strip.resize(1100, 300)
    qtbot.waitUntil(lambda: strip.area.width() == 1100)
    large = side(strip)
    document.replace_layers(_layers(5), "Five")
    assert 104 < side(strip) < large
    qtbot.waitUntil(lambda: strip.area.horizontalScrollBar().maximum() == 0)
    document.replace_layers(_layers(30), "Thirty")
    assert side(strip) == 104
    qtbot.waitUntil(lambda: strip.area.horizontalScrollBar().maximum() > 0)


def test_the_wheel_scrolls_sideways(qtbot: QtBot, strip: PipelineStrip) -> None:
    strip.resize(420, 230)
    bar = strip.area.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    place = QPointF(50, 50)
    wheel = QWheelEvent(
        place, place, QPoint(), QPoint(0, -60), Qt.MouseButton.NoButton, _NO, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(strip.area.viewport(), wheel)
    assert bar.value() == 60


# ---- problems ----


def test_a_failure_names_its_layer_until_it_trains_again(
    strip: PipelineStrip, document: Document, bridge: Bridge
) -> None:
    uid = uids(document)[2]
    bridge.failure.emit(
        Failure(code="non_finite", sentence=Text("{text}", {"text": "The scale went to NaN."}), uid=uid)
    )
    tile = strip.row.tiles[uid]
    assert tile.words.problem == "The scale went to NaN."
    assert "The scale went to NaN." in tile.words.tip
    assert tile.accessibleDescription() == "The scale went to NaN."
    bridge.state.emit(State(generation=1, phase="training", step=1, steps=10))
    assert not tile.words.problem


def test_a_layer_that_cannot_take_the_data_says_so(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    bridge.target.emit(msgspec.structs.replace(target_info(), event_shape=(1, 8, 8)))
    coupling = next(layer for layer in document.project.pipeline.layers if layer.kind == "affine_coupling")
    assert "only one" in strip.row.tiles[coupling.uid].words.problem  # one channel cannot be halved
    norm = next(layer for layer in document.project.pipeline.layers if layer.kind == "actnorm")
    assert not strip.row.tiles[norm.uid].words.problem
    edits.apply(document, edits.bypass(document.project.pipeline, coupling.uid))
    assert not strip.row.tiles[coupling.uid].words.problem


def test_a_new_layer_takes_turns_with_the_one_before(strip: PipelineStrip, document: Document) -> None:
    masks = []
    document.replace_layers((AffineCoupling(mask="first_half"),), "One")
    for _ in range(2):
        card = Drag(strip.row, LAYER_MIME, "additive_coupling")
        place = gap_place(strip, len(document.project.pipeline.layers))
        card.enter(place)
        card.drop(place)
    masks = [layer.mask for layer in document.project.pipeline.layers]  # type: ignore[union-attr]
    assert masks == ["first_half", "second_half", "first_half"]


def _layers(count: int) -> tuple[LayerSpec, ...]:
    return tuple(AffineCoupling() for _ in range(count))


def test_sixty_four_layers_have_a_tile_each(strip: PipelineStrip, document: Document) -> None:
    document.replace_layers(_layers(MAX_LAYERS), "Many")
    assert len(strip.row.tiles) == MAX_LAYERS + 2
    assert strip.row.tiles[BASE].geometry().right() < strip.row.width()
