"""Training settings; every one of them may change while it runs."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

MAXIMUM_LIKELIHOOD = "maximum_likelihood"
REVERSE_KL = "reverse_kl"


class Training(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    objective: Annotated[
        Literal["maximum_likelihood", "reverse_kl"],
        Meta(
            title="Objective",
            description="Maximum likelihood on samples, or reverse KL where the target has a log-density",
        ),
    ] = "maximum_likelihood"
    steps: Annotated[
        int,
        Meta(
            title="Steps",
            description="Length of the run and of the schedule",
            ge=1,
            le=10_000_000,
            extra={"unit": "steps"},
        ),
    ] = 5000
    batch_size: Annotated[
        int, Meta(title="Batch size", description="Points in one step", ge=2, le=65_536, extra={"unit": "points"})
    ] = 512
    optimizer: Annotated[
        Literal["adam", "adamw", "sgd"], Meta(title="Optimiser", description="Fused where torch has it")
    ] = "adam"
    learning_rate: Annotated[float, Meta(title="Learning rate", description="At its highest", gt=0.0, le=10.0)] = 5e-3
    weight_decay: Annotated[
        float, Meta(title="Weight decay", description="L2 penalty (decoupled in AdamW)", ge=0.0, le=1.0)
    ] = 0.0
    momentum: Annotated[
        float,
        Meta(title="Momentum", description="Of SGD", ge=0.0, lt=1.0, extra={"only_if": ("optimizer", "sgd")}),
    ] = 0.9
    schedule: Annotated[
        Literal["constant", "cosine"],
        Meta(title="Schedule", description="Constant, or a cosine down to zero at the last step"),
    ] = "cosine"
    warmup: Annotated[
        int,
        Meta(
            title="Warm-up",
            description="Steps over which the rate climbs from zero",
            ge=0,
            le=1_000_000,
            extra={"unit": "steps"},
        ),
    ] = 100
    clip_norm: Annotated[
        float, Meta(title="Gradient clip", description="Largest norm of the gradient; 0 for none", ge=0.0, le=1e6)
    ] = 5.0
    ema: Annotated[
        float,
        Meta(
            title="Averaged weights",
            description="Decay of the moving average that pictures and exports use; 0 for none",
            ge=0.0,
            lt=1.0,
        ),
    ] = 0.999
    patience: Annotated[
        int,
        Meta(
            title="Patience",
            description="Stop, and go back to the best weights, after this many held-out measurements without a better one; "
            "0 never stops",
            ge=0,
            le=10_000,
            extra={"unit": "measurements"},
        ),
    ] = 0
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"],
        Meta(title="Device", description="Where it trains; auto takes a GPU if one is there"),
    ] = "auto"
    threads: Annotated[
        int,
        Meta(
            title="Threads",
            description="Of the CPU; 0 chooses one for small flows and leaves a core to the window",
            ge=0,
            le=256,
        ),
    ] = 0
