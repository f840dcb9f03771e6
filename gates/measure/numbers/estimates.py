"""How good are answers that are numbers, and how sure is the difference of two models?"""

from collections.abc import Callable, Mapping
from functools import cached_property

from gates.measure.estimated import Estimated
from gates.measure.numbers import quantile, regression
from gates.measure.numbers.columns import Columns, columns_of
from gates.measure.numbers.exact import means, one_row
from gates.measure.numbers.forecasting import FORECASTS, forecast_estimates
from gates.measure.numbers.items import mean_of_items
from gates.measure.numbers.median import NAME as MEDIAN
from gates.measure.numbers.median import median_absolute_error, median_of, quantile_of
from gates.measure.numbers.smooth import Formula, estimated
from gates.measure.prepared import Prepared
from gates.measure.unusable import UnusableError
from gates.metric import FORECASTING, ITEMS


class Labels:
    """The columns of a regression and what is known of its labels, each looked up once and only if asked for."""

    def __init__(self, prepared: Prepared) -> None:
        """Take the rows."""
        self.prepared = prepared

    @cached_property
    def columns(self) -> Columns:
        """Labels and answers in one unit."""
        return columns_of(self.prepared)

    @property
    def rows(self) -> Prepared:
        """The rows with these columns."""
        return self.columns.rows

    @cached_property
    def mean(self) -> float:
        """The label's mean."""
        label = self.columns.label
        return means(self.rows.engine, self.rows.view, [label], self.rows.count)[label]

    @cached_property
    def median(self) -> float:
        """The label's median."""
        return median_of(self.rows, self.columns.label)

    @cached_property
    def zeros(self) -> int:
        """Rows whose label is 0."""
        counted = {"zeros": f"count(CASE WHEN {self.columns.label} = 0 THEN 1 END)"}
        return int(one_row(self.rows.engine, self.rows.view, counted)["zeros"])

    @cached_property
    def quantile(self) -> float:
        """The quantile that was asked for."""
        return quantile.asked_quantile(self.prepared.quantile)

    @cached_property
    def at_quantile(self) -> float:
        """The label's quantile."""
        return quantile_of(self.rows, self.columns.label, self.quantile)


FORMULAS: Mapping[str, Callable[[Labels], Formula]] = {
    "mean_absolute_error": lambda of: regression.mean_absolute_error(of.columns, of.median),
    "root_mean_squared_error": lambda of: regression.root_mean_squared_error(of.columns, of.mean),
    "mean_squared_error": lambda of: regression.mean_squared_error(of.columns, of.mean),
    "r2": lambda of: regression.r2(of.columns, of.mean),
    "mean_absolute_percentage_error": lambda of: regression.mean_absolute_percentage_error(
        of.columns, of.mean, of.zeros
    ),
    "mean_error": lambda of: regression.mean_error(of.columns),
    "mean_pinball_loss": lambda of: quantile.mean_pinball_loss(of.columns, of.quantile, of.at_quantile),
    "coverage": lambda of: quantile.coverage(of.columns, of.quantile),
}
NAMES = frozenset({*FORMULAS, *FORECASTS, MEDIAN, "mean"})
"""Every metric that `estimates` knows."""


def estimates(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Return what is known of each metric asked for that it knows; a text says why nothing is."""
    asked = tuple(dict.fromkeys(name for name in names if name in NAMES))
    if not asked:
        return {}
    if prepared.count == 0:
        return dict.fromkeys(asked, "there is no row to measure.")
    try:
        return _of_task(prepared, asked)
    except UnusableError as error:
        return dict.fromkeys(asked, str(error))


def _of_task(prepared: Prepared, asked: tuple[str, ...]) -> dict[str, Estimated | str]:
    if prepared.task == ITEMS:
        return {name: mean_of_items(prepared) if name == "mean" else _not_of(prepared) for name in asked}
    if prepared.task == FORECASTING:
        return {name: _not_of(prepared) for name in asked} | forecast_estimates(prepared, asked)
    labels = Labels(prepared)
    formulas: dict[str, Formula | str] = {name: _formula(labels, name) for name in asked if name in FORMULAS}
    found = estimated(labels.rows, [some for some in formulas.values() if isinstance(some, Formula)])
    found |= {name: some for name, some in formulas.items() if isinstance(some, str)}
    if MEDIAN in asked:
        found[MEDIAN] = _median_error(labels)
    return {name: found.get(name, _not_of(prepared)) for name in asked}


def _median_error(labels: Labels) -> Estimated | str:
    try:
        return median_absolute_error(labels.columns, labels.median)
    except OverflowError:
        return "the numbers are too large for it: divide the columns by a power of ten."


def _formula(labels: Labels, name: str) -> Formula | str:
    try:
        return FORMULAS[name](labels)
    except UnusableError as error:
        return str(error)


def _not_of(prepared: Prepared) -> str:
    return f"it is no metric of {prepared.task}."
