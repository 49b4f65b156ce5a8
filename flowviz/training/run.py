"""The step loop of one project: it yields after every step, never sleeps and never prints."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from ..flows import Flow
from ..pipeline import Project, Sentence, say
from ..targets import Density
from . import contexts, objectives
from .contexts import Batch
from .evaluation import Evaluation, mean_nll
from .graphs import Captured, Steps
from .history import History
from .noise import noise_of
from .nonfinite import NonFinite, diagnose
from .optimization import Learnt, Optimization, restarted
from .patience import Best, Patience
from .program import Parts, Program
from .readings import Readings
from .schedule import learning_rate
from .snapshot import Snapshot
from .threads import Threads

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


class Run:
    """A flow, what it learns from, and all that its steps go on from. What a trainer is, but for changes of the project."""

    project: Project
    target: Density
    device: torch.device
    threads: int
    flow: Flow
    step: int
    generator: torch.Generator
    optimization: Optimization

    def __init__(self, threads: int | None = None) -> None:
        self._wanted_threads, self._threads = threads, Threads()

    def _start(self, project: Project, target: Density, device: torch.device, flow: Flow, history: History) -> None:
        self.project, self.target, self.flow = project, target, flow.train()
        self._history, self.step = history, 0
        self._patience = Patience()
        self._remarks: list[Sentence] = []
        self._last = (math.nan, math.nan)
        self._good_loss = math.inf
        self._settle(device, project.seed)
        self._lay_out({})
        self._good = self.snapshot()

    def _settle(self, device: torch.device, seed: int) -> None:
        """Makes what lives on the device beside the flow."""
        self.device = device
        self.generator = torch.Generator(device).manual_seed(seed)
        self._check_every = 1 if device.type == "cpu" else CHECK_EVERY
        self._readings = Readings(CHECK_EVERY, device)

    def _lay_out(self, learnt: dict[nn.Parameter, Learnt]) -> None:
        """Makes the optimiser for the parameters that learn now, with what is known of them."""
        training = self.project.training
        learning = objectives.trainable(self.flow, training.objective)
        frozen = {*objectives.used(self.flow)} - {*learning}
        for parameter in frozen & learnt.keys():
            learnt[parameter] = replace(learnt[parameter], average=None, average_age=0)
        self._steps: Steps | None = None
        self.optimization = Optimization(learning, training, learnt, static=self.device.type == "cuda")
        self._evaluation: Evaluation | None = None
        self._choose_threads()

    def _choose_threads(self) -> None:
        training = self.project.training
        wanted = training.threads if self._wanted_threads is None else self._wanted_threads
        self.threads = self._threads.choose(wanted, self.flow, self.target, training)
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
        remark = None if self._steps is None else self._steps.take_remark()
        return said if remark is None else [*said, remark]

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
        training = self.project.training
        rate = learning_rate(training, self.step)
        steps = self._steps_of_now()
        noise = noise_of(seed_at(self.project.seed, self.step), self.device)
        if self._check_every == 1:
            steps.program.fetch()
            with noise:
                loss, norm = steps.program.differentiate()
            if not self._take([(loss.item(), norm.item())]):
                raise self._failure(steps.program.batch)
            self.optimization.turn(training, rate)
            # On a GPU a number of the host's would be rounded otherwise than a replay does it.
            steps.program.apply(self._last[1] if self.device.type == "cpu" else norm)
        else:
            self.optimization.turn(training, rate)
            with noise:
                steps.run()
            self._readings.count()
        self.step += 1
        if self._readings.unread >= self._check_every and not self._read():
            return self._fail_again()
        if self.step % HELD_OUT_EVERY == 0 or self.step == training.steps:
            self._measure()
        if self.step % REMEMBER_EVERY == 0 and self._healthy():
            self._good = self.snapshot()
        return StepResult(self.step, *self._last, rate)

    def _steps_of_now(self) -> Steps:
        """The steps of the program that there is now: another one after an edit that changes what a step computes."""
        parts = Parts(self.flow, self.target, self.project.training, self.optimization, self.generator, self._readings)
        if self._steps is None or not self._steps.program.parts.same_step(parts):
            # The graph of the old one goes first, and its memory with it.
            self._steps = None
            self._steps = Steps(Program(parts), Captured if self.device.type == "cuda" else None)
        return self._steps

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
        if not self._take(self._readings.unread_pairs()):
            return False
        self._readings.taken()
        return True

    def _take(self, pairs: list[tuple[float, float]]) -> bool:
        if not all(math.isfinite(loss) and math.isfinite(norm) for loss, norm in pairs):
            return False
        if pairs:
            self._history.add(loss for loss, _ in pairs)
            self._last = pairs[-1]
        return True

    def _failure(self, batch: Batch | None) -> NonFinite:
        """Goes back to the last good weights; what was wrong with the step on this batch."""
        assert batch is not None
        error = diagnose(self.flow, self.target, self.project, batch, self.step + 1, self._good.step)
        self.restore(self._good)
        return error

    def _fail_again(self) -> StepResult:
        """A failure that was noticed late is met again from the last good weights on, with a look at every step."""
        every, end = self._check_every, self.step
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
        """A copy of all that training goes on from: where steps that nobody looked at yet went wrong, the last good one."""
        if not self._read():
            return self._good
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
        self._readings.taken()
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


def seed_at(seed: int, step: int) -> int:
    """Of the draws from `step` on; mixed into 32 bits, since torch's generator on the CPU reads no more of a seed."""
    return (seed + step * 2_654_435_761) % 2**32
