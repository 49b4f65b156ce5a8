"""What the tiles paint, and what they ask the engine for."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QEnterEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from flowviz.app import edits, tile
from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
from flowviz.app.strip import PipelineStrip
from flowviz.app.strip_histogram import HistogramPopup
from flowviz.app.theme import theme
from flowviz.app.tile import TileView, signed
from flowviz.app.tile_pictures import (
    canvas,
    density_pixels,
    diverging_pixels,
    draw_points,
    draw_segments,
    made_for,
    places,
)
from flowviz.app.tile_rendering import HeldSpan
from flowviz.engine.messages import BASE, DATA, Array, Frame, State
from flowviz.pipeline import MAX_LAYERS, PRESETS, AffineCoupling, Project, TileMode

from .strip_events import frame, target_info

MODES: tuple[TileMode, ...] = ("density", "grid", "samples", "log_det")
DIMENSIONS = (1, 2, 8)


@pytest.fixture
def strip(qtbot: QtBot, document: Document, bridge: Bridge) -> Iterator[PipelineStrip]:
    strip = PipelineStrip(document, bridge)
    qtbot.addWidget(strip)
    strip.resize(900, 230)
    strip.show()
    bridge.target.emit(target_info())
    yield strip
    strip.findChild(HistogramPopup).hide()


def show(bridge: Bridge, what: Frame) -> None:
    bridge.last_frame = what
    bridge.tiles.emit(what)


def picture(view: TileView) -> QImage:
    """The picture alone, as it is painted."""
    return view.grab(view.picture_rect()).toImage()


def layer(strip: PipelineStrip, document: Document, index: int) -> TileView:
    return strip.row.tiles[document.project.pipeline.layers[index].uid]


# ---- painting ----


@pytest.mark.parametrize("dimensions", DIMENSIONS)
def test_every_mode_paints_another_picture(
    strip: PipelineStrip, document: Document, bridge: Bridge, dimensions: int
) -> None:
    bridge.target.emit(target_info(dimensions))
    blank = picture(layer(strip, document, 2))
    seen = [blank]
    for mode in MODES:
        if dimensions > 2 and mode in ("grid", "samples"):
            continue  # above two dimensions these are the points that density shows, too
        document.look(tile_mode=mode)
        show(bridge, frame(document.project, mode, dimensions))
        painted = picture(layer(strip, document, 2))
        assert painted not in seen, mode
        seen.append(painted)


@pytest.mark.parametrize("mode", MODES)
def test_each_tile_paints_its_own_state(
    strip: PipelineStrip, document: Document, bridge: Bridge, mode: TileMode
) -> None:
    document.look(tile_mode=mode)
    show(bridge, frame(document.project, mode))
    a, b = (picture(layer(strip, document, index)) for index in (1, 3))
    assert a != b


def test_the_newest_frame_is_painted(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    show(bridge, frame(document.project, "density"))
    view = layer(strip, document, 0)
    before = picture(view)
    newest = frame(document.project, "density")
    show(bridge, msgspec.structs.replace(newest, tiles=(newest.tiles[0], *newest.tiles[2:], newest.tiles[-1])))
    assert picture(view) != before


def test_a_frame_of_the_mode_before_is_not_taken_for_this_one(
    strip: PipelineStrip, document: Document, bridge: Bridge
) -> None:
    show(bridge, frame(document.project, "density"))
    view = layer(strip, document, 2)
    density = picture(view)
    document.look(tile_mode="log_det")
    faded = picture(view)
    assert faded != density
    show(bridge, frame(document.project, "density"))  # sent before the engine heard of it
    assert picture(view) == faded
    show(bridge, frame(document.project, "log_det"))
    assert picture(view) not in (faded, density)


@pytest.mark.parametrize("dimensions", DIMENSIONS)
def test_frames_are_known_by_what_they_hold(document: Document, dimensions: int) -> None:
    for made in MODES:
        what = frame(document.project, made, dimensions)
        for mode in MODES:
            assert made_for(what, mode, dimensions) == (mode == made or dimensions > 2)
    assert not made_for(Frame(generation=1, step=1, averaged=False, seconds=0.0), "density", dimensions)


def test_a_bypassed_layer_passes_on_the_state_before_it_faded(
    strip: PipelineStrip, document: Document, bridge: Bridge
) -> None:
    edits.apply(document, edits.bypass(document.project.pipeline, document.project.pipeline.layers[2].uid))
    show(bridge, frame(document.project, "density"))
    before, bypassed = layer(strip, document, 1), layer(strip, document, 2)
    assert bypassed.tile is before.tile
    assert bypassed.log_det is None
    assert picture(bypassed) != picture(before)


def test_smooth_lines_once_it_rests(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    document.look(tile_mode="grid")
    bridge.state.emit(State(generation=1, phase="training", step=1, steps=10))
    show(bridge, frame(document.project, "grid"))
    live = picture(layer(strip, document, 3))
    bridge.state.emit(State(generation=1, phase="paused", step=1, steps=10))
    assert picture(layer(strip, document, 3)) != live


def test_only_tiles_in_sight_are_drawn(
    qtbot: QtBot, strip: PipelineStrip, document: Document, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.replace_layers(tuple(AffineCoupling() for _ in range(MAX_LAYERS)), "Many")
    drawn: list[str] = []
    real = tile.render
    monkeypatch.setattr(tile, "render", lambda t, *rest: drawn.append(t.uid) or real(t, *rest))
    show(bridge, frame(document.project, "density"))
    first = document.project.pipeline.layers[0].uid
    qtbot.waitUntil(lambda: first in drawn)
    assert len(set(drawn)) < 12
    document.look(selected=BASE)
    qtbot.waitUntil(lambda: BASE in drawn)


def test_the_density_keeps_its_scale_while_it_learns(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    """A density a quarter lower is drawn paler, not stretched to full scale again."""

    def strongest() -> int:
        image = picture(strip.row.tiles[DATA])
        return max(
            abs(image.pixelColor(x, y).lightness() - ground) for x in range(image.width()) for y in range(0, 80, 3)
        )

    what = frame(document.project, "density")
    ground = theme().color("plot").lightness()
    show(bridge, what)
    before = strongest()
    lower = []
    for one in what.tiles:
        assert one.picture is not None
        values = Array.of(one.picture.values.numpy() - np.float32(0.3))
        lower.append(msgspec.structs.replace(one, picture=msgspec.structs.replace(one.picture, values=values)))
    show(bridge, msgspec.structs.replace(what, tiles=tuple(lower)))
    assert strongest() < before


def test_the_figure_is_the_mean_log_det(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    what = frame(document.project, "density")
    show(bridge, what)
    for one in what.tiles:
        assert strip.row.tiles[one.uid].log_det == one.log_det
    assert [signed(value) for value in (-0.123, 0.5, -0.001, 12.0, float("nan"), float("-inf"))] == [
        "−0.12",
        "+0.50",
        "0.00",
        "+12.00",
        "NaN",
        "−∞",
    ]


def test_a_histogram_appears_over_the_tile_under_the_mouse(
    strip: PipelineStrip, document: Document, bridge: Bridge
) -> None:
    popup = strip.findChild(HistogramPopup)
    view = layer(strip, document, 1)

    def enter() -> None:
        place = QPointF(view.rect().center())
        QApplication.sendEvent(view, QEnterEvent(place, place, QPointF(view.mapToGlobal(place.toPoint()))))

    show(bridge, frame(document.project, "density"))
    enter()
    assert not popup.isVisible()
    document.look(tile_mode="log_det")
    show(bridge, frame(document.project, "log_det"))
    enter()
    assert popup.isVisible()
    shown = popup.grab().toImage()
    bars = {shown.pixelColor(x, popup.height() * 2 // 3).name() for x in range(popup.width())}
    assert theme().colors.train in bars
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert not popup.isVisible()


# ---- what is asked of the engine ----


def test_a_hidden_strip_asks_for_nothing(strip: PipelineStrip, document: Document, bridge: Bridge) -> None:
    assert 48 <= bridge.wanted.tile_resolution <= 192
    strip.hide()
    assert bridge.wanted.tile_resolution == 0
    document.look(tile_mode="grid", turned=True)
    assert (bridge.wanted.tile_resolution, bridge.wanted.tile_mode, bridge.wanted.turned) == (0, "grid", True)
    strip.show()
    assert bridge.wanted.tile_resolution > 0


def test_larger_tiles_ask_for_finer_pictures(strip: PipelineStrip, bridge: Bridge) -> None:
    before = bridge.wanted.tile_resolution
    strip.header.zoom.setValue(150)
    assert bridge.wanted.tile_resolution > before
    assert bridge.wanted.tile_resolution >= strip.row.tiles[DATA].side


def test_a_strip_that_comes_late_shows_what_is_known(qtbot: QtBot, bridge: Bridge) -> None:
    document = Document(PRESETS["maf"].project())
    bridge.last_target = target_info()
    bridge.last_frame = frame(document.project, "density")
    strip = PipelineStrip(document, bridge)
    qtbot.addWidget(strip)
    assert strip.row.tiles[DATA].accessibleName() == "Two moons"
    assert strip.row.tiles[BASE].tile is bridge.last_frame.tiles[-1]


@pytest.mark.parametrize("mode", MODES)
def test_themes_have_pictures_of_their_own(
    strip: PipelineStrip, document: Document, bridge: Bridge, mode: TileMode
) -> None:
    theme().choose("light")
    document.look(tile_mode=mode)
    show(bridge, frame(document.project, mode))
    light = picture(layer(strip, document, 2))
    try:
        theme().choose("dark")
        assert picture(layer(strip, document, 2)) != light
    finally:
        theme().choose("system")


# ---- pixels ----

TABLE = np.arange(256, dtype=np.uint32)


def test_densities_run_from_one_end_of_the_table_to_the_other() -> None:
    values = np.log(np.array([[0.0, 0.5], [1.0, 9.0]]) + 1e-30).astype(np.float32)
    pixels = density_pixels(values, 1.0, TABLE)
    assert pixels.tolist() == [[255, 255], [0, 127]]  # row 0 of the picture is at the smallest y


def test_log_dets_have_zero_in_the_middle() -> None:
    values = np.array([[-9.0, -1.0, 0.0, 1.0, np.nan]], np.float32)
    assert diverging_pixels(values, 2.0, TABLE).tolist() == [[0, 64, 128, 192, 128]]


def test_places_keep_proportions_and_put_y_upwards() -> None:
    at = places(np.array([[-2.0, 1.0], [2.0, -1.0]], np.float32), (-2.0, 2.0, -1.0, 1.0), 100)
    assert at.tolist() == [[0.0, 25.0], [100.0, 75.0]]


@given(
    hnp.arrays(np.float32, (8, 2), elements=st.floats(-60, 90, width=32)),
    hnp.arrays(np.float32, (8, 2), elements=st.floats(-60, 90, width=32)),
)
def test_lines_are_where_they_should_be(starts: np.ndarray, ends: np.ndarray) -> None:
    side = 32
    pixels = canvas(side, 0)
    draw_segments(pixels, starts, ends, np.arange(1, 9, dtype=np.uint32))
    share = np.linspace(0, 1, 2001)[:, None, None]
    dense = starts * (1 - share) + ends * share
    for row, column in zip(*np.nonzero(pixels), strict=True):
        line = dense[:, pixels[row, column] - 1]
        assert np.abs(line - [column + 0.5, row + 0.5]).max(1).min() <= 1.5
    for number in range(8):  # every place well inside, passed by a line, has some line's colour nearby
        line = dense[::40, number]
        inside = line[((line > 1) & (line < side - 1)).all(1)].astype(int)
        for x, y in inside:
            assert pixels[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2].any()


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 1e9])
def test_points_out_of_the_picture_are_left_out(odd: float) -> None:
    pixels = canvas(16, 0)
    at = np.array([[odd, 3.0], [3.0, odd], [4.0, 5.0]], np.float32)
    draw_points(pixels, at, np.array([1, 2, 3], np.uint32))
    assert set(np.unique(pixels).tolist()) == {0, 3}
    assert np.argwhere(pixels == 3).min(0).tolist() == [5, 4]
    draw_segments(pixels, at[:2], at[2:].repeat(2, 0), np.array([1, 2], np.uint32))


def test_a_held_span_is_round_and_does_not_flicker() -> None:
    span = HeldSpan()
    assert span.span == 1.0
    seen = []
    for top in (1.9, 2.0, 1.8, 2.1, 1.7):
        span.update([np.linspace(-top, top, 1000, dtype=np.float32)])
        seen.append(span.span)
    assert set(seen) == {2.0}
    span.update([np.full(100, -40.0, np.float32)])
    assert span.span == 50.0


def test_project_without_layers_has_data_and_base_alone(
    strip: PipelineStrip, document: Document, bridge: Bridge
) -> None:
    document.replace(Project(), "Empty")
    show(bridge, frame(document.project, "density"))
    assert set(strip.row.tiles) == {DATA, BASE}
    assert all(view.tile is not None for view in strip.row.tiles.values())
