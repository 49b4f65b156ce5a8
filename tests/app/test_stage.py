"""The stage: what it asks the engine for, and what it makes of the answers."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from flowviz.app import stage_layer
from flowviz.app.painting import Brush
from flowviz.app.stage import Stage
from flowviz.app.theme import theme
from flowviz.engine.messages import Array, Failure, Morph, Picture, Train
from flowviz.pipeline import DrawnTarget, NamedTarget, PipelineSpec, Text, say
from tests.app import stage_events as events
from tests.app.plane_hand import LEFT, Hand, wheel


@pytest.fixture
def stage(document, bridge, qtbot):
    made = Stage(document, bridge)
    qtbot.addWidget(made)
    made.resize(1000, 460)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def tell(client, bridge, qtbot):
    """Lets the engine say something that fits the document, and waits until the window has heard it."""

    def telling(*said):
        heard = []
        for event in said:
            if hasattr(event, "generation"):
                event = msgspec.structs.replace(event, generation=bridge.generation)
            signal = {
                "Ready": bridge.ready,
                "TargetInfo": bridge.target,
                "Frame": bridge.frame,
                "Failure": bridge.failure,
                "State": bridge.state,
            }[type(event).__name__]
            with qtbot.waitSignal(signal):
                client.say(event)
            heard.append(event)
        return heard[-1]

    return telling


@pytest.fixture
def learning(tell):
    """The engine is up, and has told of a target and of a model of it."""
    tell(events.READY, events.target(), events.frame())


def uid(document, index=2):
    return document.project.pipeline.layers[index].uid


def picture(panel):
    return panel.grab().toImage()


# ---- pictures ----


def test_frames_change_the_picture(stage, tell, learning):
    before = picture(stage.model.plane)
    target = picture(stage.canvas)
    tell(events.frame(step=1240, middle=(2.0, 2.0)))
    assert picture(stage.model.plane) != before
    assert picture(stage.canvas) == target
    assert stage.model.subtitle.text() == "exp(log p), averaged weights, step 1,240"
    assert stage.target.subtitle.text() == "Two moons, exact density"


def test_the_model_is_where_its_density_is(stage, tell, learning):
    tell(events.frame(middle=(2.0, -2.0)))
    image = picture(stage.model.plane)
    there = image.pixelColor(stage.model.plane.to_widget(2, -2).toPoint())
    elsewhere = image.pixelColor(stage.model.plane.to_widget(-2, 2).toPoint())
    background = theme().color("plot")
    assert elsewhere == background
    assert there.lightness() < background.lightness() if not theme().dark else there.lightness() > 100


def test_both_panels_have_the_same_scale_held_while_it_learns(stage, tell, learning):
    levels = []
    for deviation in (0.3, 0.5, 1.0):
        log_density = events.log_normal(deviations=(deviation, deviation))
        tell(events.frame(model=Picture(box=events.BOX, values=Array.of(log_density))))
        levels.append(tuple(stage.model.plane.image.levels))
    assert levels[0] == levels[1] == levels[2] == tuple(stage.canvas.image.levels)
    assert stage.model.color_bar.accessibleName().startswith("0 – 0.")


def test_without_a_known_density_the_scale_follows_the_model_with_patience(stage, tell):
    tell(events.READY, events.target(known=False), events.frame())
    first = tuple(stage.model.plane.image.levels)
    slightly = events.log_normal(deviations=(0.52, 1.0))
    tell(events.frame(model=Picture(box=events.BOX, values=Array.of(slightly))))
    assert tuple(stage.model.plane.image.levels) == first
    much = events.log_normal(deviations=(2.0, 1.0))
    tell(events.frame(model=Picture(box=events.BOX, values=Array.of(much))))
    assert stage.model.plane.image.levels[1] < first[1]
    assert stage.target.subtitle.text() == "Two moons: x1 and x2, 300 held-out points"
    assert len(stage.canvas.dots.points) == 300


def test_values_that_are_no_numbers_are_no_density(stage, tell, learning):
    broken = events.log_normal()
    broken[:10] = np.nan
    broken[10:20] = -np.inf
    tell(events.frame(model=Picture(box=events.BOX, values=Array.of(broken))))
    assert np.isfinite(stage.model.plane.image.image).all()


def test_samples_contours_and_difference(stage, document, bridge, tell, learning, qtbot):
    assert bridge.wanted.samples == 0
    qtbot.mouseClick(stage.model.samples_button, LEFT)
    assert document.project.view.samples
    assert bridge.wanted.samples == 2000
    tell(events.frame(samples=Array.of(events.points(500))))
    assert len(stage.model.plane.dots.points) == 500
    assert len(stage.canvas.dots.points) == 300
    qtbot.mouseClick(stage.model.contours_button, LEFT)
    assert stage.model.plane.lines.xData is not None
    assert stage.canvas.lines.xData is not None
    qtbot.mouseClick(stage.model.difference_button, LEFT)
    low, high = stage.model.plane.image.levels
    assert low == -high
    assert document.project.view.difference
    assert document.undo_stack.count() == 0
    assert stage.model.title.text() == "Model − target"
    shown = stage.model.plane.image.image
    row, column = np.unravel_index(shown.argmin(), shown.shape)
    assert (column / 8 - 4, row / 8 - 4) == pytest.approx((1, 0), abs=0.3)  # the target's middle, where the model lacks
    for button in (stage.model.samples_button, stage.model.contours_button, stage.model.difference_button):
        qtbot.mouseClick(button, LEFT)
    assert len(stage.model.plane.dots.points) == len(stage.canvas.dots.points) == 0
    assert stage.model.plane.lines.xData is None
    assert not document.project.view.difference


def test_the_difference_that_was_chosen_comes_with_the_document(stage, document, tell, learning):
    document.look(difference=True)
    assert stage.model.difference_button.isChecked()
    assert stage.model.title.text() == "Model − target"
    tell(events.target(known=False), events.frame())
    assert not stage.model.difference_button.isEnabled()
    assert stage.model.difference_button.toolTip() == "There is no density of the target to subtract"
    assert stage.model.title.text() == "Model"
    tell(events.target())
    assert stage.model.difference_button.toolTip().startswith("Model minus target")
    assert stage.model.title.text() == "Model − target"


def test_the_theme_changes_live(stage, tell, learning, qtbot):
    theme().choose("light")
    light = picture(stage)
    theme().choose("dark")
    try:
        dark = picture(stage)
        place = stage.model.plane.mapTo(stage, stage.model.plane.to_widget(-3, 3).toPoint())
        assert light.pixelColor(place).lightness() > 200
        assert dark.pixelColor(place).lightness() < 60
        box = QApplication.palette("QCheckBox")
        assert box.base().color().lightness() > box.window().color().lightness() + 20  # an empty box is to be seen
    finally:
        theme().choose("system")


# ---- what is asked for ----


def test_it_asks_for_what_is_visible_and_for_nothing_when_hidden(stage, document, bridge):
    wanted = bridge.wanted
    assert 64 <= wanted.model_resolution <= 256
    assert wanted.model_resolution % 32 == 0
    assert wanted.whole_flow
    assert wanted.box == pytest.approx(stage.model.plane.visible_box(), rel=1e-3)
    document.look(selected=uid(document), tile_mode="grid")
    assert bridge.wanted.selected == uid(document)
    assert bridge.wanted.selected_resolution >= 64
    assert bridge.wanted.tile_mode == "grid"
    assert not bridge.wanted.whole_flow
    stage.hide()
    assert bridge.wanted.model_resolution == bridge.wanted.selected_resolution == bridge.wanted.samples == 0
    assert bridge.wanted.selected == ""
    assert not bridge.wanted.whole_flow
    stage.show()
    assert bridge.wanted.selected == uid(document)


def test_zooming_one_zooms_both_and_asks_for_that_box(stage, bridge, tell, learning, qtbot):
    wheel(stage.model.plane, stage.model.plane.to_widget(1, 1), 240)
    seen = stage.canvas.visible_box()
    assert seen == pytest.approx(stage.model.plane.visible_box(), abs=0.05)
    assert seen[1] - seen[0] < 7
    qtbot.waitUntil(lambda: bridge.wanted.box == pytest.approx(seen, abs=0.05))
    Hand(stage.model.plane, qtbot).drag((0, 0), (1, 0))
    assert stage.canvas.visible_box()[0] == pytest.approx(seen[0] - 1, abs=0.2)
    qtbot.mouseClick(stage.model.fit_button, LEFT)
    qtbot.waitUntil(lambda: bridge.wanted.box == pytest.approx(stage.model.plane.visible_box(), abs=1e-3))
    assert bridge.wanted.box[1] - bridge.wanted.box[0] > 8
    assert stage.canvas.fitted
    assert stage.model.plane.fitted


def test_the_two_planes_have_the_same_size(stage):
    for width in (760, 1000, 1400):
        stage.resize(width, 400)
        left, right = stage.canvas.size(), stage.model.plane.size()
        assert abs(left.width() - right.width()) <= 1  # of an odd width, one has the odd pixel
        assert left.height() == right.height()


# ---- one point ----


def test_hovering_asks_for_the_point_and_says_what_came(stage, bridge, tell, learning, qtbot):
    hand = Hand(stage.model.plane, qtbot)
    hand.move(0.5, -1.0, buttons=None)
    qtbot.waitUntil(lambda: bridge.wanted.probe != ())
    assert bridge.wanted.probe == pytest.approx((0.5, -1.0), abs=0.05)
    tell(events.frame(probe=events.probe(bridge.wanted.probe)))
    words = stage._readouts[stage.model.plane].text()
    assert "log p(x) = −1.900 nats" in words
    assert "≈" in stage._readouts[stage.canvas].text()
    assert stage.model.plane.marker.isVisible()
    assert not stage._readouts[stage.model.plane].geometry().contains(hand.at(0.5, -1.0))
    hand.move(-3.9, 3.9, buttons=None)
    assert not stage._readouts[stage.model.plane].geometry().contains(hand.at(-3.9, 3.9))
    stage.model.plane.left.emit()
    qtbot.waitUntil(lambda: bridge.wanted.probe == ())
    assert not stage.model.plane.marker.isVisible()
    assert stage._readouts[stage.model.plane].isHidden()


def test_a_click_pins_and_a_second_one_or_escape_lets_go(stage, document, bridge, tell, learning, qtbot):
    hand = Hand(stage.model.plane, qtbot)
    hand.drag((1, 1))
    assert document.project.view.pinned == pytest.approx((1, 1), abs=0.05)
    hand.move(-2, -2, buttons=None)
    qtbot.wait(1)
    assert stage.wants()["probe"] == document.project.view.pinned
    assert stage.canvas.marker.isVisible()
    assert stage.canvas.marker.filled
    hand.drag((1, 1))
    assert document.project.view.pinned == ()
    hand.drag((0, 2))
    assert document.project.view.pinned
    qtbot.keyClick(stage.model.plane, Qt.Key.Key_Escape)
    assert document.project.view.pinned == ()
    assert document.undo_stack.count() == 0


def test_the_pinned_point_goes_through_the_flow(stage, document, tell, learning):
    document.look(pinned=(0.5, -1.0), whole_flow=True, morph=0.0)
    tell(events.frame(flow=events.flow(), probe=events.probe()))
    x, y = stage.layer.plane.path.getData()
    np.testing.assert_allclose(np.stack([x, y], 1), [[0.5, -1], [1, -1], [1, -0.5]])
    marker = stage.layer.plane.marker
    assert marker.isVisible()
    assert (marker.pos().x(), marker.pos().y()) == (1, -0.5)


# ---- the layer ----


def choose_layer(document, tell, mode="samples", morph=0.0):
    document.look(selected=uid(document), tile_mode=mode, morph=morph)
    tell(events.frame(morph=events.morph(uid(document))))


def test_the_slider_takes_points_from_input_to_output(stage, document, tell, learning, qtbot):
    choose_layer(document, tell)
    np.testing.assert_allclose(stage.layer.plane.cloud.points, events.points(), rtol=1e-5)
    stage.layer.slider.setValue(500)
    np.testing.assert_allclose(stage.layer.plane.cloud.points, events.points() * [1.5, 1], rtol=1e-4)
    stage.layer.slider.setValue(1000)
    np.testing.assert_allclose(stage.layer.plane.cloud.points, events.points() * [2, 1], rtol=1e-4)
    qtbot.waitUntil(lambda: document.project.view.morph == 1.0)
    assert stage.layer.title.text() == "Layer 3: Affine coupling"
    assert "drawing" in stage.layer._note.text()
    document.look(morph=0.25)
    assert stage.layer.slider.value() == 250


@pytest.mark.parametrize("mode", ["density", "grid", "samples", "log_det"])
def test_every_mode_draws_and_only_its_own(stage, document, tell, learning, mode):
    blank = None
    choose_layer(document, tell, mode, morph=0.5)
    plane = stage.layer.plane
    shown = picture(plane)
    plane.clear_all()
    blank = picture(plane)
    assert shown != blank
    stage.layer.redraw()
    assert (plane.behind.image is not None) == (mode == "density")
    assert (len(plane.cloud.points) > 0) == (mode == "samples")
    assert (len(plane.lattice.ends) > 0) == (mode in ("grid", "log_det"))
    assert stage.layer.slider.isEnabled() == (mode != "log_det")


def test_density_is_cross_faded(stage, document, tell, learning):
    choose_layer(document, tell, "density", morph=0.25)
    assert stage.layer.plane.image.opacity() == pytest.approx(0.25)
    assert "cross-faded" in stage.layer.subtitle.text()


def test_log_det_shows_the_tiles_picture_where_there_is_one(stage, document, tell, learning):
    document.look(selected=uid(document), tile_mode="log_det")
    tile = events.tile(uid(document), (2.0, 1.0))
    tell(events.frame(morph=events.morph(uid(document)), tiles=(tile,)))
    plane = stage.layer.plane
    assert plane.image.image is not None
    low, high = plane.image.levels
    assert low == -high
    assert not len(plane.lattice.ends)


def test_the_lattice_is_coloured_by_its_stretch(stage, document, tell, learning):
    choose_layer(document, tell, "grid", morph=0.0)
    regular = set(stage.layer.plane.lattice._shades)
    stage.layer.slider.setValue(1000)
    stretched = set(stage.layer.plane.lattice._shades)
    assert len(regular) == len(stretched) == 1
    assert min(stretched) > min(regular)


def test_the_whole_flow_runs_from_base_to_data(stage, document, tell, learning, qtbot):
    tell(events.frame(flow=events.flow()))
    cloud = stage.layer.plane.cloud
    np.testing.assert_allclose(cloud.points, events.points(), rtol=1e-5)
    stage.layer.slider.setValue(0)
    np.testing.assert_allclose(cloud.points, events.points() * events.SCALES, rtol=1e-5)
    assert (stage.layer._from.text(), stage.layer._to.text()) == ("base", "data")
    qtbot.mouseClick(stage.layer.whole_button, LEFT)
    assert document.project.view.selected == uid(document, 0)
    assert not document.project.view.whole_flow
    qtbot.mouseClick(stage.layer.whole_button, LEFT)
    assert document.project.view.whole_flow
    assert stage.wants()["whole_flow"]


def test_playing_runs_to_the_end_and_stops(stage, document, tell, learning, qtbot, monkeypatch):
    monkeypatch.setattr(stage_layer, "SWEEP", 120)
    choose_layer(document, tell, morph=1.0)
    seen = []
    stage.layer.play_button.click()
    assert stage.layer.playing
    assert stage.layer.share < 1
    qtbot.waitUntil(lambda: seen.append(stage.layer.share) or not stage.layer.playing)
    assert stage.layer.share == 1
    assert sorted(seen) == seen
    assert len(set(seen)) > 2
    stage.layer.play_button.click()
    stage.layer.play_button.click()
    assert not stage.layer.playing
    assert document.project.view.morph == stage.layer.share


def test_a_bypassed_layer_says_so_and_can_be_taken_in(stage, document, tell, learning, qtbot):
    layer = msgspec.structs.replace(document.project.pipeline.layers[2], bypass=True)
    document.replace_layer(layer, "bypass")
    document.look(selected=layer.uid, tile_mode="samples")
    same = events.tile(layer.uid, (1.0, 1.0))
    tell(events.frame(morph=Morph(uid=layer.uid, input=same, output=same)))
    assert "bypassed" in stage.layer.hint.text
    qtbot.mouseClick(stage.layer.hint.button, LEFT)
    assert not document.project.pipeline.layers[2].bypass


def test_what_is_wrong_with_a_state_is_said(stage, document, tell, learning):
    document.look(selected=uid(document), tile_mode="samples")
    broken = msgspec.structs.replace(
        events.tile(uid(document), (2.0, 1.0)),
        problem=Text.of(say("{bad} of {count} points are lost.", bad=3, count=9)),
    )
    tell(events.frame(morph=Morph(uid=uid(document), input=events.tile("x", (1.0, 1.0)), output=broken)))
    assert stage.layer.hint.text == "3 of 9 points are lost."


def test_deleting_the_selected_layer_leaves_no_stale_picture(stage, document, tell, learning):
    choose_layer(document, tell, "samples")
    document.replace_layers((), "delete", select="")
    tell(events.frame(flow=Array.of(events.points()[None])))
    np.testing.assert_allclose(stage.layer.plane.cloud.points, events.points(), rtol=1e-5)


# ---- other targets ----


def test_one_dimension_shows_curves(stage, document, bridge, tell, qtbot):
    tell(events.READY, events.line_target())
    model = events.line_tile("m", 1.2).picture
    document.look(selected=uid(document), tile_mode="grid", morph=1.0, samples=True)
    tell(
        events.frame(
            model=model,
            samples=Array.of(events.points(200, 1)),
            morph=Morph(uid=uid(document), input=events.line_tile("a", 1.0), output=events.line_tile("b", 2.0)),
        )
    )
    assert stage.curves.isVisible()
    assert not stage.canvas.isVisible()
    assert len(stage.curves.plane.target.xData) == 128
    assert len(stage.curves.plane.model.xData) == 33
    assert len(stage.curves.plane.dots.points) == 200
    x, z = stage.layer.plane.curves[0].getData()
    np.testing.assert_allclose(z, 2 * x, rtol=1e-5)
    np.testing.assert_allclose(stage.layer.plane.curves[1].yData, np.log(2), rtol=1e-5)
    stage.layer.slider.setValue(0)
    np.testing.assert_allclose(stage.layer.plane.curves[0].yData, x, rtol=1e-5)
    Hand(stage.curves.plane, qtbot).move(1.0, 0.2, buttons=None)
    qtbot.waitUntil(lambda: len(bridge.wanted.probe) == 1)
    assert bridge.wanted.probe[0] == pytest.approx(1.0, abs=0.05)
    for mode in ("density", "samples", "log_det"):
        before = picture(stage.layer.plane)
        document.look(tile_mode=mode)
        assert picture(stage.layer.plane) != before
    document.look(selected="", whole_flow=True)
    states = np.stack([events.points(300, 1), 2 * events.points(300, 1)])
    tell(events.frame(model=model, flow=Array.of(states)))
    assert len(stage.layer.plane.cloud.points) == 300
    assert not stage.layer.plane.left_axis.style["showValues"]
    qtbot.mouseClick(stage.curves.blank_button, LEFT)
    assert isinstance(document.project.target, DrawnTarget)
    assert stage.canvas.isVisible()


def test_many_dimensions_show_two_of_them(stage, document, bridge, tell, qtbot):
    tell(events.READY, events.wide_target())
    assert stage.target.axes.isVisible()
    assert bridge.wanted.samples == 2000
    assert bridge.wanted.model_resolution == 0
    for button in (stage.model.contours_button, stage.model.difference_button):
        assert not button.isEnabled()
        assert button.toolTip().startswith("Only for two dimensions")
    assert stage.model.samples_button.toolTip() == "Of more than two dimensions there are only samples to show"
    tell(events.frame(model=None, samples=Array.of(events.points(700))))
    assert len(stage.model.plane.dots.points) == 700
    assert len(stage.canvas.dots.points) == 300
    assert "c0 and c1" in stage.target.subtitle.text()
    around = Morph(uid=uid(document), input=events.tile("a", (1.0, 1.0)), output=events.tile("b", (2.0, 1.0)))
    document.look(selected=uid(document), tile_mode="log_det")
    bare = {"picture": None, "lattice": None, "stretch": None}
    around = msgspec.structs.replace(
        around,
        input=msgspec.structs.replace(around.input, **bare),
        output=msgspec.structs.replace(around.output, **bare),
    )
    tell(events.frame(model=None, samples=Array.of(events.points(700)), morph=around))
    assert len(stage.layer.plane.cloud.points)  # there is no map of so many dimensions
    assert "held-out points" in stage.layer.subtitle.text()
    document.look(selected="")
    box = stage.target.axes.boxes[0]
    box.setCurrentIndex(5)
    box.activated.emit(5)
    assert document.project.view.axes == (5, 1)
    assert bridge.wanted.axes == (5, 1)
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert document.project.view.axes == (1, 5)
    Hand(stage.model.plane, qtbot).drag((0, 0))
    assert document.project.view.pinned == ()
    assert stage.wants()["probe"] == ()


def test_painting_while_it_learns(stage, document, bridge, tell, learning, qtbot):
    """The document changes in mid-stroke, the model's panel goes on, and what the engine says late does no harm."""
    hand = Hand(stage.canvas, qtbot)
    stage.canvas.brush = Brush(size=20, softness=0, strength=1)
    hand.press(-2, -2)
    hand.move(2, -2)
    with qtbot.waitSignal(document.changed):
        pass
    assert isinstance(document.project.target, DrawnTarget)
    assert stage.target.subtitle.text() == "Drawn density, exact"
    tell(events.target(middle=(-3.0, 3.0)), events.frame(step=11))
    assert stage.canvas.painting
    hand.move(2, 2)
    hand.release(2, 2)
    drawn = document.project.target.array()
    assert drawn[(4 * 32), (6 * 32)] > 60000
    assert stage.canvas.density.top == pytest.approx(stage.model.top)
    document.undo_stack.undo()
    assert document.project.target == NamedTarget()


