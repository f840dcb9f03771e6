"""Were some of these rows made before the reference's last ones?

An evaluation that is older than the training tells how well the model remembers, not how well it foresees.
"""

from collections.abc import Iterator

from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.measure.quality.outline import Outline
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import count, percent


def earlier(looked: Looked, reference: Looked, column: str) -> Iterator[QualityFinding]:
    """Find rows that are earlier than the latest of the reference."""
    now, latest = looked.outlines[column], reference.outlines[column]
    if latest.high is None or now.low is None or not now.valued:
        return
    early = f"count(CASE WHEN {now.number} < {latest.high:.17e} THEN 1 END)"
    row = looked.engine.reduce(f"SELECT {early} AS n FROM {looked.view.name}").to_pylist()[0]  # noqa: S608 - quoted names
    if row["n"]:
        share = row["n"] / now.valued
        sentence = (
            f"{count(row['n'], 'row')} ({percent(share)}) are earlier than the reference's latest {column}, "
            f"{_said(latest)}: evaluate on what came after the training."
        )
        yield found("earlier_than_reference", sentence, column=column, value=share, rows=row["n"])


def _said(latest: Outline) -> str:
    return str(latest.said_high) if latest.column.kind is Kind.TIME else f"{latest.high:g}"
