"""What a step makes small: the negative log-likelihood of samples, or the reverse KL divergence from the target."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ..flows import Flow
from ..pipeline import EventShape, PipelineSpec, Sentence, SpecError, say
from ..pipeline.training import MAXIMUM_LIKELIHOOD, REVERSE_KL
from . import contexts
from .contexts import Batch

if TYPE_CHECKING:
    from ..targets import Density

SEQUENTIAL = "sequential"
"""The cost of a layer's direction that goes number by number."""
Objective = Callable[[Flow, Tensor], Tensor]
"""(flow, batch) -> the loss, a scalar in nats."""


def negative_log_likelihood(flow: Flow, x: Tensor, context: Tensor | None = None) -> Tensor:
    """-mean_i log q(x_i) for x (B, *event), samples of the target: the cross-entropy H(p, q) = H(p) + KL(p || q).

    With a context (B, ...), -mean_i log q(x_i | c_i).
    """
    return -flow.log_prob(x, context).mean()


def reverse_kl(flow: Flow, z: Tensor, target: Density) -> Tensor:
    """KL(q || p) = E[log q(x) - log p(x)] with x = g(z), log q(x) = log base(z) - log|det dg/dz|, for z (B, ...) of the base.

    It seeks modes: it is small when the flow covers some of them well. z is drawn apart from the base's own parameters, so
    only the layers learn (Rezende, Mohamed 2015, arXiv 1505.05770, eq. 15).
    """
    with torch.no_grad():
        log_base = flow.latent_log_prob(z)
    x, log_det = flow.generate(z)
    return (log_base - log_det - target.log_prob(x)).mean()


def draw(flow: Flow, target: Density, objective: str, count: int, generator: torch.Generator) -> Batch:
    """The batch of one step: samples of the target with their contexts, or of the base for the reverse KL."""
    if objective == REVERSE_KL:
        with torch.no_grad():
            return Batch(flow.draw_latent(count, generator))
    return contexts.draw(target, flow.spec, count, generator)


def loss(flow: Flow, target: Density, objective: str, batch: Batch) -> Tensor:
    """The objective's value on its batch, a scalar in nats."""
    if objective == REVERSE_KL:
        return reverse_kl(flow, batch.points, target)
    return negative_log_likelihood(flow, batch.points, batch.context)


def trainable(flow: Flow, objective: str) -> list[nn.Parameter]:
    """The parameters that learn: of the active layers that are not frozen, and of the base under maximum likelihood."""
    parameters = used(flow)
    if objective == REVERSE_KL:
        base = {*flow.base.parameters()}
        parameters = [parameter for parameter in parameters if parameter not in base]
    return [parameter for parameter in parameters if parameter.requires_grad]


def used(flow: Flow) -> list[nn.Parameter]:
    """The parameters of the active layers and of the base."""
    parts: list[nn.Module] = [*(layer for _, layer in flow.active), flow.base]
    return [parameter for part in parts for parameter in part.parameters()]


def check(target: Density, objective: str, pipeline: PipelineSpec) -> None:
    """Raises SpecError when the target cannot serve the objective, or cannot give the pipeline's context.

    The reverse KL needs log p with a slope everywhere: where p is zero it is infinite for every flow, since a flow puts
    some mass everywhere, and a penalty in its place would have no slope to learn from. With a context it would need
    log p(x | c), which no target gives.
    """
    mismatch = contexts.problem(pipeline, target)
    if mismatch is not None:
        raise SpecError(mismatch.sentence)
    if objective != REVERSE_KL:
        return
    if contexts.conditional(pipeline):
        raise SpecError(
            say("Reverse KL cannot train a conditional density; use maximum likelihood, or make it unconditional.")
        )
    if not target.has_log_prob:
        raise SpecError(
            say(
                "Reverse KL needs the target's log-density, and that of '{target}' is not known; use maximum likelihood.",
                target=target.title,
            )
        )
    if not _everywhere(target):
        raise SpecError(
            say(
                "Reverse KL is infinite for '{target}', whose density is zero in places, whatever the flow; "
                "use maximum likelihood.",
                target=target.title,
            )
        )


def _everywhere(target: Density) -> bool:
    """Whether log p is finite over twice the data's range, and depends on x."""
    points = target.held_out(256)
    middle = points.mean(0)
    reach = 2.0 * (points - middle).abs().amax(0)
    spread = torch.rand(1024, *points.shape[1:], generator=torch.Generator().manual_seed(0)).to(points) * 2.0 - 1.0
    x = torch.cat((points, middle + reach * spread)).requires_grad_()
    with torch.enable_grad():
        log_p = target.log_prob(x)
        return log_p.requires_grad and bool(torch.isfinite(log_p).all())


def cost(pipeline: PipelineSpec, event_shape: EventShape, objective: str) -> Sentence | None:
    """What is to be known before training: that a step needs D passes, one after another. None where it does not."""
    active = [layer for layer in pipeline.layers if not layer.bypass]
    count = math.prod(event_shape)
    if count <= 2:
        return None
    if objective == MAXIMUM_LIKELIHOOD and any(layer.normalize_cost == SEQUENTIAL for layer in active):
        return say(
            "This pipeline needs {count} passes a step under maximum likelihood; reverse KL or a teacher needs one.",
            count=count,
        )
    if objective == REVERSE_KL and any(layer.generate_cost == SEQUENTIAL for layer in active):
        return say(
            "This pipeline needs {count} passes a step under reverse KL; maximum likelihood needs one.", count=count
        )
    return None
