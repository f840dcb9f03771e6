"""Are pictures well-formed, the same for the same facts, and told in words, whatever is in the facts?"""

import math
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gates.answer_facts import (
    Answered,
    Answers,
    Confusion,
    Curve,
    Decile,
    Histogram,
    Reliability,
    ReliabilityPoint,
    Who,
)
from gates.evidence import GroupMetric, MetricComparison
from gates.importance_facts import FeatureImportance, Importance
from gates.learning_facts import Learning, LearningCurve
from gates.slice_facts import Slice, Slices, Where
from reports.pictures import curves, differences, learning, shapes, slices
from reports.pictures.album import pictures_of
from reports.pictures.metrics import metrics
from reports.pictures.picture import Dot, Picture, Words
from reports.pictures.scale import Scale, over
from reports.pictures.svg import svg
from reports.pictures.words import rounded
from tests.reports.nasty import NASTY as CORPUS
from tests.reports.nasty import nasty_evidence

NASTY = (
    "<script>alert(1)</script>\"'&amp;",
    "]]></svg><svg onload=alert(1)>",
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe\x00\x1b[2J",
    "n" * 100_000,
    "\N{SNOWMAN} \U0001f600 ünïcödé",
    "",
)
WHO: tuple[Who, ...] = ("challenger", "champion")
NUMBERS = some.none() | some.floats(-1e308, 1e308)


def parsed(picture: Picture, *, alone: bool = False) -> ET.Element:
    text = svg(picture, alone=alone)
    assert text == svg(picture, alone=alone)
    assert "nan" not in re.sub(r">[^<]*<", "><", text).lower()
    root = ET.fromstring(text)  # noqa: S314 - made here
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    tags = {each.tag.rpartition("}")[2] for each in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "g", "path", "text", "circle", "rect", "polyline"}
    for each in root.iter():
        assert not any(name.lower().startswith("on") or "href" in name for name in each.attrib)
    said = root.find("{http://www.w3.org/2000/svg}desc")
    assert said is not None
    assert said.text
    return root


def comparison(name: str, *values: float | None) -> MetricComparison:
    difference, low, high = values
    return MetricComparison(metric=name, challenger=0.5, champion=0.5, difference=difference, low=low, high=high)


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("name", NASTY)
def test_no_name_acts_in_a_picture(name: str, alone: bool) -> None:  # noqa: FBT001 - pytest's
    group = GroupMetric(feature=name, group=name, metric="recall", rows=9, challenger=0.5, low=0.1, high=0.9)
    cells = (Answered(label=name, challenger=name, champion="x", rows=3), Answered(label="x", challenger=name, rows=1))
    found = Answers(rows=4, confusion=Confusion(classes=("x", name), cells=cells))
    one = FeatureImportance(feature=name, drop=0.1, low=0.0, high=0.2, rows=5)
    pictures = [
        metrics([comparison(name, 0.1, 0.0, 0.2)], {name: 0.01}),
        differences.groups([group], "recall"),
        differences.importance(Importance(metric=name, features=(one,))),
        shapes.confusion(found, "challenger"),
        shapes.confusion(found, "champion"),
    ]
    for picture in pictures:
        assert picture is not None
        parsed(picture, alone=alone)


@settings(max_examples=60, deadline=None)
@given(rows=some.lists(some.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=40), margin=NUMBERS)
def test_any_numbers_stay_within_the_frame(rows: list[tuple[Any, Any, Any]], margin: float | None) -> None:
    found = [comparison(f"m{place}", *values) for place, values in enumerate(rows)]
    picture = metrics(found, {"m0": abs(margin or 0.0)})
    if all(values[0] is None for values in rows):
        assert picture is None
        return
    assert picture is not None
    for circle in parsed(picture).iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.attrib["cx"]) <= picture.width


def test_parts_that_are_missing_are_no_picture() -> None:
    nothing = Answers(rows=0)
    assert [curves.roc(nothing), curves.precision_recall(nothing), curves.calibration(nothing)] == [None] * 3
    assert [shapes.confusion(nothing, "challenger"), shapes.deciles(nothing), shapes.histogram(())] == [None] * 3
    assert differences.groups([], "recall") is None
    assert differences.importance(None) is None


