"""Presets: pipelines with the training settings that suit them. Each is an ordinary project."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from .bases import KDE, Gaussian
from .conditioners import MADE, MLP, EventKind
from .layers import IAF, MAF, ActNorm, AdditiveCoupling, AffineCoupling, LayerSpec, Linear, Mask, Scaling
from .project import PipelineSpec, Project
from .sentences import say
from .shapes import KIND_NAMES, target_kind
from .targets import NamedTarget, Target
from .text import SpecError
from .training import Training


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


def preset(name: str) -> Preset:
    """The preset of this name; raises SpecError listing the names."""
    if name not in PRESETS:
        raise SpecError(say("no preset is called '{name}'; there are {names}", name=name, names=", ".join(PRESETS)))
    return PRESETS[name]


def _masks(count: int) -> list[Mask]:
    return ["even" if i % 2 == 0 else "odd" for i in range(count)]


def _pipeline(*layers: LayerSpec, **base: object) -> PipelineSpec:
    return PipelineSpec(layers=tuple(layers), **base)  # type: ignore[arg-type]


def _gaussian() -> Preset:
    return Preset(
        name="gaussian",
        title="Gaussian",
        description="Parametric density estimation: one Gaussian with full covariance, fitted to the data.",
        pipeline=_pipeline(base=Gaussian(trainable=False)),
    )


def _kde() -> Preset:
    return Preset(
        name="kde",
        title="Kernel density",
        description="One Gaussian kernel on each of 2,000 training points.",
        pipeline=_pipeline(base=KDE()),
    )


def _nice() -> Preset:
    layers = [AdditiveCoupling(mask=mask, conditioner=MLP(hidden=(128, 128)), initial_std=0.1) for mask in _masks(8)]
    return Preset(
        name="nice",
        title="NICE",
        description="Eight additive couplings, then a diagonal scaling: the only change of volume.",
        pipeline=_pipeline(ActNorm(), *layers, Scaling()),
    )


def _realnvp() -> Preset:
    layers = [AffineCoupling(mask=mask) for mask in _masks(8)]
    return Preset(
        name="realnvp",
        title="RealNVP",
        description="Eight affine couplings with alternating masks.",
        pipeline=_pipeline(ActNorm(), *layers),
    )


def _glow() -> Preset:
    layers: list[LayerSpec] = []
    for _ in range(6):
        layers += [ActNorm(), Linear(start="rotation"), AffineCoupling()]
    return Preset(
        name="glow",
        title="Glow",
        description="Six times ActNorm, invertible 1×1 convolution (on vectors a matrix) and affine coupling.",
        pipeline=_pipeline(*layers),
    )


def _maf() -> Preset:
    layers: list[LayerSpec] = []
    for i in range(5):
        layers.append(ActNorm())
        layers.append(MAF(order="natural" if i % 2 == 0 else "reversed", conditioner=MADE(hidden=(64, 64))))
    return Preset(
        name="maf",
        title="MAF",
        description="Five masked autoregressive layers in alternating order, each after an ActNorm: density in one pass, samples one by one.",
        pipeline=_pipeline(*layers),
    )


def _iaf() -> Preset:
    layers: list[LayerSpec] = [ActNorm()]
    for i in range(5):
        layers.append(IAF(order="natural" if i % 2 == 0 else "reversed", conditioner=MADE(hidden=(64, 64))))
    return Preset(
        name="iaf",
        title="IAF",
        description="Five inverse autoregressive layers: samples in one pass, density coordinate by coordinate.",
        pipeline=_pipeline(*layers),
    )


_MAKERS: tuple[Callable[[], Preset], ...] = (_realnvp, _nice, _glow, _maf, _iaf, _gaussian, _kde)
PRESETS: dict[str, Preset] = {made.name: made for made in (maker() for maker in _MAKERS)}
"""Name to preset, in the order of the menu; the first is what a new window opens with."""
