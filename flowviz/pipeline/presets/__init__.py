"""Presets: pipelines with the training settings that suit them. Each is an ordinary project."""

from __future__ import annotations

from ..sentences import say
from ..targets import NamedTarget
from ..text import SpecError
from ..training import Training
from . import images, sequences, vectors
from .recipe import Preset, Recipe

__all__ = ["PRESETS", "Preset", "Recipe", "preset"]


def preset(name: str) -> Preset:
    """The preset of this name; raises SpecError listing the names."""
    if name not in PRESETS:
        raise SpecError(say("no preset is called '{name}'; there are {names}", name=name, names=", ".join(PRESETS)))
    return PRESETS[name]


DIGITS = NamedTarget(name="digits")

_LISTED = (
    Preset(
        name="realnvp",
        title="RealNVP",
        description="Affine couplings with alternating masks; on pictures over two scales.",
        pipeline=vectors.realnvp(),
        others={
            "image": Recipe(pipeline=images.realnvp(), training=images.TRAINING),
            "sequence": Recipe(pipeline=sequences.realnvp(), training=sequences.TRAINING),
        },
    ),
    Preset(
        name="nice",
        title="NICE",
        description="Additive couplings, then a diagonal scaling: the only change of volume.",
        pipeline=vectors.nice(),
        others={"image": Recipe(pipeline=images.nice(), training=images.TRAINING)},
    ),
    Preset(
        name="glow",
        title="Glow",
        description="ActNorm, invertible 1×1 convolution and affine coupling in turn; on pictures over two scales.",
        pipeline=vectors.glow(),
        others={"image": Recipe(pipeline=images.glow(), training=images.TRAINING)},
    ),
    Preset(
        name="maf",
        title="MAF",
        description="Masked autoregressive layers in alternating order: density in one pass, samples one by one.",
        pipeline=vectors.maf(),
        others={
            "image": Recipe(pipeline=images.maf(), training=images.TRAINING),
            "sequence": Recipe(pipeline=sequences.maf(), training=sequences.TRAINING),
        },
    ),
    Preset(
        name="iaf",
        title="IAF",
        description="Five inverse autoregressive layers: samples in one pass, density coordinate by coordinate.",
        pipeline=vectors.iaf(),
        others={"sequence": Recipe(pipeline=sequences.iaf(), training=sequences.IAF_TRAINING)},
    ),
    Preset(
        name="nsf",
        title="Neural spline flow",
        description="Couplings with rational-quadratic splines: the sharpest preset for points.",
        pipeline=vectors.nsf(),
        training=vectors.NSF_TRAINING,
        others={"image": Recipe(pipeline=images.nsf(), training=images.TRAINING)},
    ),
    Preset(
        name="planar",
        title="Planar",
        description="Sixteen planar layers: the oldest residual flow, and a weak one.",
        pipeline=vectors.planar(),
    ),
    Preset(
        name="ffjord",
        title="FFJORD",
        description="One continuous layer: a learnt vector field, followed by a solver.",
        pipeline=vectors.ffjord(),
        training=vectors.FFJORD_TRAINING,
    ),
    Preset(
        name="tarflow",
        title="TarFlow",
        description="Four causal transformers over patches of a picture, in alternating order.",
        pipeline=images.tarflow(),
        training=images.TRAINING,
        target=DIGITS,
    ),
    Preset(
        name="pixelcnn",
        title="PixelCNN",
        description="Gated masked convolutions predict each pixel from those above and to the left.",
        pipeline=images.pixelcnn(),
        training=images.PIXEL_TRAINING,
        target=DIGITS,
    ),
    Preset(
        name="pixelrnn",
        title="PixelRNN",
        description="A Diagonal BiLSTM predicts each pixel from all those before it.",
        pipeline=images.pixelrnn(),
        training=images.PIXEL_TRAINING,
        target=DIGITS,
    ),
    Preset(
        name="wavenet",
        title="WaveNet",
        description="Causal dilated convolutions predict each moment from a long past.",
        pipeline=sequences.wavenet(),
        training=sequences.TRAINING,
        target=NamedTarget(name="sine_mixture"),
        others={"image": Recipe(pipeline=images.wavenet(), training=images.PIXEL_TRAINING)},
    ),
    Preset(
        name="gaussian",
        title="Gaussian",
        description="Parametric density estimation: one Gaussian with full covariance, fitted to the data.",
        pipeline=vectors.gaussian(),
        others={
            "image": Recipe(pipeline=images.gaussian()),
            "sequence": Recipe(pipeline=sequences.gaussian(), training=Training(batch_size=32)),
        },
    ),
    Preset(
        name="kde",
        title="Kernel density",
        description="One Gaussian kernel on each of 2,000 training points.",
        pipeline=vectors.kde(),
        others={"image": Recipe(pipeline=images.kde())},
    ),
)
PRESETS: dict[str, Preset] = {made.name: made for made in _LISTED}
"""Name to preset, in the order of the menu; the first is what a new window opens with."""
