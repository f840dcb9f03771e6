"""What a model's entry says for its card: read whole, and no part of a subject where nobody wrote it."""

from collections.abc import Callable

import pytest

from policies.entry import ModelEntry
from policies.rulebook import Rulebook, RulebookError, load_rulebook
from tests.reports.nasty import CARD_TEXTS

Write = Callable[..., dict[str, bytes]]
LAST = "metrics: [roc_auc, accuracy]\n"
SUBJECT_BEFORE = {
    *("model", "task", "owner", "risk", "description", "intended_use", "limitations", "contact", "evaluation"),
    *("label", "positive", "features", "ignored", "sensitive_features", "intersections", "cluster", "metrics"),
    "channel",
}
"""Fields that a subject's entry had before there were texts for the card only."""


def entry(write: Write, more: str) -> ModelEntry:
    return load_rulebook(write(model=(LAST, f"{LAST}{more}"))).entries["loan-approval"]


def test_an_entry_that_says_nothing_new_is_the_subject_it_was(rulebook: Rulebook) -> None:
    as_json = rulebook.entries["loan-approval"].as_json()
    assert set(as_json) == SUBJECT_BEFORE
    assert as_json["evaluation"] == {
        "uri": "evaluation/loans.csv",
        "version": "1.10",
        "sha256": "a" * 64,
        "registered_by": "bob",
    }


@pytest.mark.parametrize("field", CARD_TEXTS)
def test_a_text_for_the_card_is_in_the_subject_where_somebody_wrote_it(write: Write, field: str) -> None:
    told = entry(write, f"{field}: as it is\n")
    assert told.as_json()[field] == "as it is"
    assert set(told.as_json()) == {*SUBJECT_BEFORE, field}
    assert ModelEntry.model_validate(told.as_json()) == told


def test_evaluation_data_may_say_why_and_how(write: Write) -> None:
    why = "  registered_by: bob\n  motivation: the last year\n  preprocessing: none\n"
    found = load_rulebook(write(model=("  registered_by: bob\n", why))).entries["loan-approval"]
    assert (found.evaluation.motivation, found.evaluation.preprocessing) == ("the last year", "none")
    assert ModelEntry.model_validate(found.as_json()) == found


@pytest.mark.parametrize(
    ("written", "read"),
    [("en", ("en",)), ("[en, no, gsw]", ("en", "no", "gsw")), ("multilingual", ("multilingual",)), ("[]", ())],
)
def test_a_language_is_one_code_or_a_list(write: Write, written: str, read: tuple[str, ...]) -> None:
    assert entry(write, f"language: {written}\n").language == read


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("English", "line 15: 'English' is no language: write its code of ISO 639, such as en, or multilingual."),
        ("[en, 7]", "line 15: item 2 of `language` must be text, not 7."),
        ("{a: b}", "line 15: `language` must be a list, not a mapping."),
    ],
)
def test_what_is_no_language_is_named_with_its_line(write: Write, written: str, said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        entry(write, f"language: {written}\n")
    assert [f"models/loan-approval/model.yaml, {said}"] == [str(problem) for problem in refused.value.problems]
