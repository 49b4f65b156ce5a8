"""The step loop: it yields after every step, never sleeps and never prints; everything may change between two steps."""

from __future__ import annotations

import contextlib
import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec
import torch
from torch import Tensor, nn

from ..flows import Flow
from ..pipeline import Project, Sentence, SpecError, in_words, problems, say
from ..targets import Density
from . import contexts, objectives
from .building import built, fitting_points, put_back, rebuild, same, standardization_of
from .contexts import Batch
from .devices import choose_device, choose_threads
from .evaluation import Evaluation, mean_nll
from .history import History
from .nonfinite import diagnose
from .optimization import Learnt, Optimization, restarted
from .parking import Parked, ParkingLot
from .patience import Best, Patience
from .schedule import learning_rate
from .snapshot import Snapshot
from .teacher import load_target
from .wardrobe import Wardrobe

if TYPE_CHECKING:
    from .checkpoint import Checkpoint

HELD_OUT, HELD_OUT_NUMBERS, FEWEST_HELD_OUT = 4096, 1 << 17, 256
"""Held-out points that the flow is judged by: fewer where they are large, so that no more numbers are read than these."""
HELD_OUT_EVERY = 100
"""Steps between two measurements."""
CHECK_EVERY = 16
"""On a GPU, steps between two looks at the losses: each look waits for the device."""
REMEMBER_EVERY = 100
"""Steps between two snapshots of weights that are known to be good."""


@dataclass(frozen=True)
class StepResult:
    """One step. `loss` in nats; `gradient_norm` before clipping. On a GPU both are those last read, some steps old."""

    step: int
    loss: float
    gradient_norm: float
    learning_rate: float


