"""Steps on a device that has no numbers: it refuses to be asked for one, and to compute with tensors of the CPU."""

from __future__ import annotations

import pytest
import torch

from flowviz.pipeline import LAYERS, NAMED, ElementwiseAffine, NamedTarget, PipelineSpec, Project, preset, problems
from flowviz.targets import load
from flowviz.targets.density import FormulaDensity
from flowviz.training import Trainer

from .programs import STEPS, program
from .projects import with_training

ELSEWHERE = torch.device("meta")


def alone(kind: str, target: str) -> Project:
    """A layer of this kind, and one behind it that has something to learn in any case."""
    layers = (LAYERS[kind](uid="layer"), ElementwiseAffine(uid="end"))
    return Project(pipeline=PipelineSpec(layers=layers), target=NamedTarget(name=target))


PROJECTS = {
    f"{kind} of {target}": alone(kind, target)
    for kind in LAYERS
    for target in ("eight_gaussians", "sine_mixture")
    if not problems(alone(kind, target).pipeline, NAMED[target].event_shape)
}
PROJECTS |= {name: project for name, project in STEPS.items() if name != "pictures"}
PROJECTS["wavenet"] = preset("wavenet").project(target=NamedTarget(name="ar_process"))


@pytest.mark.parametrize("name", PROJECTS)
def test_a_step_computes_where_the_flow_lives(name: str) -> None:
    trainer = Trainer(with_training(PROJECTS[name], batch_size=4))
    assert isinstance(trainer.target, FormulaDensity)
    trainer.flow.to(ELSEWHERE)
    trainer.target._formula.to(ELSEWHERE)
    trainer.device, trainer.generator = ELSEWHERE, None  # type: ignore[assignment]
    made = program(trainer, static=True)
    # All but the kernel of the optimiser, which torch does not have there.
    made.fetch()
    loss, norm = made.differentiate()
    made.readings.add(loss, norm)
    made.optimization.clip(norm)
    assert loss.device == norm.device == ELSEWHERE
    assert made.batch is not None
    assert made.batch.points.device == ELSEWHERE
    assert all(parameter.grad is None or parameter.grad.device == ELSEWHERE for parameter in made.flow.parameters())


@pytest.mark.parametrize("name", NAMED)
def test_a_target_is_drawn_where_it_lives(name: str) -> None:
    target = load(NamedTarget(name=name))
    if not (isinstance(target, FormulaDensity) and target.capturable):
        pytest.skip("it is drawn with the help of the CPU")
    target._formula.to(ELSEWHERE)
    assert target.sample(4).device == ELSEWHERE
    if target.context.kind != "none":
        assert all(part.device == ELSEWHERE for part in target.sample_with_context(4))
