"""The share of the time that frames take is held, whatever they cost."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from flowviz.training.frames_budget import CYCLE, FASTEST, HASTE, LEVELS, Budget, Detail

STEP = 0.003


def simulate(budget: Budget, cost: Callable[[Detail], tuple[float, float, float]], seconds: float) -> list[Detail]:
    """Trains for so long on a clock of its own; `cost(detail)` is (fixed seconds, work, seconds per work)."""
    now, spent, details = 0.0, 0.0, []
    while now < seconds:
        now += STEP
        if budget.wait(now) == 0.0:
            detail = budget.detail(lambda detail: cost(detail)[1])
            fixed, work, unit = cost(detail)
            budget.spent(now, fixed + work * unit, work, work * unit)
            now += fixed + work * unit
            spent += fixed + work * unit
            details.append(detail)
    last = details[-1]
    fixed, work, unit = cost(last)
    assert spent <= budget.share * now + CYCLE * (fixed + work * unit)
    return details


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("fixed", [0.0005, 0.004, 0.05, 0.7])
@pytest.mark.parametrize("unit", [1e-9, 1e-7])
def test_the_share_is_held(share: float, fixed: float, unit: float) -> None:
    budget = Budget()
    budget.share = share
    details = simulate(budget, lambda detail: (fixed, 40.0 * detail.tiles**2, unit), 20.0)
    assert len(details) <= 20.0 * FASTEST + 1


def test_what_is_cheap_comes_fine_and_often() -> None:
    details = simulate(Budget(), lambda detail: (0.001, 40.0 * detail.tiles**2, 1e-9), 10.0)
    assert details[-1] == LEVELS[-1]
    assert len(details) >= 10 * 0.9 * FASTEST


def test_what_is_dear_comes_coarse_before_it_comes_rarely() -> None:
    details = simulate(Budget(), lambda detail: (0.001, 40.0 * detail.tiles**2, 1.5e-7), 10.0)
    assert details[-1].tiles < LEVELS[-1].tiles
    assert len(details) >= 0.9 * 10 * FASTEST


def test_the_first_frame_of_something_unknown_is_the_coarsest() -> None:
    budget = Budget()
    assert budget.detail(lambda detail: detail.tiles**2) == LEVELS[0]
    budget.spent(0.0, 0.01, 100.0, 0.005)
    assert budget.expected(200.0) == pytest.approx(0.015)
    budget.forget()
    assert budget.expected(200.0) is None
    assert budget.detail(lambda detail: detail.tiles**2) == LEVELS[0]


def test_the_level_does_not_waver_between_two() -> None:
    details = simulate(Budget(), lambda detail: (0.002, 40.0 * detail.tiles**2, 6e-8), 30.0)
    assert len(set(details[-50:])) == 1


def test_frames_come_evenly_though_one_of_three_costs_more() -> None:
    budget = Budget()
    budget.share = 0.2
    now, times = 0.0, []
    for i in range(30):
        now += budget.wait(now)
        times.append(now)
        cost = 0.03 if i % CYCLE == 0 else 0.006
        budget.spent(now, cost, 100.0, 0.5 * cost)
    gaps = [b - a for a, b in itertools.pairwise(times[9:])]
    assert gaps == pytest.approx([0.014 / 0.2] * len(gaps))


def test_tables_that_are_made_once_do_not_count_for_every_point() -> None:
    budget = Budget()
    for i in range(6):
        work = 100.0 if i % CYCLE else 200.0
        budget.spent(0.1 * i, 0.004 + 1e-5 * work, work, 0.003 + 1e-5 * work)
    assert budget.expected(1000.0) == pytest.approx(0.004 + 1e-5 * 1000.0)


def test_what_was_just_done_is_shown_sooner() -> None:
    budget = Budget()
    budget.share = 0.05
    budget.spent(0.0, 0.03, 100.0, 0.01)
    assert budget.wait(0.03) == pytest.approx(0.57)
    budget.hurry()
    assert budget.wait(0.03) == pytest.approx(0.03 / HASTE - 0.03)
    budget.hurry()
    assert budget.wait(1.0) == 0.0


def test_a_frame_that_begins_late_does_not_put_off_the_next_ones() -> None:
    budget = Budget()
    budget.share = 0.1
    step, now, times = 0.008, 0.0, []
    while now < 20.0:
        now += step
        if budget.wait(now) == 0.0:
            times.append(now)
            budget.spent(now, 0.01, 100.0, 0.005)
            now += 0.01
    assert len(times) == pytest.approx(20.0 * 0.1 / 0.01, rel=0.01)


def test_a_long_pause_is_not_made_up_for() -> None:
    budget = Budget()
    budget.share = 0.1
    budget.spent(0.0, 0.02, 100.0, 0.01)
    budget.spent(100.0, 0.02, 100.0, 0.01)
    assert budget.wait(100.02) > 0.1


def test_a_frame_at_rest_puts_off_nothing() -> None:
    budget = Budget()
    budget.spent(0.0, 2.0, 100.0, 1.9, training=False)
    assert budget.wait(2.0) == 0.0


def test_no_share_at_all_still_means_some() -> None:
    budget = Budget()
    budget.share = 0.0
    budget.spent(0.0, 0.01, 1.0, 0.005)
    assert 0.5 < budget.wait(0.0) < 10.0


def test_rate_and_share_are_those_of_the_last_seconds() -> None:
    budget = Budget()
    for i in range(30):
        budget.spent(i * 0.1, 0.01, 1.0, 0.005)
    rate, share = budget.rate_and_share(3.0)
    assert rate == pytest.approx(10.0)
    assert share == pytest.approx(0.1)
    assert budget.rate_and_share(60.0) == (0.0, 0.0)
