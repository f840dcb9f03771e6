"""Does one model treat all groups alike?"""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from bot.commands_measure import MeasureFairness
from bot.exchange import Reply
from bot.grammar.mistake import UsageError
from bot.terminal.measuring.deciding import FAIR, NO_SCORES
from bot.terminal.measuring.looked import looked
from bot.terminal.measuring.roles import checked_roles
from bot.terminal.measuring.scanning import CODES, Scanning, scanned
from bot.terminal.measuring.scorecard import Told, document, place_of, shown, told, write
from bot.terminal.measuring.texts import answer, columns, features, number, task
from bot.terminal.out import Out
from gates.measure.groups.catalogue import wanted
from gates.measure.groups.checking import checked
from gates.measure.groups.fairness import fairness
from gates.measure.named_scores import unusable_scores
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import View
from gates.measure.unusable import UnusableError
from gates.metric import UNDIRECTED
from gates.refusal import UserError
from gates.weighing import weigh_groups
from reports.escaping import plain
from reports.measured import FairnessReport
from reports.measured_faces import fairness_text
from reports.measured_json import fairness_json

LIMIT = 0.1
"""Where none is given: the shortfall of a group against the largest one that is tolerated."""


def measure_fairness(out: Out, command: MeasureFairness) -> Reply:
    """Measure, hold against the limit and tell."""
    into = None if command.scorecard is None else place_of(command.scorecard)
    with scanned(out) as scanning:
        report, found = _measured(scanning, command)
    text, data = fairness_text(report), fairness_json(report)
    if into is None or found is None:
        return Reply(text=text, code=CODES[report.outcome], data=data)
    write(report, found, into)
    said: dict[str, JsonValue] = {**data, "scorecard": str(into), **document(found)}
    return Reply(text=f"{text}\nThe scorecard is in {plain(into)}.", code=CODES[report.outcome], data=said)


def _measured(scanning: Scanning, command: MeasureFairness) -> tuple[FairnessReport, Told | None]:
    """Measure what decides and, where a scorecard is asked for, what it tells beside."""
    view = scanning.view("rows", command.data)
    asked = checked_roles(_asked(command, view))
    if command.scorecard is not None:
        asked = replace(asked, shown=shown(view, asked))
    prepared = prepare(scanning.engine, view, asked)
    if unusable := unusable_scores(asked, prepared, ()):
        raise UnusableError(f"scores were named that cannot be used: {unusable[0]}")
    report = _report(view, prepared, asked, command)
    return report, None if command.scorecard is None else told(prepared, asked)


def _report(view: View, prepared: Prepared, asked: Asked, command: MeasureFairness) -> FairnessReport:
    given = number("limit", command.limit)
    limit = LIMIT if given is None else given
    names = _names(command, prepared)
    found = fairness(prepared, [",".join(some) for some in asked.by], names, power_against=limit)
    if found.sizes and all(one.problem for one in found.groups):
        hint = " Name the column that holds them: --score." if NO_SCORES in found.groups[0].problem else ""
        raise UserError(f"{found.groups[0].metric} could not be measured: {found.groups[0].problem}{hint}")
    disagreeing = checked(prepared, found.groups, found.criteria).differing
    if disagreeing:
        raise UnusableError(f"fairlearn does not confirm these numbers, so none is told: {disagreeing[0]}")
    return FairnessReport(
        looked=looked(view, prepared),
        prediction=command.prediction or command.score or "",
        metrics=tuple(names),
        limit=limit,
        groups=found.groups,
        sizes=found.sizes,
        criteria=found.criteria,
        conclusions=weigh_groups(found.groups, limit=limit, lower=_lower(prepared, names), names=_directed(names)),
    )


def _asked(command: MeasureFairness, view: View) -> Asked:
    model = answer(view, command.prediction, command.score)
    if model is None:
        raise UsageError("measure fairness needs --prediction COLUMN, --score COLUMN, or both.")
    return Asked(
        task=task(command.task),
        label=command.label,
        challenger=model,
        champion=None,
        positive=command.positive,
        by=features(command.by, view),
        cluster=command.cluster,
        alone="model",
    )


def _names(command: MeasureFairness, prepared: Prepared) -> Sequence[str]:
    """Return the metrics asked for, or the task's usual ones; `UserError` for one that groups do not have."""
    asked = columns(command.metric)
    for one in wanted(prepared, asked):
        if one.problem:
            raise UserError(f"--metric {one.name}: {one.problem}")
    return asked or FAIR.get(prepared.task, ())


def _lower(prepared: Prepared, names: Sequence[str]) -> frozenset[str]:
    return frozenset(one.name for one in wanted(prepared, names) if one.lower_is_better)


def _directed(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name for name in names if name not in UNDIRECTED)
