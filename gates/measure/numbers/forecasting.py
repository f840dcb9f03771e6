"""How far off are forecasts, over all and for each horizon, and are they better than the seasonal-naive method?

The mean absolute scaled error follows Hyndman and Koehler (2006, International Journal of Forecasting 22:679-688),
scaled by the seasonal-naive method's mean absolute error on the same rows: below 1, the forecasts are better than it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gates.measure.estimated import Estimated
from gates.measure.numbers.columns import Columns, columns_of
from gates.measure.numbers.exact import one_row
from gates.measure.numbers.regression import root_mean
from gates.measure.numbers.seasonal import Seasoned, clustered_by_series, seasoned
from gates.measure.numbers.smooth import ANY, Formula, estimated, mean_of, ratio
from gates.measure.prepared import Prepared
from gates.measure.scan.dialect import text
from gates.measure.unusable import UnusableError

SCALED = "mean_absolute_scaled_error"
MOST_HORIZONS = 200


def _mean_absolute_error(columns: Columns) -> Formula:
    of = {who: mean_of(columns.absolute(who)) for who in columns.who}
    return Formula(name="mean_absolute_error", of=of, power=columns.power)


def _root_mean_squared_error(columns: Columns) -> Formula:
    of = {who: root_mean(columns.square(who)) for who in columns.who}
    return Formula(name="root_mean_squared_error", of=of, power=columns.power)


def _mean_error(columns: Columns) -> Formula:
    of = {who: mean_of(columns.error(who)) for who in columns.who}
    return Formula(name="mean_error", of=of, power=columns.power, within=ANY, baseline=0.0)


def _weighted_absolute_percentage_error(columns: Columns) -> Formula:
    """Return the sum of distances over the sum of the labels' sizes, as a fraction."""
    problem = "the label is 0 in all rows, so there is nothing that errors could be a share of."
    of = {who: ratio(columns.absolute(who), f"abs({columns.label})", problem) for who in columns.who}
    return Formula(name="weighted_absolute_percentage_error", of=of)


def _mean_absolute_scaled_error(columns: Columns) -> Formula:
    problem = "the label of one season earlier is right in all rows, so there is no error to scale by."
    naive = f"abs({columns.naive} - {columns.label})"
    of = {who: ratio(columns.absolute(who), naive, problem) for who in columns.who}
    return Formula(name=SCALED, of=of, baseline=1.0)


ON_ALL_ROWS: Mapping[str, Callable[[Columns], Formula]] = {
    "mean_absolute_error": _mean_absolute_error,
    "root_mean_squared_error": _root_mean_squared_error,
    "mean_error": _mean_error,
    "weighted_absolute_percentage_error": _weighted_absolute_percentage_error,
}
FORECASTS = (*ON_ALL_ROWS, SCALED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What is known of forecasts so far ahead."""

    horizon: str
    """As the column has it."""
    rows: int
    without_naive: int
    """Rows whose label of one season earlier is not known, which the scaled error and the baselines leave out."""
    metrics: Mapping[str, Estimated | str]


def forecast_estimates(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Return what is known of each metric over all horizons."""
    rows = clustered_by_series(prepared)
    return _measured(rows, _seasoned(rows), names)


def horizons(prepared: Prepared, names: tuple[str, ...]) -> tuple[Horizon, ...]:
    """Return what is known of each metric for each horizon, in their order; none where no column tells them."""
    if "horizon" not in prepared.carried:
        return ()
    rows = clustered_by_series(prepared)
    earlier = _seasoned(rows)
    counted = rows.engine.reduce(f"SELECT horizon, count(*) AS n FROM {rows.view} GROUP BY 1").to_pylist()  # noqa: S608 - ours
    if len(counted) > MOST_HORIZONS:
        raise UnusableError(f"there are {len(counted):,} horizons; at most {MOST_HORIZONS} are measured one by one.")
    return tuple(_horizon(rows, earlier, str(row["horizon"]), names) for row in counted)


def _horizon(rows: Prepared, earlier: Seasoned | str, horizon: str, names: tuple[str, ...]) -> Horizon:
    """Measure the rows of one horizon."""
    here = _only(rows, horizon)
    known = earlier if isinstance(earlier, str) else _only(earlier.prepared, horizon)
    looked = known if isinstance(known, str) else Seasoned(prepared=known, unknown=here.count - known.count)
    return Horizon(
        horizon=horizon,
        rows=here.count,
        without_naive=here.count if isinstance(looked, str) else looked.unknown,
        metrics=_measured(here, looked, names),
    )


def _only(rows: Prepared, horizon: str) -> Prepared:
    """Return the rows of one horizon."""
    view = f"(SELECT * FROM {rows.view} WHERE CAST(horizon AS VARCHAR) = {text(horizon)})"  # noqa: S608 - quoted
    counted = {"n": "count(*)"} | ({} if rows.clusters is None else {"many": "count(DISTINCT cluster)"})
    found = one_row(rows.engine, view, counted)
    return replace(rows, view=view, count=int(found["n"]), clusters=found.get("many"))


def _seasoned(rows: Prepared) -> Seasoned | str:
    try:
        return seasoned(rows)
    except UnusableError as error:
        return str(error)


def _measured(rows: Prepared, earlier: Seasoned | str, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Return what is known of each metric, on all rows but for what needs the label of one season earlier."""
    columns = columns_of(rows)
    asked = [make(columns) for name, make in ON_ALL_ROWS.items() if name in names]
    found = estimated(columns.rows, asked)
    for name, baseline in _baselines(earlier, [some.name for some in asked]).items():
        some = found[name]
        found[name] = some if isinstance(some, str) else replace(some, baseline=baseline)
    return found | ({SCALED: _scaled(earlier)} if SCALED in names else {})


def _scaled(earlier: Seasoned | str) -> Estimated | str:
    if isinstance(earlier, str):
        return earlier
    if not earlier.prepared.count:
        return "no row has a label of one season earlier in its series."
    columns = columns_of(earlier.prepared, ("label", "naive"))
    found = estimated(columns.rows, [_mean_absolute_scaled_error(columns)])[SCALED]
    if isinstance(found, str) or not earlier.unknown:
        return found
    return replace(
        found, method=f"{found.method}; {earlier.unknown:,} rows without a label one season earlier left out"
    )


def _baselines(earlier: Seasoned | str, names: list[str]) -> dict[str, float]:
    """Return the seasonal-naive method's metrics, of the rows where it is known."""
    if isinstance(earlier, str) or not earlier.prepared.count or not names:
        return {}
    view = f"(SELECT label, naive AS challenger FROM {earlier.prepared.view})"  # noqa: S608 - ours
    columns = columns_of(replace(earlier.prepared, view=view, champion=False, clusters=None))
    formulas = [ON_ALL_ROWS[name](columns) for name in names if name != "mean_error"]
    found = estimated(columns.rows, formulas)
    return {name: some.challenger for name, some in found.items() if isinstance(some, Estimated)}
