"""The main window: it puts the parts together, and tells each action what is the case."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QMainWindow, QMenuBar, QVBoxLayout, QWidget

from .. import __version__
from .action_table import action_table
from .actions import ActionSet, Facts
from .announcer import Announcer
from .autosave import Autosave
from .banner import Banners, Note
from .bridge import Bridge
from .dialogs import Chooser, Dialogs
from .document import Document
from .files import Files
from .icons import icon
from .layering import LayerCommands
from .layout import PANELS, Layout
from .menus import Menus
from .running import Run, target_title
from .settings import Settings, data_folder
from .statusbar import StatusBar
from .style import sheet
from .theme import Choice, theme
from .toolbar import ToolBar
from .translation import Choice as LanguageChoice
from .translation import language, sentence

SIZE = QSize(1600, 1000)
SMALLEST = QSize(1280, 680)
"""So that the frame around it still fits on a screen of 1280 x 720."""


class MainWindow(QMainWindow):
    """Palette, stage, plots, inspector and strip around one document; `bridge` is the way to its engine."""

    def __init__(
        self,
        document: Document,
        bridge: Bridge,
        *,
        settings: Settings | None = None,
        chooser: Chooser | None = None,
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.document, self.bridge = document, bridge
        self.settings = settings or Settings()
        self.chooser: Chooser = chooser or Dialogs()
        self._recent = tuple(self.settings.recent())
        self._pasteable = _clipboard_has_text()
        self._shown_once = False

        shell = QWidget()
        self.banners = Banners()
        self._shell = QVBoxLayout(shell)
        self._shell.setContentsMargins(0, 0, 0, 0)
        self._shell.setSpacing(0)
        self._shell.addWidget(self.banners)
        self.setCentralWidget(shell)
        self.note = Note(self)
        self.run = Run(document, bridge, self)
        self.layering = LayerCommands(document, lambda error: self.banners.show_bar(sentence(error)), self)
        self.files = Files(document, bridge, self.run, self.settings, self.chooser, self, self.banners, self.note)
        self.announcer = Announcer(document, bridge, self.run, self.banners, self.note, self)
        self.autosave = Autosave(document, bridge, self.files, self.banners, folder or data_folder() / "autosave", self)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.timeout.connect(self.refresh)

        self._build()
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self._restore_window()
        for signal in (document.changed, document.path_changed, document.undo_stack.indexChanged):
            signal.connect(self._changed)
        for signal in (self.run.changed, bridge.ready, bridge.state):
            signal.connect(self._changed)
        QGuiApplication.clipboard().dataChanged.connect(self._clipboard_changed)
        document.undo_stack.cleanChanged.connect(self._changed)
        self.files.changed.connect(self._files_changed)
        theme().changed.connect(self._theme_changed)
        language().changed.connect(self._language_changed)

    # ---- building ----

    def _build(self) -> None:
        """Everything that holds texts: made once, and again when the language is another."""
        from .inspector import Inspector
        from .ledger import LogDetLedger
        from .loss_plot import LossPlot
        from .palette import LayerPalette
        from .stage import Stage
        from .strip import PipelineStrip

        self.inspector = Inspector(self.document, self.bridge)
        views: dict[str, QWidget] = {
            "layerPalette": LayerPalette(self.document),
            "stage": Stage(self.document, self.bridge),
            "lossPlot": LossPlot(self.document, self.bridge),
            "logDetLedger": LogDetLedger(self.document, self.bridge),
            "inspector": self.inspector,
            "pipelineStrip": PipelineStrip(self.document, self.bridge),
        }
        self.panels = Layout(views)
        self._body = QWidget()
        self._body.setObjectName("body")
        box = QVBoxLayout(self._body)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panels.body)
        self._shell.addWidget(self._body, 1)
        self.action_set = ActionSet(action_table(self), self)
        self._menus = Menus(self.action_set, list(PANELS), self)
        self._menus.fill_bar(self.menuBar())
        self.tool_bar = ToolBar(self.action_set, self._menus, self.run, self.device_words, self)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.tool_bar)
        self.setStatusBar(StatusBar(self.bridge, self))
        self._dress()
        self.refresh()

    def _language_changed(self) -> None:
        """The same document in new widgets: no text can be left behind in the old language."""
        layout = self.panels.state()
        self._body.hide()
        self._shell.removeWidget(self._body)
        for old in (self._body, self.tool_bar.finder.list, self.tool_bar, self.statusBar(), self.menuBar()):
            old.hide()
            old.setParent(None)
            old.deleteLater()
        self.setMenuBar(QMenuBar())
        self._menus.deleteLater()
        self.action_set.remove()
        self._build()
        self.panels.restore(layout)

    def _theme_changed(self) -> None:
        self._dress()
        self.action_set.tint()
        self._changed()

    def _dress(self) -> None:
        for part in (self.menuBar(), self.tool_bar, self.statusBar(), self.tool_bar.finder.list):
            part.setStyleSheet(sheet())
        self.setWindowIcon(icon("application", "accent"))

    # ---- what is the case ----

    def facts(self) -> Facts:
        stack, ready = self.document.undo_stack, self.bridge.last_ready
        return Facts(
            project=self.document.project,
            undo=stack.undoText() if stack.canUndo() else "",
            redo=stack.redoText() if stack.canRedo() else "",
            pasteable=self._pasteable,
            training=self.run.training,
            devices=ready.devices if ready is not None else (),
            recent=self._recent,
            panels=self.panels.shown,
            full_screen=self.isFullScreen(),
            theme=theme().choice,
            language=language().choice,
        )

    def refresh(self) -> None:
        """Lets actions, toolbar and title say what is the case."""
        facts = self.facts()
        self.action_set.update(facts)
        self.tool_bar.update_facts(facts)
        title = self.tr("{name}[*] – {target} – FlowViz").format(
            name=self.files.name, target=target_title(self.document.project)
        )
        self.setWindowTitle(title)
        self.setWindowModified(self.files.modified)

    def _changed(self, *_what: object) -> None:
        self._refresh.start(0)

    def _files_changed(self) -> None:
        self._recent = tuple(self.settings.recent())
        self._changed()

    def _clipboard_changed(self) -> None:
        self._pasteable = _clipboard_has_text()
        self._changed()

    def device_words(self, name: str) -> str:
        """A device as the menus say it, with the reason where it is not there."""
        ready = self.bridge.last_ready
        device = next((d for d in ready.devices if d.name == name), None) if ready is not None else None
        if name == "auto":
            return self.tr("Automatic")
        if device is None:
            return name.upper()
        if device.available or not device.why_not:
            return device.title
        return self.tr("{device}: {why}").format(device=device.title, why=sentence(device.why_not))

    # ---- what actions do here ----

    def panel_titles(self) -> dict[str, str]:
        titles = (
            self.tr("&Palette"),
            self.tr("&Stage"),
            self.tr("&Loss"),
            self.tr("L&edger"),
            self.tr("&Inspector"),
            self.tr("S&trip"),
        )
        return dict(zip(PANELS, titles, strict=True))

    def show_training_settings(self) -> None:
        self.panels.show("inspector", True)
        self.inspector.tabs.button("training").click()

    def verify(self) -> None:
        """Runs the laws on the flow as it is, and shows the report beside the work."""
        from .verify_panel import VerifyPanel

        found = self.findChild(VerifyPanel, "verifyPanel")
        panel = found if isinstance(found, VerifyPanel) else VerifyPanel(self.document, self.bridge, self)
        panel.show()
        panel.raise_()
        panel.verify()

    def toggle_panel(self, name: str) -> None:
        self.panels.show(name, name not in self.panels.shown)
        self._changed()

    def default_layout(self) -> None:
        self._lay_out()
        self._changed()

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._changed()

    def choose_theme(self, choice: Choice) -> None:
        theme().choose(choice)
        self.settings.change("appearance", theme=choice)

    def choose_language(self, choice: LanguageChoice) -> None:
        self.settings.change("appearance", language=choice)
        # Not from inside the menu that asked for it: the menu is about to be made anew.
        QTimer.singleShot(0, self, lambda: language().choose(choice))

    def find_command(self) -> None:
        self.tool_bar.finder.open()

    def show_shortcuts(self) -> None:
        from .help import shortcut_sheet

        shortcut_sheet(self.action_set, self).show()

    def open_documentation(self) -> None:
        from .help import documentation

        documentation(self).show()

    def show_about(self) -> None:
        from PySide6.QtCore import qVersion

        ready = self.bridge.last_ready
        text = self.tr("FlowViz {version}\nAn explorer of normalizing flows. MIT licence.\n\nQt {qt}, PyTorch {torch}")
        torch = ready.torch if ready is not None else self.tr("(the engine is starting)")
        self.chooser.tell(self, self.tr("About FlowViz"), text.format(version=__version__, qt=qVersion(), torch=torch))

    def show_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """An error that nobody foresaw, as one sentence; the details go to the clipboard on demand."""
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr, end="")
        text = self.tr("Something in the window went wrong ({error}). Your project is unharmed; saving it is wise.")
        copy = (self.tr("Copy Details"), lambda: QGuiApplication.clipboard().setText(details))
        said = f"{kind.__name__}: {error}"
        self.banners.show_bar(text.format(error=said), buttons=(copy,), key="exception:" + said)

    # ---- files dropped on the window ----

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files.open_path(paths[0])

    # ---- its place on the screen, and its end ----

    def _restore_window(self) -> None:
        saved: dict[str, Any] = self.settings.group("window")
        screen = self.screen().availableGeometry()
        size = saved.get("size")
        wanted = QSize(*size) if isinstance(size, list) and len(size) == 2 else SIZE
        self.resize(wanted.boundedTo(screen.size()).expandedTo(SMALLEST))
        if saved.get("maximized"):
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._shown_once:
            self._shown_once = True
            self._lay_out()
            self.panels.restore(self.settings.group("layout"))
            # A field that has the keyboard would take the keys that the strip's layers are worked with.
            self.panels.panels["pipelineStrip"].view.setFocus()

    def _lay_out(self) -> None:
        """The default sizes: of the room that the window gives now, and not when the event loop comes round to it."""
        for layout in (self.layout(), self._shell, self._body.layout()):
            if layout is not None:
                layout.activate()
        self.panels.divide()

    def _remember_window(self) -> None:
        size = self.normalGeometry().size() if self.isMaximized() or self.isFullScreen() else self.size()
        self.settings.put("window", {"size": [size.width(), size.height()], "maximized": self.isMaximized()})
        self.settings.put("layout", self.panels.state())

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_discard(self.close):
            event.ignore()
            return
        self._remember_window()
        self.autosave.finish()
        self.bridge.close()
        event.accept()


def _clipboard_has_text() -> bool:
    data = QGuiApplication.clipboard().mimeData()
    return data is not None and data.hasText()
