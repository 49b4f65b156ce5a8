"""The context menus of the strip's tiles."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from ..engine.messages import PREPROCESSING
from ..pipeline import BASES, LAYERS, SpecError
from . import edits
from .document import Document
from .icons import icon
from .layering import LayerCommands
from .translation import spec


def tile_menu(document: Document, commands: LayerCommands, uid: str, parent: QWidget) -> QMenu:
    """What can be done with a layer, or after the data."""
    translate = QCoreApplication.translate
    menu = QMenu(parent)
    pipeline = document.project.pipeline
    index = pipeline.index(uid)

    def add(name: str, text: str, run: Callable[[], object], key: str = "", *, enabled: bool = True) -> None:
        # The key stands in the text: a shortcut of its own would quarrel with the window's.
        keys = QKeySequence.fromString(key).toString(QKeySequence.SequenceFormat.NativeText)
        action = QAction(f"{text}\t{keys}" if keys else text, menu)
        action.setObjectName(name)
        action.setEnabled(enabled)
        action.triggered.connect(lambda: run())
        menu.addAction(action)

    if index is not None:
        layer = pipeline.layers[index]
        bypass = translate("PipelineStrip", "Take in Again") if layer.bypass else translate("PipelineStrip", "Bypass")
        add("bypass", bypass, commands.bypass, "Ctrl+B")
        menu.addSeparator()
        add("cut", translate("PipelineStrip", "Cut"), commands.cut, "Ctrl+X")
        add("copy", translate("PipelineStrip", "Copy"), commands.copy, "Ctrl+C")
    add("paste", translate("PipelineStrip", "Paste After"), commands.paste, "Ctrl+V", enabled=_pasteable())
    if index is not None:
        first, last = index == 0, index == len(pipeline.layers) - 1
        if document.project.view.turned:
            first, last = last, first
        add("duplicate", translate("PipelineStrip", "Duplicate"), commands.duplicate, "Ctrl+D")
        menu.addSeparator()
        add("left", translate("PipelineStrip", "Move Left"), lambda: commands.shift(-1), "Alt+Left", enabled=not first)
        add("right", translate("PipelineStrip", "Move Right"), lambda: commands.shift(1), "Alt+Right", enabled=not last)
    if uid != PREPROCESSING:
        insert = QMenu(translate("PipelineStrip", "Insert After"), menu)
        insert.setObjectName("insert")
        menu.addMenu(insert)
        for kind, made in LAYERS.items():
            action = insert.addAction(icon(f"layer_{kind}"), spec(made.title))
            action.triggered.connect(lambda _=False, kind=kind: commands.insert(kind))
    if index is not None:
        menu.addSeparator()
        add("delete", translate("PipelineStrip", "Delete"), commands.delete, "Del")
    return menu


def base_menu(document: Document, parent: QWidget) -> QMenu:
    """The kinds of base, the present one marked."""
    menu = QMenu(parent)
    group = QActionGroup(menu)
    for kind, made in BASES.items():
        action = menu.addAction(icon(f"base_{kind}"), spec(made.title))
        action.setObjectName(kind)
        action.setCheckable(True)
        action.setChecked(kind == document.project.pipeline.base.kind)
        action.setToolTip(spec(made.description))
        action.triggered.connect(lambda _=False, kind=kind: choose_base(document, kind))
        group.addAction(action)
    return menu


def choose_base(document: Document, kind: str) -> None:
    """Another kind of base, with its default settings; the same kind stays as it is."""
    project = document.project
    if project.pipeline.base.kind == kind:
        return
    pipeline = msgspec.structs.replace(project.pipeline, base=BASES[kind]())
    text = QCoreApplication.translate("PipelineStrip", "Choose base {base}").format(base=spec(BASES[kind].title))
    document.replace(msgspec.structs.replace(project, pipeline=pipeline), text)


def _pasteable() -> bool:
    try:
        edits.layers_of_text(QGuiApplication.clipboard().text())
    except SpecError:
        return False
    return True
