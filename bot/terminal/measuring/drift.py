"""Do two sets of rows come from the same world?"""

from datetime import timedelta

from bot.commands_measure import MeasureDrift
from bot.exchange import Reply
from bot.grammar.mistake import UsageError, quoted
from bot.terminal.measuring.scanning import CODES, scanned
from bot.terminal.measuring.texts import columns, number, whole
from bot.terminal.out import Out
from gates.measure.drift.asked import DriftAsked, Limits
from gates.measure.drift.drift import drift
from gates.measure.scan.view import View
from reports.measured_faces import drift_text
from reports.measured_json import drift_json
from reports.measured_words import OUTCOMES


def measure_drift(out: Out, command: MeasureDrift) -> Reply:
    """Measure and tell."""
    _refuse_halves(command)
    with scanned(out) as scanning:
        before, now = scanning.view("reference", command.reference), scanning.view("current", command.current)
        found = drift(scanning.engine, before, now, _asked(command, before, now))
    return Reply(text=drift_text(found), code=CODES[OUTCOMES[found.shift]], data=drift_json(found))


def _asked(command: MeasureDrift, before: View, now: View) -> DriftAsked:
    given = number("limit", command.limit, most=1), number("margin", command.margin)
    limits = Limits()
    return DriftAsked(
        columns=_columns(command.columns, before, now) or None,
        label=command.label,
        prediction=command.prediction,
        score=command.score,
        positive=command.positive,
        ignored=_columns(command.ignore, before, now),
        decision_time=command.time,
        maturation=_span(command.matured_after),
        now=command.now,
        by=_columns(command.by, before, now),
        limits=Limits(
            jensen_shannon=limits.jensen_shannon if given[0] is None else given[0],
            performance=limits.performance if given[1] is None else given[1],
        ),
        seed=whole("seed", command.seed),
    )


def _columns(texts: tuple[str, ...], before: View, now: View) -> tuple[str, ...]:
    """Read names of columns; one with a comma in it may be on either side."""
    return tuple(
        dict.fromkeys(name for text in texts for name in columns([text], before if text in before.columns else now))
    )


def _refuse_halves(command: MeasureDrift) -> None:
    """Say which option is missing for another to mean anything."""
    needs = (
        ("matured-after", command.matured_after, "time", command.time, "the column that says when a row was decided"),
        ("now", command.now, "matured-after", command.matured_after, "how long labels need, such as 30d"),
        ("by", command.by, "label", command.label, "the column whose coverage is compared by group"),
        ("positive", command.positive, "score", command.score, "the column with its probability"),
        ("margin", command.margin, "label", command.label, "the column that performance is measured by"),
    )
    for option, given, needed, value, what in needs:
        if given and not value:
            raise UsageError(f"--{option} needs --{needed} too: {what}.")


def _span(text: str | None) -> timedelta | None:
    """Read a span of time such as `30d`."""
    if text is None:
        return None
    from policies.texts import SECONDS, SPAN  # noqa: PLC0415 - its types take a while to import

    found = SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"--matured-after needs a span of time, such as 30d, 12h or 8w; {quoted(text)} is none.")
    return timedelta(seconds=int(found[1]) * SECONDS[found[2]])
