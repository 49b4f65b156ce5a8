"""Layers that change the event's shape or range: squeeze, wavelets, split, flatten, logit and sigmoid."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from .base import LayerSpec


class Squeeze(LayerSpec, frozen=True, kw_only=True, tag="squeeze"):
    title = "Squeeze"
    short = "Squeeze"
    group = "Shape"
    formula = "(C, H, W) → (4C, H/2, W/2)"
    log_det = "0"
    description = "Every 2×2 block of pixels becomes four channels (of a sequence, two moments become two channels)."
    paper = "Dinh, Sohl-Dickstein, Bengio 2017, Density estimation using Real NVP, arXiv 1605.08803, section 3.6"
    starts_as_identity = False
    takes = ("image", "sequence")


class Haar(LayerSpec, frozen=True, kw_only=True, tag="haar"):
    title = "Haar wavelet"
    short = "Haar"
    group = "Shape"
    formula = "(C, H, W) → (4C, H/2, W/2): mean and three differences of every 2×2 block"
    log_det = "0"
    description = "An orthogonal squeeze: the first channels are a smaller picture, the others its details."
    paper = "Ardizzone et al. 2019, Guided image generation with conditional invertible networks, arXiv 1907.02392"
    starts_as_identity = False
    takes = ("image", "sequence")


class Split(LayerSpec, frozen=True, kw_only=True, tag="split"):
    title = "Split"
    short = "Split"
    group = "Shape"
    formula = "ε = (x_b − μ(x_a)) · exp(−l(x_a));  x_a goes on, ε leaves"
    log_det = "−Σ l(x_a)"
    description = (
        "Half of the channels leave for the base here, judged by a Gaussian whose mean and width are learnt from the half "
        "that goes on: several scales in one flow."
    )
    paper = "Kingma, Dhariwal 2018, Glow, arXiv 1807.03039; Dinh et al. 2017, arXiv 1605.08803, section 3.6"
    takes = ("image", "sequence")
    uses_context = True


class Flatten(LayerSpec, frozen=True, kw_only=True, tag="flatten"):
    into: Annotated[
        Literal["vector", "sequence"],
        Meta(
            title="Into",
            description="One vector, channel after channel; or a sequence, pixel after pixel, whose channels stay",
        ),
    ] = "vector"

    title = "Flatten"
    short = "Flatten"
    group = "Shape"
    formula = "(C, H, W) → (C·H·W), or (C, H·W)"
    log_det = "0"
    description = (
        "Reads a picture in raster order, as one vector or as a sequence of pixels, for layers that take those."
    )
    starts_as_identity = False
    takes = ("image", "sequence")


class Logit(LayerSpec, frozen=True, kw_only=True, tag="logit"):
    alpha: Annotated[
        float,
        Meta(
            title="Margin",
            description="α: the numbers are squeezed into [α, 1 − α] before the logit, so that 0 and 1 stay finite",
            gt=0.0,
            lt=0.5,
        ),
    ] = 0.05

    title = "Logit"
    short = "Logit"
    group = "Shape"
    formula = "z = log(y/(1 − y)),  y = α + (1 − 2α) x"
    log_det = "Σ log(1 − 2α) − log y − log(1 − y)"
    description = "Takes numbers between 0 and 1, such as grey levels, to the whole line."
    paper = "Papamakarios, Pavlakou, Murray 2017, Masked autoregressive flow, arXiv 1705.07057, appendix E"
    starts_as_identity = False
    domain = "unit"


class Sigmoid(LayerSpec, frozen=True, kw_only=True, tag="sigmoid"):
    title = "Sigmoid"
    short = "Sigmoid"
    group = "Shape"
    formula = "z = 1/(1 + exp(−x))"
    log_det = "Σ log z + log(1 − z)"
    description = "Takes the whole line to numbers between 0 and 1: before a uniform base, or to undo a logit."
    starts_as_identity = False
