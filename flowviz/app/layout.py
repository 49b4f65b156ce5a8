"""How the window is divided: palette, stage over plots, inspector, and the strip below them all; sizes are remembered."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from .theme import UNIT

PANELS = ("layerPalette", "stage", "lossPlot", "logDetLedger", "inspector", "pipelineStrip")
"""The panels by their object names, in the order of the View menu and of the Tab key."""


class Panel(QFrame):
    """A view on the panels' surface, with the same edge as all others."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.view = view
        self.setObjectName("panel")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)


class Layout:
    """The splitters around six views. Panels are shown and hidden by the names of their views."""

    def __init__(self, views: dict[str, QWidget]) -> None:
        self.panels = {name: Panel(views[name]) for name in PANELS}
        p = self.panels
        self.plots = _splitter("plots", Qt.Orientation.Horizontal, p["lossPlot"], p["logDetLedger"])
        self.centre = _splitter("centre", Qt.Orientation.Vertical, p["stage"], self.plots)
        self.columns = _splitter("columns", Qt.Orientation.Horizontal, p["layerPalette"], self.centre, p["inspector"])
        self.body = _splitter("body", Qt.Orientation.Vertical, self.columns, p["pipelineStrip"])
        for splitter, index in ((self.columns, 1), (self.centre, 0), (self.body, 0)):
            for i in range(splitter.count()):
                splitter.setStretchFactor(i, int(i == index))
        self._splitters = {s.objectName(): s for s in (self.body, self.columns, self.centre, self.plots)}

    def divide(self) -> None:
        """The default sizes for the room that there is; every panel shown. The outer splitters must have been laid out."""
        for name in PANELS:
            self.show(name, True)
        width, height = self.body.width(), self.body.height()
        strip = max(min(0.29 * height, self.panels["pipelineStrip"].view.sizeHint().height()), 0.2 * height)
        palette, inspector = min(max(0.145 * width, 200), 240), min(max(0.19 * width, 288), 340)
        _share(self.body, height - strip, strip)
        _share(self.columns, palette, width - palette - inspector, inspector)
        _share(self.centre, 0.68 * (height - strip), 0.32 * (height - strip))
        _share(self.plots, 0.54 * width, 0.46 * width)

    @property
    def shown(self) -> frozenset[str]:
        return frozenset(name for name, panel in self.panels.items() if not panel.isHidden())

    def show(self, name: str, shown: bool) -> None:
        self.panels[name].setVisible(shown)
        for group, members in ((self.plots, ("lossPlot", "logDetLedger")), (self.centre, ("stage", *_PLOTS))):
            group.setVisible(any(member in self.shown for member in members))
        self.columns.setVisible(bool(self.shown - {"pipelineStrip"}))

    def state(self) -> dict[str, Any]:
        """Sizes and hidden panels, as plain values."""
        sizes = {name: splitter.sizes() for name, splitter in self._splitters.items()}
        return {"sizes": sizes, "hidden": sorted(set(PANELS) - self.shown)}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes over what `state` gave; what does not fit any more is left as it is."""
        for name in state.get("hidden", []):
            if name in self.panels:
                self.show(name, False)
        for name, sizes in state.get("sizes", {}).items():
            splitter = self._splitters.get(name)
            if splitter is not None and len(sizes) == splitter.count() and all(isinstance(s, int) for s in sizes):
                splitter.setSizes(sizes)


_PLOTS = ("lossPlot", "logDetLedger")


def _splitter(name: str, orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setObjectName(name)
    splitter.setHandleWidth(UNIT // 2)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter


def _share(splitter: QSplitter, *lengths: float) -> None:
    splitter.setSizes([round(length) for length in lengths])
