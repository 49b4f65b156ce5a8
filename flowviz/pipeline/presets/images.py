"""Presets' forms for pictures, chosen on the 1 × 8 × 8 digits: a thousand pictures, so they stop early."""

from __future__ import annotations

from typing import Literal

from ..bases import KDE, Gaussian, Logistic, PixelCNNBase, PixelRNNBase, WaveNetBase
from ..conditioners import MADE, MLP, ConvNet, PixelCNN, PixelRNN, WaveNet
from ..layers import (
    MAF,
    ActNorm,
    AdditiveCoupling,
    AffineCoupling,
    ElementwiseAffine,
    Flatten,
    LayerSpec,
    Linear,
    Logit,
    Mask,
    Scaling,
    SplineCoupling,
    Split,
    Squeeze,
    Transformer,
)
from ..project import PipelineSpec
from ..training import Training
from .vectors import masks

TRAINING = Training(
    batch_size=128, optimizer="adamw", learning_rate=2e-3, steps=3000, patience=6, weight_decay=1e-4, ema=0.99
)
"""Digits are learnt by heart within a few hundred steps: patience ends the run at the best weights."""


def _pipeline(layers: list[LayerSpec], **base: object) -> PipelineSpec:
    return PipelineSpec(layers=tuple(layers), **base)  # type: ignore[arg-type]


def gaussian() -> PipelineSpec:
    return _pipeline([Logit()], base=Gaussian(trainable=False))


def kde() -> PipelineSpec:
    return PipelineSpec(base=KDE())


def nice() -> PipelineSpec:
    couplings: list[LayerSpec] = [
        AdditiveCoupling(mask=mask, conditioner=MLP(hidden=(256, 256), dropout=0.2), initial_std=0.01)
        for mask in masks(4)
    ]
    return _pipeline([Logit(), Flatten(), ElementwiseAffine(), *couplings, Scaling()], base=Logistic())


def realnvp() -> PipelineSpec:
    network = ConvNet(channels=24, blocks=1, residual=True, dropout=0.2)
    layers: list[LayerSpec] = [Logit(), ElementwiseAffine()]
    checkerboards: list[Mask] = ["checkerboard", "checkerboard_odd"]
    channels: list[Mask] = ["first_half", "second_half"]
    for i in range(3):
        layers.append(AffineCoupling(mask=checkerboards[i % 2], conditioner=network))
    layers.append(Squeeze())
    for i in range(3):
        layers += [ActNorm(), AffineCoupling(mask=channels[i % 2], conditioner=network)]
    layers.append(Split())
    for i in range(4):
        layers += [ActNorm(), AffineCoupling(mask=checkerboards[i % 2], conditioner=network)]
    return _pipeline(layers)


def glow() -> PipelineSpec:
    network = ConvNet(channels=64, dropout=0.2)
    layers: list[LayerSpec] = [Logit(), ElementwiseAffine()]
    for scale in range(2):
        layers.append(Squeeze())
        for _ in range(4):
            layers += [ActNorm(), Linear(start="rotation"), AffineCoupling(mask="first_half", conditioner=network)]
        if scale == 0:
            layers.append(Split())
    return _pipeline(layers)


def maf() -> PipelineSpec:
    layers: list[LayerSpec] = [Logit(), ElementwiseAffine()]
    for i in range(5):
        network = MADE(hidden=(256,), dropout=0.3)
        layers.append(MAF(order="natural" if i % 2 == 0 else "reversed", conditioner=network, log_scale_bound=2.0))
    return _pipeline(layers)


def nsf() -> PipelineSpec:
    layers: list[LayerSpec] = [Logit(), Flatten(), ElementwiseAffine()]
    for mask in masks(4):
        layers += [
            Linear(),
            SplineCoupling(mask=mask, conditioner=MLP(hidden=(128, 128), dropout=0.2), bins=8, tail_bound=5.0),
        ]
    return _pipeline(layers)


def tarflow() -> PipelineSpec:
    layers: list[LayerSpec] = [Logit(), ElementwiseAffine()]
    for i in range(4):
        order: Literal["natural", "reversed"] = "natural" if i % 2 == 0 else "reversed"
        layers.append(Transformer(order=order, channels=48, depth=1, dropout=0.2))
    return _pipeline(layers)


def pixelcnn() -> PipelineSpec:
    return PipelineSpec(base=PixelCNNBase(network=PixelCNN(dropout=0.3)))


def pixelrnn() -> PipelineSpec:
    return PipelineSpec(base=PixelRNNBase(network=PixelRNN(dropout=0.2)))


def wavenet() -> PipelineSpec:
    network = WaveNet(layers=5, dropout=0.2)
    base = WaveNetBase(network=network, output="logistics", components=10)
    return _pipeline([Logit(), Flatten(into="sequence")], base=base)


PIXEL_TRAINING = Training(
    batch_size=64, optimizer="adamw", learning_rate=2e-3, steps=2000, patience=6, weight_decay=1e-4, ema=0.99
)
