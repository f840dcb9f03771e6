"""Do the rows that two models were compared on look like those of a reference, and can they be trusted?"""

from bot.terminal.measuring.scanning import Scanning
from gates.drift_facts import Drift
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.measuring import quality
from gates.measure.scan.engine import View
from gates.quality_facts import Quality


def inputs_compared(scanning: Scanning, view: View, reference: str, asked: Asked) -> tuple[Drift, Quality]:
    """Measure drift of all columns that are no answers, each by itself, and the rows' quality.

    The classifier that looks at all columns together is left to `measure drift`: to load and to train it takes longer
    than all the rest.
    """
    before, answers = scanning.view("reference", reference), _answers(asked)
    ignored = tuple(name for name in (asked.label, asked.id, asked.cluster, asked.series, asked.time, *answers) if name)
    wanted = DriftAsked(ignored=ignored, multivariate=False, seed=asked.seed)
    drifted = drift(scanning.engine, before, view, wanted)
    checked = quality(
        scanning.engine, view, before, QualityAsked(label=asked.label, answers=answers, id=asked.id, time=asked.time)
    )
    return drifted, checked


def _answers(asked: Asked) -> tuple[str, ...]:
    models = [asked.challenger, *([asked.champion] if asked.champion is not None else [])]
    return tuple(dict.fromkeys(name for model in models for name in _columns(model)))


def _columns(answer: Answer) -> list[str]:
    return [name for name in (answer.prediction, answer.score, *answer.scores.values()) if name]
