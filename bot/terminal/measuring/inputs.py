"""Do the rows that two models were compared on look like those of a reference, and can they be trusted?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.terminal.measuring.scanning import Scanning
from gates.drift_facts import Drift
from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.measuring import quality
from gates.measure.scan.engine import Engine, View
from gates.measure.scan.meanwhile import meanwhile
from gates.quality_facts import Quality


@contextmanager
def inputs_compared(
    scanning: Scanning, asked: Asked, *, before: View, now: View, at_once: bool
) -> Iterator[Callable[[], tuple[Drift, Quality]]]:
    """Measure drift of all columns that are no answers, each by itself, and the rows' quality; maybe beside the body.

    The classifier that looks at all columns together is left to `measure drift`: to load and to train it takes longer
    than all the rest.
    """
    answers = _answers(asked)
    ignored = tuple(name for name in (asked.label, asked.id, asked.cluster, asked.series, asked.time, *answers) if name)
    wanted = DriftAsked(ignored=ignored, multivariate=False, seed=asked.seed)
    checks = QualityAsked(label=asked.label, answers=answers, id=asked.id, time=asked.time)

    def drifted(engine: Engine) -> Drift:
        return drift(engine, before, now, wanted)

    def checked(engine: Engine) -> Quality:
        return quality(engine, now, before, checks)

    engine, tell = scanning.engine, scanning.tell
    if not at_once:
        yield lambda: (drifted(engine), checked(engine))
        return
    with meanwhile(engine, drifted, tell=tell) as moved, meanwhile(engine, checked, tell=tell) as trusted:
        yield lambda: (moved(), trusted())


def _answers(asked: Asked) -> tuple[str, ...]:
    models = [asked.challenger, *([asked.champion] if asked.champion is not None else [])]
    return tuple(dict.fromkeys(name for model in models for name in _columns(model)))


def _columns(answer: Answer) -> list[str]:
    return [name for name in (answer.prediction, answer.score, *answer.scores.values()) if name]
