"""What a step makes small: the negative log-likelihood of samples, or the reverse KL divergence from the target."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ..flows import Flow
from ..pipeline import SpecError, say
from ..pipeline.training import REVERSE_KL

if TYPE_CHECKING:
    from ..targets import Density

Objective = Callable[[Flow, Tensor], Tensor]
"""(flow, batch) -> the loss, a scalar in nats."""


def negative_log_likelihood(flow: Flow, x: Tensor) -> Tensor:
    """-mean_i log q(x_i) for x (B, D), samples of the target: the cross-entropy H(p, q) = H(p) + KL(p || q)."""
    return -flow.log_prob(x).mean()


def reverse_kl(flow: Flow, z: Tensor, target: Density) -> Tensor:
    """KL(q || p) = E[log q(x) - log p(x)] with x = g(z), log q(x) = log base(z) - log|det dg/dz|, for z (B, D) of the base.

    It seeks modes: it is small when the flow covers some of them well. z is drawn apart from the base's own parameters, so
    only the layers learn (Rezende, Mohamed 2015, arXiv 1505.05770, eq. 15).
    """
    with torch.no_grad():
        log_base = flow.latent_log_prob(z)
    x, log_det = flow.generate(z)
    return (log_base - log_det - target.log_prob(x)).mean()


def draw(flow: Flow, target: Density, objective: str, count: int, generator: torch.Generator) -> Tensor:
    """The batch of one step: samples of the target, or of the base for the reverse KL; (count, D)."""
    if objective == REVERSE_KL:
        with torch.no_grad():
            return flow.draw_latent(count, generator)
    return target.sample(count, generator)


def loss(flow: Flow, target: Density, objective: str, batch: Tensor) -> Tensor:
    """The objective's value on its batch, a scalar in nats."""
    return reverse_kl(flow, batch, target) if objective == REVERSE_KL else negative_log_likelihood(flow, batch)


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


def check(target: Density, objective: str) -> None:
    """Raises SpecError when the target cannot serve the objective.

    The reverse KL needs log p with a slope everywhere: where p is zero it is infinite for every flow, since a flow puts
    some mass everywhere, and a penalty in its place would have no slope to learn from.
    """
    if objective != REVERSE_KL:
        return
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
    spread = torch.rand(1024, points.shape[1], generator=torch.Generator().manual_seed(0)).to(points) * 2.0 - 1.0
    x = torch.cat((points, middle + reach * spread)).requires_grad_()
    with torch.enable_grad():
        log_p = target.log_prob(x)
        return log_p.requires_grad and bool(torch.isfinite(log_p).all())
