"""Does a quantile regression tell the quantile that it was asked for?"""

from gates.measure.numbers.columns import Columns
from gates.measure.numbers.smooth import SHARE, Formula, mean_of
from gates.measure.scan.dialect import double
from gates.measure.unusable import UnusableError


def asked_quantile(quantile: float | None) -> float:
    """Return the quantile; raises `UnusableError` where it is missing or none."""
    if quantile is None:
        raise UnusableError("it is not said which quantile was to be told: give one between 0 and 1.")
    if not 0 < quantile < 1:
        raise UnusableError(f"{quantile} is no quantile: give one between 0 and 1.")
    return quantile


def mean_pinball_loss(columns: Columns, quantile: float, constant: float) -> Formula:
    """Return the mean quantile loss (Koenker and Bassett 1978); `constant` is the label's quantile, as baseline."""
    return Formula(
        name="mean_pinball_loss",
        of={who: mean_of(_loss(columns.label, columns.answer(who), quantile)) for who in columns.who},
        baseline=mean_of(_loss(columns.label, double(constant), quantile)),
        power=columns.power,
    )


def coverage(columns: Columns, quantile: float) -> Formula:
    """Return the share of labels that do not exceed the answer; the baseline is the quantile, which is the aim too."""
    return Formula(
        name="coverage",
        of={
            who: mean_of(f"(CASE WHEN {columns.label} <= {columns.answer(who)} THEN 1e0 ELSE 0e0 END)")
            for who in columns.who
        },
        baseline=quantile,
        within=SHARE,
    )


def _loss(label: str, answer: str, quantile: float) -> str:
    short, long = f"greatest({label} - {answer}, 0e0)", f"greatest({answer} - {label}, 0e0)"
    return f"({double(quantile)} * {short} + {double(1 - quantile)} * {long})"
