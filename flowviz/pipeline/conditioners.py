"""Conditioners: the networks that give a coupling or autoregressive layer its shift, log-scale or spline."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Activation = Literal["relu", "tanh", "gelu", "silu", "elu"]
Width = Annotated[int, Meta(ge=1, le=4096)]
EventKind = Literal["vector", "image", "sequence"]
"""What an event is: (D,), (C, H, W) or (C, T)."""

Channels = Annotated[
    int, Meta(title="Channels", description="Feature maps of each hidden layer", ge=1, le=1024, extra={"unit": "maps"})
]
Dropout = Annotated[
    float,
    Meta(
        title="Dropout", description="Share of features left out at random while training; 0 for none", ge=0.0, le=0.9
    ),
]


class NetworkSpec(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """A network. `takes`: the kinds of events that it can look at."""

    title: ClassVar[str] = ""
    description: ClassVar[str] = ""
    paper: ClassVar[str] = ""
    takes: ClassVar[tuple[EventKind, ...]] = ("vector", "image", "sequence")

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class _Dense(NetworkSpec, frozen=True, kw_only=True):
    hidden: Annotated[
        tuple[Width, ...],
        Meta(
            title="Hidden widths",
            description="Units of each hidden layer, from input to output",
            max_length=16,
            extra={"unit": "units"},
        ),
    ] = (64, 64)
    activation: Annotated[Activation, Meta(title="Activation", description="Non-linearity after each hidden layer")] = (
        "relu"
    )
    residual: Annotated[
        bool, Meta(title="Residual", description="Adds each hidden layer's input to its output where the widths agree")
    ] = False
    dropout: Dropout = 0.0


class MLP(_Dense, frozen=True, kw_only=True, tag="mlp"):
    """A fully connected network: h = act(W h + b), plain or residual."""

    title = "MLP"
    description = "Fully connected layers over the numbers of a vector."
    takes = ("vector",)


class MADE(_Dense, frozen=True, kw_only=True, tag="made"):
    """A masked network whose i-th output sees only the inputs before i (Germain et al. 2015, arXiv 1502.03509).

    Pictures and sequences are read in raster order: channels, then rows, then columns.
    """

    title = "MADE"
    description = "Fully connected layers, masked so that each output sees only the inputs before it."
    paper = "Germain, Gregor, Murray, Larochelle 2015, MADE, arXiv 1502.03509"


class ConvNet(NetworkSpec, frozen=True, kw_only=True, tag="convnet"):
    """3x3, 1x1, 3x3 convolutions as in Glow, the last one zero at first, times a learned exp(3 l)."""

    channels: Channels = 64
    blocks: Annotated[
        int, Meta(title="Blocks", description="Hidden 1×1 (plain) or residual 3×3 blocks", ge=1, le=16)
    ] = 1
    activation: Annotated[Activation, Meta(title="Activation", description="Non-linearity after each hidden layer")] = (
        "relu"
    )
    residual: Annotated[
        bool, Meta(title="Residual", description="Residual blocks of two 3×3 convolutions, as in RealNVP")
    ] = False
    dropout: Dropout = 0.0

    title = "ConvNet"
    description = "Convolutions over a picture: every place is treated alike."
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039, section 3.3"
    takes = ("image",)


class PixelCNN(NetworkSpec, frozen=True, kw_only=True, tag="pixelcnn"):
    """Masked convolutions, gated, in two stacks (vertical and horizontal), so that no pixel is left in a blind spot."""

    channels: Channels = 32
    blocks: Annotated[int, Meta(title="Blocks", description="Gated residual blocks", ge=1, le=32)] = 4
    kernel: Annotated[int, Meta(title="Kernel", description="Side of the hidden kernels, odd", ge=3, le=9)] = 3
    dropout: Dropout = 0.0

    title = "PixelCNN"
    description = "Gated masked convolutions: each pixel sees those above it and to its left."
    paper = "van den Oord et al. 2016, Conditional image generation with PixelCNN decoders, arXiv 1606.05328"
    takes = ("image",)


class PixelRNN(NetworkSpec, frozen=True, kw_only=True, tag="pixelrnn"):
    """Row LSTM or Diagonal BiLSTM layers with residual blocks; a masked 7x7 convolution first."""

    variant: Annotated[
        Literal["diagonal", "row"],
        Meta(
            title="Variant", description="Diagonal BiLSTM (sees every earlier pixel) or Row LSTM (a triangle, faster)"
        ),
    ] = "diagonal"
    channels: Annotated[
        int, Meta(title="Channels", description="Units h of each LSTM; its input has 2h", ge=1, le=512)
    ] = 16
    layers: Annotated[int, Meta(title="Layers", description="LSTM layers with residual connections", ge=1, le=16)] = 3
    kernel: Annotated[
        int, Meta(title="Kernel", description="Side of the first masked convolution, odd", ge=3, le=9)
    ] = 7
    dropout: Dropout = 0.0

    title = "PixelRNN"
    description = "Recurrent layers over rows or diagonals: each pixel sees all those before it."
    paper = "van den Oord, Kalchbrenner, Kavukcuoglu 2016, Pixel recurrent neural networks, arXiv 1601.06759"
    takes = ("image",)


class WaveNet(NetworkSpec, frozen=True, kw_only=True, tag="wavenet"):
    """A stack of causal dilated convolutions with gated units, residual and skip connections."""

    channels: Channels = 32
    skip: Annotated[int, Meta(title="Skip channels", description="Feature maps of the skip path", ge=1, le=1024)] = 64
    layers: Annotated[
        int, Meta(title="Layers a block", description="Dilations 1, 2, 4, ... of one block", ge=1, le=12)
    ] = 6
    blocks: Annotated[int, Meta(title="Blocks", description="How often the dilations start again", ge=1, le=8)] = 2
    kernel: Annotated[int, Meta(title="Kernel", description="Taps of each causal convolution", ge=2, le=8)] = 2
    dropout: Dropout = 0.0

    title = "WaveNet"
    description = "Causal dilated convolutions with gates: each moment sees a long past."
    paper = "van den Oord et al. 2016, WaveNet, arXiv 1609.03499"
    takes = ("sequence",)

    @property
    def receptive_field(self) -> int:
        """How many earlier moments decide about one: 1 + (k−1) Σ d for the stack whose input is shifted by one."""
        return int(1 + (self.kernel - 1) * self.blocks * (2**self.layers - 1))


CouplingNetwork = MLP | ConvNet | WaveNet
"""What can condition a coupling: it sees the part that passes unchanged. A WaveNet here is not causal."""
AutoregressiveNetwork = MADE | PixelCNN | PixelRNN | WaveNet
"""What can condition an autoregressive layer: each output sees only what comes before it."""
