"""Has evidence the pictures that it has something to show for, by names that are safe as files?"""

import re

import pytest
from hypothesis import given, settings

from gates.evidence import Evidence, GroupMetric
from reports.pictures.album import margins_of, pictures_of
from reports.pictures.svg import svg
from tests.reports.anything import evidences
from tests.reports.loan_evidence import BARE, BLACK, FACTS, PROMOTE, THOROUGH, subject


def names(evidence: Evidence) -> list[str]:
    return [picture.name for picture in pictures_of(evidence)]


def test_pictures_come_in_the_order_in_which_they_are_looked_at() -> None:
    assert names(BARE) == []
    assert names(PROMOTE) == ["metrics", "groups-true-positive-rate"]
    assert names(THOROUGH) == [
        "metrics", "confusion-challenger", "confusion-champion", "roc", "precision-recall", "calibration", "slices",
        "groups-true-positive-rate", "importance", "learning",
    ]  # fmt: skip


def test_names_are_slugs_and_no_two_are_the_same() -> None:
    nasty = ("../../etc/passwd", "<script>", "x" * 100_000, "漢字")
    groups = tuple(
        GroupMetric.model_validate(BLACK.model_dump() | {"metric": metric}) for metric in (*nasty[:2], "", nasty[3])
    )
    found = names(Evidence(subject=subject(), facts=FACTS.model_copy(update={"groups": groups})))
    assert found == ["metrics", "groups-etc-passwd", "groups-script", "groups", "groups-2"]
    long = FACTS.model_copy(update={"groups": (groups[0].model_copy(update={"metric": nasty[2]}),)})
    assert all(len(name) <= 42 for name in names(Evidence(subject=subject(), facts=long)))


@pytest.mark.full
@settings(max_examples=60, deadline=None)
@given(evidence=evidences)
def test_any_evidence_has_pictures_with_safe_names(evidence: Evidence) -> None:
    found = pictures_of(evidence)
    assert len({picture.name for picture in found}) == len(found)
    for picture in found:
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", picture.name)
        assert picture.says
        assert svg(picture) == svg(picture)


def test_of_several_margins_the_tightest_is_drawn() -> None:
    gates = [
        {"gate": "comparison", "metrics": {"roc_auc": {"margin": 0.02}, "f1": {"margin": True}}},
        {"gate": "comparison", "metrics": {"roc_auc": {"margin": 0.01}, "accuracy": None}},
        {"gate": "fairness", "metrics": ["recall"]},
        "unreadable",
    ]
    about = subject().model_copy(update={"policy": {"gates": gates}})
    assert margins_of(Evidence(subject=about, facts=FACTS)) == {"roc_auc": 0.01}
    assert margins_of(BARE) == {}
