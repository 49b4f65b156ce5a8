from __future__ import annotations

import itertools

import pytest

from flowviz.pipeline import Training
from flowviz.training.schedule import AFTER, learning_rate


def test_warmup_climbs_in_equal_parts_to_the_highest_rate() -> None:
    training = Training(learning_rate=0.1, warmup=10, steps=110, schedule="cosine")
    rates = [learning_rate(training, step) for step in range(11)]
    assert rates[:10] == pytest.approx([0.01 * (i + 1) for i in range(10)])
    assert rates[10] == pytest.approx(0.1)


def test_cosine_falls_without_rest_and_ends_near_zero() -> None:
    training = Training(learning_rate=0.1, warmup=10, steps=110, schedule="cosine")
    rates = [learning_rate(training, step) for step in range(10, 110)]
    assert all(later < earlier for earlier, later in itertools.pairwise(rates))
    assert rates[50] == pytest.approx(0.05)
    assert rates[-1] < 1e-4


def test_after_the_cosine_a_small_constant_rate_is_left() -> None:
    training = Training(learning_rate=0.1, steps=100, schedule="cosine")
    assert learning_rate(training, 100) == learning_rate(training, 10_000) == pytest.approx(AFTER * 0.1)


def test_constant_stays_for_ever() -> None:
    training = Training(learning_rate=0.1, warmup=0, steps=100, schedule="constant")
    assert {learning_rate(training, step) for step in (0, 50, 99, 100, 5000)} == {0.1}


def test_a_warmup_longer_than_the_run_is_still_a_warmup() -> None:
    training = Training(learning_rate=0.1, warmup=1000, steps=100, schedule="cosine")
    assert learning_rate(training, 99) == pytest.approx(0.01)
