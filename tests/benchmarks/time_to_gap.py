"""Seconds of training until a flow is within 0.05 nats of the entropy of eight Gaussians: FlowViz's best preset for points
as `flowviz train --preset nsf` makes it, against every model of the other libraries that has a chance.

The gap is mean(log p(x) - log q(x)) over 20,000 points that are the same for all; it counts from the first measurement
below the bound that is followed by another one. Measuring is not timed, nor is drawing the others' batches, which are as
fresh as FlowViz's own; its drawing, clipping, schedule and averaging are. The others have Adam, batch 512, the spline
flows both with 8 bins and with the preset's 16, and each model each of three rates: 1e-3 as in their examples, 5e-3, and
the preset's 1e-2. All train in turn, a few steps each, in one process. With the first seed, who has trained
for longer than the soonest of the others at the same rate by half is out; the soonest train with the other seeds, too, and
the fastest of them in the median is the one that FlowViz is compared with. `ratio_examples` is to the fastest at 1e-3.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from flowviz.pipeline import NamedTarget, preset
from flowviz.targets import Density
from flowviz.training import Trainer
from flowviz.training.evaluation import CHUNK
from flowviz.training.teacher import load_target

from .peers import Peer, peers
from .timing import paired_ratio, timed

OURS = "FlowViz"
PRESET, TARGET, BOUND, AIM = "nsf", "eight_gaussians", 0.05, (2.0, 5.0)
POINTS, BATCH = 20_000, 512
RATES, QUICK_RATES = (1e-3, 5e-3, 1e-2), (1e-3, 1e-2)
EXAMPLES = 1e-3
"""The rate of the others' examples."""
MODELS, QUICK_MODELS = ("nsf", "nsf_fine", "nsf_autoregressive", "realnvp", "maf"), ("nsf",)
EVERY = 20
"""Steps between two measurements."""
MOST = 2000
"""Steps after which nobody waits any longer."""
PATIENCE = 1.5
"""Times the seconds of the soonest of the others at the same rate, after which the rest of them are out, with the first seed."""
SEEDS, QUICK_SEEDS = 5, 1
AGAIN = 3
"""How many of the others, the soonest with the first seed, train with the rest of the seeds, too."""


class Racer:
    """One flow that trains. `seconds` of training and `steps` until the gap was reached; None while it is not."""

    def __init__(self, name: str, advance: Callable[[], float], log_prob: Callable[[Tensor], Tensor]) -> None:
        self.name, self._advance, self._log_prob = name, advance, log_prob
        self.spent, self._steps = 0.0, 0
        self._below: tuple[float, int] | None = None
        self.seconds: float | None = None
        self.steps: int | None = None
        self.out = False

    def go_on(self, points: Tensor, log_p: Tensor) -> None:
        """EVERY steps more, and the gap after them."""
        self.spent += self._advance()
        self._steps += EVERY
        with torch.no_grad():
            log_q = torch.cat([self._log_prob(part) for part in points.split(CHUNK)])
        if not float((log_p - log_q).double().mean()) < BOUND:
            self._below = None
        elif self._below is None:
            self._below = (self.spent, self._steps)
        else:
            self.seconds, self.steps = self._below
        self.out = self.seconds is not None or self._steps >= MOST


def measure(quick: bool = False, device: str = "cpu") -> dict[str, Any]:
    """Seconds and steps of each with each seed, medians over the seeds, and the median ratio of the soonest other to FlowViz."""
    torch.set_num_threads(1)
    found: dict[str, list[Racer]] = {}
    names: set[str] | None = None
    for seed in range(QUICK_SEEDS if quick else SEEDS):
        racers = _racers(seed, device, names, quick=quick)
        _race(racers, seed, device, PATIENCE if names is None else math.inf)
        for racer in racers:
            found.setdefault(racer.name, []).append(racer)
        if names is None:
            names = _soonest(found, AGAIN) | _soonest({n: r for n, r in found.items() if n.endswith(_at(EXAMPLES))}, 1)
    finished = {name: [racer.seconds or math.inf for racer in found[name]] for name in (OURS, *(names or ()))}
    medians = {name: statistics.median(seconds) for name, seconds in finished.items()}
    fastest = _fastest(medians)
    example = _fastest({name: median for name, median in medians.items() if name.endswith(_at(EXAMPLES))})
    return {
        "row": f"{BOUND} nats from the entropy, preset {PRESET}",
        "unit": "s",
        "target": TARGET,
        "libraries": {name: _finite(median) for name, median in medians.items()},
        "steps": {name: [racer.steps for racer in racers] for name, racers in found.items()},
        "seconds": {name: [racer.seconds for racer in racers] for name, racers in found.items()},
        "given_up_after": {name: [r.spent for r in racers if r.seconds is None] for name, racers in found.items()},
        "fastest": fastest,
        "ratio": _ratio(finished, fastest),
        "fastest_examples": example,
        "ratio_examples": _ratio(finished, example),
        "aim": AIM[0 if device == "cpu" else 1],
    }


