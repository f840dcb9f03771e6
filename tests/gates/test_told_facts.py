"""Do the facts that are told and not judged count what they say?"""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gates.answer_facts import Answered, Confusion, WorstItem
from gates.evidence import MetricComparison
from gates.outcome import Measure
from gates.part_facts import Part

CLASSES = ("no", "yes")


def cell(label: str, challenger: str, champion: str | None, rows: int) -> Answered:
    return Answered(label=label, challenger=challenger, champion=champion, rows=rows)


BOTH = Confusion(
    classes=CLASSES,
    cells=(
        cell("no", "no", "no", 50),
        cell("no", "no", "yes", 7),
        cell("no", "yes", "no", 3),
        cell("yes", "no", "no", 4),
        cell("yes", "no", "yes", 1),
        cell("yes", "yes", "no", 9),
        cell("yes", "yes", "yes", 26),
    ),
)


def test_a_confusion_of_both_holds_the_matrix_of_each() -> None:
    assert BOTH.matrix("challenger") == ((57, 3), (5, 35))
    assert BOTH.matrix("champion") == ((53, 7), (13, 27))


def test_what_changes_is_counted_by_who_is_right() -> None:
    assert (BOTH.rows, BOTH.changed, BOTH.mended, BOTH.broken) == (100, 20, 16, 4)


def test_without_a_champion_nothing_changes() -> None:
    alone = Confusion(classes=CLASSES, cells=(cell("no", "yes", None, 3), cell("yes", "yes", None, 4)))
    assert (alone.rows, alone.changed, alone.mended, alone.broken) == (7, 0, 0, 0)
    assert alone.matrix("champion") == ((0, 0), (0, 0))


@pytest.mark.parametrize(
    ("measure", "margin"),
    [
        (Measure(name="auc", value=0.75, limit=0.5, limit_is="least"), 0.25),
        (Measure(name="auc", value=0.25, limit=0.5, limit_is="least"), -0.25),
        (Measure(name="shortfall", value=0.25, limit=0.5, limit_is="most"), 0.25),
        (Measure(name="shortfall", value=0.75, limit=0.5, limit_is="most"), -0.25),
        (Measure(name="unlimited", value=0.75), None),
        (Measure(name="not measured", limit=0.5, limit_is="most"), None),
        (Measure(name="no side", value=0.75, limit=0.5), None),
    ],
)
def test_a_margin_is_what_is_left_on_the_right_side(measure: Measure, margin: float | None) -> None:
    assert measure.margin == margin


def test_a_worst_item_tells_what_it_lost() -> None:
    assert WorstItem(id="scan-7", challenger=0.25, champion=0.75).lost == 0.5


names = some.text(max_size=30)


@given(name=names, rows=some.integers(0, 10**9), value=some.floats(allow_nan=False, allow_infinity=False))
def test_a_part_reads_back_as_it_was_written(name: str, rows: int, value: float) -> None:
    part = Part(kind="label", name=name, rows=rows, metrics=(MetricComparison(metric="f1", challenger=value),))
    assert Part.model_validate_json(part.model_dump_json()) == part
