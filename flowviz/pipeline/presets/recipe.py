"""What a preset is: a named pipeline with the training settings that suit it, in a form for each kind of data."""

from __future__ import annotations

import msgspec

from ..conditioners import EventKind
from ..project import PipelineSpec, Project
from ..sentences import say
from ..shapes import KIND_NAMES, target_kind
from ..targets import NamedTarget, Target
from ..text import SpecError
from ..training import Training


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A preset's pipeline and settings for one kind of data."""

    pipeline: PipelineSpec
    training: Training = Training()


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """A named pipeline. `pipeline` and `training` suit its own target; `others` hold what suits other kinds of data."""

    name: str
    title: str
    description: str
    pipeline: PipelineSpec
    training: Training = Training()
    target: Target = NamedTarget()
    others: dict[EventKind, Recipe] = {}

    @property
    def kinds(self) -> tuple[EventKind, ...]:
        """The kinds of data that it has a form for, its own first."""
        return (target_kind(self.target), *self.others)

    def recipe(self, kind: EventKind) -> Recipe:
        """Its form for this kind of data; raises SpecError when it has none."""
        if kind == target_kind(self.target):
            return Recipe(pipeline=self.pipeline, training=self.training)
        if kind not in self.others:
            raise SpecError(
                say(
                    "The preset {preset} is made for {wanted}; this data is made of {kind}.",
                    preset=self.title,
                    wanted=", ".join(KIND_NAMES[one] for one in self.kinds),
                    kind=KIND_NAMES[kind],
                )
            )
        return self.others[kind]

    def project(self, *, target: Target | None = None, seed: int = 0) -> Project:
        """A new project of this preset, on its own target or another; raises SpecError when it has no form for it."""
        wanted = target or self.target
        recipe = self.recipe(target_kind(wanted))
        return Project(pipeline=recipe.pipeline, target=wanted, training=recipe.training, seed=seed, preset=self.name)
