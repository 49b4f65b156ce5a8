"""Pictures, sequences, contexts and reports in the window: what is asked of the engine, and what is drawn of its answers."""

from __future__ import annotations

import wave
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from flowviz.app import montage, sound
from flowviz.app.bridge import Bridge
from flowviz.app.document import Document
from flowviz.app.inspector import Inspector
from flowviz.app.ledger_chart import LedgerChart, Row
from flowviz.app.loss_plot import LossPlot
from flowviz.app.palette import LayerPalette
from flowviz.app.picture_grid import PictureGrid
from flowviz.app.running import retargeted, unedited
from flowviz.app.stage import Stage
from flowviz.app.stage_events import receptive_field
from flowviz.app.stage_layer_events import spread_words
from flowviz.app.strip import PipelineStrip
from flowviz.app.tile_rendering import Look, render
from flowviz.app.units import Unit, figure_words, floor_of, unit_of
from flowviz.app.verify_panel import VerifyPanel
from flowviz.app.waveforms import Waveforms
from flowviz.app.window import MainWindow
from flowviz.engine.messages import BASE, DATA, Array, Ledger, TargetInfo, Verify
from flowviz.pipeline import (
    IAF,
    MAF,
    AffineCoupling,
    ConditionalGaussian,
    Context,
    NamedTarget,
    PipelineSpec,
    StandardNormal,
    WaveNet,
    WaveNetBase,
    preset,
)

from . import picture_events as made
from .conftest import FakeClient
from .stage_events import target, wide_target


@pytest.fixture
def pictures(document: Document) -> Document:
    document.put(made.picture_project())
    return document


@pytest.fixture
def stage(qtbot: QtBot, pictures: Document, bridge: Bridge) -> Stage:
    stage = Stage(pictures, bridge)
    qtbot.addWidget(stage)
    stage.resize(1080, 480)
    stage.show()
    return stage


def come(bridge: Bridge, info: TargetInfo, **fields: object) -> None:
    """The engine says the target and a frame of it."""
    bridge.last_target = info
    bridge.document.set_event_shape(info.event_shape)
    bridge.target.emit(info)
    bridge.last_frame = made.picture_frame(bridge.document.project, info, **fields)
    bridge.tiles.emit(bridge.last_frame)
    bridge.frame.emit(bridge.last_frame)


# ---- the stage of pictures ----


def test_pictures_are_shown_by_class_and_beside_samples(stage: Stage, bridge: Bridge) -> None:
    info = made.picture_target()
    come(bridge, info)
    assert stage.events.isVisible()
    assert not stage.canvas.isVisible()
    assert stage.events.grid.count == 36
    assert stage.gallery.grid.count == 36
    assert stage.events.grid.cell_rect(0).size() == stage.gallery.grid.cell_rect(0).size()
    box = stage.events.classes
    assert [box.itemText(i) for i in range(box.count())] == ["All", *map(str, range(10))]
    box.setCurrentIndex(4)
    box.activated.emit(4)
    assert info.classes is not None
    assert stage.events.grid.count == np.count_nonzero(info.classes.numpy() == 3)


def test_nothing_is_asked_that_pictures_do_not_have(stage: Stage, bridge: Bridge, pictures: Document) -> None:
    pictures.look(samples=True, corner=True, temperature=0.7)
    come(bridge, made.picture_target())
    wants = stage.wants()
    assert wants["gallery"] == "samples"
    assert wants["temperature"] == 0.7
    assert (wants["model_resolution"], wants["samples"], wants["corner"], wants["probe"]) == (0, 0, False, ())
    assert wants["pictures"] == 9
    stage.hide()
    assert stage.wants()["gallery"] == ""
    stage.show()
    bridge.target.emit(target())
    wants = stage.wants()
    assert (wants["gallery"], wants["pictures"], wants["temperature"]) == ("", 0, 1.0)
    assert stage.canvas.isVisible()


