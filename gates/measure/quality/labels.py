"""Are the labels there, are they what they may be, and is one of them nearly all there is?"""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from gates.measure.classes import key
from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.quality_facts import QualityFinding
from gates.wording import count, listed, percent


def null_labels(looked: Looked, label: str) -> Iterator[QualityFinding]:
    """Find rows without a label."""
    outline = looked.outlines[label]
    rows = outline.nulls + outline.nan
    if rows:
        share = rows / looked.view.rows
        sentence = f"The label {label} is missing in {count(rows, 'row')} ({percent(share)}): no metric counts them."
        yield found("null_labels", sentence, column=label, value=share, rows=rows)


def unknown_labels(looked: Looked, label: str, classes: Sequence[JsonValue]) -> Iterator[QualityFinding]:
    """Find labels outside the stated set."""
    known = {key(one) for one in classes if not isinstance(one, list | dict)}
    others = {one: rows for one, rows in _rows(looked, label).items() if one not in known}
    if others:
        rows, valued = sum(others.values()), looked.outlines[label].valued
        named = listed(tuple(repr(one) for one in sorted(others, key=lambda one: (-others[one], one))))
        sentence = (
            f"The label {label} is {named} in {count(rows, 'row')} ({percent(rows / valued)}), which is not among the "
            f"{len(known)} that it may be: map these labels, or leave the rows out."
        )
        yield found("unknown_labels", sentence, column=label, value=rows / valued, rows=rows)


def class_shares(looked: Looked, label: str) -> Iterator[QualityFinding]:
    """Tell each class's share, and judge the largest: of a class that is all there is, nothing can be told."""
    rows = _rows(looked, label)
    valued = sum(rows.values())
    if not rows:
        return
    shares = {one: rows[one] / valued for one in sorted(rows, key=lambda one: (-rows[one], one))}
    largest, smallest = next(iter(shares)), next(reversed(shares))
    sentence = (
        f"The label {label} has {count(len(rows), 'value')}: {largest!r} has {percent(shares[largest])} of the rows"
        + (f", {smallest!r} the fewest ({count(rows[smallest], 'row')})." if len(rows) > 1 else ".")
    )
    yield found("class_shares", sentence, column=label, value=shares[largest], rows=rows[largest], **_numbered(shares))


def _numbered(shares: dict[str, float]) -> dict[str, float]:
    return {f"share of {one}": share for one, share in shares.items()}


def _rows(looked: Looked, label: str) -> dict[str, int]:
    """Return the rows of each class, by its key."""
    spread = looked.spreads.get(label)
    if spread is None or spread.values is None:
        return {}
    rows: dict[str, int] = {}
    for value, some in zip(spread.values, spread.totals.tolist(), strict=True):
        one = key(value)
        if one is not None:
            rows[one] = rows.get(one, 0) + some
    return rows
