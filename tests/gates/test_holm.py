"""Does Holm's correction keep the chance of any false proof, and lose no more than it must?"""

import random

from hypothesis import given
from hypothesis import strategies as st

from gates.holm import adjusted

p_values = st.lists(st.floats(0, 1), max_size=8)


def test_the_smallest_is_multiplied_by_all_the_next_by_one_less() -> None:
    assert adjusted([0.01, 0.04, 0.03]) == (0.03, 0.06, 0.06)
    assert adjusted([0.9, 0.8]) == (1.0, 1.0)
    assert adjusted([]) == ()


@given(p_values)
def test_it_never_falls_below_the_p_value_and_never_above_bonferroni(given_values: list[float]) -> None:
    for found, p in zip(adjusted(given_values), given_values, strict=True):
        assert p <= found <= min(1.0, p * len(given_values))


@given(p_values, st.randoms(use_true_random=False))
def test_the_order_of_the_tests_does_not_matter(given_values: list[float], dice: random.Random) -> None:
    order = list(range(len(given_values)))
    dice.shuffle(order)
    found, shuffled = adjusted(given_values), adjusted([given_values[place] for place in order])
    assert shuffled == tuple(found[place] for place in order)


def test_of_equal_models_in_ten_tests_about_one_in_twenty_is_called_harmful() -> None:
    dice = random.Random(11)  # noqa: S311 - a simulation, not a secret
    alarms = 0
    for _ in range(2_000):
        alarms += min(adjusted([dice.random() for _ in range(10)])) <= 0.05
    assert 0.035 < alarms / 2_000 < 0.065