def _soonest(found: dict[str, list[Racer]], count: int) -> set[str]:
    """The names of so many of the others, by their first seed; only of those that got there."""
    reached = {name: racers[0].seconds for name, racers in found.items() if name != OURS}
    known = {name: seconds for name, seconds in reached.items() if seconds is not None}
    return set(sorted(known, key=known.__getitem__)[:count])


def _fastest(medians: dict[str, float]) -> str | None:
    others = {name: median for name, median in medians.items() if name != OURS and math.isfinite(median)}
    return min(others, key=others.__getitem__, default=None)


def _ratio(seconds: dict[str, list[float]], name: str | None) -> float | None:
    """The median over the seeds of its seconds over FlowViz's; None where either did not get there."""
    if name is None or not all(map(math.isfinite, seconds[OURS])):
        return None
    return _finite(paired_ratio(seconds[name], seconds[OURS]))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _at(rate: float) -> str:
    """What the name of a racer ends with."""
    return f", rate {rate:g}"


def _racers(seed: int, device: str, names: set[str] | None, *, quick: bool) -> list[Racer]:
    """FlowViz, and the others of these names; None: all that there are, quickly the fewest."""
    trainer = Trainer(preset(PRESET).project(target=NamedTarget(name=TARGET), seed=seed), device=device, threads=1)
    found = [_ours(trainer, device)]
    for model in QUICK_MODELS if quick else MODELS:
        for rate in QUICK_RATES if quick else RATES:
            for peer in peers(model, device=device, seed=seed):
                name = f"{peer.name} {model}{_at(rate)}"
                if names is None or name in names:
                    found.append(_theirs(name, peer, trainer.target, rate, seed, device))
    return found


def _race(racers: list[Racer], seed: int, device: str, patience: float) -> None:
    target = load_target(NamedTarget(name=TARGET), device=device)
    points = target.sample(POINTS, torch.Generator(device).manual_seed(1_000_003 + seed))
    log_p = target.log_prob(points)
    longest: dict[str, float] = {}
    while running := [racer for racer in racers if not racer.out]:
        for racer in running:
            racer.go_on(points, log_p)
            if racer.name != OURS:
                rate = racer.name.rpartition(",")[2]
                if racer.seconds is not None:
                    longest[rate] = min(longest.get(rate, math.inf), patience * racer.seconds)
                racer.out = racer.out or racer.spent > longest.get(rate, math.inf)


def _ours(trainer: Trainer, device: str) -> Racer:
    def steps() -> None:
        for _ in trainer.run(EVERY):
            pass

    return Racer(OURS, lambda: timed(steps, device), lambda x: trainer.evaluation_flow().log_prob(x))


def _theirs(name: str, peer: Peer, target: Density, rate: float, seed: int, device: str) -> Racer:
    assert peer.log_prob is not None
    optimizer = torch.optim.Adam(peer.parameters, lr=rate)
    generator = torch.Generator(device).manual_seed(seed)

    def advance() -> float:
        batches = target.sample(EVERY * BATCH, generator).split(BATCH)

        def steps() -> None:
            for batch in batches:
                optimizer.zero_grad()
                peer.loss(batch).backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                if peer.clear is not None:
                    peer.clear()

        return timed(steps, device)

    return Racer(name, advance, peer.log_prob)
