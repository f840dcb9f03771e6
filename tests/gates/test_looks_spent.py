"""Do evaluation data let a bad challenger through only as often as promised, however many are tried on them?"""

import math
import random
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gates.confidence import LEVELS, Confidence
from gates.evidence import Evidence, Looks
from gates.looks import DEFAULT_LOOKS, MOST_LOOKS, Budget, alpha_of, budget_of
from gates.outcome import Outcome
from gates.proof import Claim, answers

STANDARD = Confidence.of_interval(0.0, -1.959963984540054, 1.959963984540054)


@given(st.integers(1, MOST_LOOKS))
def test_the_levels_of_all_looks_sum_to_exactly_five_per_cent(most: int) -> None:
    exact = sum(Fraction(most + 1, most) / (look * (look + 1)) for look in range(1, most + 1))
    assert exact == 1
    spent = [alpha_of(look, most) or 0.0 for look in range(1, most + 1)]
    assert sum(spent) == pytest.approx(0.05)
    assert spent == sorted(spent, reverse=True)
    assert spent[-1] > LEVELS[0]
    assert alpha_of(most + 1, most) is None


def test_the_first_look_gets_most_and_a_single_one_all() -> None:
    assert alpha_of(1, 10) == pytest.approx(0.0275)
    assert alpha_of(10, 10) == pytest.approx(0.0005)
    assert alpha_of(1, 1) == pytest.approx(0.05)


def test_evidence_says_which_look_it_is_and_its_policy_how_many_there_are(evidence_of: Callable[..., Evidence]) -> None:
    looks = Looks(number=3, challengers=2)
    assert budget_of(evidence_of(looks=looks)) == Budget(alpha=alpha_of(3, DEFAULT_LOOKS), look=3, most=DEFAULT_LOOKS)
    few = evidence_of(looks=looks, subject={"policy": {"evaluation": {"max_looks": 2}}})
    assert budget_of(few) == Budget(alpha=None, look=3, most=2)
    assert "this is look 3 at these evaluation data, and the policy's max_looks is 2" in budget_of(few).spent


def test_evidence_from_before_looks_were_counted_is_judged_at_five_per_cent(
    evidence_of: Callable[..., Evidence],
) -> None:
    assert str(budget_of(evidence_of())) == "at 5 %"
    assert str(budget_of(evidence_of(looks=Looks(number=3, challengers=2)))) == "at 0.458 %, look 3 of 10"


def any_passes(dice: random.Random, budgets: list[Budget], *, shared: float) -> bool:
    """Try challengers that are each worse by exactly the margin; `shared` is what their estimates have in common."""
    common = dice.gauss(0, 1)
    for budget in budgets:
        estimate = shared**0.5 * common + (1 - shared) ** 0.5 * dice.gauss(0, 1)
        claim = Claim(difference=0.0, confidence=STANDARD, target=-estimate, rows=1_000)
        if answers([claim], budget)[0].outcome is Outcome.PASS:
            return True
    return False


def share_of_runs_that_let_one_pass(most: int, shared: float, runs: int) -> float:
    dice = random.Random(5)  # noqa: S311 - a simulation, not a secret
    budgets = [Budget(alpha=alpha_of(look, most), look=look, most=most) for look in range(1, 101)]
    return sum(any_passes(dice, budgets, shared=shared) for _ in range(runs)) / runs


def most_by_chance(runs: int) -> float:
    """Five in a hundred, and what chance adds to a share of so many runs once in two hundred times."""
    return 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / runs)


def test_of_a_hundred_challengers_worse_by_exactly_the_margin_hardly_any_run_lets_one_pass() -> None:
    assert share_of_runs_that_let_one_pass(10, 0.0, runs=150) <= most_by_chance(150)


@pytest.mark.full
@pytest.mark.parametrize("shared", [0.0, 0.5, 0.95])
@pytest.mark.parametrize("most", [1, 3, 10, 50])
def test_however_many_looks_there_are_and_however_alike_the_challengers(most: int, shared: float) -> None:
    assert share_of_runs_that_let_one_pass(most, shared, runs=2_000) <= most_by_chance(2_000)


def test_without_spending_one_of_a_hundred_would_pass_almost_surely() -> None:
    dice = random.Random(5)  # noqa: S311 - a simulation, not a secret
    unspent = [Budget(alpha=0.05, look=None, most=10)] * 100
    assert sum(any_passes(dice, unspent, shared=0.0) for _ in range(40)) >= 37