class Trainer:
    """Trains the flow of a project on its target.

    `device` and `threads` stand in for those of the project's settings. Raises SpecError, one sentence, when pipeline,
    target, objective or device cannot be used.
    """

    project: Project
    target: Density
    device: torch.device
    threads: int
    flow: Flow
    step: int
    generator: torch.Generator
    optimization: Optimization

    def __init__(self, project: Project, *, device: str | None = None, threads: int | None = None) -> None:
        self._device_name, self._wanted_threads = device, threads
        self._parked = ParkingLot()
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
        trainer._device_name, trainer._wanted_threads, trainer._parked = device, threads, ParkingLot()
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
        self.project, self.target, self.device, self.flow = project, target, device, flow.train()
        self._history, self.step = history, 0
        self.generator = torch.Generator(device).manual_seed(project.seed)
        self._wardrobe = Wardrobe()
        self._patience = Patience()
        self._remarks: list[Sentence] = []
        self._pending: list[tuple[Tensor, Tensor]] = []
        self._last = (math.nan, math.nan)
        self._check_every = 1 if device.type == "cpu" else CHECK_EVERY
        self._good_loss = math.inf
        self._lay_out({})
        self._good = self.snapshot()

    def _lay_out(self, learnt: dict[nn.Parameter, Learnt]) -> None:
        """Makes the optimiser for the parameters that learn now, with what is known of them."""
        training = self.project.training
        learning = objectives.trainable(self.flow, training.objective)
        frozen = {*objectives.used(self.flow)} - {*learning}
        for parameter in frozen & learnt.keys():
            learnt[parameter] = replace(learnt[parameter], average=None, average_age=0)
        self.optimization = Optimization(learning, training, learnt)
        self._evaluation: Evaluation | None = None
        self._choose_threads()

    def _choose_threads(self) -> None:
        training = self.project.training
        wanted = training.threads if self._wanted_threads is None else self._wanted_threads
        self.threads = choose_threads(wanted, self.parameters * training.batch_size)
        if torch.get_num_threads() != self.threads:
            torch.set_num_threads(self.threads)

    # ---- what there is ----

    @property
    def history(self) -> History:
        """The losses so far; on a GPU this waits for the device."""
        self._read()
        return self._history

    @property
    def parameters(self) -> int:
        """How many numbers are learnt."""
        return sum(parameter.numel() for parameter in objectives.trainable(self.flow, self.project.training.objective))

    @property
    def idle(self) -> Sentence | None:
        """Why there is nothing to train, or None."""
        if self.optimization.chunks:
            return None
        if any(True for _, layer in self.flow.active for _ in layer.parameters()):
            return say("There is nothing to train: every layer is frozen.")
        if self.flow.spec.base.fitted:
            return say("There is nothing to train: the base was fitted to the data at once.")
        return say("There is nothing to train: no layer has weights.")

    @property
    def averaged(self) -> bool:
        """Whether the evaluation weights are averaged ones."""
        return self.project.training.ema > 0 and any(chunk.average_age for chunk in self.optimization.chunks)

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end: that of the schedule, or of the patience."""
        return self.step >= self.project.training.steps or self._patience.stopped

    @property
    def stopped(self) -> bool:
        """Whether the patience has ended the run, with the best weights back."""
        return self._patience.stopped

    @property
    def best(self) -> Best | None:
        """The best weights so far, kept while the settings have a patience."""
        return self._patience.best

    def remarks(self) -> list[Sentence]:
        """What training has had to say since the last time."""
        said, self._remarks = self._remarks, []
        return said

    def evaluation_flow(self) -> Flow:
        """The flow with the evaluation weights of now: averaged where `ema` is on. One module, refreshed by each call."""
        if self._evaluation is None:
            self._evaluation = Evaluation(self.flow, self.optimization)
        return self._evaluation.refresh(averaged=self.averaged)

    def held_out_nll(self) -> float:
        """-mean log p over the held-out points with the evaluation weights, nats, data units; NaN without such points."""
        flow = self.evaluation_flow()
        count = max(FEWEST_HELD_OUT, min(HELD_OUT, HELD_OUT_NUMBERS // math.prod(flow.event_shape)))
        return mean_nll(flow, contexts.held_out(self.target, flow.spec, count))

    # ---- training ----

    def run(self, steps: int | None = None) -> Iterator[StepResult]:
        """`steps` more steps, one for each `next`; None: to the end of the schedule. None at all where `idle` says why.

        Where the settings have a patience, it may end sooner, with the best weights back; `remarks` then says so.
        Raises NonFinite, with the last good weights back in place, when a loss or gradient is not finite.
        """
        if not self._history.measured:
            self._measure()
        if self.idle is not None:
            return
        self._patience.again()
        done = 0
        while self.step < self.project.training.steps if steps is None else done < steps:
            result = self._advance()
            done += 1
            if self._patience.over(self.project.training.patience):
                self._go_back()
            yield result
            if self._patience.stopped:
                return

    def _advance(self) -> StepResult:
        training, optimization = self.project.training, self.optimization
        rate = learning_rate(training, self.step)
        batch = objectives.draw(self.flow, self.target, training.objective, training.batch_size, self.generator)
        optimization.zero_gradient()
        loss = objectives.loss(self.flow, self.target, training.objective, batch)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = optimization.gradient_norm()
        self._pending.append((loss.detach(), norm))
        if len(self._pending) >= self._check_every and not self._read():
            return self._fail(batch)
        if training.clip_norm:
            optimization.clip(norm if self._pending else self._last[1], training.clip_norm)
        optimization.step(training, rate)
        self.step += 1
        if self.step % HELD_OUT_EVERY == 0 or self.step == training.steps:
            self._measure()
        if self.step % REMEMBER_EVERY == 0 and self._healthy():
            self._good = self.snapshot()
        return StepResult(self.step, *self._last, rate)

    def _measure(self) -> None:
        nll = self.held_out_nll()
        if math.isfinite(nll):
            self._history.add_held_out(self.step, nll)
        if self.project.training.patience:
            self._patience.measured(nll, self.step, self.evaluation_flow())

    def _go_back(self) -> None:
        """Training has gone on in vain: the best weights are back, with new moments; the step and the losses stay."""
        best = self._patience.best
        assert best is not None
        self._read()
        at = {name: tensor.to(self.device) for name, tensor in best.model.items()}
        self.restore(Snapshot(at, {}, self.optimization.kind, self.step, self.generator.get_state()))
        self._history.add_held_out(self.step, best.nll)
        self._remarks.append(self._patience.stop(self.project.training.patience, self.step))

    def _read(self) -> bool:
        """Takes the losses that nobody looked at yet into the history; False when one is not finite."""
        if len(self._pending) == 1:
            (loss, norm) = self._pending[0]
            pairs = [(loss.item(), norm.item())]
        elif self._pending:
            pairs = torch.stack([torch.stack(pair) for pair in self._pending]).tolist()
        else:
            return True
        if not all(math.isfinite(loss) and math.isfinite(norm) for loss, norm in pairs):
            return False
        self._pending.clear()
        self._history.add(loss for loss, _ in pairs)
        self._last = (pairs[-1][0], pairs[-1][1])
        return True

    def _fail(self, batch: Batch) -> StepResult:
        """Goes back to the last good weights and raises NonFinite. A failure that was noticed late is first met again."""
        if self._check_every == 1:
            error = diagnose(self.flow, self.target, self.project, batch, self.step + 1, self._good.step)
            self.restore(self._good)
            raise error
        every, end = self._check_every, self.step + 1
        self._check_every = 1
        try:
            self.restore(self._good)
            result = self._advance()
            while self.step < end:
                result = self._advance()
        finally:
            self._check_every = every
        return result

    # ---- good weights ----

    def _healthy(self) -> bool:
        """Whether the losses since the last look don't climb: weights on their way to infinity are finite, too."""
        if not self._read():
            return False
        recent = self._history.since(self.step - REMEMBER_EVERY)
        mean = float(recent.mean()) if len(recent) else math.inf
        if mean > self._good_loss + max(1.0, 0.5 * abs(self._good_loss)):
            return False
        self._good_loss = mean
        return True

    def snapshot(self) -> Snapshot:
        """A copy of all that training goes on from."""
        known = self.optimization.learnt()
        return Snapshot(
            model={name: tensor.clone() for name, tensor in self.flow.state_dict().items()},
            learnt={name: known[p].clone() for name, p in self.flow.named_parameters() if p in known},
            optimizer=self.optimization.kind,
            step=self.step,
            rng=self.generator.get_state(),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Goes on from a snapshot of the same pipeline; raises ValueError when the pipeline is another."""
        parameters = dict(self.flow.named_parameters())
        fits = self.flow.state_dict().keys() == snapshot.model.keys()
        if not fits or any(snapshot.model[name].shape != p.shape for name, p in parameters.items()):
            raise ValueError(say("the snapshot was taken of another pipeline"))
        self.flow.load_state_dict(snapshot.model)
        learnt = {p: of for p, of in self.optimization.learnt().items() if p not in set(parameters.values())}
        learnt |= {parameters[name]: of for name, of in snapshot.learnt.items()}
        self._pending.clear()
        self._history.cut(snapshot.step)
        self.step = snapshot.step
        self._set_rng(snapshot.rng)
        self._lay_out(learnt if snapshot.optimizer == self.project.training.optimizer else restarted(learnt))
        self._good, self._good_loss = snapshot, math.inf

    def _set_rng(self, state: Tensor | None) -> None:
        """Without a state, or with that of another kind of device, the draws are those of the seed and the step."""
        self.generator.manual_seed(seed_at(self.project.seed, self.step))
        if state is not None:
            with contextlib.suppress(RuntimeError):
                self.generator.set_state(state)

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
        self.device = device
        self.flow.to(device)
        self._wardrobe.to(device)
        self._check_every = 1 if device.type == "cpu" else CHECK_EVERY
        self.generator = torch.Generator(device).manual_seed(seed_at(self.project.seed, self.step))


def seed_at(seed: int, step: int) -> int:
    """Of the draws from `step` on; mixed into 32 bits, since torch's generator on the CPU reads no more of a seed."""
    return (seed + step * 2_654_435_761) % 2**32
