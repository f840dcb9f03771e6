"""Does one model treat all groups alike?"""

from collections.abc import Sequence

from bot.commands_measure import MeasureFairness
from bot.exchange import Reply
from bot.terminal.measuring.deciding import FAIR
from bot.terminal.measuring.scanning import CODES, Scanning, looked, scanned
from bot.terminal.measuring.texts import answer, columns, features, number, task
from bot.terminal.out import Out
from gates.measure.groups.checking import checked
from gates.measure.groups.fairness import fairness
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.unusable import UnusableError
from gates.metric import MEASURED_METRICS, UNDIRECTED
from gates.weighing import weigh_groups
from reports.measured import FairnessReport
from reports.measured_faces import fairness_text
from reports.measured_json import fairness_json

LIMIT = 0.1
"""Where none is given: the shortfall of a group against the largest one that is tolerated."""


def measure_fairness(out: Out, command: MeasureFairness) -> Reply:
    """Measure, hold against the limit and tell."""
    with scanned(out) as scanning:
        report = _report(scanning, command)
    return Reply(text=fairness_text(report), code=CODES[report.outcome], data=fairness_json(report))


def _report(scanning: Scanning, command: MeasureFairness) -> FairnessReport:
    view = scanning.view("rows", command.data)
    asked = Asked(
        task=task(command.task),
        label=command.label,
        challenger=answer(view, command.prediction, command.score) or Answer(),
        champion=None,
        positive=command.positive,
        by=features(command.by, view),
        cluster=command.cluster,
    )
    prepared = prepare(scanning.engine, view, asked)
    given = number("limit", command.limit)
    limit = LIMIT if given is None else given
    names = columns(command.metric) or FAIR.get(prepared.task, ())
    found = fairness(prepared, [",".join(some) for some in asked.by], names, power_against=limit)
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
        conclusions=weigh_groups(found.groups, limit=limit, lower=_lower(names), names=_directed(names)),
    )


def _lower(names: Sequence[str]) -> frozenset[str]:
    of_rates = {"false_positive_rate", "false_negative_rate"}
    return frozenset(name for name in names if name in of_rates or _is_loss(name))


def _directed(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name for name in names if name not in UNDIRECTED)


def _is_loss(name: str) -> bool:
    return name in MEASURED_METRICS and MEASURED_METRICS[name].lower_is_better
