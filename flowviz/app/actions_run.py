"""The actions of the run: train, step and reset; seed, target, preset, device and threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..pipeline import NAMED, PRESETS, EventKind, NamedInfo, Project, Training, event_kind, parameters
from .actions import Action, Facts, same
from .running import target_title
from .translation import spec

if TYPE_CHECKING:
    from .window import MainWindow

STEP_COUNTS = (10, 100, 1000)
THREAD_COUNTS = tuple(count for count in (0, 1, 2, 4, 8, 16, 32) if count <= (os.cpu_count() or 1))
DEVICES = next(p for p in parameters(Training) if p.name == "device").choices


class RunActions(QObject):
    """Makes them for a window, in the language of the moment."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window

    def table(self) -> list[Action]:
        return [*self._train(), *self._targets(), *self._presets(), *self._device()]

    def _train(self) -> Iterator[Action]:
        run, group = self._window.run, self.tr("Train")
        train, pause = self.tr("&Train"), self.tr("&Pause")
        yield Action(
            id="trainAction",
            group=group,
            text=train,
            run=run.toggle,
            shortcuts=("F5", "Ctrl+R"),
            icon="action_train",
            tint="accent_text",
            tip=self.tr("Train to the end of the schedule, or pause"),
            live=lambda facts: (pause, "action_pause") if facts.training else (train, "action_train"),
        )
        yield Action(
            id="stepAction",
            group=group,
            text=self.tr("&Step"),
            run=lambda: run.steps(1),
            shortcuts=("F6",),
            icon="action_step",
            tip=self.tr("One step of training"),
            enabled=lambda facts: not facts.training,
        )
        for count in STEP_COUNTS:
            yield Action(
                id=f"steps:{count}",
                group=group,
                text=self.tr("%n step(s)", "", count),
                run=partial(run.steps, count),
                shortcuts=("Shift+F6",) if count == 100 else (),
                enabled=lambda facts: not facts.training,
            )
        yield Action(
            id="resetAction",
            group=group,
            text=self.tr("&Reset"),
            run=run.reset,
            shortcuts=("F7",),
            icon="action_reset",
            tip=self.tr("Back to step 0 and the same initial weights"),
        )
        yield Action(
            id="newSeedAction",
            group=group,
            text=self.tr("New S&eed"),
            run=run.new_seed,
            shortcuts=("Shift+F7",),
            icon="action_seed",
            tip=self.tr("Other initial weights and other training data, from step 0"),
        )
        yield Action(
            id="verifyAction",
            group=group,
            text=self.tr("&Verify Flow"),
            run=self._window.verify,
            shortcuts=("F9",),
            icon="action_verify",
            tip=self.tr("Whether the flow keeps the laws as it is trained now, layer by layer, with a report"),
        )
        yield Action(
            id="trainingSettingsAction",
            group=group,
            text=self.tr("Training Settin&gs"),
            run=self._window.show_training_settings,
            tip=self.tr("Objective, optimiser, schedule and batch, in the inspector"),
        )

    def _targets(self) -> Iterator[Action]:
        run, group = self._window.run, self.tr("Target")
        yield Action(
            id="blankCanvasAction",
            group=group,
            text=self.tr("&Blank Canvas"),
            run=run.blank_canvas,
            shortcuts=("Ctrl+Shift+N",),
            tip=self.tr("An empty canvas to draw a density on"),
        )
        for info in by_dimension():
            yield Action(
                id="target:" + info.name,
                group=group,
                text=spec(info.title),
                run=partial(run.choose_target, info.name),
                tip=spec(info.description),
                checked=same(lambda facts: getattr(facts.project.target, "name", ""), info.name),
            )

    def _presets(self) -> Iterator[Action]:
        run = self._window.run
        for name, made in PRESETS.items():
            yield Action(
                id="preset:" + name,
                group=self.tr("Preset"),
                text=spec(made.title),
                run=partial(run.choose_preset, name),
                tip=spec(made.description),
                checked=same(lambda facts: facts.project.preset, name),
                live=partial(self._preset_words, name),
            )

    def _preset_words(self, name: str, _facts: Facts) -> tuple[str, str]:
        """A preset that has no form for the data at hand says which data it brings."""
        made = PRESETS[name]
        if self._window.run.kind in made.kinds:
            return spec(made.title), ""
        words = self.tr("{preset} (with {target})")
        return words.format(preset=spec(made.title), target=target_title(Project(target=made.target))), ""

    def _device(self) -> Iterator[Action]:
        run = self._window.run
        group = self.tr("Device")
        for name in DEVICES:
            yield Action(
                id="device:" + name,
                group=group,
                text=name,
                run=partial(run.choose_device, name),
                enabled=partial(_available, name),
                checked=same(lambda facts: facts.project.training.device, name),
                live=partial(self._device_words, name),
            )
        group = self.tr("Threads")
        for count in THREAD_COUNTS:
            yield Action(
                id=f"threads:{count}",
                group=group,
                text=self.tr("%n thread(s)", "", count) if count else self.tr("Chosen by FlowViz"),
                run=partial(run.choose_threads, count),
                checked=same(lambda facts: facts.project.training.threads, count),
            )

    def _device_words(self, name: str, _facts: Facts) -> tuple[str, str]:
        return self._window.device_words(name), ""


def by_dimension() -> list[NamedInfo]:
    """The named densities in the order of the menu: those of two dimensions first, then by dimension, then pictures and
    sequences."""
    return sorted(NAMED.values(), key=lambda info: (len(info.shape), info.dimensions != 2, info.dimensions))


def shaped(kind: EventKind) -> list[str]:
    """The names of the sets of pictures, or of sequences."""
    return [info.name for info in NAMED.values() if info.shape and event_kind(info.shape) == kind]


def target_groups() -> list[tuple[int, list[str]]]:
    """(dimensions, names) for each submenu of targets."""
    vectors = [info for info in by_dimension() if not info.shape]
    return [(d, [i.name for i in infos]) for d, infos in groupby(vectors, key=lambda info: info.dimensions)]


def _available(name: str, facts: Facts) -> bool:
    return all(device.available for device in facts.devices if device.name == name)
