"""Where does the scorecard of files go, and what is measured for it beside what decides?"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.scan.engine import View
from gates.refusal import UserError
from gates.slice_facts import Slices
from gates.treatment_facts import Treatment
from reports.measured import FairnessReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a scorecard tells beyond the report."""

    treatment: Treatment
    slices: Slices | None


def place_of(path: str) -> Path:
    """Return where the scorecard is to be written; `UserError` before anything is measured, where it cannot be."""
    into = Path(path).expanduser().absolute()
    if into.is_dir() or not into.parent.is_dir():
        raise UserError(f"--scorecard: {into} cannot be written: name a file in a folder that exists.")
    return into


def shown(view: View, asked: Asked) -> tuple[str, ...]:
    """Return the columns that errors are looked for in: all that are neither label nor answer, nor name a cluster."""
    used = {asked.label, asked.cluster, *(column for _, model in asked.models for column in _columns(model))}
    return tuple(name for name in view.columns if name not in used)


def _columns(model: Answer) -> tuple[str | None, ...]:
    return (model.prediction, model.score, *model.scores.values())


def told(prepared: Prepared, asked: Asked) -> Told:
    """Measure every group, and where errors are."""
    from gates.measure.groups.treatment import treatment  # noqa: PLC0415 - only a scorecard needs it
    from gates.measure.slices.looking import slices  # noqa: PLC0415 - as above

    single = tuple(dict.fromkeys(feature for several in asked.by for feature in several))
    crossed = tuple(",".join(several) for several in asked.by if several[1:])
    return Told(treatment=treatment(prepared, single, crossed), slices=slices(prepared))


def document(found: Told) -> dict[str, JsonValue]:
    """Return everything that the page tells or has no room for."""
    slices = None if found.slices is None else found.slices.model_dump(mode="json")
    return {"treatment": found.treatment.model_dump(mode="json"), "slices": slices}


def write(report: FairnessReport, found: Told, into: Path) -> None:
    """Write the page, over what was there."""
    from reports.scorecard.page import render_scorecard_of_files  # noqa: PLC0415 - only a scorecard needs it

    page = render_scorecard_of_files(report, found.treatment, found.slices)
    try:
        into.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UserError(f"--scorecard: {into} cannot be written: {error.strerror}.") from error
