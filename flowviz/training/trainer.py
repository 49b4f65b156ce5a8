"""Training of a project that changes: everything may change between two steps."""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import msgspec
import torch

from ..flows import Flow
from ..pipeline import Project, Sentence, SpecError, in_words, problems, say
from ..targets import Density
from . import objectives
from .building import built, fitting_points, put_back, rebuild, same, standardization_of
from .devices import choose_device
from .history import History
from .optimization import restarted
from .parking import Parked, ParkingLot
from .patience import Patience
from .run import HELD_OUT_EVERY, Run, StepResult, seed_at
from .teacher import load_target
from .wardrobe import Wardrobe

if TYPE_CHECKING:
    from .checkpoint import Checkpoint

__all__ = ["HELD_OUT_EVERY", "StepResult", "Trainer"]


class Trainer(Run):
    """Trains the flow of a project on its target.

    `device` and `threads` stand in for those of the project's settings. Raises SpecError, one sentence, when pipeline,
    target, objective or device cannot be used.
    """

    def __init__(self, project: Project, *, device: str | None = None, threads: int | None = None) -> None:
        super().__init__(threads)
        self._device_name, self._parked = device, ParkingLot()
        where = choose_device(device or project.training.device)
        self._begin(project, load_target(project.target, device=str(where), seed=project.seed), where)

    @classmethod
    def from_checkpoint(
        cls,
        checkpoint: Checkpoint,
        project: Project | None = None,
        *,
        device: str | None = None,
        threads: int | None = None,
    ) -> Trainer:
        """Goes on from a file: weights, moments, averages, step, history and random state.

        `project` stands in for the file's (another target, when the file's own is gone). The trainer's project has the
        pipeline that the weights belong to; `update` takes it to another. Raises SpecError.
        """
        wanted = msgspec.structs.replace(project or checkpoint.project, pipeline=checkpoint.pipeline)
        trainer = cls.__new__(cls)
        Run.__init__(trainer, threads)
        trainer._device_name, trainer._parked = device, ParkingLot()
        where = choose_device(device or wanted.training.device)
        target = load_target(wanted.target, device=str(where), seed=wanted.seed)
        if target.event_shape != checkpoint.event_shape:
            raise SpecError(
                say(
                    "{file} was trained on data of shape {flow}; that of '{target}' has shape {data}.",
                    file=checkpoint.path.name,
                    flow=in_words(checkpoint.event_shape),
                    target=target.title,
                    data=in_words(target.event_shape),
                )
            )
        objectives.check(target, wanted.training.objective, wanted.pipeline)
        flow = checkpoint.flow(where, evaluation=False)
        trainer._start(wanted, target, where, flow, copy.deepcopy(checkpoint.history))
        trainer.restore(checkpoint.snapshot)
        trainer._patience = Patience(checkpoint.best, stopped=checkpoint.stopped)
        return trainer

    def _begin(self, project: Project, target: Density, device: torch.device) -> None:
        """Step 0: the initial weights of the project's seed, initialised and fitted from training points, once."""
        objectives.check(target, project.training.objective, project.pipeline)
        flow = built(project, project.pipeline, target, device).eval()
        flow.initialize(*fitting_points(flow, target))
        self._start(project, target, device, flow, History())

    def _start(self, project: Project, target: Density, device: torch.device, flow: Flow, history: History) -> None:
        self._wardrobe = Wardrobe()
        super()._start(project, target, device, flow, history)

    # ---- changes ----

    def reset(self) -> None:
        """Step 0 again, with the initial weights of the project's seed: bit for bit the same for the same seed."""
        target = load_target(self.project.target, device=str(self.device), seed=self.project.seed)
        self._begin(self.project, target, self.device)

    def update(self, project: Project) -> list[Sentence]:
        """The project is this now: edits the run in place, between two steps; the same project again changes nothing.

        Layers whose uid and architecture stay keep weights, moments and averages; new ones start as the identity; those
        taken out are remembered, and come back as they were. Settings need no restart; another kind of optimiser starts
        new moments. Before the first step, everything is made anew. A new seed counts from the next reset on.
        Returns what is worth saying. Raises SpecError, with nothing changed, when the project cannot be used.
        """
        old = self.project
        if project == old:
            return []
        device = choose_device(self._device_name or project.training.device)
        again = project.target != old.target or device != self.device or (self.step == 0 and project.seed != old.seed)
        target = load_target(project.target, device=str(device), seed=project.seed) if again else self.target
        conditioned = project.pipeline.context != old.pipeline.context
        if again or conditioned or project.training.objective != old.training.objective:
            objectives.check(target, project.training.objective, project.pipeline)
        for problem in problems(project.pipeline, target.event_shape):
            raise SpecError(problem.sentence)
        if target.event_shape != self.target.event_shape:
            return self._change_shape(project, target, device)
        if self.step == 0 and (again or project.pipeline != old.pipeline):
            self._begin(project, target, device)
            return []
        said = self._edit(project, target, device)
        if project.seed != old.seed and self.step:
            said.append(say("The new seed counts from the next reset on."))
        return said

    def _change_shape(self, project: Project, target: Density, device: torch.device) -> list[Sentence]:
        """No weight fits data of another shape. The run is kept aside, and taken up when its shape comes back."""
        before, now = self.target.event_shape, target.event_shape
        run = Parked(self.project.pipeline, self.snapshot(), self.history) if self.step else None
        said = []
        kept = self._parked.fetch(now)
        if kept is not None:
            # Starting puts new things in the place of these, and changes none of them.
            all_there_was = dict(self.__dict__)
            try:
                flow = built(project, kept.pipeline, target, device)
                self._start(project, target, device, flow, kept.history)
                self.restore(kept.snapshot)
                said = [
                    say("The weights of step {step}, learnt on data of this shape, are back.", step=f"{self.step:,}")
                ]
                said += self._edit(project, target, device)
            except SpecError:
                self.__dict__.update(all_there_was)
                self._choose_threads()
                self._parked.leave(now, kept)
                raise
        else:
            self._begin(project, target, device)
        if run is not None:
            self._parked.leave(before, run)
            if not said:
                said = [
                    say(
                        "The data has shape {now} instead of {before}: every weight was made anew, at step 0.",
                        now=in_words(now),
                        before=in_words(before),
                    )
                ]
        return said

    def _edit(self, project: Project, target: Density, device: torch.device) -> list[Sentence]:
        """Everything that may change while the weights stay. Raises SpecError, with nothing changed, when the data cannot
        be taken by what is new; `update` has looked for everything else."""
        if not self._read():
            # Steps that nobody looked at yet went wrong: what is edited, and kept as good, are the last good weights.
            self.restore(self._good)
        said: list[Sentence] = []
        moved, other_target = device != self.device, target is not self.target
        other_objective = project.training.objective != self.project.training.objective
        other_kind = project.training.optimizer != self.optimization.kind
        before, generator = self.device, self.generator
        learnt = self.optimization.learnt()
        if moved:
            self._move(device)
            said.append(
                say("Training goes on at '{device}'; the data's random numbers start anew there.", device=device)
            )
        standardization = target.standardization if other_target else standardization_of(self.flow)
        rebuilt = self.flow.spec != project.pipeline or not same(standardization, standardization_of(self.flow))
        if rebuilt:
            try:
                flow, anew = rebuild(self.flow, self._wardrobe, project, target, standardization, device)
            except SpecError:
                if moved:
                    self._move(before)
                    self.generator = generator
                put_back(self.flow, before)
                raise
            self.flow = flow
            said += anew
        self.project, self.target = project, target
        fixed_base = self.flow.spec.base.fitted and not any(p.requires_grad for p in self.flow.base.parameters())
        if other_target and fixed_base:
            self.flow.eval().fit_base(*fitting_points(self.flow, target))
            self.flow.train()
        if other_kind:
            learnt = restarted(learnt)
            if self.step:
                said.append(say("The new optimiser starts with empty moments; the weights stay."))
        if moved or rebuilt or other_objective or other_kind or (other_target and fixed_base):
            self._lay_out(learnt)
        if other_target:
            self.optimization.shorten_average()
        if rebuilt or other_target or other_objective:
            self._patience = Patience()
        if rebuilt or self._healthy():
            self._good = self.snapshot()
        if other_target or other_objective:
            self._good_loss = math.inf
        self._choose_threads()
        return said

    def _move(self, device: torch.device) -> None:
        self._read()
        self.flow.to(device)
        self._wardrobe.to(device)
        self._settle(device, seed_at(self.project.seed, self.step))
