"""What does each metric of a classification come to in every group?"""

from collections.abc import Callable

import numpy as np

from gates.measure.groups.answered import Answered
from gates.measure.groups.limits import Floats, HalfwaySpread, RisingSpread, Spread
from gates.measure.groups.rates import JACCARD, RATES, SENSITIVITY, SPECIFICITY, Rate, f1_of
from gates.measure.groups.values import GroupValues, rarer, reasons

BALANCED = "balanced_accuracy"
F1 = "f1"
NAMES = (*RATES, BALANCED, F1)
CLASSWISE = tuple(name for name in NAMES if name != "accuracy")
"""Metrics that look at one class: with several classes they are asked for as `recall:cat`."""
AGRESTI = "Agresti and Coull; differences and ratios by MOVER"


def classified(name: str, base: str, answered: Answered) -> GroupValues:
    """Return a metric of every group; `name` is what it was asked for by, `base` the same without a class."""
    if base == BALANCED:
        return _balanced(name, answered)
    if base == F1:
        return _rated(name, answered, JACCARD, f1_of)
    return _rated(name, answered, RATES[base], None)


def _rated(name: str, answered: Answered, rate: Rate, function: Callable[[Floats], Floats] | None) -> GroupValues:
    models = range(answered.models)
    rates = [answered.spread(rate, model) for model in models]
    spreads: list[Spread] = [*rates] if function is None else [RisingSpread(of=one, function=function) for one in rates]
    return GroupValues(
        metric=name,
        rows=answered.rows(rate, 0),
        spreads=tuple(spreads),
        lacking=tuple(reasons(name, answered.units(rate, model), answered.unit) for model in models),
        change=_change(answered, rate, function) if answered.models > 1 else None,
        method=AGRESTI,
    )


def _change(answered: Answered, rate: Rate, function: Callable[[Floats], Floats] | None) -> Spread:
    if rate.same_rows:
        return answered.change(rate)
    return answered.shift(rate, function or np.positive)


def _balanced(name: str, answered: Answered) -> GroupValues:
    models, halves = range(answered.models), (SENSITIVITY, SPECIFICITY)
    units = [rarer([answered.units(half, model) for half in halves]) for model in models]
    return GroupValues(
        metric=name,
        rows=rarer([answered.rows(half, 0) for half in halves]),
        spreads=tuple(HalfwaySpread(*(answered.spread(half, model) for half in halves)) for model in models),
        lacking=tuple(reasons(name, some, answered.unit) for some in units),
        change=HalfwaySpread(*(answered.change(half) for half in halves)) if answered.models > 1 else None,
        method=AGRESTI,
    )
