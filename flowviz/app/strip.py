"""The strip: the pipeline and its film at once. Every tile shows, live, what its layer does to the data."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QScrollArea, QStyle, QVBoxLayout, QWidget

from ..engine.messages import BASE, DATA, PREPROCESSING, Failure, Frame, State, TargetInfo, Tile
from ..pipeline import Project, SpecError, event_kind, problems
from . import edits
from .bridge import Bridge
from .document import Document
from .strip_header import StripHeader
from .strip_histogram import HistogramPopup
from .strip_menu import base_menu, tile_menu
from .strip_row import TileRow
from .strip_words import words_of
from .theme import UNIT, theme
from .tile import TileView
from .tile_events import PICTURES
from .tile_pictures import made_for
from .tile_rendering import Look
from .translation import sentence
from .units import unit_of

SIDES = (56, 112, 280)
"""Smallest, usual and largest side of a picture, in pixels."""
FINEST = 192
"""Longest side of a picture that is asked of the engine."""


class PipelineStrip(QWidget):
    """Data, layers and base as tiles; see `TileRow` for what the mouse and the keys do."""

    def __init__(self, document: Document, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pipelineStrip")
        self.setAccessibleName(self.tr("Strip"))
        self._document, self._bridge = document, bridge
        self._target: TargetInfo | None = bridge.last_target
        self._live = bridge.training
        self._impossible: dict[str, str] = {}
        self._failures: dict[str, str] = {}
        self._seen: dict[str, Tile] = {}
        self._hovered = ""
        self.look = Look()
        self.header = StripHeader(self)
        self.area = _Area(self)
        self.row = TileRow(document, self.look, self.area)
        self.area.setWidget(self.row)
        for surface in (self.area.viewport(), self.row):
            surface.setAutoFillBackground(False)
        self._popup = HistogramPopup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.area, 1)
        self.setFocusProxy(self.row)

        self.header.mode_chosen.connect(lambda mode: document.look(tile_mode=mode))
        self.header.turned.connect(lambda turned: document.look(turned=turned))
        self.header.zoomed.connect(self._resized)
        self.area.zoomed.connect(lambda steps: self.header.zoom.setValue(self.header.zoom.value() + 10 * steps))
        self.row.menu.connect(self._open_menu)
        self.row.complained.connect(self._complain)
        document.changed.connect(self._document_changed)
        bridge.tiles.connect(self._show_frame)
        bridge.target.connect(self._show_target)
        bridge.state.connect(self._show_state)
        bridge.failure.connect(self._show_failure)
        theme().changed.connect(self._repaint)
        self._arrange()
        self._apply_view()
        if bridge.last_target is not None:
            self._show_target(bridge.last_target)
        if bridge.last_frame is not None:
            self._show_frame(bridge.last_frame)

    # ---- sizes ----

    def sizeHint(self) -> QSize:
        return QSize(12 * SIDES[1], self._height_with(SIDES[1]))

    def minimumSizeHint(self) -> QSize:
        return QSize(40 * UNIT, self._height_with(SIDES[0]))

    def _height_with(self, side: int) -> int:
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return self.header.sizeHint().height() + TileView.height_for(side, self.font()) + UNIT + bar + 2

    def _resized(self) -> None:
        """As large as the height allows, but no larger than lets all tiles be seen at once, unless they became small
        by that; times the zoom. Room for the scroll bar is always kept."""
        high = self.height() - self._height_with(0)
        wide = self.row.side_for(self.area.width())
        side = min(max(high, SIDES[0]), SIDES[2], max(wide, SIDES[1] - UNIT))
        self.row.set_side(max(48, round(side * self.header.zoom.value() / 100)))
        self._want()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._resized()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._want()

    def _want(self) -> None:
        """Tells the engine what is visible: nothing while the strip is hidden."""
        view, resolution = self._document.project.view, 0
        if self.isVisible():
            pixels = self.row.tiles[DATA].side * self.devicePixelRatio()
            resolution = min(FINEST, 16 * math.ceil(pixels / 16))
        pictures = PICTURES[self.look.kind]
        self._bridge.want(tile_mode=view.tile_mode, tile_resolution=resolution, turned=view.turned, pictures=pictures)

    # ---- the document ----

    def _document_changed(self, old: Project, new: Project) -> None:
        if old.pipeline != new.pipeline or old.target != new.target:
            self._failures.clear()
            self.header.complain("")
        if old.pipeline != new.pipeline or old.view.turned != new.view.turned:
            self._arrange()
        view, was = new.view, old.view
        if (view.tile_mode, view.turned) != (was.tile_mode, was.turned):
            self._apply_view()
            self._want()
        self.row.focus_changed()
        if view.selected != was.selected or old.pipeline != new.pipeline:
            tile = self.row.tiles.get(view.selected)
            if tile is not None:
                self.area.ensureWidgetVisible(tile, 6 * UNIT, 0)

    def _arrange(self) -> None:
        """The tiles that the pipeline has, in the order in which they are read."""
        project = self._document.project
        order = [DATA]
        if (self._target is not None and self._target.mean) or PREPROCESSING in self._seen:
            order.append(PREPROCESSING)
        order += [*(layer.uid for layer in project.pipeline.layers), BASE]
        if project.view.turned:
            order.reverse()
        self.row.arrange(order, self._make_tile)
        if self.isVisible():
            self._resized()
        self._impossible = {}
        if self._target is not None:
            for problem in problems(project.pipeline, self._target.event_shape):
                self._impossible.setdefault(problem.uid, sentence(problem.sentence))
        self._say()
        self._deal()
        self.row.focus_changed()

    def _make_tile(self, uid: str) -> TileView:
        tile = TileView(uid, self.look, self.row)
        tile.hovered.connect(lambda inside: self._hover(uid if inside else ""))
        if uid == BASE:
            tile.eye.set_picture("menu_down")
            tile.eye.clicked.connect(lambda: self._open_menu(BASE, tile.eye.mapToGlobal(QPoint(0, tile.eye.height()))))
        elif uid not in (DATA, PREPROCESSING):
            tile.eye.clicked.connect(lambda: self._bypass(uid))
        elif uid == PREPROCESSING:
            tile.eye.set_picture("lock")
            tile.eye.setEnabled(False)
        tile.eye.setVisible(uid != DATA)
        return tile

    def _bypass(self, uid: str) -> None:
        edits.apply(self._document, edits.bypass(self._document.project.pipeline, uid))

    def _apply_view(self) -> None:
        view = self._document.project.view
        changed = self.look.mode != view.tile_mode
        self.look.mode = view.tile_mode
        self.header.show_view(view.tile_mode, view.turned, self.look.kind)
        self.header.explain(self.look)
        if changed:
            for tile in self.row.tiles.values():
                tile.reset_scale()
                tile.set_stale()
            if self._bridge.last_frame is not None:
                self._show_frame(self._bridge.last_frame)
            self._hover("")

    # ---- what the engine says ----

    def _show_target(self, target: TargetInfo) -> None:
        self._target = target
        self.look.dimensions = math.prod(target.event_shape)
        if self.look.kind != event_kind(target.event_shape):
            self.look.kind = event_kind(target.event_shape)
            self._seen = {}  # states of another kind of data
        self.look.unit = unit_of(target)
        self.header.show_view(self.look.mode, self._document.project.view.turned, self.look.kind)
        self.look.hues = target.hues.numpy() if target.hues is not None else None
        self._arrange()
        self.header.explain(self.look)
        for tile in self.row.tiles.values():
            tile.reset_scale()
        self._want()

    def _show_frame(self, frame: Frame) -> None:
        if not made_for(frame, self.look.mode, self.look.dimensions):
            return
        self._seen = {tile.uid: tile for tile in frame.tiles}
        if (PREPROCESSING in self._seen) != (PREPROCESSING in self.row.tiles):
            self._arrange()
        self.look.fine = not self._live
        if self.look.mode == "log_det":
            self.look.terms.update(
                [t.terms.numpy() for t in frame.tiles if t.terms is not None and t.uid != PREPROCESSING]
            )
            self.look.log_det.update([_thinned(t.picture.values.numpy()) for t in frame.tiles if t.picture is not None])
        elif self.look.mode == "grid":
            # Much of a lattice lies where there are no data, and is stretched beyond all measure there.
            stretch = [_thinned(t.stretch.numpy()) for t in frame.tiles if t.stretch is not None]
            self.look.stretch.update(stretch, beyond=0.25)
            first = frame.tiles[-1 if self._document.project.view.turned else 0].lattice
            self.look.source = first.numpy() if first is not None and len(first.shape) == 1 else None
        self.header.explain(self.look)
        self._deal()
        if self._hovered:
            self._fill_popup()

    def _deal(self) -> None:
        """Gives every tile its state; a bypassed layer passes on the one before it."""
        passed: Tile | None = None
        uids = [DATA, PREPROCESSING, *(layer.uid for layer in self._document.project.pipeline.layers), BASE]
        for uid in uids:
            if uid not in self.row.tiles:
                continue
            tile = self._seen.get(uid)
            view = self.row.tiles[uid]
            if view.words.problem or (tile is not None and tile.problem):
                self._say_tile(uid)
            view.set_tile(tile or passed, tile.log_det if tile is not None else None)
            passed = tile or passed

    def _show_state(self, state: State) -> None:
        if self._live != (state.phase == "training"):
            self._live = not self._live
            self.look.fine = not self._live
            self._repaint()
            for tile in self.row.tiles.values():
                tile.describe()
        if state.phase == "training" and self._failures:
            self._failures.clear()
            self._say()

    def _show_failure(self, failure: Failure) -> None:
        if failure.uid in self.row.tiles:
            self._failures[failure.uid] = sentence(failure.sentence)
            self._say_tile(failure.uid)

    # ---- words ----

    def _say(self) -> None:
        for uid in self.row.tiles:
            self._say_tile(uid)

    def _say_tile(self, uid: str) -> None:
        view = self.row.tiles[uid]
        view.set_words(words_of(uid, self._document.project, self._target, self._problem(uid)))
        if uid in (BASE, PREPROCESSING, DATA):
            view.eye.setAccessibleName(self.tr("Choose the base") if uid == BASE else view.words.name)
            view.eye.setToolTip(view.eye.accessibleName() if uid == BASE else view.words.tip)
        else:
            view.eye.setAccessibleName(self.tr("Bypass {layer}").format(layer=view.words.name))
            view.eye.setToolTip(self.tr("Leave this layer out, keeping its weights, or take it in again (Ctrl+B)"))

    def _problem(self, uid: str) -> str:
        """What is wrong with this tile: with its settings, in the last run, or with what it computed."""
        known = self._impossible.get(uid) or self._failures.get(uid)
        if known:
            return known
        tile = self._seen.get(uid)
        return sentence(tile.problem) if tile is not None else ""

    def _complain(self, error: SpecError) -> None:
        self.header.complain(sentence(error))

    # ---- menus and the histogram ----

    def _open_menu(self, uid: str, place: QPoint) -> None:
        if uid == BASE:
            menu = base_menu(self._document, self)
        else:
            menu = tile_menu(self._document, self.row.commands, uid, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _hover(self, uid: str) -> None:
        tile = self._seen.get(uid)
        wanted = self.look.mode == "log_det" and tile is not None and tile.histogram is not None
        self._hovered = uid if wanted else ""
        if wanted:
            view = self.row.tiles[uid]
            self._fill_popup()
            self._popup.appear(view.mapToGlobal(QPoint(view.width() // 2, 0)))
        else:
            self._popup.hide()

    def _fill_popup(self) -> None:
        tile = self._seen.get(self._hovered)
        if tile is not None and tile.histogram is not None:
            counts, edges = (array.numpy() for array in tile.histogram)
            self._popup.show_histogram(counts, edges, tile.log_det)

    def _repaint(self) -> None:
        for tile in self.row.tiles.values():
            tile.repaint_picture()
        self.row.update()


class _Area(QScrollArea):
    """Scrolls sideways, with the wheel too; Ctrl and the wheel zoom. `zoomed(steps)` is told of that."""

    zoomed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1 if delta.y() > 0 else -1)
        elif not delta.x() and not self.verticalScrollBar().maximum():
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - delta.y())
        else:
            super().wheelEvent(event)
        event.accept()


def _thinned(values: Any) -> Any:
    return values[::4, ::4] if values.ndim == 2 else values[::4]
