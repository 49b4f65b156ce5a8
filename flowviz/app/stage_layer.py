"""The selected layer, large: its input becoming its output; or the whole flow, from the base to the data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QSlider, QStackedWidget, QStyle

from ..engine.messages import BASE, DATA, PREPROCESSING, Frame, Morph, Probe, TargetInfo, Tile
from ..pipeline import Box, LayerSpec, Project, TileMode
from . import edits, morph, pictures
from .document import Document
from .stage_layer_events import LayerEvents
from .stage_layer_plane import LayerPlane
from .stage_panel import FlatButton, Panel, Words
from .translation import language, sentence, spec

TICK = 30
"""Milliseconds between two pictures while it plays."""
SWEEP = 1500
"""Milliseconds from one end of a layer to the other."""
STEP_OF_FLOW = 450
"""Milliseconds a layer, when the whole flow plays."""
_STEPS = 1000
_COMMIT = 150


class LayerPanel(Panel):
    """The third panel of the stage. The slider's place is `view.morph`: 0 the input (or the base), 1 the output (the data)."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.setObjectName("layerStage")
        self._document = document
        self._info: TargetInfo | None = None
        self._frame: Frame | None = None
        self._failed = ""
        self._drawn_of = ""
        self.share = document.project.view.morph
        self._boxes = pictures.HeldBoxes()
        self.plane = LayerPlane()
        self.pictures = LayerEvents()
        self._body = QStackedWidget()
        self._body.addWidget(self.plane)
        self._body.addWidget(self.pictures)
        self.set_body(self._body)

        self.play_button = FlatButton("play")
        self.play_button.setObjectName("morphPlay")
        self.play_button.clicked.connect(self.play)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("morphSlider")
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.setSingleStep(_STEPS // 50)
        self.slider.setValue(round(_STEPS * self.share))
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderPressed.connect(self.stop)
        self._from, self._to = Words("muted"), Words("muted")
        self.row(self.play_button, self._from, self.slider, self._to).setStretch(2, 1)
        self.whole_button = FlatButton(checkable=True)
        self.whole_button.setObjectName("wholeFlow")
        self.whole_button.clicked.connect(self._whole_clicked)
        self._note = Words("muted")
        self.row(self.whole_button, self._note).setStretch(1, 1)

        self._play_timer = QTimer(self)
        self._play_timer.setInterval(TICK)
        self._play_timer.timeout.connect(self._advance)
        self._commit_timer = QTimer(self)
        self._commit_timer.setSingleShot(True)
        self._commit_timer.setInterval(_COMMIT)
        self._commit_timer.timeout.connect(self._commit)
        document.changed.connect(self._document_changed)
        language().changed.connect(self.retranslate)
        self.retranslate()

    # ---- what it is about ----

    @property
    def whole(self) -> bool:
        """Whether the whole flow is shown; with no layer selected it is, since it is what there is to see."""
        view = self._document.project.view
        return not self._eventful() and (view.whole_flow or not view.selected)

    @property
    def wanted(self) -> str:
        """Uid of the layer whose input and output are wanted; empty: none."""
        selected = self._document.project.view.selected
        if self._eventful():  # there is no way between pictures of two shapes: one layer is always shown
            layers = self._document.project.pipeline.layers
            return selected or (layers[0].uid if layers else DATA)
        return "" if self.whole else selected

    @property
    def playing(self) -> bool:
        return self._play_timer.isActive()

    def show_target(self, info: TargetInfo | None) -> None:
        self._info = info

    def show_frame(self, frame: Frame | None, failed: str = "") -> None:
        """The newest frame; `failed` is why there is none to come."""
        self._frame, self._failed = frame, failed
        self.redraw()

    # ---- the slider ----

    def play(self) -> None:
        """Runs from the input to the output once, or stops."""
        if self.playing:
            self.stop()
            return
        if self.share >= 1:
            self._set_share(0.0)
        self._play_timer.start()
        self.play_button.set_icon("stop_play")

    def stop(self) -> None:
        if self.playing:
            self._play_timer.stop()
            self.play_button.set_icon("play")
            self._commit()

    def _advance(self) -> None:
        layers = 1
        if self.whole and self._frame is not None and self._frame.flow is not None:
            layers = max(1, self._frame.flow.shape[0] - 1)
        duration = max(SWEEP, STEP_OF_FLOW * layers) if self.whole else SWEEP
        self._set_share(min(1.0, self.share + TICK / duration))
        if self.share >= 1:
            self.stop()

    def _set_share(self, share: float) -> None:
        self.share = share
        self.slider.blockSignals(True)
        self.slider.setValue(round(_STEPS * share))
        self.slider.blockSignals(False)
        self.redraw()

    def _slid(self, value: int) -> None:
        self.share = value / _STEPS
        self._commit_timer.start()
        self.redraw()

    def _commit(self) -> None:
        self._commit_timer.stop()
        self._document.look(morph=self.share)

    def _whole_clicked(self, checked: bool) -> None:
        self.stop()
        project = self._document.project
        selected = project.view.selected
        if not checked and not selected and project.pipeline.layers:
            selected = project.pipeline.layers[0].uid
        self._document.look(whole_flow=checked, selected=selected)
        self._show_controls()

    def _document_changed(self, old: Project, new: Project) -> None:
        if new.view.morph != old.view.morph and not self.playing and not self._commit_timer.isActive():
            self._set_share(new.view.morph)
        if (old.view.selected, old.view.whole_flow) != (new.view.selected, new.view.whole_flow):
            self.stop()
        if old.view != new.view or old.pipeline != new.pipeline:
            self.redraw()

    # ---- the picture ----

    def redraw(self) -> None:
        """Draws the newest frame at the slider's place."""
        if not self.isVisible():
            return
        frame, hint = self._frame, ""
        self.hint.say("")
        self._show_controls()
        self._body.setCurrentWidget(self.pictures if self._eventful() else self.plane)
        if self._eventful():
            hint = self._draw_events(frame)
        elif frame is not None and self.whole and frame.flow is not None:
            self._draw_flow(frame)
        elif frame is not None and frame.morph is not None and frame.morph.uid == self.wanted:
            self._draw_layer(frame, frame.morph)
            hint = self._problem(frame.morph)
        else:
            self._describe()
            hint = self._failed
            if frame is None or self._document.project.view.selected != self._drawn_of:
                self.plane.clear_all()
        if not hint and self._bypassed() is not None and not self.whole:
            self.hint.say(
                self.tr("This layer is bypassed: its output is its input."), self.tr("Take it in again"), self._take_in
            )
        elif hint:
            self.hint.say(hint)

    def _draw_events(self, frame: Frame | None) -> str:
        """The pictures or sequences before and after the layer, from the tiles; why there are none, if there are none."""
        uid, before, after = self.wanted, None, None
        tiles = frame.tiles if frame is not None else ()
        place = next((i for i, tile in enumerate(tiles) if tile.uid == uid), None)
        if place is not None:
            after = tiles[place]
            before = tiles[place - 1] if place and uid not in (DATA, BASE) else None
        if frame is not None and frame.morph is not None and frame.morph.uid == uid:
            around = frame.morph
            if around.output.events is not None and (after is None or after.events is None):
                before, after = (around.input if uid not in (DATA, BASE) else None), around.output
        self.pictures.show_layer(before, after)
        self._describe()
        problem = sentence(after.problem) if after is not None else ""
        return problem or (self._failed if after is None else "")

    def _eventful(self) -> bool:
        """Whether the data are pictures or sequences."""
        return self._info is not None and len(self._info.event_shape) > 1

    def _draw_flow(self, frame: Frame) -> None:
        assert frame.flow is not None
        states = frame.flow.numpy()
        if states.ndim == 2:
            states = np.stack([morph.spread(state) for state in states])
        boxes = self._boxes.update(states)
        corners = morph.along(np.array(boxes), self.share)
        left, right, bottom, top = (float(corner) for corner in corners)
        box: Box = (left, right, 0.0, 1.0) if self._flat() else (left, right, bottom, top)
        hues = self._hues(states.shape[1])
        self.plane.show_cloud(morph.along(states, self.share), hues, box, rows=self._flat())
        self._draw_path(frame.probe)
        self._drawn_of = self._document.project.view.selected
        self._describe()

    def _draw_path(self, probe: Probe | None) -> None:
        """The pinned point's way through all states."""
        if probe is None or self._flat():
            self.plane.show_path(None)
            self.plane.show_marker(None)
            return
        pinned = bool(self._document.project.view.pinned)
        states = probe.states.numpy()
        axes = list(self._axes(states.shape[1]))
        self.plane.show_path(states[:, axes] if pinned else None)
        x, y = morph.along(states[:, axes], self.share)
        self.plane.show_marker((float(x), float(y)), filled=pinned)

    def _draw_layer(self, frame: Frame, between: Morph) -> None:
        mode = self._mode()
        before, after = between.input, between.output
        self._drawn_of = between.uid
        self.plane.show_path(None)
        if self._flat():
            self.plane.show_line_layer(mode, before, after, self.share, self._hues)
        elif mode == "log_det" and between.uid not in (DATA, BASE):
            tile = next((t for t in frame.tiles if t.uid == between.uid), None)
            self.plane.show_log_det(before, after, tile.picture if tile is not None else None)
        elif mode == "grid" and before.lattice is not None:
            self.plane.show_lattice(before, after, self.share)
        elif mode in ("density", "log_det") and before.picture is not None:
            self.plane.show_density(between.uid, before, after, self.share)
        else:
            self._draw_points(before, after)
        self._mark(frame.probe, between.uid)
        self._describe()

    def _draw_points(self, before: Tile, after: Tile) -> None:
        if before.points is not None and after.points is not None:
            start, end = before.points.numpy(), after.points.numpy()
            self.plane.show_cloud(
                morph.between(start, end, self.share),
                self._hues(len(start)),
                pictures.mix(before.box, after.box, self.share),
            )

    def _mark(self, probe: Probe | None, uid: str) -> None:
        """The probed point on its way through this layer."""
        if probe is None or uid not in probe.ledger.uids or self._flat():
            self.plane.show_marker(None)
            return
        k = probe.ledger.uids.index(uid)
        states = probe.states.numpy()
        axes = list(self._axes(states.shape[1]))
        share = 0.0 if self._mode() == "log_det" else self.share
        x, y = morph.between(states[k, axes], states[k + 1, axes], share)
        self.plane.show_marker((float(x), float(y)), filled=bool(self._document.project.view.pinned))

    def _problem(self, between: Morph) -> str:
        return sentence(between.output.problem) or sentence(between.input.problem)

    def _hues(self, count: int) -> NDArray[np.float32] | None:
        if self._info is None or self._info.hues is None or self._info.hues.shape[0] != count:
            return None
        return self._info.hues.numpy()

    def _flat(self) -> bool:
        """Whether the data has one dimension."""
        return self._info is not None and self._info.event_shape == (1,)

    def _mode(self) -> TileMode:
        """What the layer is drawn as: of more than two dimensions there is no map and no lattice, but the points."""
        many = self._info is not None and len(self._info.event_shape) == 1 and self._info.event_shape[0] > 2
        return "samples" if many else self._document.project.view.tile_mode

    def _axes(self, dimensions: int) -> tuple[int, int]:
        axes = self._document.project.view.axes
        return axes if dimensions > 2 and max(axes) < dimensions else (0, min(1, dimensions - 1))

    # ---- words ----

    def _layer(self) -> tuple[int, LayerSpec] | None:
        pipeline = self._document.project.pipeline
        place = pipeline.index(self.wanted if self._eventful() else self._document.project.view.selected)
        return None if place is None else (place, pipeline.layers[place])

    def _bypassed(self) -> LayerSpec | None:
        found = self._layer()
        return found[1] if found is not None and found[1].bypass else None

    def _take_in(self) -> None:
        edits.apply(self._document, edits.bypass(self._document.project.pipeline, self._document.project.view.selected))

    def _describe(self) -> None:
        if self.whole:
            self.say(self.tr("Whole flow"), self._flow_words())
            return
        found, selected = self._layer(), self.wanted
        if found is not None:
            title = self.tr("Layer {number}: {layer}").format(number=found[0] + 1, layer=edits.name(found[1]))
        elif selected == DATA:
            title = self.tr("Data")
        elif selected == PREPROCESSING:
            title = self.tr("Standardisation")
        else:
            title = self.tr("Base: {base}").format(base=spec(self._document.project.pipeline.base.title))
        if self._eventful():
            state = self.tr("held-out events at this state")
            words = state if selected in (DATA, BASE) else self.tr("held-out events before and after")
            self.say(title, words)
            return
        self.say(title, self._mode_words(selected in (DATA, BASE)))

    def _mode_words(self, end: bool) -> str:
        """What the picture is; `end`: of the data or the base, which have no input and output."""
        mode = self._mode()
        if self._flat() and mode in ("grid", "log_det"):
            return str(
                self.tr("z(x), and log|dz/dx| dashed, nats") if mode == "grid" else self.tr("log|dz/dx| over x, nats")
            )
        words: dict[TileMode, str] = {
            "density": self.tr("model density here")
            if end
            else self.tr("model density of input and output, cross-faded"),
            "grid": self.tr("a lattice, coloured by how much it was stretched"),
            "samples": self.tr("held-out points, coloured by where they come from"),
            "log_det": self.tr("log|det J| over its input, nats"),
        }
        return words[mode]

    def _flow_words(self) -> str:
        frame = self._frame
        if frame is None or frame.flow is None:
            return self.tr("held-out points from the base to the data")
        count = frame.flow.shape[0]
        if self.share >= 1 or count < 2:
            return self.tr("at the data")
        if self.share <= 0:
            return self.tr("at the base")
        return self.tr("step {number} of {count} from the base").format(
            number=count - 1 - morph.layer_at(count, self.share), count=count - 1
        )

    def _show_controls(self) -> None:
        whole = self.whole
        selected = self._document.project.view.selected
        self.whole_button.setChecked(whole)
        self._from.setText(self.tr("base") if whole else self.tr("input"))
        self._to.setText(self.tr("data") if whole else self.tr("output"))
        still = not whole and (selected in (DATA, BASE) or self._bypassed() is not None or self._mode() == "log_det")
        plane = not self._eventful()
        for part in (self.slider, self._from, self._to, self.whole_button, self._note):
            part.setVisible(plane)
        self.slider.setEnabled(not still)
        self.play_button.setEnabled(not still)
        animated = QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
        self.play_button.setVisible(animated and plane)
        self.play_button.set_words(
            self.tr("Stop") if self.playing else self.tr("Play"), self.tr("Run from one end to the other")
        )

    def retranslate(self) -> None:
        self.whole_button.set_words(
            self.tr("Whole flow"), self.tr("The coloured points through all layers, from the base to the data")
        )
        self._note.setText(self.tr("In between: drawing"))
        self._note.setToolTip(
            self.tr(
                "Only the states between layers are the model's. What lies between two of them is a straight line, drawn."
            )
        )
        self.plane.setAccessibleName(self.tr("The selected layer, or the whole flow"))
        self.slider.setAccessibleName(self.tr("Between input and output"))
        self._show_controls()
        self.redraw()
