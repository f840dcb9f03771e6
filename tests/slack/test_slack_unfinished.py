"""Which words does a modal ask back about?"""

import pytest

from bot.commands import PromotionName
from bot.slack.unfinished import Begun, Unreasoned, unfinished


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", Begun()),
        ("  ", Begun()),
        ("promote", Begun()),
        ("Promote churn", Begun(model="churn")),
        ("promote churn 7", Begun(model="churn", version="7")),
        ("promote churn 7 to", Begun(model="churn", version="7")),
        ("promote churn --reason it is better", Begun(model="churn", reason="it is better")),
        ("promote churn --reason", Begun(model="churn")),
        ("reject P12", Unreasoned(promotion=PromotionName(number=12))),
        ("reject shop/p3", Unreasoned(promotion=PromotionName(number=3, project="shop"))),
    ],
)
def test_what_is_missing_is_asked_for(text: str, asked: object) -> None:
    assert unfinished(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "promote churn 7 to staging",
        "promote churn 7 in",
        "promote churn 7 staging",
        "promote churn --force",
        "promote --help",
        "reject",
        "reject P12 --reason no",
        "reject it",
        "approve P12",
        "rollback churn in production",
        "status",
        "nonsense",
    ],
)
def test_the_rest_is_for_the_grammar_to_answer(text: str) -> None:
    assert unfinished(text) is None
