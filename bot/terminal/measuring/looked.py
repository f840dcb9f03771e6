"""Which rows does a measurement rest on?"""

from gates.measure.prepared import Prepared
from gates.measure.scan.view import View
from reports.measured import Looked


def looked(view: View, prepared: Prepared, *notes: str) -> Looked:
    """Return which rows a measurement rests on, and what else is to be said of it."""
    return Looked(
        data=view.said,
        task=prepared.task,
        rows=prepared.count,
        left_out=tuple((one.reason, one.rows) for one in prepared.left_out if one.rows),
        clusters=prepared.clusters,
        notes=(*prepared.notes, *notes),
        seed=prepared.seed,
    )
