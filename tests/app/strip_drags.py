"""Drag events made by hand: what Qt would send while something is dragged over a widget."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

ACTIONS = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction


class Drag:
    """Something of one mime type over `widget`; each step says whether it was accepted."""

    def __init__(self, widget: QWidget, mime: str, data: str) -> None:
        self._widget = widget
        self._mime = QMimeData()
        self._mime.setData(mime, data.encode())

    def enter(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        event = QDragEnterEvent(at, ACTIONS, self._mime, Qt.MouseButton.LeftButton, keys)
        event.setAccepted(False)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()

    def move(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Qt.DropAction:
        event = QDragMoveEvent(at, ACTIONS, self._mime, Qt.MouseButton.LeftButton, keys)
        QApplication.sendEvent(self._widget, event)
        return event.dropAction()

    def leave(self) -> None:
        QApplication.sendEvent(self._widget, QDragLeaveEvent())

    def drop(self, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> bool:
        event = QDropEvent(QPointF(at), ACTIONS, self._mime, Qt.MouseButton.LeftButton, keys)
        event.setAccepted(False)
        QApplication.sendEvent(self._widget, event)
        return event.isAccepted()
