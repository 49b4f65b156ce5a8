"""The toolbar: train, step, reset; seed, target, preset and device; and the field that finds commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QToolBar,
    QToolButton,
    QWidget,
)

from ..pipeline import PRESETS
from .actions import ActionSet, Facts
from .finder import Finder
from .menus import Entries, Menus
from .running import SEED_LIMIT, Run, target_title, unedited
from .theme import UNIT
from .translation import spec


class ToolBar(QToolBar):
    """`update_facts` lets it say what is chosen; everything it does is an action."""

    def __init__(
        self, actions: ActionSet, menus: Menus, run: Run, device_words: Callable[[str], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._device_words = device_words
        self.setObjectName("toolBar")
        self.setWindowTitle(self.tr("Toolbar"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in ("trainAction", "stepAction", "resetAction"):
            self.addWidget(_button(actions, name))
        self.addSeparator()
        self.seed = QSpinBox()
        self.seed.setObjectName("seedField")
        self.seed.setRange(0, SEED_LIMIT)
        self.seed.setKeyboardTracking(False)
        self.seed.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.seed.setFixedWidth(UNIT * 9)
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("Seed of the initial weights and of the training data"))
        self.seed.valueChanged.connect(run.choose_seed)
        self._labelled(self.tr("seed"), self.seed)
        new_seed = _button(actions, "newSeedAction")
        new_seed.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.addWidget(new_seed)
        self.target = self._picker("targetPicker", self.tr("target"), menus, menus.targets())
        self.preset = self._picker("presetPicker", self.tr("preset"), menus, menus.presets())
        self.device = self._picker("devicePicker", self.tr("device"), menus, menus.devices())
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.finder = Finder(actions, self)
        self.finder.setMinimumWidth(UNIT * 20)
        self.finder.setMaximumWidth(UNIT * 32)
        self.addWidget(self.finder)

    def update_facts(self, facts: Facts) -> None:
        project = facts.project
        if self.seed.value() != project.seed:
            self.seed.blockSignals(True)
            self.seed.setValue(project.seed)
            self.seed.blockSignals(False)
        self._say(self.target, target_title(project))
        preset = PRESETS.get(project.preset)
        own = not unedited(project)
        title = spec(preset.title) if preset is not None else self.tr("none")
        self._say(self.preset, self.tr("{preset}, edited").format(preset=title) if own and preset else title)
        self._say(self.device, self._device_words(project.training.device))

    def _say(self, picker: QToolButton, text: str) -> None:
        if picker.text() != text:
            picker.setText(text.replace("&", "&&"))
            name = picker.property("name")
            picker.setAccessibleName(self.tr("{name}: {choice}").format(name=name, choice=text))

    def _picker(self, name: str, title: str, menus: Menus, entries: Entries) -> QToolButton:
        picker = QToolButton()
        picker.setObjectName(name)
        picker.setProperty("name", title)
        picker.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        picker.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        picker.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(picker)
        menus.fill(menu, entries)
        picker.setMenu(menu)
        self._labelled(title, picker)
        return picker

    def _labelled(self, title: str, widget: QWidget) -> None:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(UNIT, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        label = QLabel(title)
        label.setProperty("role", "muted")
        label.setBuddy(widget)
        row.addWidget(label)
        row.addWidget(widget)
        self.addWidget(box)


def _button(actions: ActionSet, name: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name.replace("Action", "Button"))
    button.setDefaultAction(actions[name])
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