# ---- nothing to show ----


def test_before_the_engine_is_up_it_says_so(stage, tell):
    for panel in (stage.target, stage.model, stage.layer):
        assert panel.hint.text == "The engine is starting."
    tell(events.READY, events.target(), events.frame(flow=events.flow()))
    for panel in (stage.target, stage.model, stage.layer):
        assert panel.hint.text == ""


def test_with_no_frame_it_offers_to_train(stage, client, tell, qtbot):
    tell(events.READY, events.target())
    qtbot.waitUntil(lambda: bool(stage.model.hint.text))
    assert stage.model.hint.button.text() == "Train (F5)"
    qtbot.mouseClick(stage.model.hint.button, LEFT)
    assert client.of(Train)


def test_a_blank_canvas_asks_to_be_painted(stage, document, tell, learning):
    document.replace_target(DrawnTarget(), "blank")
    assert stage.target.hint.text == "Paint here what the flow shall learn."
    assert stage.target.hint.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


@pytest.mark.parametrize(("code", "panel"), [("target", "target"), ("pipeline", "model"), ("non_finite", "model")])
def test_failures_are_said_where_they_are(stage, document, tell, learning, code, panel):
    tell(Failure(code=code, sentence=Text.of("It broke."), remedy=Text.of("Mend it.")))
    assert getattr(stage, panel).hint.text == "It broke.\nMend it."
    if code == "target":
        document.replace_target(NamedTarget(name="rings"), "another")
    else:
        tell(events.frame())
    assert getattr(stage, panel).hint.text == ""


def test_no_layers_still_show_the_flow(stage, document, tell, learning):
    document.replace(msgspec.structs.replace(document.project, pipeline=PipelineSpec()), "empty")
    tell(events.frame(flow=Array.of(events.points()[None])))
    assert len(stage.layer.plane.cloud.points) == 300
    stage.layer.whole_button.click()
    assert stage.layer.hint.text == ""


def test_parts_have_names_for_those_who_cannot_see(stage, tell, learning):
    for button in (
        stage.model.samples_button,
        stage.model.contours_button,
        stage.model.difference_button,
        stage.model.fit_button,
        stage.layer.whole_button,
        stage.layer.play_button,
        stage.layer.slider,
    ):
        assert button.accessibleName()
    for plane in (stage.canvas, stage.model.plane, stage.curves.plane, stage.layer.plane):
        assert plane.accessibleName()
    assert stage.model.accessibleDescription() == stage.model.subtitle.text()