def test_curves_and_shapes_are_told_in_words() -> None:
    points = ((0.0, 0.0), (0.1, 0.6), (1.0, 1.0))
    bins = (ReliabilityPoint(low=0, high=0.1, rows=5, mean_score=0.05, share=0.2, share_low=0.1, share_high=0.6),)
    decile = Decile(low=1, high=2, rows=3, challenger=0.5, challenger_bias=0.1)
    found = Answers(
        rows=5,
        curves=(
            Curve(kind="roc", who="challenger", points=points),
            Curve(kind="precision_recall", who="champion", points=((0.0, 1.0), (1.0, 0.3))),
        ),
        reliabilities=(Reliability(who="challenger", points=bins),),
        deciles=(decile,),
    )
    errors = Histogram(what="challenger_error", low=-1, high=1, counts=(0, 3, 0))
    pictures = [curves.roc(found), curves.precision_recall(found), curves.calibration(found), shapes.deciles(found)]
    told = [parsed(one)[1].text for one in [*pictures, shapes.histogram((errors,))] if one is not None]
    assert told == [
        (
            "ROC curve of the challenger. Where one negative in ten is taken for positive, this share of positives is "
            "found: challenger 60 %. The diagonal is chance."
        ),
        (
            "Precision against recall of the champion. Where half of the positives are found, this share of those "
            "taken is positive: champion 65 %. The dashed line is the share of positives among all, 30 %."
        ),
        (
            "How often events came true against how likely the challenger said they were, in bins with 95 % intervals; "
            "on the diagonal both agree. Furthest from it: challenger 20 % where 5 % was said."
        ),
        (
            "Mean size of the error in 1 parts of the rows, from the smallest labels to the largest. The challenger's "
            "is largest in part 1, labels from 1 to 2: 0.5."
        ),
        (
            "How answer less label is spread over 3 rows. The first bar holds everything up to -0.333 and the last "
            "everything from 0.333 on: 0 and 0 rows."
        ),
    ]


@settings(max_examples=200, deadline=None)
@given(low=some.floats(-1e12, 1e12), width=some.floats(1e-9, 1e12))
def test_ticks_are_few_and_in_order(low: float, width: float) -> None:
    scale = Scale(low=low, high=low + width, start=0, end=100) if low + width > low else over([low], 0, 100)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 7 or width / max(abs(low), 1e-9) < 1e-9
    places = [tick.at for tick in ticks]
    assert places == sorted(places)
    assert all(math.isfinite(place) and 0 <= place <= 100 for place in places)


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: ascii(text[:24]))
def test_nothing_of_the_corpus_acts_in_any_picture_of_evidence(text: str) -> None:
    for picture in pictures_of(nasty_evidence(text)):
        parsed(picture, alone=True)
        assert len(svg(picture)) < 30_000


def test_no_words_stand_left_of_the_picture() -> None:
    wide = "漢字" * 40
    found = slices.slices(
        Slices(
            loss="error rate",
            whole=Slice(where=(), rows=9, challenger=0.5),
            looked_at=1,
            level=0.95,
            worst=(Slice(where=(Where(feature=wide, among=(wide,)),), rows=9, challenger=0.5, difference=0.1),),
        )
    )
    group = GroupMetric(feature=wide, group=wide, metric="recall", rows=9, challenger=0.5)
    for picture in (found, differences.groups([group], "recall")):
        assert picture is not None
        names = [mark for mark in picture.marks if isinstance(mark, Words) and mark.anchor == "end"]
        widths = [sum(12 if ord(letter) > 0x2E80 else 7 for letter in mark.text) for mark in names]
        assert all(mark.x - width > 0 for mark, width in zip(names, widths, strict=True))


def test_learning_is_drawn_metric_by_metric_and_says_where_it_went() -> None:
    curves_ = tuple(
        LearningCurve(metric=f"m{place}", who=who, points=((0, 1.0), (9, 0.5)), logged=2)
        for place in range(9)
        for who in WHO
    )
    picture = learning.learning(Learning(curves=curves_))
    assert picture is not None
    assert picture.height == 3 * learning.HIGH
    assert picture.says.startswith(
        "What the runs of the challenger, the champion logged, by step. m0 of the challenger"
    )
    assert "m6" not in picture.says
    lines = list(parsed(picture).iter("{http://www.w3.org/2000/svg}polyline"))
    assert len(lines) == 2 * learning.MOST
    diverged = LearningCurve(metric="loss", who="challenger", points=(), logged=3, not_finite=3)
    assert learning.learning(Learning(curves=(diverged,))) is None
    assert learning.learning(None) is None