def test_a_picture_is_drawn_pixel_for_pixel(qtbot: QtBot) -> None:
    grid = PictureGrid()
    qtbot.addWidget(grid)
    grid.resize(200, 100)
    events = np.random.default_rng(0).integers(0, 256, (2, 1, 4, 4)).astype(np.uint8)
    grid.show_pictures([events])
    seen = grid.grab().toImage()
    for number in range(2):
        cell = grid.cell_rect(number)
        side = cell.width() / 4
        assert side == int(side)
        for row in range(4):
            for column in range(4):
                place = cell.topLeft() + QPointF((column + 0.5) * side, (row + 0.5) * side)
                assert seen.pixelColor(place.toPoint()).red() == events[number, 0, row, column]
    assert grid.cell_rect(1).left() - grid.cell_rect(0).right() == pytest.approx(4, abs=0.01)


def test_two_clicks_choose_the_ends(qtbot: QtBot, stage: Stage, bridge: Bridge, pictures: Document) -> None:
    come(bridge, made.picture_target())
    grid = stage.events.grid

    def click(number: int) -> None:
        place = grid.cell_rect(number).center().toPoint()
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=place)

    click(5)
    assert pictures.project.view.ends == (0, 1)
    qtbot.mouseClick(stage.gallery.kinds.button("interpolation"), Qt.MouseButton.LeftButton)
    click(5)
    click(7)
    assert pictures.project.view.ends == (5, 7)
    click(5)
    assert pictures.project.view.ends == (5, 7)  # an end already
    assert grid.marks == {5: "A", 7: "B"}
    assert stage.wants()["ends"] == (5, 7)
    stage.events.classes.setCurrentIndex(6)
    stage.events.classes.activated.emit(6)  # class 5: events 5, 15, 25, ...
    assert grid.marks == {0: "A"}
    click(2)
    assert pictures.project.view.ends == (25, 7)


def test_reconstructions_stand_above_what_comes_back(stage: Stage, bridge: Bridge, pictures: Document) -> None:
    pictures.look(gallery="reconstruction")
    info = made.picture_target()
    originals = made.digits(6)
    returned = originals.copy()
    returned[2, 0, 3, 3] ^= 64
    gallery = made.gallery(info, "reconstruction", error=3e-6)
    gallery = msgspec.structs.replace(gallery, events=Array.of(np.concatenate([originals, returned])))
    come(bridge, info, gallery=gallery)
    assert stage.gallery.grid.count == 6
    assert "3.0e−06" in stage.gallery.subtitle.text()
    come(bridge, info, gallery=msgspec.structs.replace(gallery, error=0.0))
    assert stage.gallery.subtitle.text().endswith("largest 0")


def test_the_drawing_of_pixels_can_be_cancelled(qtbot: QtBot, stage: Stage, bridge: Bridge) -> None:
    info = made.picture_target()
    come(bridge, info, gallery=made.gallery(info, done=0.4, seconds_left=12.3))
    panel = stage.gallery
    assert panel.progress.value() == 400
    assert panel.cancel.isVisible()
    qtbot.mouseClick(panel.cancel, Qt.MouseButton.LeftButton)
    assert bridge.wanted.gallery == ""
    assert panel.hint.button.isVisible()
    assert not panel.progress.isVisible()
    qtbot.mouseClick(panel.hint.button, Qt.MouseButton.LeftButton)
    assert bridge.wanted.gallery == "samples"


def test_the_temperature_is_said_where_it_is_not_one(stage: Stage, bridge: Bridge) -> None:
    come(bridge, made.picture_target())
    assert "T =" not in stage.gallery.subtitle.text()
    stage.gallery.temperature.setValue(35)
    assert "T = 0.7" in stage.gallery.subtitle.text()
    assert stage.wants()["temperature"] == 0.7


def test_the_selected_layer_shows_pictures_before_and_after(stage: Stage, bridge: Bridge, pictures: Document) -> None:
    come(bridge, made.picture_target(), mode="log_det")
    split = pictures.project.pipeline.layers[4]
    pictures.look(selected=split.uid)
    assert [words for words, _, _ in stage.layer.pictures.rows()] == ["input", "goes on", "leaves for the base"]
    assert not stage.layer.slider.isVisible()
    blank = stage.layer.pictures.grab().toImage()
    pictures.look(selected=DATA)
    assert [words for words, _, _ in stage.layer.pictures.rows()] == ["state"]
    assert stage.layer.pictures.grab().toImage() != blank


