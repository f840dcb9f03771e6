"""How did the training go, step by step? Read once from both runs, and thinned to what a picture can show."""

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from gates.answer_facts import Who
from gates.learning_facts import Learning, LearningCurve
from gates.wording import count
from storage.canonical import LARGEST
from storage.registry import RegisteredVersion, Registry

MOST_METRICS = 12
"""Metrics that are shown."""
MOST_ASKED = 40
"""Metrics whose history is asked for: each is a question to the registry."""
MOST_POINTS = 100
"""Of one curve."""
OF_THE_MACHINE = "system/"
"""How MLflow begins the names of what it logs about processors and memory."""
BEYOND = sys.float_info.max
"""What MLflow keeps instead of infinity."""

Points = Sequence[tuple[int, float]]
Versions = Sequence[tuple[Who, RegisteredVersion]]


def learning_of(registry: Registry, versions: Versions) -> Learning | None:
    """Return the curves of metrics that were logged more than once; None where there is none.

    What both runs logged comes first, then the rest by name.
    """
    names = _names(versions)
    asked = names[:MOST_ASKED]
    found = [curves for name in asked if (curves := tuple(_curves(registry, versions, name)))]
    shown = tuple(curve for curves in found[:MOST_METRICS] for curve in curves)
    if not shown and len(names) == len(asked):
        return None
    return Learning(curves=shown, left_out=tuple(_left_out(len(found), len(names) - len(asked))))


def _names(versions: Versions) -> list[str]:
    runs = [{name for name in known.metrics if not name.startswith(OF_THE_MACHINE)} for _, known in versions]
    everywhere = set.intersection(*runs) if runs else set()
    return sorted(set().union(*runs), key=lambda name: (name not in everywhere, name))


def _curves(registry: Registry, versions: Versions, metric: str) -> Iterator[LearningCurve]:
    for who, known in versions:
        if known.run_id is not None and metric in known.metrics:
            curve = curve_of(registry.history(known.run_id, metric), metric=metric, who=who)
            if curve is not None:
                yield curve


def _left_out(metrics: int, not_asked: int) -> Iterator[str]:
    if metrics > MOST_METRICS:
        yield f"Of {metrics} metrics that were logged step by step, the first {MOST_METRICS} are shown."
    if not_asked:
        yield f"Whether {count(not_asked, 'more metric')} were logged step by step was not asked."


def curve_of(logged: Points, *, metric: str, who: Who) -> LearningCurve | None:
    """Return a metric's curve from what was logged, in order; None where it was not logged twice."""
    steps = _by_step(logged)
    finite = [(step, value + 0.0) for step, value in steps if math.isfinite(value) and abs(value) < BEYOND]
    if len(steps) <= 1:
        return None
    points = tuple(thinned(finite))
    return LearningCurve(metric=metric, who=who, points=points, logged=len(steps), not_finite=len(steps) - len(finite))


def _by_step(logged: Points) -> list[tuple[int, float]]:
    """Keep the last value of each step; values that all have one step were logged without: their order counts."""
    if len({step for step, _ in logged}) == 1:
        return [(place, value) for place, (_, value) in enumerate(logged)]
    return sorted({step: value for step, value in logged if abs(step) <= LARGEST}.items())


def thinned(points: Points, most: int = MOST_POINTS) -> Iterator[tuple[int, float]]:
    """Yield both ends, and the lowest and the highest point of each of equally long parts between them."""
    if len(points) <= most:
        yield from points
        return
    inner = len(points) - 2
    parts = (most - 2) // 2
    yield points[0]
    for part in range(parts):
        within = list(islice(points, 1 + inner * part // parts, 1 + inner * (part + 1) // parts))
        lowest, highest = (pick(within, key=lambda point: point[1]) for pick in (min, max))
        yield from sorted({lowest, highest})
    yield points[-1]
