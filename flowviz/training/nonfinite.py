"""Which layer made the NaN: a walk along the offending batch, and what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from ..flows import PREPROCESSING, Flow, Standardize
from ..pipeline import Project, Sentence, Uniform, say
from ..pipeline.training import REVERSE_KL
from .contexts import Batch

if TYPE_CHECKING:
    from ..targets import Density

DATA, BASE = "data", "base"
"""What is named when it was no layer."""


class NonFinite(ValueError):  # noqa: N818
    """A loss or gradient that is NaN or infinite: one sentence, the uid of what made it, and a remedy."""

    def __init__(self, sentence: Sentence, uid: str, remedy: Sentence) -> None:
        super().__init__(sentence)
        self.sentence, self.uid, self.remedy = sentence, uid, remedy


class _Found(Exception):  # noqa: N818
    """Ends the walk at the first tensor that is not finite. Tensors are named in symbols, the same in every language."""

    def __init__(self, uid: str, tensor: str) -> None:
        super().__init__(uid, tensor)
        self.uid, self.tensor = uid, tensor


def diagnose(flow: Flow, target: Density, project: Project, batch: Batch, step: int, back: int) -> NonFinite:
    """The error to raise for `batch`, whose loss or gradient in step `step` was not finite.

    Walks the batch through the flow in the direction of the objective; the first state, log-determinant or log-density
    that is not finite names its layer, and a weight of that layer that is not finite is named before its outputs. When all
    of these are finite, the gradients are looked at in the order in which they arise, from the loss back; when only their
    sum of squares is too large, the largest is named. `back` is the step whose weights come back.
    """
    generative = project.training.objective == REVERSE_KL
    try:
        with torch.no_grad():
            if generative:
                _walk_generative(flow, target, batch)
            else:
                _walk_normalizing(flow, batch)
        found = _largest_gradient(flow, generative)
    except _Found as error:
        found = error
    sentence = _sentence(flow, found, generative, f"{step:,}", f"{back:,}")
    return NonFinite(sentence, found.uid, _remedy(flow, project, found.uid))


def _walk_normalizing(flow: Flow, batch: Batch) -> None:
    _demand(batch.points, DATA, "x")
    trace = flow.trace(*batch)
    for k, (uid, stage) in enumerate(flow.stages()):
        _check(stage, uid, "z", trace.states[k + 1], trace.log_dets[k])
        if uid in trace.left:
            _check(stage, uid, "ε", trace.left[uid], trace.log_dets[k])
    _check_base(flow, trace.latent, batch.context)


def _walk_generative(flow: Flow, target: Density, batch: Batch) -> None:
    _check_base(flow, batch.points, batch.context)
    trace = flow.trace_generate(*batch)
    stages = flow.stages()
    for k in reversed(range(len(stages))):
        _check(stages[k][1], stages[k][0], "x", trace.states[k], trace.log_dets[k])
    _demand(target.log_prob(trace.states[0]).sum(), DATA, "log p(x)")


def _check(stage: nn.Module, uid: str, name: str, state: Tensor, log_det: Tensor) -> None:
    if not bool(torch.isfinite(state).all()) or not bool(torch.isfinite(log_det).all()):
        _demand_parameters(stage, uid)
        _demand(state, uid, name)
        _demand(log_det, uid, "log|det J|")


def _check_base(flow: Flow, z: Tensor, context: Tensor | None) -> None:
    total = flow.latent_log_prob(z, context).sum()
    if not bool(torch.isfinite(total)):
        _demand_parameters(flow.base, BASE)
        _demand(total, BASE, "log p(z)")


def _demand_parameters(part: nn.Module, uid: str) -> None:
    for name, parameter in part.named_parameters():
        _demand(parameter, uid, name)


def _largest_gradient(flow: Flow, generative: bool) -> _Found:
    parts: list[tuple[str, nn.Module]] = [*flow.active, (BASE, flow.base)]
    largest, found = -1.0, _Found(BASE, "log p(z)")
    for uid, part in parts if generative else reversed(parts):
        for name, parameter in part.named_parameters():
            if parameter.grad is not None:
                norm = torch.linalg.vector_norm(parameter.grad)
                _demand(norm, uid, f"∂loss/∂{name}")
                if float(norm) > largest:
                    largest, found = float(norm), _Found(uid, f"∂loss/∂{name}")
    return found


def _demand(values: Tensor, uid: str, tensor: str) -> None:
    if not bool(torch.isfinite(values).all()):
        raise _Found(uid, tensor)


def _sentence(flow: Flow, found: _Found, generative: bool, step: str, back: str) -> Sentence:
    words = {"step": step, "tensor": found.tensor, "back": back}
    place = flow.spec.index(found.uid)
    if place is not None or found.uid == PREPROCESSING:
        layer = None if place is None else flow.spec.layers[place]
        title = Standardize.title if layer is None else layer.label or layer.title
        words |= {"title": title, "number": "0" if place is None else str(place + 1)}
        if generative:
            return say(
                "Step {step}: {tensor} of layer {number}, {title}, is not finite (generative direction, base to data). "
                "The weights of step {back} are back.",
                **words,
            )
        return say(
            "Step {step}: {tensor} of layer {number}, {title}, is not finite (normalizing direction, data to base). "
            "The weights of step {back} are back.",
            **words,
        )
    if found.uid == DATA:
        return say(
            "Step {step}: {tensor} of the target is not finite. The weights of step {back} are back.",
            **words,
        )
    if generative:
        return say(
            "Step {step}: {tensor} of the base is not finite (generative direction, base to data). "
            "The weights of step {back} are back.",
            **words,
        )
    return say(
        "Step {step}: {tensor} of the base is not finite (normalizing direction, data to base). "
        "The weights of step {back} are back.",
        **words,
    )


def _remedy(flow: Flow, project: Project, uid: str) -> Sentence:
    training, base = project.training, project.pipeline.base
    if uid == DATA:
        return say("Look at the target: it holds values that cannot be learnt from.")
    if uid == BASE and isinstance(base, Uniform):
        return say(
            "Some points fall outside the box of the uniform base, where the density is zero: widen it (half width now "
            "{width}), or choose a base with mass everywhere.",
            width=f"{base.half_width:g}",
        )
    place = flow.spec.index(uid)
    bound = None if place is None else getattr(flow.spec.layers[place], "log_scale_bound", None)
    rate = f"{training.learning_rate:g}"
    if not training.clip_norm:
        return say("Lower the learning rate (now {rate}), or clip the gradient, at 5 for instance.", rate=rate)
    if bound is not None:
        return say(
            "Lower the learning rate (now {rate}), or the log-scale bound of this layer (now {bound}).",
            rate=rate,
            bound=f"{bound:g}",
        )
    return say(
        "Lower the learning rate (now {rate}), or the gradient clip (now {clip}).",
        rate=rate,
        clip=f"{training.clip_norm:g}",
    )
