"""Which options does a select show?"""

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.choices import LONGEST, MOST, options

NAMES = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=100), max_size=150)


@given(NAMES, st.text(max_size=3))
def test_slack_takes_every_list_of_options(names: list[str], typed: str) -> None:
    offered = options(names, typed)
    assert len(offered) <= MOST
    assert all(0 < len(str(option["value"])) <= LONGEST for option in offered)
    assert {option["value"] for option in offered} <= set(names)


def test_what_begins_as_typed_comes_before_what_contains_it() -> None:
    values = [option["value"] for option in options(["a-churn", "churn", "loan", "churn-next"], "churn")]
    assert values == ["churn", "churn-next", "a-churn"]


def test_the_first_hundred_are_offered_in_their_order() -> None:
    values = [option["value"] for option in options([str(number) for number in range(300)], "")]
    assert values == [str(number) for number in range(100)]
