"""Is one number for each item, computed elsewhere, better with the challenger, and for how many items?"""

import math

from gates.measure.estimated import Estimated
from gates.measure.numbers.columns import Columns, columns_of
from gates.measure.numbers.ranks import at_ranks
from gates.measure.numbers.smooth import ANY, SHARE, Formula, estimated, mean_of
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.unusable import UnusableError
from gates.values import Value

TENTHS = tuple(tenth / 10 for tenth in range(11))


class ItemChanges(Value):
    """What becomes of items with the challenger: shares with two-sided 95 % intervals, and the size of changes."""

    items: int
    worse: float
    worse_low: float | None
    worse_high: float | None
    better: float
    better_low: float | None
    better_high: float | None
    deciles: tuple[float, ...]
    """Of challenger minus champion: smallest, nine deciles (the smallest that so many do not exceed), largest."""
    too_few: str = ""
    """One line, when there are too few rows for intervals that could be trusted."""


def mean_of_items(prepared: Prepared) -> Estimated | str:
    """Estimate the mean number of an item."""
    columns = item_columns(prepared)
    formula = Formula(
        name="mean",
        of={who: mean_of(columns.answer(who)) for who in columns.who},
        power=columns.power,
        within=ANY,
    )
    return estimated(columns.rows, [formula])["mean"]


def item_changes(prepared: Prepared) -> ItemChanges:
    """Count the items that got worse and better; raises `UnusableError` without a champion."""
    if not prepared.champion:
        raise UnusableError("there is no champion, so no item can have changed.")
    columns = item_columns(prepared)
    change = f"({columns.answer('challenger')} - {columns.answer('champion')})"
    shares = {"worse": f"{change} < 0", "better": f"{change} > 0"}
    found = estimated(columns.rows, [_share(called, condition) for called, condition in shares.items()])
    worse, better = _known(found["worse"]), _known(found["better"])
    return ItemChanges(
        items=prepared.count,
        worse=worse.challenger,
        worse_low=None if worse.challenger_interval is None else worse.challenger_interval[0],
        worse_high=None if worse.challenger_interval is None else worse.challenger_interval[1],
        better=better.challenger,
        better_low=None if better.challenger_interval is None else better.challenger_interval[0],
        better_high=None if better.challenger_interval is None else better.challenger_interval[1],
        deciles=_deciles(columns.rows, change, columns.power),
        too_few=worse.too_few or better.too_few,
    )


def item_columns(prepared: Prepared) -> Columns:
    """Return the numbers of both models in a common unit; there is no label."""
    return columns_of(prepared, ())


def _share(called: str, condition: str) -> Formula:
    part = f"(CASE WHEN {condition} THEN 1e0 ELSE 0e0 END)"
    return Formula(name=called, of={"challenger": mean_of(part)}, within=SHARE)


def _known(found: Estimated | str) -> Estimated:
    if isinstance(found, str):
        raise UnusableError(found)
    return found


def _deciles(prepared: Prepared, change: str, power: int) -> tuple[float, ...]:
    ranks = [max(math.ceil(tenth * prepared.count) - 1, 0) for tenth in TENTHS]
    found = at_ranks(prepared.engine, prepared.view, change, ranks)
    kept = [rounded(math.ldexp(found[rank], power)) for rank in ranks]
    return tuple(0.0 if number is None else number for number in kept)
