"""The menus, as lists of action ids: the bar's, and those that the toolbar's pickers open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QMenuBar

from ..pipeline import LAYERS, PRESETS
from .actions import ActionSet
from .actions_draw import BRUSH, DRAWING, KEYBOARD
from .actions_run import DEVICES, STEP_COUNTS, THREAD_COUNTS, shaped, target_groups
from .actions_view import GALLERIES, TILE_MODES
from .examples import examples
from .painting import TOOLS
from .settings import RECENT
from .translation import LANGUAGES


class Submenu:
    """A titled list of entries: ids of actions, None for a line, or further submenus."""

    def __init__(self, title: str, entries: Entries) -> None:
        self.title, self.entries = title, entries


Entries = Sequence[str | Submenu | None]


class Menus(QObject):
    """Makes menus of the actions of a set."""

    def __init__(self, actions: ActionSet, panels: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._panels = actions, panels

    def fill_bar(self, bar: QMenuBar) -> None:
        """File, Edit, Layers, Train, View, Help."""
        bar.clear()
        for submenu in (self._file(), self._edit(), self._layers(), self._train(), self._view(), self._help()):
            self.fill(bar.addMenu(submenu.title), submenu.entries)

    def fill(self, menu: QMenu, entries: Entries) -> None:
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, Submenu):
                if entry.entries:
                    self.fill(menu.addMenu(entry.title), entry.entries)
            else:
                menu.addAction(self._actions[entry])

    # ---- what is in them ----

    def targets(self) -> Entries:
        """The picker's menu: what one can draw or load, then the named ones: those of the plane at hand."""
        groups = target_groups()
        plane = [name for dimensions, names in groups if dimensions == 2 for name in names]
        others = [
            Submenu(self.tr("%n dimension(s)", "", dimensions), ["target:" + name for name in names])
            for dimensions, names in groups
            if dimensions != 2
        ]
        pictures = ["importFolderAction", None, *("target:" + name for name in shaped("image"))]
        sequences = ["target:" + name for name in shaped("sequence")]
        return [
            *("blankCanvasAction", "importAction", "teacherAction", None),
            Submenu(self.tr("Pictures"), pictures),
            Submenu(self.tr("Sequences"), sequences),
            *others,
            None,
            *("target:" + name for name in plane),
        ]

    def presets(self) -> Entries:
        return ["preset:" + name for name in PRESETS]

    def devices(self) -> Entries:
        threads = Submenu(self.tr("T&hreads"), [f"threads:{count}" for count in THREAD_COUNTS])
        return [*("device:" + name for name in DEVICES), None, threads]

    def _file(self) -> Submenu:
        new = Submenu(self.tr("New from Prese&t"), ["new:" + name for name in PRESETS])
        recent = Submenu(self.tr("Open Re&cent"), [f"recent:{i}" for i in range(RECENT)])
        opened = Submenu(self.tr("E&xamples"), ["example:" + example.path.name for example in examples()])
        return Submenu(
            self.tr("&File"),
            [
                *("newAction", new, None, "openAction", recent, opened, None),
                *(
                    "saveAction",
                    "saveAsAction",
                    None,
                    "importAction",
                    "importFolderAction",
                    "teacherAction",
                    None,
                    "exportAction",
                ),
                *(None, "importPipelineAction", "exportPipelineAction", None, "quitAction"),
            ],
        )

    def _edit(self) -> Submenu:
        edits = ["cutAction", "copyAction", "pasteAction", "duplicateAction", "deleteAction"]
        tools = [f"tool:{tool}" for tool in TOOLS]
        draw = Submenu(self.tr("Dra&w"), [*tools, None, *DRAWING, None, *BRUSH, None, *KEYBOARD])
        return Submenu(self.tr("&Edit"), ["undoAction", "redoAction", None, *edits, None, draw, None, "findAction"])

    def _layers(self) -> Submenu:
        insert = Submenu(self.tr("&Insert"), ["insert:" + kind for kind in LAYERS])
        return Submenu(
            self.tr("&Layers"),
            [
                *(insert, None, "bypassAction", "moveLeftAction", "moveRightAction", None),
                *("selectPreviousAction", "selectNextAction", None, Submenu(self.tr("Pre&set"), self.presets())),
            ],
        )

    def _train(self) -> Submenu:
        several = Submenu(self.tr("Seve&ral Steps"), [f"steps:{count}" for count in STEP_COUNTS])
        return Submenu(
            self.tr("&Train"),
            [
                *("trainAction", "stepAction", several, None, "resetAction", "newSeedAction", None),
                Submenu(self.tr("Tar&get"), self.targets()),
                Submenu(self.tr("&Device"), self.devices()),
                *(None, "verifyAction", "trainingSettingsAction"),
            ],
        )

    def _view(self) -> Submenu:
        return Submenu(
            self.tr("&View"),
            [
                Submenu(self.tr("T&iles Show"), ["tiles:" + mode for mode in TILE_MODES]),
                *(
                    "view:turned",
                    None,
                    "view:samples",
                    "view:contours",
                    "view:difference",
                    "view:whole_flow",
                    "view:corner",
                    None,
                ),
                Submenu(self.tr("&Gallery"), ["gallery:" + kind for kind in GALLERIES]),
                Submenu(self.tr("&Panels"), [*("panel:" + name for name in self._panels), None, "defaultLayoutAction"]),
                Submenu(self.tr("T&heme"), ["theme:" + name for name in ("system", "light", "dark")]),
                Submenu(self.tr("Lan&guage"), ["language:" + code for code in ("system", *LANGUAGES)]),
                *(None, "fullScreenAction"),
            ],
        )

    def _help(self) -> Submenu:
        return Submenu(self.tr("&Help"), ["findAction", "shortcutsAction", "documentationAction", None, "aboutAction"])
