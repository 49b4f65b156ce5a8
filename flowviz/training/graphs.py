"""Steps as CUDA graphs: once a program has stayed the same for a while, a step is one launch in place of hundreds.

A flow's layers are small, and a GPU that is handed their operations one by one waits for Python most of the time. A
captured step computes the very same numbers as one run operation by operation: the kernels are the same, and the generator
goes on from the same state. After every edit steps run one by one again, until the program has been quiet for `QUIET` steps;
so the dragging of a slider captures nothing.
"""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch

from ..pipeline import Sentence, say
from .program import Program

QUIET = 16
"""Steps that run one by one before a program is captured; the last of them is watched."""
Replay = Callable[[], None]
Capture = Callable[[Program], Replay]
"""Makes a replay of a program; raises RuntimeError where it cannot."""
Watch = Callable[[Program], bool]
"""Runs a program once; tells whether the host had to wait for the device on the way."""


class Steps:
    """The steps of one program: one by one, then, where `capture` is given, as replays.

    A program that makes the host wait for the device (a solver with adaptive steps, a root search) stays as it is, and so
    does one that cannot be captured for another reason. `remark`, taken once, says what has been found.
    """

    def __init__(self, program: Program, capture: Capture | None = None, watch: Watch | None = None) -> None:
        self.program = program
        self._capture, self._watch = capture, watch or waits
        self._quiet = 0
        self._replay: Replay | None = None
        self._remark: Sentence | None = None

    @property
    def replayed(self) -> bool:
        """Whether the next step is a replay."""
        return self._replay is not None

    def run(self) -> None:
        """One step."""
        self.program.fetch()
        if self._replay is not None:
            self._replay()
        elif self._capture is None:
            self.program.run()
        else:
            self._one_by_one(self._capture)

    def take_remark(self) -> Sentence | None:
        said, self._remark = self._remark, None
        return said

    def _one_by_one(self, capture: Capture) -> None:
        self._quiet += 1
        if self._quiet < QUIET:
            self.program.run()
        elif self._quiet == QUIET:
            if self._watch(self.program):
                self._stay(say("This flow's steps ask the GPU for numbers on their way, so they are not replayed."))
        else:
            try:
                self._replay = capture(self.program)
            except RuntimeError as error:
                self._stay(say("Training steps cannot be replayed as a CUDA graph: {reason}", reason=first_line(error)))
                self.program.run()
                return
            self._remark = say("Training steps are replayed as a CUDA graph.")
            self._replay()

    def _stay(self, why: Sentence) -> None:
        self._capture, self._remark = None, why


def first_line(error: BaseException) -> str:
    """What CUDA says goes on for many lines."""
    return str(error).strip().partition("\n")[0]


def waits(program: Program) -> bool:
    """Runs the program once on a GPU; whether anything in it waited for the device, which a capture would not survive."""
    before = torch.cuda.get_sync_debug_mode()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # Setting it warns, too: it says that it may miss some.
        torch.cuda.set_sync_debug_mode("warn")
        try:
            program.run()
        finally:
            torch.cuda.set_sync_debug_mode(before)
    return any("called a synchronizing CUDA operation" in str(warning.message) for warning in caught)


class Captured:
    """A program as a CUDA graph, with memory of its own; a call replays it. Making one runs no step.

    Raises RuntimeError when something in the program cannot be captured; the generators are sound then, too.
    """

    def __init__(self, program: Program) -> None:
        device = program.flow.like.device
        self._graph = torch.cuda.CUDAGraph()
        # The graph's memory goes back with it: nothing may be under way there then.
        weakref.finalize(self, torch.cuda.synchronize, device).atexit = False
        with warnings.catch_warnings():
            # Where torch finds the generators of a capture by itself, it says that nobody need name them.
            warnings.simplefilter("ignore")
            self._graph.register_generator_state(program.generator)
        own = torch.cuda.default_generators[device.index or 0]
        with (
            _kept_sound(program.generator, own),
            torch.cuda.device(device),
            # Other threads of the engine may use the device meanwhile.
            torch.cuda.graph(self._graph, capture_error_mode="thread_local"),
        ):
            program.run()

    def __call__(self) -> None:
        self._graph.replay()


@contextmanager
def _kept_sound(*generators: torch.Generator) -> Iterator[None]:
    """A capture that fails leaves its generators in the belief that it goes on: they get states of their own again."""
    before = [generator.get_state() for generator in generators]
    try:
        yield
    except RuntimeError:
        for generator, state in zip(generators, before, strict=True):
            fresh = torch.Generator(generator.device)
            fresh.set_state(state)
            generator.graphsafe_set_state(fresh)
        raise
