"""How did the training of both models go, metric by metric?"""

from collections.abc import Iterator, Sequence

from gates.learning_facts import Learning, LearningCurve
from reports.pictures.picture import Dot, Line, Mark, Picture, Rule, Words
from reports.pictures.scale import Scale, over
from reports.pictures.words import brief, listed_models, rounded, shortened

WIDE, HIGH, ACROSS = 340.0, 180.0, 2
"""Size of one metric's frame with all around it, and how many stand side by side."""
LEFT, TOP, RIGHT, BOTTOM = 70.0, 34.0, 14.0, 34.0
"""Room around a frame."""
MOST = 6
"""Metrics that are drawn."""
LONGEST = 32
TICKS = 4


def learning(found: Learning | None) -> Picture | None:
    """Draw a small frame for each metric; None where no run logged one step by step."""
    curves = [one for one in (found.curves if found else ()) if one.points]
    names = list(dict.fromkeys(one.metric for one in curves))[:MOST]
    if not names:
        return None
    marks = [
        mark
        for place, name in enumerate(names)
        for mark in _frame(place, name, [one for one in curves if one.metric == name])
    ]
    drawn = [one for one in curves if one.metric in names]
    whose = [who for who in ("challenger", "champion") if any(one.who == who for one in drawn)]
    rows = (len(names) + ACROSS - 1) // ACROSS
    return Picture(
        name="learning",
        title="Learning curves",
        says=f"What the runs of {listed_models(whose)} logged, by step. {' '.join(map(_told, drawn))}",
        width=WIDE * min(len(names), ACROSS),
        height=HIGH * rows,
        axes=None,
        marks=tuple(marks),
        legend=tuple((who, who) for who in ("challenger", "champion") if who in whose),
    )


def _frame(place: int, name: str, curves: Sequence[LearningCurve]) -> Iterator[Mark]:
    left, top = WIDE * (place % ACROSS) + LEFT, HIGH * (place // ACROSS) + TOP
    right, bottom = left - LEFT + WIDE - RIGHT, top - TOP + HIGH - BOTTOM
    x = over([float(step) for one in curves for step, _ in one.points], left, right)
    y = over([value for one in curves for _, value in one.points], bottom, top)
    yield Words(x=left, y=top - 12, text=shortened(name, LONGEST) or "(empty)", strong=True)
    for tick in y.ticks(TICKS):
        yield Rule(x1=left, y1=tick.at, x2=right, y2=tick.at, faint=True)
        yield Words(x=left - 7, y=tick.at + 4, text=tick.text, anchor="end")
    for tick in x.ticks(TICKS):
        yield Words(x=tick.at, y=bottom + 17, text=tick.text, anchor="middle")
    for one in reversed(curves):
        yield from _curve(one, x, y)


def _curve(one: LearningCurve, x: Scale, y: Scale) -> Iterator[Mark]:
    places = tuple((x.at(float(step)), y.at(value)) for step, value in one.points)
    yield Line(who=one.who, points=places)
    yield Dot(who=one.who, x=places[-1][0], y=places[-1][1])


def _told(one: LearningCurve) -> str:
    (_, first), (_, last) = one.points[0], one.points[-1]
    return f"{brief(one.metric)} of the {one.who}: from {rounded(first)} to {rounded(last)}."