def test_a_constant_log_det_is_one_figure() -> None:
    def words(values: list[float]) -> str:
        counts, edges = np.histogram(values, bins=24)
        return spread_words("{low} to {high} nats", counts, edges)

    assert words([13.97, 13.97, 13.97]) == "13.97 nats"
    assert words([-1.0, 0.0, 2.0]) == "−1.00 to 2.00 nats"


# ---- sequences ----


def test_sequences_are_curves_on_one_scale(stage: Stage, bridge: Bridge, document: Document) -> None:
    document.put(made.wave_project())
    come(bridge, made.wave_target())
    data, samples = stage.events.waves, stage.gallery.waves
    assert data.isVisible()
    assert samples.isVisible()
    assert data._span == samples._span
    assert stage.wants()["pictures"] == 3


def test_the_receptive_field_is_bracketed_at_the_moment_under_the_mouse(qtbot: QtBot) -> None:
    pipeline = PipelineSpec(base=WaveNetBase(network=WaveNet(layers=3, blocks=2)))
    assert receptive_field(pipeline) == 1 + 2 * 7
    assert receptive_field(PipelineSpec(layers=(MAF(conditioner=WaveNet(layers=2, blocks=1)),))) == 4
    assert receptive_field(PipelineSpec(layers=(MAF(),))) == 0
    waves = Waveforms()
    qtbot.addWidget(waves)
    waves.resize(400, 200)
    waves.show()
    waves.field = receptive_field(pipeline)
    waves.show_events(made.waves(3), 8000, 1.0)
    before = waves.grab().toImage()
    row = waves.row_rect(1)
    qtbot.mouseMove(waves, QPoint(round(row.center().x()), round(row.center().y())))
    assert waves.moment == pytest.approx(made.MOMENTS // 2, abs=2)
    assert waves.grab().toImage() != before
    assert "1.88 ms" in waves.time_words(15)


def test_a_sequence_becomes_a_sound(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    sound.write_wav(path, 3 * made.waves(1, channels=2)[0], 8000)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, made.MOMENTS)
        levels = np.frombuffer(file.readframes(made.MOMENTS), "<i2")
    assert np.abs(levels).max() == round(0.9 * 32767)


def test_where_nothing_can_play_it_is_said(
    qtbot: QtBot, stage: Stage, bridge: Bridge, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sound, "player", lambda: "")
    document.put(made.wave_project())
    come(bridge, made.wave_target())
    qtbot.mouseClick(stage.events.play.button, Qt.MouseButton.LeftButton)
    assert "aplay" in stage.events.play.words.text()


# ---- the strip ----


def test_tiles_show_pictures_and_say_what_black_and_white_are(qtbot: QtBot, pictures: Document, bridge: Bridge) -> None:
    strip = PipelineStrip(pictures, bridge)
    qtbot.addWidget(strip)
    strip.resize(1200, 220)
    strip.show()
    come(bridge, made.picture_target())
    squeeze = strip.row.tiles[pictures.project.pipeline.layers[0].uid]
    assert squeeze.words.badge == "4×4×4"
    assert "black is −2.00, white is +5.00" in squeeze.range_words()
    assert bridge.wanted.pictures == 9
    assert "bits/dim" in strip.row.tiles[pictures.project.pipeline.layers[1].uid]._figure()
    for mode in ("grid", "samples"):
        assert not strip.header.modes.button(mode).isEnabled()
        assert strip.header.modes.button(mode).toolTip()
    assert strip.header.modes.button("density").text() == "Pictures"
    bridge.target.emit(target())
    assert strip.header.modes.button("grid").isEnabled()
    assert strip.header.modes.button("density").text() == "Density"


def test_no_layer_is_offered_before_a_base_of_levels(qtbot: QtBot, document: Document, bridge: Bridge) -> None:
    strip = PipelineStrip(document, bridge)
    qtbot.addWidget(strip)
    strip.resize(1200, 220)
    strip.show()
    button = strip.findChild(QPushButton, "addFirstLayer")
    assert isinstance(button, QPushButton)
    document.put(preset("gaussian").project())
    assert button.isVisible()
    document.put(preset("pixelcnn").project())
    assert not button.isVisible()
    document.look(selected=BASE)
    assert strip.row.tiles[BASE].eye._picture == "menu_down"


@pytest.mark.parametrize("mode", ["density", "log_det"])
@pytest.mark.parametrize("kind", ["image", "sequence"])
def test_every_tile_has_a_picture(qapp: object, mode: str, kind: str) -> None:
    project, info = made.picture_project(), made.picture_target()
    if kind == "sequence":
        layers = (AffineCoupling(conditioner=WaveNet()), *preset("realnvp").pipeline.layers[:1])
        project = msgspec.structs.replace(made.wave_project(), pipeline=PipelineSpec(layers=layers))
        info = made.wave_target(event_shape=(2, made.MOMENTS))
    look = Look(mode=mode, kind=kind, dimensions=64)  # type: ignore[arg-type]
    empty = QImage(96, 96, QImage.Format.Format_RGB32)
    for tile in made.picture_frame(project, info, mode=mode).tiles:
        image = render(tile, 96, look, None)  # type: ignore[arg-type]
        assert image is not None, tile.uid
        colors = {image.pixel(x, y) for x in range(0, 96, 3) for y in range(0, 96, 3)}
        assert len(colors) > 2, tile.uid
        assert image != empty


def test_a_split_shows_what_leaves(qapp: object) -> None:
    project = made.picture_project()
    tile = made.picture_frame(project, made.picture_target()).tiles[6]
    assert tile.left is not None
    look = Look(kind="image")
    whole = render(tile, 96, look, None)  # type: ignore[arg-type]
    other = render(msgspec.structs.replace(tile, left=Array.of(tile.left.numpy()[::-1].copy())), 96, look, None)  # type: ignore[arg-type]
    assert whole is not None
    assert other is not None
    assert whole.copy(0, 0, 96, 44) == other.copy(0, 0, 96, 44)
    assert whole != other


def test_what_is_not_drawn_yet_is_no_line(stage: Stage, bridge: Bridge, document: Document) -> None:
    document.put(made.wave_project())
    info = made.wave_target()
    come(bridge, info, gallery=made.gallery(info, done=0.5))
    waves = stage.gallery.waves
    assert np.isnan(waves._events[..., made.MOMENTS // 2 :]).all()
    assert np.isfinite(waves._events[..., : made.MOMENTS // 2]).all()
    half = waves.grab().toImage()
    assert waves.chosen_event is not None
    come(bridge, info)
    assert waves.grab().toImage() != half
    bridge.target.emit(target())
    assert waves.count == 0


def test_channels_lie_side_by_side() -> None:
    values = np.arange(4 * 2 * 3).reshape(4, 2, 3)
    plane = montage.sheet(values)
    assert plane.shape == (4, 6)
    assert np.array_equal(plane[:2, :3], values[0])
    assert np.array_equal(plane[:2, 3:], values[1])
    assert np.array_equal(plane[2:, :3], values[2])
    assert montage.size((4, 2, 3)) == (6, 4)
    assert montage.size((3, 8, 9)) == (9, 8)


# ---- bits a dimension ----


def test_pictures_are_counted_in_bits_and_sequences_by_the_moment() -> None:
    assert unit_of(made.picture_target()).of(64 * np.log(2)) == pytest.approx(1.0)
    assert unit_of(made.picture_target()).words == "bits/dim"
    assert unit_of(made.wave_target()).of(512.0) == 2.0
    assert unit_of(target()) == unit_of(None) == Unit()


def test_the_parts_of_bits_add_up_and_the_nats_are_told(qtbot: QtBot) -> None:
    chart = LedgerChart()
    qtbot.addWidget(chart)
    nats = Ledger(uids=("l1", "l2"), log_dets=(12.0, -3.0), base=-100.0, total=-91.0)
    chart.set_unit(unit_of(made.picture_target()))
    chart.show_rows([Row("held-out mean", nats)])
    bits = chart.unit.ledger(nats)
    assert bits.base + sum(bits.log_dets) == pytest.approx(bits.total)
    assert bits.total == pytest.approx(-91 / (64 * np.log(2)))
    assert "bits/dim = −91.000 nats" in chart.words(3)


def test_the_status_bar_and_the_loss_speak_of_bits(qtbot: QtBot, window: MainWindow, client: FakeClient) -> None:
    window.document.put(made.picture_project())
    info = made.picture_target(generation=window.bridge.generation)
    frame = made.picture_frame(window.document.project, info, generation=window.bridge.generation)
    client.say(info, frame)
    bits = -frame.ledger.total / (64 * np.log(2))  # type: ignore[union-attr]
    label = window.statusBar().nll  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: f"{bits:.3f} bits/dim" in label.text())
    assert "nats" in label.toolTip()
    loss = window.panels.panels["lossPlot"].view
    assert loss.title.text() == "Loss, bits/dim"  # type: ignore[attr-defined]
    assert loss.chart.lines["gaussian"].value() == pytest.approx(2.46, abs=1e-6)  # type: ignore[attr-defined]


# ---- contexts ----


def test_a_class_is_picked_on_the_stage(qtbot: QtBot, stage: Stage, bridge: Bridge, pictures: Document) -> None:
    come(bridge, made.picture_target())
    assert not stage.context.isVisible()
    assert stage.wants()["context"] == ()
    conditional = msgspec.structs.replace(pictures.project.pipeline, context=Context(kind="classes", count=10))
    pictures.replace(msgspec.structs.replace(pictures.project, pipeline=conditional), "Conditional")
    assert stage.context.isVisible()
    assert stage.wants()["context"] == (0.0,)
    assert stage.context.segments is not None
    qtbot.mouseClick(stage.context.segments.button("7"), Qt.MouseButton.LeftButton)
    assert pictures.project.view.context == (7.0,)
    assert bridge.wanted.context == (7.0,)
    assert stage.events.classes.currentText() == "7"  # the data beside the samples are of the same class
    assert stage.events.grid.count == np.count_nonzero(made.picture_target().classes.numpy() == 7)
    pictures.undo_stack.undo()
    assert stage.events.classes.currentText() == "All"


def test_numbers_have_a_slider_each(stage: Stage, bridge: Bridge, document: Document) -> None:
    pipeline = PipelineSpec(layers=(AffineCoupling(),), context=Context(kind="numbers", count=2))
    document.put(msgspec.structs.replace(preset("realnvp").project(), pipeline=pipeline))
    bridge.target.emit(target(context=made.NUMBERS))
    assert stage.wants()["context"] == (1.5, 0.0)
    stage.context.sliders[1].setValue(100)
    assert document.project.view.context == (1.5, 1.0)
    assert stage.context.sliders[1].words() == "width = 1"


def test_a_conditional_density_has_no_floor_and_no_difference(
    stage: Stage, bridge: Bridge, document: Document, qtbot: QtBot
) -> None:
    """The entropy is that of x: given the class there is less to learn."""
    loss = LossPlot(document, bridge)
    qtbot.addWidget(loss)
    document.put(preset("realnvp").project())
    classes = made.CLASSES
    bridge.last_target = target(context=classes)
    bridge.target.emit(bridge.last_target)
    assert loss.chart.levels["floor"].value == 2.1
    assert floor_of(bridge.last_target, document.project) == 2.1
    pipeline = msgspec.structs.replace(document.project.pipeline, context=Context(kind="classes", count=10))
    document.replace(msgspec.structs.replace(document.project, pipeline=pipeline), "Conditional")
    assert loss.chart.levels["floor"].value is None
    assert loss.chart.levels["gaussian"].value == 2.9
    assert not stage.model.difference_button.isEnabled()
    assert "every class" in stage.model.difference_button.toolTip()


def test_the_inspector_makes_a_density_conditional(qtbot: QtBot, pictures: Document, bridge: Bridge) -> None:
    inspector = Inspector(pictures, bridge)
    qtbot.addWidget(inspector)
    inspector.resize(320, 700)
    inspector.show()
    pictures.look(selected=DATA)
    come(bridge, made.picture_target(context=None))
    switch = inspector.findChild(QCheckBox, "conditional")
    assert isinstance(switch, QCheckBox)
    assert not switch.isVisible()
    come(bridge, made.picture_target())
    switch.click()
    assert pictures.project.pipeline.context == Context(kind="classes", count=10)
    assert switch.isChecked()
    pictures.look(selected=BASE)
    kinds = inspector.base.kinds
    offered = {kinds.itemData(i): kinds.model().item(i).isEnabled() for i in range(kinds.count())}  # type: ignore[attr-defined]
    assert offered["conditional_gaussian"]
    assert not offered["wavenet"]
    assert not offered["pixelcnn"]  # there are layers before it
    pipeline = msgspec.structs.replace(pictures.project.pipeline, base=ConditionalGaussian())
    pictures.replace(msgspec.structs.replace(pictures.project, pipeline=pipeline), "Base")
    pictures.look(selected=DATA)
    switch.click()
    assert pictures.project.pipeline.context == Context()
    assert pictures.project.pipeline.base == StandardNormal()
    pictures.undo_stack.undo()
    assert pictures.project.pipeline.context.kind == "classes"


def test_an_edit_of_layers_keeps_the_context(pictures: Document) -> None:
    pipeline = msgspec.structs.replace(pictures.project.pipeline, context=Context(kind="classes", count=10))
    pictures.replace(msgspec.structs.replace(pictures.project, pipeline=pipeline), "Conditional")
    pictures.replace_layers(pictures.project.pipeline.layers[:2], "Fewer")
    assert pictures.project.pipeline.context == Context(kind="classes", count=10)


# ---- more than two dimensions ----


def test_principal_components_and_all_pairs(qtbot: QtBot, stage: Stage, bridge: Bridge, document: Document) -> None:
    document.put(preset("realnvp").project(target=NamedTarget(name="gaussian_8d")))
    corner = np.random.default_rng(0).normal(size=(200, 6)).astype(np.float32)
    bridge.target.emit(wide_target(corner=Array.of(corner)))
    qtbot.mouseClick(stage.target.axes.principal, Qt.MouseButton.LeftButton)
    assert stage.wants()["projection"] == "principal"
    assert not stage.target.axes.boxes[0].isEnabled()
    assert "principal" in stage.target.subtitle.text()
    qtbot.mouseClick(stage.target.axes.corner, Qt.MouseButton.LeftButton)
    assert stage.wants()["corner"]
    assert stage.corner.plot.isVisible()
    assert len(stage.corner.plot.names) == 6
    before = stage.corner.plot.grab().toImage()
    bridge.frame.emit(
        made.picture_frame(document.project, wide_target(), tiles=(), gallery=None, corner=Array.of(-corner))
    )
    assert stage.corner.plot.grab().toImage() != before
    qtbot.mouseClick(stage.corner.back, Qt.MouseButton.LeftButton)
    assert stage.canvas.isVisible()


# ---- layers that fit ----


def test_a_new_layer_suits_the_shape_where_it_goes(pictures: Document, bridge: Bridge, qtbot: QtBot) -> None:
    palette = LayerPalette(pictures)
    qtbot.addWidget(palette)
    come(bridge, made.picture_target())
    cards = {card.name: card for card in palette.cards}
    assert "vectors" in cards["planar"].problem
    assert not cards["squeeze"].problem
    assert cards["planar"].problem in cards["planar"].toolTip()
    pictures.look(selected=DATA)
    palette.commands.insert("affine_coupling")
    palette.commands.insert("affine_coupling")
    first, second = pictures.project.pipeline.layers[:2]
    assert first.kind == "affine_coupling"
    assert {first.mask, second.mask} == {"checkerboard", "checkerboard_odd"}  # type: ignore[union-attr]
    assert first.conditioner.kind == "convnet"  # type: ignore[union-attr]


def test_the_cost_of_an_iaf_is_stated_before_one_trains(qtbot: QtBot, document: Document, bridge: Bridge) -> None:
    inspector = Inspector(document, bridge)
    qtbot.addWidget(inspector)
    document.replace_layers((IAF(), MAF()), "Two")
    document.look(selected=document.project.pipeline.layers[0].uid)
    bridge.target.emit(wide_target())
    assert "8 passes" in inspector.layer.warnings.shown
    assert "reverse KL" in inspector.layer.warnings.shown
    training = msgspec.structs.replace(document.project.training, objective="reverse_kl")
    document.replace_training(training, "Reverse KL")
    assert not inspector.layer.warnings.shown
    bridge.target.emit(target())
    document.undo_stack.undo()
    assert not inspector.layer.warnings.shown


@pytest.mark.parametrize("name", ["glow", "realnvp"])
def test_a_preset_as_it_came_takes_its_form_for_other_data(name: str) -> None:
    chosen = preset(name)
    project = chosen.project(target=NamedTarget(name="two_moons"))
    assert unedited(project)
    moved = retargeted(project, NamedTarget(name="digits"))
    assert moved.pipeline == chosen.recipe("image").pipeline
    assert retargeted(moved, NamedTarget(name="two_moons")).pipeline == project.pipeline
    conditional = msgspec.structs.replace(moved.pipeline, context=Context(kind="classes", count=10))
    conditioned = msgspec.structs.replace(moved, pipeline=conditional)
    assert retargeted(conditioned, NamedTarget(name="two_moons")).pipeline == project.pipeline
    own = msgspec.structs.replace(project, pipeline=PipelineSpec(layers=(MAF(),)))
    assert retargeted(own, NamedTarget(name="digits")).pipeline == own.pipeline


def test_a_folder_of_pictures_is_imported(qtbot: QtBot, window: MainWindow, client: FakeClient, tmp_path: Path) -> None:
    window.chooser.path = str(tmp_path)  # type: ignore[attr-defined]
    window.action_set["importFolderAction"].trigger()
    assert [command.path for command in client.sent if hasattr(command, "path")] == [str(tmp_path)]
    window.chooser.path = str(tmp_path / "teacher.pt")  # type: ignore[attr-defined]
    window.action_set["teacherAction"].trigger()
    assert window.document.project.target.kind == "model"


# ---- Verify ----


def test_the_report_is_shown_layer_by_layer(qtbot: QtBot, window: MainWindow, client: FakeClient) -> None:
    window.document.put(made.picture_project())
    window.action_set["verifyAction"].trigger()
    panel = window.findChild(VerifyPanel, "verifyPanel")
    assert isinstance(panel, VerifyPanel)
    assert not panel.isModal()
    assert panel.busy.isVisible()
    asked = client.of(Verify)
    assert len(asked) == 1
    client.say(msgspec.structs.replace(made.report(), id=asked[0].id))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: panel.table.topLevelItemCount() == 4)
    assert not panel.busy.isVisible()
    assert "1 of 3 checks fail" in panel.summary.text()
    item = panel.table.topLevelItem(1)
    assert item is not None
    assert item.text(1) == "2 ActNorm"
    assert panel.plot.isVisible()
    seen = panel.plot.grab().toImage()
    ink = {seen.pixel(x, seen.height() // 2) for x in range(seen.width())}
    assert len(ink) > 3
    panel.copy.click()
    text = QGuiApplication.clipboard().text()
    assert "FAIL\tLog-det against autograd\t4 Affine coupling\t0.4\t0.001" in text
    assert len(panel.findChildren(QPushButton)) == 3
    panel.close()


def test_figures_are_written_with_the_digits_that_mean_something() -> None:
    assert figure_words(2.4e-7) == "2.4e−07"
    assert figure_words(0.123456) == "0.1235"
    assert figure_words(0.0) == "0"
    assert figure_words(float("inf")) == "∞"
