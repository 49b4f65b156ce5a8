"""Glow on pictures in three other libraries and in FlowViz: 2 scales of 4 steps, each a per-channel scale and shift, a 1x1
convolution, and an affine coupling by 3x3, 1x1 and 3x3 convolutions with 64 channels and ReLU; half leaves between the scales.

FrEIA's 1x1 convolution is a fixed rotation: its own block learns none, so it has less to do. FlowViz's split predicts what
leaves by one more 3x3 convolution, which the others do not have.
"""

from __future__ import annotations

import importlib.util
import math
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from flowviz.pipeline import (
    ActNorm,
    AffineCoupling,
    ConvNet,
    EventShape,
    ImageTarget,
    LayerSpec,
    Linear,
    PipelineSpec,
    Split,
    Squeeze,
)

from .peers import Peer

BATCH = 64
SHAPES: tuple[EventShape, ...] = ((1, 8, 8), (3, 16, 16))
SCALES, STEPS, CHANNELS = 2, 4, 64


def pipeline_pictures(shape: EventShape) -> PipelineSpec:
    """FlowViz's Glow for pictures of this shape (C, H, W)."""
    layers: list[LayerSpec] = []
    for scale in range(SCALES):
        layers.append(Squeeze())
        for _ in range(STEPS):
            network = ConvNet(channels=CHANNELS)
            layers += [ActNorm(), Linear(start="rotation"), AffineCoupling(mask="first_half", conditioner=network)]
        if scale + 1 < SCALES:
            layers.append(Split())
    return PipelineSpec(layers=tuple(layers))


def target_pictures(shape: EventShape, folder: Path) -> ImageTarget:
    """512 pictures of noise in 256 levels, written to `folder`: what is learnt makes no difference to a step's time."""
    file = folder / f"noise_{'x'.join(map(str, shape))}.npy"
    np.save(file, np.random.default_rng(0).integers(0, 256, (512, *shape), np.uint8))
    return ImageTarget(path=str(file))


def peers_pictures(shape: EventShape, device: str = "cpu") -> list[Peer]:
    """The libraries that are here, each with a new Glow for pictures of this shape (C, H, W)."""
    found = []
    for name, builder in BUILDERS.items():
        if importlib.util.find_spec(name) is not None:
            torch.manual_seed(0)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                peer = builder(shape)
            assert peer.module is not None
            peer.module.to(device)
            found.append(peer)
    return found


def shapes_of_scales(shape: EventShape) -> list[EventShape]:
    """What the steps of each scale are given, and in the end what is left: squeezed, then halved."""
    channels, height, width = shape
    found: list[EventShape] = []
    for _ in range(SCALES):
        channels, height, width = 4 * channels, height // 2, width // 2
        found.append((channels, height, width))
        channels //= 2
    return found


class _Net(nn.Sequential):
    """3x3, 1x1, 3x3, with the last one zero at first."""

    def __init__(self, inputs: int, outputs: int) -> None:
        last = nn.Conv2d(CHANNELS, outputs, 3, padding=1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)  # type: ignore[arg-type]
        super().__init__(
            nn.Conv2d(inputs, CHANNELS, 3, padding=1), nn.ReLU(), nn.Conv2d(CHANNELS, CHANNELS, 1), nn.ReLU(), last
        )

    def forward(self, x: Tensor, context: Tensor | None = None) -> Tensor:
        return super().forward(x)


def _freia(shape: EventShape) -> Peer:
    import FrEIA.framework as ff
    import FrEIA.modules as fm

    nodes = [ff.InputNode(*shape)]
    left = []
    for scale, (channels, *_) in enumerate(shapes_of_scales(shape)):
        nodes.append(ff.Node(nodes[-1], fm.IRevNetDownsampling, {}))
        for _ in range(STEPS):
            nodes.append(ff.Node(nodes[-1], fm.AllInOneBlock, {"subnet_constructor": _Net, "permute_soft": True}))
        if scale + 1 < SCALES:
            half = [channels // 2, channels // 2]
            split = ff.Node(nodes[-1], fm.Split, {"section_sizes": half, "dim": 0})
            leaving = ff.Node(split.out1, fm.Flatten, {})
            nodes += [split, leaving]
            left.append(leaving.out0)
            nodes.append(split)
    nodes.append(ff.Node(nodes[-1], fm.Flatten, {}))
    nodes.append(ff.Node([*left, nodes[-1].out0], fm.Concat1d, {"dim": 0}))
    nodes.append(ff.OutputNode(nodes[-1]))
    flow = ff.GraphINN(list(dict.fromkeys(nodes)))

    def loss(x: Tensor) -> Tensor:
        z, log_det = flow(x)
        return -(_standard_normal(z) + log_det).mean()

    return Peer("FrEIA", [p for p in flow.parameters() if p.requires_grad], loss, module=flow)


def _normflows(shape: EventShape) -> Peer:
    import normflows as nf

    # Its first scale is the deepest one, and a flow's layers are listed from the latent to the data.
    bases, flows, merges = [], [], []
    for scale, (channels, height, width) in reversed(list(enumerate(shapes_of_scales(shape)))):
        steps = [nf.flows.GlowBlock(channels, CHANNELS, scale_map="exp") for _ in range(STEPS)]
        flows.append([*steps, nf.flows.Squeeze()])
        last = scale + 1 == SCALES
        bases.append(
            nf.distributions.DiagGaussian((channels if last else channels // 2, height, width), trainable=False)
        )
        if not last:
            merges.append(nf.flows.Merge())
    flow = nf.MultiscaleFlow(bases, flows, merges, class_cond=False)
    return Peer("normflows", list(flow.parameters()), flow.forward_kld, module=flow)


def _nflows(shape: EventShape) -> Peer:
    from nflows import transforms
    from nflows.distributions import StandardNormal
    from nflows.flows import Flow

    scales = shapes_of_scales(shape)
    whole = transforms.MultiscaleCompositeTransform(len(scales))
    for inside in scales:
        mask = torch.cat((torch.zeros(inside[0] // 2), torch.ones(inside[0] - inside[0] // 2)))
        layers: list[nn.Module] = [transforms.SqueezeTransform()]
        for _ in range(STEPS):
            layers += [
                transforms.ActNorm(inside[0]),
                transforms.OneByOneConvolution(inside[0]),
                transforms.AffineCouplingTransform(mask, _Net),
            ]
        whole.add_transform(transforms.CompositeTransform(layers), inside)
    flow = Flow(whole, StandardNormal([math.prod(shape)]))
    return Peer("nflows", list(flow.parameters()), lambda x: -flow.log_prob(x).mean(), module=flow)


def _standard_normal(z: Tensor) -> Tensor:
    return -0.5 * (z.square().sum(1) + z.shape[1] * 1.8378770664093453)


BUILDERS: dict[str, Callable[[EventShape], Peer]] = {"FrEIA": _freia, "normflows": _normflows, "nflows": _nflows}
