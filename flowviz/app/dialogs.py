"""The few questions that need an answer before anything goes on. Tests hand the window a chooser of their own."""

from __future__ import annotations

from typing import Literal, Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

Answer = Literal["save", "discard", "cancel"]


class Chooser(Protocol):
    """Asks the user; an empty path means that nothing was chosen."""

    def open_file(self, parent: QWidget, title: str, folder: str, filters: list[str]) -> str: ...
    def open_folder(self, parent: QWidget, title: str, folder: str) -> str: ...
    def save_file(self, parent: QWidget, title: str, path: str, filters: list[str], suffix: str) -> str: ...
    def keep_changes(self, parent: QWidget, name: str) -> Answer: ...
    def tell(self, parent: QWidget, title: str, text: str) -> None: ...


class Dialogs:
    """The chooser of the real window: the system's file dialogs."""

    def open_file(self, parent: QWidget, title: str, folder: str, filters: list[str]) -> str:
        path, _ = QFileDialog.getOpenFileName(parent, title, folder, ";;".join(filters))
        return path

    def open_folder(self, parent: QWidget, title: str, folder: str) -> str:
        return QFileDialog.getExistingDirectory(parent, title, folder)

    def save_file(self, parent: QWidget, title: str, path: str, filters: list[str], suffix: str) -> str:
        dialog = QFileDialog(parent, title, path, ";;".join(filters))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The suffix goes on before the dialog asks whether an existing file may be replaced.
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        dialog.selectFile(path)
        return dialog.selectedFiles()[0] if dialog.exec() else ""

    def keep_changes(self, parent: QWidget, name: str) -> Answer:
        box = QMessageBox(parent)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(QCoreApplication.translate("dialogs", "Save {name} before it is closed?").format(name=name))
        box.setInformativeText(
            QCoreApplication.translate(
                "dialogs", "Without saving, what was changed and learnt since the last save is lost."
            )
        )
        save = box.addButton(QMessageBox.StandardButton.Save)
        discard = box.addButton(QMessageBox.StandardButton.Discard)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        box.exec()
        if box.clickedButton() is save:
            return "save"
        return "discard" if box.clickedButton() is discard else "cancel"

    def tell(self, parent: QWidget, title: str, text: str) -> None:
        QMessageBox.about(parent, title, text)
