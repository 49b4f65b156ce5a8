"""The application: from the command line's options to a window with a running engine, and back to an exit code."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QApplication

from .. import __version__
from ..pipeline import PRESETS, Project
from .bridge import Bridge, Client
from .dialogs import Chooser
from .document import Document
from .interrupts import Interrupts
from .settings import APPLICATION, ORGANIZATION, Settings
from .theme import theme
from .translation import language
from .window import MainWindow

KOREAN = ("Pretendard", "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic")
"""Faces for Hangul, the first that is installed follows the system's own."""


def run(
    *, path: str | None = None, language: str | None = None, theme: str | None = None, report: str | None = None
) -> int:
    """Opens the window, with a file in it if one is named, and returns its exit code when it is closed.

    `report` names a file for JSON lines about what the window shows, for tests that work it from outside.
    """
    app = make_application(language=language, theme=theme)
    window = make_window()
    catch_exceptions(window)
    interrupts = Interrupts(window)
    window.show()
    window.activateWindow()  # where no window manager does it, keys would go nowhere
    window.autosave.offer_recovery()
    if path is not None:
        QTimer.singleShot(0, window, lambda: window.files.open_path(str(Path(path).absolute())))
    if report is not None:
        from .report import Reporter

        Reporter(window.document, window.bridge, report, parent=window)
    code = int(app.exec())
    interrupts.close()
    return code


def make_application(
    *, language: str | None = None, theme: str | None = None, settings: Settings | None = None
) -> QApplication:
    """The QApplication with its names, fonts, theme and language: those asked for, else those chosen last."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        QGuiApplication.setDesktopFileName("flowviz")
        app = QApplication(sys.argv[:1])
    app.setOrganizationName(ORGANIZATION)
    app.setApplicationName(APPLICATION)
    app.setApplicationVersion(__version__)
    app.setStyle("Fusion")
    _choose_font(app)
    _choose_appearance((settings or Settings()).group("appearance"), language, theme)
    return app


def make_window(
    project: Project | None = None,
    *,
    client: Client | None = None,
    settings: Settings | None = None,
    chooser: Chooser | None = None,
    folder: Path | None = None,
) -> MainWindow:
    """A window around a project (two moons with RealNVP), whose engine is being started already.

    `client` stands in for the engine, `settings`, `chooser` and `folder` (of autosaves) for what the user's account has.
    """
    document = Document(project if project is not None else next(iter(PRESETS.values())).project())
    bridge = Bridge(document, client=client)
    bridge.start()
    window = MainWindow(document, bridge, settings=settings, chooser=chooser, folder=folder)
    bridge.setParent(window)
    document.setParent(window)
    return window


def catch_exceptions(window: MainWindow) -> None:
    """Lets errors that nobody foresaw appear in a banner of this window; the program goes on."""

    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        window.show_exception(kind, error, trace)

    def show_from_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            error, trace = args.exc_value, args.exc_traceback
            QTimer.singleShot(0, window, lambda: window.show_exception(args.exc_type, error, trace))

    sys.excepthook = show
    threading.excepthook = show_from_thread


def _choose_font(app: QApplication) -> None:
    """The system's font, with a face for Hangul behind it and figures of one width where the font has them."""
    font = QFont(app.font())
    font.setFamilies([font.family(), *KOREAN])
    if hasattr(font, "setFeature"):  # Qt 6.7
        font.setFeature(QFont.Tag("tnum"), 1)
    app.setFont(font)


def _choose_appearance(saved: dict[str, Any], language_asked: str | None, theme_asked: str | None) -> None:
    def one(asked: str | None, name: str, allowed: tuple[str, ...]) -> Any:
        choice = asked or saved.get(name)
        return choice if choice in allowed else "system"

    theme().choose(one(theme_asked, "theme", ("system", "light", "dark")))
    language().choose(one(language_asked, "language", ("system", "en", "ko")))
