"""What the toolbar and the menus do with the run: train, step, reset, and choose what is trained, where, and on what."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, Signal

from ..pipeline import (
    NAMED,
    PRESETS,
    Context,
    DrawnTarget,
    EventKind,
    ModelTarget,
    NamedTarget,
    Project,
    StandardNormal,
    Target,
    event_kind,
    preset,
    target_kind,
)
from .bridge import Bridge
from .document import Document
from .translation import spec

SEED_LIMIT = 2**31 - 1


class Run(QObject):
    """`changed` tells that the run was started, paused or reset from here: buttons need not wait for the engine's word."""

    changed = Signal()

    def __init__(self, document: Document, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._bridge = document, bridge
        self._wanted: bool | None = None
        bridge.state.connect(self._heard)

    @property
    def training(self) -> bool:
        """Whether it trains, or is about to."""
        return self._bridge.training if self._wanted is None else self._wanted

    def toggle(self) -> None:
        """Trains, or pauses."""
        if self.training:
            self._bridge.pause()
            self._expect(False)
        else:
            self._bridge.train()
            self._expect(True)

    def steps(self, count: int) -> None:
        """That many steps, then it pauses."""
        self._bridge.train(count)

    def reset(self) -> None:
        """Back to the initial weights of this seed; what trained goes on training from there."""
        training = self.training
        self._bridge.reset()
        if training:
            self._bridge.train()

    # ---- what is trained ----

    def choose_seed(self, seed: int) -> None:
        """Other initial weights and other training data, from step 0."""
        if 0 <= seed <= SEED_LIMIT and seed != self._document.project.seed:
            project = msgspec.structs.replace(self._document.project, seed=seed)
            self._start_anew(project, self.tr("Seed {seed}").format(seed=seed), "seed")

    def new_seed(self) -> None:
        self.choose_seed((self._document.project.seed + 1) % (SEED_LIMIT + 1))

    def choose_target(self, name: str) -> None:
        """A density known by name; what the layers have learnt stays."""
        text = self.tr("Target {target}").format(target=spec(NAMED[name].title))
        self.replace_target(NamedTarget(name=name), text)

    def blank_canvas(self) -> None:
        """An empty canvas to draw on."""
        self.replace_target(DrawnTarget(), self.tr("Blank canvas"))

    def replace_target(self, target: Target, text: str) -> None:
        """Another target, and a preset that was not edited in its form for it."""
        self._document.replace(retargeted(self._document.project, target), text)

    def choose_preset(self, name: str) -> None:
        """The preset's layers and training settings on the target at hand, from step 0; device, threads and context stay.

        A preset that has no form for this kind of data brings its own target: what was asked for is to be seen at work.
        """
        chosen, now = preset(name), self._document.project
        kind = self.kind
        target = now.target if kind in chosen.kinds else chosen.target
        recipe = chosen.recipe(kind if kind in chosen.kinds else target_kind(target))
        training = msgspec.structs.replace(recipe.training, device=now.training.device, threads=now.training.threads)
        pipeline = recipe.pipeline
        if target == now.target:
            pipeline = msgspec.structs.replace(pipeline, context=now.pipeline.context)
        changes = {"selected": ""} if target == now.target else {"selected": "", **_FORGOTTEN}
        view = msgspec.structs.replace(now.view, **changes)
        project = msgspec.structs.replace(
            now, pipeline=pipeline, target=target, training=training, preset=chosen.name, view=view
        )
        self._start_anew(project, self.tr("Preset {preset}").format(preset=spec(chosen.title)))

    def _start_anew(self, project: Project, text: str, merge_key: str = "") -> None:
        if project != self._document.project:
            training = self.training
            # At step 0 the engine takes a project as a fresh start; later, as an edit that keeps what was learnt.
            self._bridge.reset()
            self._document.replace(project, text, merge_key)
            if training:
                self._bridge.train()

    @property
    def kind(self) -> EventKind:
        """Of the target's events: as the engine said it, else as the spec tells."""
        target = self._document.project.target
        if isinstance(target, ModelTarget) and self._document.event_shape is not None:
            return event_kind(self._document.event_shape)
        return target_kind(target)

    def choose_device(self, name: str) -> None:
        self._change(self.tr("Device"), device=name)

    def choose_threads(self, count: int) -> None:
        self._change(self.tr("Threads"), threads=count)

    def halve_learning_rate(self) -> None:
        self._change(
            self.tr("Halve the learning rate"), learning_rate=self._document.project.training.learning_rate / 2
        )

    def halve_batch(self) -> None:
        self._change(self.tr("Halve the batch"), batch_size=max(2, self._document.project.training.batch_size // 2))

    def _change(self, text: str, **fields: object) -> None:
        training = msgspec.structs.replace(self._document.project.training, **fields)
        self._document.replace_training(training, text)

    def _expect(self, training: bool) -> None:
        self._wanted = training
        self.changed.emit()

    def _heard(self, _state: object) -> None:
        self._wanted = None
        self.changed.emit()


_FORGOTTEN: dict[str, object] = {
    "axes": (0, 1),
    "pinned": (),
    "context": (),
    "ends": (0, 1),
    "corner": False,
    "temperature": 1.0,
}
"""Of the view: what would mean nothing on another target."""


def retargeted(project: Project, target: Target) -> Project:
    """The project on another target. A preset as it came takes its form for that kind of data, with the settings of it;
    layers of one's own stay, and are marked where they cannot take it. Nothing is conditioned by the old data's context:
    a preset that was only conditioned counts as it came."""
    if project.pipeline.context.kind != "none":
        pipeline = project.pipeline
        base = StandardNormal() if pipeline.base.kind == "conditional_gaussian" else pipeline.base
        pipeline = msgspec.structs.replace(pipeline, context=Context(), base=base)
        project = msgspec.structs.replace(project, pipeline=pipeline)
    view = msgspec.structs.replace(project.view, **_FORGOTTEN)
    kind, chosen = target_kind(target), PRESETS.get(project.preset)
    pipeline, training = project.pipeline, project.training
    if chosen is not None and kind != target_kind(project.target) and kind in chosen.kinds and unedited(project):
        recipe = chosen.recipe(kind)
        pipeline = recipe.pipeline
        training = msgspec.structs.replace(recipe.training, device=training.device, threads=training.threads)
    return msgspec.structs.replace(project, target=target, pipeline=pipeline, training=training, view=view)


def unedited(project: Project) -> bool:
    """Whether the pipeline is still as its preset made it."""
    chosen = PRESETS.get(project.preset)
    return chosen is not None and any(chosen.recipe(kind).pipeline == project.pipeline for kind in chosen.kinds)


def target_title(project: Project) -> str:
    """What is learnt, in the user's language, as the target picker and the window's title say it."""
    target = project.target
    match target:
        case NamedTarget():
            return spec(NAMED[target.name].title) if target.name in NAMED else target.name
        case DrawnTarget():
            return _file(target.source) or spec(target.title)
        case _:
            return _file(target.path) or spec(target.title)


def _file(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]
