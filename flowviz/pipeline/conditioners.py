"""Conditioners: the networks that give a coupling or autoregressive layer its shift and log-scale."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Activation = Literal["relu", "tanh", "gelu", "silu", "elu"]
Width = Annotated[int, Meta(ge=1, le=4096)]


class _Network(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
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


class MLP(_Network, frozen=True, kw_only=True, tag="mlp"):
    """A fully connected network: h = act(W h + b), plain or residual."""

    title: ClassVar[str] = "MLP"


class MADE(_Network, frozen=True, kw_only=True, tag="made"):
    """A masked network whose i-th output sees only the inputs before i (Germain et al. 2015, arXiv 1502.03509)."""

    title: ClassVar[str] = "MADE"
