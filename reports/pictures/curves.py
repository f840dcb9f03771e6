"""How do both models rank, and can their scores be taken at their word?"""

from collections.abc import Sequence

from gates.answer_facts import Answers, Curve, Reliability
from reports.answered import height_at
from reports.pictures.picture import Axes, Dot, Line, Mark, Picture, Rule, Tick
from reports.pictures.scale import Scale
from reports.pictures.words import listed_models, percent_of

SIZE = 352.0
LEFT, TOP, RIGHT, BOTTOM = 56.0, 14.0, 326.0, 284.0
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
HIGH = 330.0
LEAST = 10
"""Rows of a bin that is drawn: fewer say nothing, and zigzag."""


def _scales() -> tuple[Scale, Scale]:
    return (
        Scale(low=0.0, high=1.0, start=LEFT, end=RIGHT),
        Scale(low=0.0, high=1.0, start=BOTTOM, end=TOP),
    )


def _axes(x_label: str, y_label: str) -> Axes:
    x, y = _scales()
    return Axes(
        left=LEFT,
        top=TOP,
        right=RIGHT,
        bottom=BOTTOM,
        x=tuple(Tick(at=x.at(one), text=percent_of(one)) for one in QUARTERS),
        y=tuple(Tick(at=y.at(one), text=percent_of(one)) for one in QUARTERS),
        x_label=x_label,
        y_label=y_label,
    )


def roc(answers: Answers) -> Picture | None:
    """Draw what is found of the positives against what is wrongly taken; None without scores."""
    found = [one for one in answers.curves if one.kind == "roc" and one.points]
    if not found:
        return None
    x, y = _scales()
    chance = Rule(x1=x.at(0), y1=y.at(0), x2=x.at(1), y2=y.at(1))
    at_tenth = "; ".join(f"{one.who} {percent_of(height_at(one, 0.1))}" for one in found)
    return Picture(
        name="roc",
        title="ROC curve",
        says=(
            f"ROC {'curves' if found[1:] else 'curve'} of {listed_models(one.who for one in found)}. "
            f"Where one negative in ten is taken for positive, this share of positives is found: {at_tenth}. "
            "The diagonal is chance."
        ),
        width=SIZE,
        height=HIGH,
        axes=_axes("negatives taken for positive", "positives found"),
        marks=(chance, *_lines(found)),
        legend=tuple((one.who, one.who) for one in found),
    )


def precision_recall(answers: Answers) -> Picture | None:
    """Draw how many of those taken are positive, against how many positives are found; None without scores."""
    found = [one for one in answers.curves if one.kind == "precision_recall" and one.points]
    if not found:
        return None
    _, y = _scales()
    share = found[0].points[-1][1]
    base = Rule(x1=LEFT, y1=y.at(share), x2=RIGHT, y2=y.at(share))
    at_half = "; ".join(f"{one.who} {percent_of(height_at(one, 0.5))}" for one in found)
    return Picture(
        name="precision-recall",
        title="Precision and recall",
        says=(
            f"Precision against recall of {listed_models(one.who for one in found)}. Where half of the positives are "
            f"found, this share of those taken is positive: {at_half}. "
            f"The dashed line is the share of positives among all, {percent_of(share)}."
        ),
        width=SIZE,
        height=HIGH,
        axes=_axes("positives found (recall)", "of those taken, positive (precision)"),
        marks=(base, *_lines(found)),
        legend=tuple((one.who, one.who) for one in found),
    )


def calibration(answers: Answers) -> Picture | None:
    """Draw how often events come true against how likely they were said to be; None without probabilities."""
    found = [_told(one) for one in answers.reliabilities if one.points]
    if not found:
        return None
    x, y = _scales()
    marks: list[Mark] = [Rule(x1=x.at(0), y1=y.at(0), x2=x.at(1), y2=y.at(1))]
    for one in reversed(found):
        places = [(x.at(point.mean_score), y.at(point.share)) for point in one.points]
        marks.append(Line(who=one.who, points=tuple(places)))
        marks += [
            Dot(who=one.who, x=at[0], y=at[1], along=(y.at(point.share_high), y.at(point.share_low)))
            for at, point in zip(places, one.points, strict=True)
        ]
    worst = "; ".join(f"{one.who} {_furthest(one)}" for one in found)
    drawn, known = (sum(len(one.points) for one in some) for some in (found, answers.reliabilities))
    few = f" Bins of fewer than {LEAST} rows are left out." if drawn < known else ""
    return Picture(
        name="calibration",
        title="Calibration",
        says=(
            f"How often events came true against how likely {listed_models(one.who for one in found)} said they were, "
            f"in bins with 95 % intervals; on the diagonal both agree. Furthest from it: {worst}."
            f"{few}"
        ),
        width=SIZE,
        height=HIGH,
        axes=_axes(f"score (bins of fewer than {LEAST} rows left out)" if few else "score", "came true"),
        marks=tuple(marks),
        legend=tuple((one.who, one.who) for one in found),
    )


def _lines(found: Sequence[Curve]) -> list[Line]:
    x, y = _scales()
    return [Line(who=one.who, points=tuple((x.at(a), y.at(b)) for a, b in one.points)) for one in reversed(found)]


def _told(one: Reliability) -> Reliability:
    """Leave out bins of few rows; all are kept where all are so."""
    large = tuple(point for point in one.points if point.rows >= LEAST)
    return one.model_copy(update={"points": large or one.points})


def _furthest(one: Reliability) -> str:
    point = max(one.points, key=lambda point: abs(point.share - point.mean_score))
    return f"{percent_of(point.share)} where {percent_of(point.mean_score)} was said"
