"""The flow of a project, made for its target: at step 0, and again after an edit with the modules that there are."""

from __future__ import annotations

import torch
from torch import Tensor

from ..flows import Flow, build
from ..pipeline import PipelineSpec, Project, Sentence, say
from ..targets import Density
from . import contexts
from .contexts import Batch
from .wardrobe import Wardrobe

INITIAL_POINTS, FITTING_POINTS = 2048, 20_000
"""Training points that layers are initialised from, and that a fitted base is fitted to."""
Standardization = tuple[Tensor, Tensor]


def built(project: Project, pipeline: PipelineSpec, target: Density, device: torch.device) -> Flow:
    """A new flow with the initial weights of the project's seed; nothing in it has seen data yet."""
    return build(pipeline, target.event_shape, project.seed, standardization=target.standardization, device=device)


def rebuild(
    flow: Flow,
    wardrobe: Wardrobe,
    project: Project,
    target: Density,
    standardization: Standardization | None,
    device: torch.device,
) -> tuple[Flow, list[Sentence]]:
    """The flow of the project's pipeline in place of `flow`, with every module that was ever met; what is made anew is said."""
    wanted = project.pipeline
    wardrobe.put(flow)
    lacking = wardrobe.lacks(wanted, flow.event_shape)
    said = [
        say(
            "Layer {number}, {title}, was made anew, since its weights have another form now; the others keep theirs.",
            number=number,
            title=layer.label or layer.title,
        )
        for number, layer in enumerate(wanted.layers, 1)
        if layer.uid in lacking and layer.uid in flow.layers and any(True for _ in flow.layers[layer.uid].parameters())
    ]
    previous = wardrobe.previous(wanted, flow)
    made = build(
        wanted,
        flow.event_shape,
        project.seed,
        previous=previous,
        standardization=standardization,
        device=device,
    ).eval()
    of_one_kind = type(wanted.base) is type(flow.spec.base)
    if made.base is not previous.base and of_one_kind and any(True for _ in made.base.parameters()):
        said.append(
            say(
                "The base, {title}, was made anew, since its weights have another form now; the layers keep theirs.",
                title=wanted.base.title,
            )
        )
    for _, layer in made.active:
        if layer.needs_data():
            layer.skip_initialization()
    if not made.initialized:
        made.initialize(*fitting_points(made, target))
    return made.train(), said


def put_back(flow: Flow, device: torch.device) -> None:
    """Undoes what a `rebuild` that failed has done to the modules that it had taken over from `flow`."""
    again = build(flow.spec, flow.event_shape, previous=flow, standardization=standardization_of(flow), device=device)
    again.train()
    flow.to(device).train()


def fitting_points(flow: Flow, target: Density) -> Batch:
    """What layers are initialised from, and the base is fitted to."""
    return contexts.train_points(target, flow.spec, FITTING_POINTS if flow.spec.base.fitted else INITIAL_POINTS)


def standardization_of(flow: Flow) -> Standardization | None:
    """The mean and the deviation that a flow begins with."""
    first = flow.preprocessing
    return None if first is None else (first.mean, first.std)


def same(a: Standardization | None, b: Standardization | None) -> bool:
    """Whether two standardisations are the same numbers in single precision."""
    if a is None or b is None:
        return a is b
    return all(torch.equal(one.float().cpu(), other.float().cpu()) for one, other in zip(a, b, strict=True))
