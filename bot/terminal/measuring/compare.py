"""Is the challenger no worse than the champion, on rows that both answered?"""

from bot.commands_measure import MeasureCompare
from bot.exchange import Reply
from bot.grammar.mistake import UsageError
from bot.terminal.measuring.deciding import FAIR, judged_of_groups, margins_of, measured_names, required_names
from bot.terminal.measuring.roles import checked_roles, usable
from bot.terminal.measuring.scanning import CODES, Scanning, looked, scanned
from bot.terminal.measuring.texts import answer, columns, features, number, task, whole
from bot.terminal.out import Out
from gates.drift_facts import Drift
from gates.measure.comparing import compare
from gates.measure.groups.fairness import fairness
from gates.measure.groups.found import Fairness
from gates.measure.parts import parts
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import View
from gates.measure.unusable import UnusableError
from gates.part_facts import Part
from gates.quality_facts import Quality
from gates.weighing import weigh
from gates.wording import listed
from reports.measured import ComparisonReport
from reports.measured_faces import comparison_text
from reports.measured_json import comparison_json


def measure_compare(out: Out, command: MeasureCompare) -> Reply:
    """Measure, weigh and tell."""
    with scanned(out) as scanning:
        report = _report(scanning, command)
    return Reply(text=comparison_text(report), code=CODES[report.outcome], data=comparison_json(report))


def _report(scanning: Scanning, command: MeasureCompare) -> ComparisonReport:
    view = scanning.view("rows", command.data)
    asked = checked_roles(_asked(command, view))
    prepared = prepare(scanning.engine, view, asked)
    named = columns(command.metric)
    names = measured_names(prepared.task, named, scored=_scored(asked, prepared))
    metrics = compare(prepared, names + (judged_of_groups(prepared.task, named) if named and asked.by else ()))
    margins = margins_of(number("margin", command.margin), metrics)
    required = required_names(prepared.task, named, metrics)
    judged = judged_of_groups(prepared.task, required)
    groups = _groups(prepared, asked, judged)
    drift, quality = _besides(scanning, view, command, asked)
    found, why_none = _parts(prepared)
    return ComparisonReport(
        looked=looked(view, prepared, *why_none),
        challenger=_said(asked.challenger),
        champion=None if asked.champion is None else _said(asked.champion),
        metrics=metrics,
        margins=margins,
        groups=groups.groups,
        sizes=groups.sizes,
        criteria=groups.criteria,
        weighed=weigh(
            metrics,
            groups.groups if prepared.champion else (),
            margins=margins,
            required=required,
            of_groups=judged,
        ),
        drift=drift,
        quality=quality,
        parts=found,
    )


def _parts(prepared: Prepared) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Return the parts, or a sentence that says why there are none."""
    try:
        return parts(prepared), ()
    except UnusableError as error:
        text = str(error)
        return (), (text[:1].upper() + text[1:],)


def _scored(asked: Asked, prepared: Prepared) -> bool:
    """Were scores named, or do all models answer with them?"""
    named = any(answer_.score or answer_.scores for _, answer_ in asked.models)
    return named or not any(prepared.score_problems.get(who) for who in prepared.who)


def _asked(command: MeasureCompare, view: View) -> Asked:
    challenger = answer(view, command.challenger, command.challenger_score)
    if challenger is None:
        raise UsageError("measure compare needs --challenger COLUMN, --challenger-score COLUMN, or both.")
    return Asked(
        task=task(command.task),
        label=command.label,
        challenger=challenger,
        champion=answer(view, command.champion, command.champion_score),
        positive=command.positive,
        by=features(command.by, view),
        cluster=command.cluster,
        id=command.id,
        time=command.time,
        series=command.series,
        horizon=command.horizon,
        season=whole("season", command.season, 1, least=1),
        quantile=number("quantile", command.quantile, most=1.0),
        seed=whole("seed", command.seed),
    )


def _groups(prepared: Prepared, asked: Asked, judged: tuple[str, ...]) -> Fairness:
    if not asked.by:
        return Fairness(sizes=(), groups=(), criteria=())
    names = tuple(dict.fromkeys([*judged, *FAIR.get(prepared.task, ())]))
    return usable(fairness(prepared, tuple(",".join(some) for some in asked.by), names))


def _besides(
    scanning: Scanning, view: View, command: MeasureCompare, asked: Asked
) -> tuple[Drift | None, Quality | None]:
    """Where reference rows are named, look at what the models were shown as well."""
    if command.reference is None:
        return None, None
    from bot.terminal.measuring.inputs import inputs_compared  # noqa: PLC0415 - drift and quality load with it

    return inputs_compared(scanning, view, command.reference, asked)


def _said(answer_: Answer) -> str:
    return answer_.prediction or answer_.score or listed(tuple(answer_.scores.values()))