def test_bins_of_few_rows_are_not_drawn_where_there_are_larger_ones() -> None:
    def bin_(low: float, rows: int, share: float) -> ReliabilityPoint:
        return ReliabilityPoint(
            low=low, high=low + 0.1, rows=rows, mean_score=low, share=share, share_low=0.0, share_high=1.0
        )

    few, many = bin_(0.1, 2, 1.0), bin_(0.5, 90, 0.52)
    told = curves.calibration(Answers(rows=92, reliabilities=(Reliability(who="challenger", points=(few, many)),)))
    assert told is not None
    assert told.says.endswith("challenger 52 % where 50 % was said. Bins of fewer than 10 rows are left out.")
    alone = curves.calibration(Answers(rows=2, reliabilities=(Reliability(who="challenger", points=(few,)),)))
    assert alone is not None
    assert alone.says.endswith("challenger 100 % where 10 % was said.")


def of_unit(name: str, *values: float | None) -> MetricComparison:
    return comparison(name, *values).model_copy(update={"lower_is_better": name != "r2"})


def test_a_metric_without_a_better_side_is_neither_better_nor_worse() -> None:
    picture = metrics([of_unit("mean_absolute_error", -1.0, -2.0, -0.5), comparison("mean_error", 2.4, 2.2, 2.6)], {})
    assert picture is not None
    assert picture.title == "Challenger against champion, by metric"
    assert picture.says.endswith(
        "Wholly better: none. Wholly worse: mean_absolute_error. "
        "Left out, for neither more nor less of it is better: mean_error."
    )
    assert [mark.who for mark in picture.marks if isinstance(mark, Dot)] == ["worse"]
    assert metrics([comparison("mean_error", 2.4, 2.2, 2.6)], {}) is None


def test_metrics_of_different_units_have_scales_of_their_own_with_one_zero() -> None:
    found = [of_unit("mean_squared_error", -1e6, -2e6, 1.0), of_unit("r2", 0.002, 0.001, 0.003)]
    picture = metrics(found, {"r2": 0.001})
    assert picture is not None
    dots = [mark for mark in picture.marks if isinstance(mark, Dot)]
    assert picture.axes is not None
    (zero,) = picture.axes.x
    squared, share = (one.across for one in dots)
    assert squared is not None
    assert share is not None
    assert squared[0] < zero.at - 100
    assert share[1] > zero.at + 100
    assert [one.who for one in dots] == ["neutral", "better"]
    assert {mark.text for mark in picture.marks if isinstance(mark, Words)} >= {"-1,000,000.0", "+0.002"}
    assert "Each metric has a scale of its own" in picture.says
    rates = metrics([comparison("accuracy", 0.1, 0.0, 0.2), comparison("recall", 0.1, 0.0, 0.2)], {})
    assert rates is not None
    assert "a scale of its own" not in rates.says


def test_numbers_of_pictures_are_short_and_have_no_power_of_ten_where_people_write_none() -> None:
    assert [rounded(one) for one in (0.031249, 999.4, 999.9, -64_812.0, 152_101_492.0, 6.48e12, 0.0)] == [
        "0.0312",
        "999",
        "1,000",
        "-64,800",
        "152,000,000",
        "6.48e+12",
        "0",
    ]


def test_a_histogram_shows_that_its_ends_are_open() -> None:
    changes = Histogram(what="difference", low=-0.168, high=0.168, counts=(1, *[5] * 10, 2))
    picture = shapes.histogram((changes,))
    assert picture is not None
    assert picture.axes is not None
    assert [mark.text for mark in picture.marks if isinstance(mark, Words)] == ["≤ -0.14", "≥ 0.14"]
    assert [tick.text for tick in picture.axes.x] == ["-0.1", "0.0", "0.1"]
    assert picture.axes.x_label == "challenger less champion (outermost bars: all beyond)"
    assert picture.says.endswith(
        "The first bar holds everything up to -0.14 and the last everything from 0.14 on: 1 and 2 items."
    )
