"""Which rows does a measurement rest on, and can its groups be told?"""

from gates.measure.groups.found import Fairness
from gates.measure.prepared import Prepared
from gates.measure.scan.view import View
from gates.refusal import UserError
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


def usable(found: Fairness) -> Fairness:
    """Return what was found of groups; `UserError` where a feature has none, such as one of ten thousand values."""
    sized = {one.feature for one in found.sizes}
    for one in found.groups:
        if one.problem and one.feature not in sized:
            raise UserError(f"--by {one.feature}: {one.problem}")
    return found
