"""The actions of what is shown and how: tiles, stage, panels, theme, language; and help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ..pipeline import Project
from .actions import Action, Facts, always, same
from .actions_draw import stage_of
from .stage_words import no_density, only_galleries, only_many, only_planes, only_vectors, other_density
from .theme import Choice as ThemeChoice
from .translation import LANGUAGES
from .translation import Choice as LanguageChoice

if TYPE_CHECKING:
    from .window import MainWindow

GALLERIES = ("samples", "interpolation", "reconstruction", "nearest")
TILE_MODES = ("density", "grid", "samples", "log_det")


class ViewActions(QObject):
    """Makes them for a window, in the language of the moment."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window

    def table(self) -> list[Action]:
        return [*self._view(), *self._panels(), *self._appearance(), *self._help()]

    def _view(self) -> Iterator[Action]:
        look, group, stage = self._window.document.look, self.tr("View"), stage_of(self._window)
        names = (self.tr("&Density"), self.tr("Warped &Grid"), self.tr("&Samples"), self.tr("&Log-Det"))
        for key, (mode, text) in enumerate(zip(TILE_MODES, names, strict=True), 1):
            yield Action(
                id="tiles:" + mode,
                group=self.tr("Tiles Show"),
                text=text,
                run=partial(look, tile_mode=mode),
                shortcuts=(f"Ctrl+{key}",),
                checked=same(lambda facts: facts.project.view.tile_mode, mode),
                enabled=always if mode in ("density", "log_det") else lambda _facts: stage.kind == "vector",
                why=only_vectors,
            )
        galleries = (
            self.tr("&Samples"),
            self.tr("&Between Two Data"),
            self.tr("&Rebuilt Data"),
            self.tr("&Nearest Data"),
        )
        for kind, text in zip(GALLERIES, galleries, strict=True):
            yield Action(
                id="gallery:" + kind,
                group=self.tr("Gallery"),
                text=text,
                run=partial(look, gallery=kind),
                checked=same(lambda facts: facts.project.view.gallery, kind),
                enabled=lambda _facts: stage.kind != "vector",
                why=only_galleries,
            )
        rows = (
            ("turned", self.tr("&Turn the Strip"), "Ctrl+T", "turn", self.tr("Show it from the base to the data")),
            ("samples", self.tr("Model S&amples"), "Ctrl+5", "", self.tr("Points drawn from the model on the stage")),
            ("contours", self.tr("&Contours"), "Ctrl+6", "", self.tr("Lines of equal density on the stage")),
            (
                "difference",
                self.tr("Di&fference"),
                "Ctrl+8",
                "",
                self.tr("The model's density minus the target's"),
            ),
            (
                "whole_flow",
                self.tr("Morph the &Whole Flow"),
                "Ctrl+7",
                "",
                self.tr("The slider goes from base to data"),
            ),
            ("corner", self.tr("All &Pairs"), "Ctrl+9", "", self.tr("Every pair of the first six coordinates at once")),
        )
        plane: dict[str, tuple[Callable[[Facts], bool], Callable[[], str]]] = {
            "contours": (lambda _facts: stage.dimensions == 2, only_planes),
            "difference": (
                lambda facts: (
                    stage.dimensions == 2 and stage.canvas.density is not None and not _conditional(facts.project)
                ),
                lambda: (
                    only_planes()
                    if stage.dimensions != 2
                    else other_density()
                    if _conditional(self._window.document.project)
                    else no_density()
                ),
            ),
            "samples": (lambda _facts: stage.kind == "vector", only_vectors),
            "whole_flow": (lambda _facts: stage.kind == "vector", only_vectors),
            "corner": (lambda _facts: stage.kind == "vector" and stage.dimensions > 2, only_many),
        }
        for name, text, shortcut, picture, tip in rows:
            enabled, why = plane.get(name, (always, None))
            yield Action(
                id="view:" + name,
                group=group,
                text=text,
                run=partial(self._flip, name),
                shortcuts=(shortcut,),
                icon=picture,
                tip=tip,
                enabled=enabled,
                why=why,
                checked=partial(_seen, name),
            )
        yield Action(
            id="fullScreenAction",
            group=group,
            text=self.tr("&Full Screen"),
            run=self._window.toggle_full_screen,
            shortcuts=("F11",),
            checked=lambda facts: facts.full_screen,
        )

    def _panels(self) -> Iterator[Action]:
        for name, title in self._window.panel_titles().items():
            yield Action(
                id="panel:" + name,
                group=self.tr("Panels"),
                text=title,
                run=partial(self._window.toggle_panel, name),
                checked=partial(_panel_shown, name),
            )
        yield Action(
            id="defaultLayoutAction",
            group=self.tr("Panels"),
            text=self.tr("&Default Layout"),
            run=self._window.default_layout,
        )

    def _appearance(self) -> Iterator[Action]:
        themes: tuple[tuple[ThemeChoice, str], ...] = (
            ("system", self.tr("Like the &System")),
            ("light", self.tr("&Light")),
            ("dark", self.tr("&Dark")),
        )
        for name, text in themes:
            yield Action(
                id="theme:" + name,
                group=self.tr("Theme"),
                text=text,
                run=partial(self._window.choose_theme, name),
                checked=same(lambda facts: facts.theme, name),
            )
        languages: tuple[tuple[LanguageChoice, str], ...] = (
            ("system", self.tr("Like the &System")),
            *((code, name) for code, name in LANGUAGES.items()),
        )
        for code, text in languages:
            yield Action(
                id="language:" + code,
                group=self.tr("Language"),
                text=text,
                run=partial(self._window.choose_language, code),
                checked=same(lambda facts: facts.language, code),
            )

    def _help(self) -> Iterator[Action]:
        window, group = self._window, self.tr("Help")
        rows = (
            ("findAction", self.tr("&Find a Command"), window.find_command, ("Ctrl+K", "Ctrl+Shift+P"), "action_find"),
            ("shortcutsAction", self.tr("&Shortcuts"), window.show_shortcuts, ("F1",), "action_help"),
            ("documentationAction", self.tr("&Documentation"), window.open_documentation, (), ""),
            ("aboutAction", self.tr("&About FlowViz"), window.show_about, (), ""),
        )
        for name, text, run, keys, picture in rows:
            yield Action(id=name, group=group, text=text, run=run, shortcuts=keys, icon=picture)

    def _flip(self, name: str) -> None:
        document = self._window.document
        document.look(**{name: not getattr(document.project.view, name)})


def _conditional(project: Project) -> bool:
    return project.pipeline.context.kind != "none"


def _seen(name: str, facts: Facts) -> bool:
    return bool(getattr(facts.project.view, name))


def _panel_shown(name: str, facts: Facts) -> bool:
    return name in facts.panels
