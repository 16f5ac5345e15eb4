"""The gate keeps its promise whatever the estimates are worth, and closes when they turn out wrong."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.financial_manager.categories.confidence import PRIOR_RIGHT_NEW, SIGNS, Gate, Judge


def test_the_shipped_belief_lets_the_sure_pass() -> None:
    """At first, a payee that was seen is believed, one that was not is not."""
    assert Gate().passes(0.97)
    assert not Gate().passes(0.5)
    assert not Gate(prior_right=PRIOR_RIGHT_NEW).passes(0.99)


def test_mistakes_close_the_gate_and_successes_open_it() -> None:
    """It follows what came of its answers."""
    gate = Gate()
    for _ in range(4):
        gate.learn(0.97, False)
    assert not gate.passes(0.97)
    for _ in range(400):
        gate.learn(0.97, True)
    assert gate.passes(0.97)


@pytest.mark.parametrize("too_sure", [-0.1, 0.0, 0.1])
def test_the_promise_holds_for_estimates_that_are_off(too_sure: float) -> None:
    """Estimates that are too high or too low move the cut, not the share that is right."""
    chance = random.Random(5)
    gate, passed, right = Gate(), 0, 0
    for number in range(12_000):
        truth = chance.random()
        estimate = min(0.999, max(0.001, truth + too_sure * (1 - truth)))
        hit = chance.random() < truth
        if number > 2000 and gate.passes(estimate):
            passed, right = passed + 1, right + hit
        gate.learn(estimate, hit)
    assert passed > 300
    assert right / passed >= 0.945


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60), st.floats(0, 1))
def test_confidences_are_shares(outcomes: list[tuple[float, bool]], estimate: float) -> None:
    """Always within 0 and 1, and never certain."""
    gate = Gate()
    for value, right in outcomes:
        gate.learn(value, right)
    assert 0.0 <= gate.confidence(estimate) < 1.0


def test_the_judge_learns_what_its_signs_are_worth() -> None:
    """A sign that always speaks for wrong guesses lowers the estimate."""
    judge, signs = Judge(), (1.0, *[0.0] * (SIGNS - 1))
    before = judge.estimate(signs)
    for _ in range(50):
        judge.learn(signs, judge.estimate(signs), False)
    assert judge.estimate(signs) < before
