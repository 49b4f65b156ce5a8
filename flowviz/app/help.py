"""Help inside the window: the sheet of shortcuts, and README as it came with the program."""

from __future__ import annotations

from importlib import metadata
from itertools import groupby

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QTextBrowser, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ..resources import assets
from .actions import ActionSet, plain
from .canvas_words import canvas_keys
from .theme import UNIT


def shortcut_sheet(actions: ActionSet, parent: QWidget) -> QDialog:
    """Every key, under its group; not modal, so that one can try them beside it."""
    dialog = _dialog(parent, "shortcutSheet", QCoreApplication.translate("help", "Shortcuts"), 60, 80)
    tree = QTreeWidget()
    tree.setObjectName("shortcutList")
    tree.setAccessibleName(dialog.windowTitle())
    tree.setHeaderLabels([QCoreApplication.translate("help", "Command"), QCoreApplication.translate("help", "Keys")])
    tree.setRootIsDecorated(False)
    tree.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
    keyed = [action for action in actions.table.values() if action.shortcuts]
    for group, members in groupby(keyed, key=lambda action: action.group):
        head = _head(tree, group)
        for action in members:
            keys = (
                QKeySequence.fromString(k).toString(QKeySequence.SequenceFormat.NativeText) for k in action.shortcuts
            )
            QTreeWidgetItem(head, [plain(actions[action.id].text()), ", ".join(keys)])
    head = _head(tree, QCoreApplication.translate("help", "With the keyboard on the canvas"))
    for row in canvas_keys():
        QTreeWidgetItem(head, list(row))
    tree.expandAll()
    tree.resizeColumnToContents(0)
    QVBoxLayout(dialog).addWidget(tree)
    return dialog


def _head(tree: QTreeWidget, words: str) -> QTreeWidgetItem:
    head = QTreeWidgetItem(tree, [words])
    font = head.font(0)
    font.setBold(True)
    head.setFont(0, font)
    return head


def documentation(parent: QWidget) -> QDialog:
    """README: beside a checkout's code, or in an installed package's own metadata."""
    dialog = _dialog(parent, "documentation", QCoreApplication.translate("help", "Documentation"), 110, 100)
    browser = QTextBrowser()
    browser.setObjectName("documentationText")
    browser.setAccessibleName(dialog.windowTitle())
    browser.setOpenExternalLinks(True)
    readme = assets().parent / "README.md"
    if readme.is_file():
        browser.setSearchPaths([str(readme.parent)])
        browser.setMarkdown(readme.read_text("utf-8"))
    else:
        browser.setMarkdown(metadata.metadata("flowviz")["Description"])
    QVBoxLayout(dialog).addWidget(browser)
    return dialog


def _dialog(parent: QWidget, name: str, title: str, width: int, height: int) -> QDialog:
    dialog = QDialog(parent)
    dialog.setObjectName(name)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(width * UNIT, height * UNIT)
    return dialog
