"""Is it told in one sentence what changes for people, whatever the task?"""

from typing import Any

import pytest

from gates.answer_facts import Answered, Answers, Changes, Confusion
from gates.evidence import Facts, Kind, MetricComparison, Subject, VersionRef
from reports.changes import changes

NEW, OLD = VersionRef(version="7", digest="b" * 64), VersionRef(version="6", digest="a" * 64)


def subject(**changed: Any) -> Subject:  # noqa: ANN401 - any field
    fields: dict[str, Any] = {
        "project": "risk",
        "model": "churn",
        "environment": "production",
        "target": "local",
        "kind": Kind.PROMOTE,
        "challenger": NEW,
        "champion": OLD,
        "evaluation_data": "c" * 64,
        "entry": {},
        "policy": {},
    }
    return Subject(**{**fields, **changed})


def confusion(*cells: tuple[str, str, str, int]) -> Facts:
    answered = tuple(Answered(label=a, champion=b, challenger=c, rows=rows) for a, b, c, rows in cells)
    rows = sum(one.rows for one in answered)
    return Facts(answers=Answers(rows=rows, confusion=Confusion(classes=("a", "b", "c"), cells=answered)))


def error(challenger: float, champion: float) -> Facts:
    metric = MetricComparison(
        metric="mean_absolute_error", lower_is_better=True, challenger=challenger, champion=champion, rows=9
    )
    return Facts(answers=Answers(rows=9), metrics=(metric,))


@pytest.mark.parametrize(
    ("about", "facts", "sentence"),
    [
        (subject(challenger=None, kind=Kind.RETIRE), Facts(), "Nothing answers in production afterwards."),
        (subject(kind=Kind.ROLLBACK), Facts(), "Version 7 answers again, as it did before."),
        (
            subject(champion=None),
            Facts(),
            "Nothing serves in production today: whoever it judges is judged by it for the first time.",
        ),
        (subject(), Facts(), ""),
        (subject(), confusion(("a", "a", "a", 5)), "None of 5 cases would be answered differently."),
        (
            subject(),
            confusion(("a", "a", "b", 3), ("b", "a", "b", 4), ("a", "b", "c", 2), ("a", "a", "a", 991)),
            (
                "Of 1,000 cases, 9 (1 %) would be answered differently: 4 rightly instead of wrongly, 3 the other way "
                "round, and 2 wrongly as before."
            ),
        ),
        (
            subject(),
            Facts(answers=Answers(rows=10, changes=Changes(better=5, worse=3, same=2))),
            "Of 10 items, 5 get better, 3 worse, 2 neither.",
        ),
        (subject(), error(3.0, 4.0), "Answers would be nearer: 3.000 instead of 4.000 (mean absolute error)."),
        (subject(), error(4.0, 3.0), "Answers would be further off: 4.000 instead of 3.000 (mean absolute error)."),
        (subject(), error(3.0, 3.0), "Answers would be as far off as before: 3.000 (mean absolute error)."),
        (subject(), Facts(answers=Answers(rows=3)), ""),
    ],
)
def test_what_changes_is_one_sentence(about: Subject, facts: Facts, sentence: str) -> None:
    assert changes(about, facts) == sentence
