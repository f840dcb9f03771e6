"""Is the challenger no worse than the champion, on rows that both answered?"""

from dataclasses import replace

from bot.commands_measure import MeasureCompare
from bot.exchange import Reply
from bot.grammar.mistake import UsageError
from bot.terminal.measuring.deciding import FAIR, judged_of_groups, margins_of, measured_names, required_names
from bot.terminal.measuring.roles import checked_roles, usable
from bot.terminal.measuring.scanning import CODES, Scanning, looked, scanned
from bot.terminal.measuring.texts import answer, columns, features, number, task, whole
from bot.terminal.out import Out
from gates.measure.comparing import compare
from gates.measure.groups.fairness import fairness
from gates.measure.groups.found import Fairness
from gates.measure.parts import parts
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import View
from gates.measure.scan.failures import TooLittleMemoryError
from gates.measure.unusable import UnusableError
from gates.part_facts import Part
from gates.weighing import weigh
from gates.wording import listed
from reports.measured import ComparisonReport
from reports.measured_faces import comparison_text
from reports.measured_json import comparison_json

AT_ONCE = 4_000_000
"""Rows, of the reference too, up to which all is measured at once; files of more rows keep all processors busy, and
what is measured at once is held in memory together."""


def measure_compare(out: Out, command: MeasureCompare) -> Reply:
    """Measure, weigh and tell."""
    with scanned(out) as scanning:
        now = scanning.view("rows", command.data)
        asked = checked_roles(_asked(command, now))
        before = None if command.reference is None else scanning.view("reference", command.reference)
        at_once = before is not None and before.rows + now.rows <= AT_ONCE
        try:
            report = _report(scanning, command, asked, now, before, at_once=at_once)
        except TooLittleMemoryError:
            if not at_once:
                raise
            report = _report(scanning, command, asked, now, before, at_once=False)
    return Reply(text=comparison_text(report), code=CODES[report.outcome], data=comparison_json(report))


def _report(
    scanning: Scanning, command: MeasureCompare, asked: Asked, now: View, before: View | None, *, at_once: bool
) -> ComparisonReport:
    if before is None:
        return _measured(scanning, command, now, asked)
    from bot.terminal.measuring.inputs import inputs_compared  # noqa: PLC0415 - drift and quality load with it

    with inputs_compared(scanning, before, now, asked, at_once=at_once) as inputs:
        report = _measured(scanning, command, now, asked)
        drift, quality = inputs()
    return replace(report, drift=drift, quality=quality)


def _measured(scanning: Scanning, command: MeasureCompare, view: View, asked: Asked) -> ComparisonReport:
    prepared = prepare(scanning.engine, view, asked)
    named = columns(command.metric)
    names = measured_names(prepared.task, named, scored=_scored(asked, prepared))
    metrics = compare(prepared, names + (judged_of_groups(prepared.task, named) if named and asked.by else ()))
    margins = margins_of(number("margin", command.margin), metrics)
    required = required_names(prepared.task, named, metrics)
    judged = judged_of_groups(prepared.task, required)
    groups = _groups(prepared, asked, judged)
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


def _said(answer_: Answer) -> str:
    return answer_.prediction or answer_.score or listed(tuple(answer_.scores.values()))
