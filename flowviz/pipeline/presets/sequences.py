"""Presets' forms for sequences: a number or a few at every moment."""

from __future__ import annotations

from ..bases import Gaussian, WaveNetBase
from ..conditioners import WaveNet
from ..layers import IAF, MAF, ActNorm, AffineCoupling, LayerSpec, Mask
from ..project import PipelineSpec
from ..training import Training

TRAINING = Training(batch_size=32, learning_rate=2e-3, steps=2000, ema=0.99)


IAF_TRAINING = Training(batch_size=32, learning_rate=2e-3, steps=2000, ema=0.99, objective="reverse_kl")
"""By maximum likelihood every step would take a pass a moment; a known density, or a teacher, needs one."""


def gaussian() -> PipelineSpec:
    return PipelineSpec(base=Gaussian(trainable=False))


def wavenet() -> PipelineSpec:
    return PipelineSpec(base=WaveNetBase())


def realnvp() -> PipelineSpec:
    turns: list[Mask] = ["checkerboard", "checkerboard_odd"]
    network = WaveNet(layers=5, blocks=1)
    layers = [AffineCoupling(mask=turns[i % 2], conditioner=network) for i in range(6)]
    return PipelineSpec(layers=(ActNorm(), *layers))


def maf() -> PipelineSpec:
    layers: list[LayerSpec] = [ActNorm()]
    layers += [MAF(conditioner=WaveNet(blocks=1)), MAF(order="reversed", conditioner=WaveNet(blocks=1))]
    return PipelineSpec(layers=tuple(layers))  # type: ignore[arg-type]


def iaf() -> PipelineSpec:
    layers: list[LayerSpec] = [ActNorm()]
    layers += [IAF(conditioner=WaveNet(blocks=1)), IAF(order="reversed", conditioner=WaveNet(blocks=1))]
    return PipelineSpec(layers=tuple(layers))  # type: ignore[arg-type]
