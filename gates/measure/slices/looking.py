"""Where does the challenger lose most, and where are its errors?"""

from collections.abc import Iterator, Sequence

from gates.confidence import NORMAL
from gates.measure.prepared import Prepared
from gates.measure.rounding import rounded
from gates.measure.slices.cuts import Cut, cut
from gates.measure.slices.losses import Losses, losses
from gates.measure.slices.sums import Sums, sums
from gates.measure.slices.tree import Side, leaves
from gates.measure.unusable import UnusableError
from gates.slice_facts import Slice, Slices, Where

LEVEL = 0.95
LEAST = 50
"""Rows of a slice that is told."""
LEAST_APART = 10
"""Rows on which the models differ, for an interval to be trusted."""
MOST = 10
MOST_COLUMNS = 100


def slices(prepared: Prepared) -> Slices | None:
    """Look at the columns that are shown; None where rows have no loss of their own, or no column can be cut.

    A condition on rows that count together (clusters) is not looked at: intervals take rows for independent.
    """
    try:
        loss = losses(prepared)
    except UnusableError:
        return None
    if loss is None or not prepared.shown:
        return None
    shown = list(prepared.shown.items())
    made = [cut(prepared, feature, column) for feature, column in shown[:MOST_COLUMNS]]
    cuts = [one for one in made if isinstance(one, Cut)]
    left_out = [one for one in made if isinstance(one, str)]
    if len(shown) > MOST_COLUMNS:
        left_out.append(f"{len(shown) - MOST_COLUMNS:,} columns beyond the first {MOST_COLUMNS} were not looked at.")
    if not cuts:
        return None
    found = sums(prepared, loss, cuts)
    grown = leaves(prepared, loss, cuts, found)
    whole = sum(found[cuts[0].feature], Sums())
    candidates = list(_candidates(cuts, found))
    many = max(len(candidates) + len(grown), 1)
    worst = sorted((one for one in candidates if one[1].lost > 0), key=lambda one: -one[1].mean_lost)
    errors = sorted(grown, key=lambda leaf: -leaf.sums.mean) if len(grown) > 1 else []
    return Slices(
        loss=loss.called,
        whole=_slice((), whole, loss, prepared, 1),
        looked_at=len(candidates),
        level=LEVEL,
        worst=tuple(_slice((where,), one, loss, prepared, many) for where, one in worst[:MOST]),
        errors=tuple(_slice(tuple(map(_told, leaf.path)), leaf.sums, loss, prepared, many) for leaf in errors),
        left_out=tuple(left_out),
    )


def _candidates(cuts: Sequence[Cut], found: dict[str, list[Sums]]) -> Iterator[tuple[Where, Sums]]:
    for one in cuts:
        for where, part in zip(one.parts, found[one.feature], strict=True):
            if part.rows >= LEAST:
                yield where, part


def _slice(where: tuple[Where, ...], found: Sums, loss: Losses, prepared: Prepared, many: int) -> Slice:
    challenger = float(found.mean) * loss.unit
    told = Slice(where=where, rows=found.rows, challenger=_kept(challenger))
    sure = found.rows >= LEAST
    low, high = _interval(challenger, found.variance, found.rows, loss, many) if sure else (None, None)
    told = told.model_copy(update={"challenger_low": low, "challenger_high": high})
    if not prepared.champion:
        return told
    difference = float(found.mean_lost) * loss.unit
    sure = sure and found.apart >= LEAST_APART
    low, high = _interval(difference, found.variance_lost, found.rows, loss, many) if sure else (None, None)
    update = {
        "champion": _kept(challenger - difference),
        "difference": _kept(difference),
        "low": low,
        "high": high,
        "too_few": not sure,
    }
    return told.model_copy(update=update)


def _interval(value: float, variance: float, rows: int, loss: Losses, many: int) -> tuple[float | None, float | None]:
    far = NORMAL.inv_cdf(1 - (1 - LEVEL) / (2 * many)) * (variance / rows) ** 0.5 * loss.unit
    return rounded(value - far), rounded(value + far)


def _told(side: Side) -> Where:
    """Say which parts of a column these are, as one: neighbouring ranges are one range."""
    parts = [side.cut.parts[part] for part in side.parts]
    kept = [part for part in parts if not part.missing]
    missing = len(kept) < len(parts)
    listed = tuple(value for part in kept for value in part.among)
    if listed or any(part.others for part in kept) or not kept:
        others = any(part.others for part in kept)
        return Where(feature=side.cut.feature, among=listed, others=others, missing=missing)
    return Where(
        feature=side.cut.feature, above=kept[0].above, upto=kept[-1].upto, times=kept[0].times, missing=missing
    )


def _kept(value: float) -> float:
    return rounded(value) or 0.0
