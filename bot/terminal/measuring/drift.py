"""Do two sets of rows come from the same world?"""

from bot.commands_measure import MeasureDrift
from bot.exchange import Reply
from bot.terminal.measuring.scanning import CODES, scanned
from bot.terminal.measuring.texts import columns, whole
from bot.terminal.out import Out
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from reports.measured_faces import drift_text
from reports.measured_json import drift_json
from reports.measured_words import OUTCOMES


def measure_drift(out: Out, command: MeasureDrift) -> Reply:
    """Measure and tell."""
    with scanned(out) as scanning:
        before, now = scanning.view("reference", command.reference), scanning.view("current", command.current)
        asked = DriftAsked(
            columns=columns(command.columns, now) or None,
            label=command.label,
            prediction=command.prediction,
            score=command.score,
            positive=command.positive,
            ignored=columns(command.ignore, now),
            decision_time=command.time,
            seed=whole("seed", command.seed),
        )
        found = drift(scanning.engine, before, now, asked)
    return Reply(text=drift_text(found), code=CODES[OUTCOMES[found.shift]], data=drift_json(found))
