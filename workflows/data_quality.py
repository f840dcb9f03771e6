"""Are the evaluation data sound? Measured where the policy has a gate that asks."""

from pathlib import Path

from gates.data_quality import DataQuality
from gates.quality_facts import Quality
from gates.refusal import UserError
from storage.files import StoredFiles
from workflows.subject import Standing


def quality_of(standing: Standing, table: Path | None) -> Quality | None:
    """Return what the columns of the evaluation data hold; None where no gate asks, or there are no data to look at.

    The data hold no answers of models, so this is no look that would wear them out.
    """
    if table is None or not any(isinstance(gate, DataQuality) for gate in standing.policy.gates):
        return None
    from gates.measure.quality import QualityAsked, quality  # noqa: PLC0415 - heavy, and only for this gate
    from gates.measure.quality.signature import read_signature  # noqa: PLC0415 - as above
    from gates.measure.scan.engine import opened  # noqa: PLC0415 - as above
    from gates.measure.scan.source import Files  # noqa: PLC0415 - as above
    from gates.measure.unusable import UnusableError  # noqa: PLC0415 - as above

    files: StoredFiles | None = standing.challenger
    try:
        signature = None if files is None else read_signature(files.path)
    except UserError:  # that the version declares no inputs is for the serving gate to say
        signature = None
    try:
        with opened() as engine:
            data = engine.view("evaluation", Files(paths=(table,)), said="the evaluation data")
            return quality(engine, data, None, QualityAsked(label=standing.entry.label, signature=signature))
    except (UserError, UnusableError) as problem:
        return Quality(rows=0, not_checked={"no_rows": str(problem)})
