"""Can these rows be trusted?"""

from pathlib import Path

from bot.commands_measure import MeasureQuality
from bot.exchange import Reply
from bot.terminal.measuring.scanning import CODES, scanned
from bot.terminal.measuring.texts import columns
from bot.terminal.out import Out
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.measuring import quality
from gates.measure.quality.signature import Signature, read_signature
from reports.measured_faces import quality_text
from reports.measured_json import quality_json


def measure_quality(out: Out, command: MeasureQuality) -> Reply:
    """Measure and tell."""
    with scanned(out) as scanning:
        view = scanning.view("rows", command.data)
        reference = None if command.reference is None else scanning.view("reference", command.reference)
        asked = QualityAsked(
            label=command.label,
            answers=columns(command.prediction, view),
            id=command.id,
            time=command.time,
            signature=_signature(command.signature),
        )
        found = quality(scanning.engine, view, reference, asked)
    return Reply(text=quality_text(found, command.data), code=CODES[found.outcome], data=quality_json(found))


def _signature(path: str | None) -> Signature | None:
    return None if path is None else read_signature(Path(path))
