"""How do two models fare on the same rows, as a whole and group by group?"""

from bot.commands_measure import MeasureCompare
from bot.terminal.measuring.deciding import FAIR, judged_of_groups, margins_of, measured_names, required_names
from bot.terminal.measuring.looked import looked
from bot.terminal.measuring.texts import columns, number
from gates.answer_facts import WorstItem
from gates.measure.answers import answers
from gates.measure.comparing import compare
from gates.measure.groups.fairness import fairness
from gates.measure.groups.found import Fairness
from gates.measure.named_scores import unusable_scores
from gates.measure.numbers.worst import worst_items
from gates.measure.parts import parts
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import Engine, View
from gates.measure.slices.looking import slices
from gates.measure.unusable import UnusableError
from gates.metric import ITEMS
from gates.part_facts import Part
from gates.weighing import weigh
from gates.wording import listed
from reports.measured import ComparisonReport

MOST_ITEMS = 10


def compared(engine: Engine, command: MeasureCompare, view: View, asked: Asked) -> ComparisonReport:
    """Measure and weigh."""
    prepared = prepare(engine, view, asked)
    named = columns(command.metric)
    names = measured_names(prepared.task, named, scored=_scored(asked, prepared))
    metrics = compare(prepared, names + (judged_of_groups(prepared.task, named) if named and asked.by else ()))
    margins = margins_of(number("margin", command.margin), metrics)
    required = required_names(prepared.task, named, metrics, reported=prepared.only is not None)
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
            unusable=unusable_scores(asked, prepared, metrics),
        ),
        parts=found,
        answers=answers(prepared, thorough=command.detail),
        slices=slices(prepared) if command.detail else None,
        worst=_worst(engine, view, asked, prepared),
        detailed=command.detail,
    )


def _worst(engine: Engine, view: View, asked: Asked, prepared: Prepared) -> tuple[WorstItem, ...]:
    """Return the items that lost most by id, where the rows are items and a column of ids was named."""
    if prepared.task != ITEMS or asked.id is None or not prepared.champion:
        return ()
    return worst_items(engine, view, asked, most=MOST_ITEMS)


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


def _groups(prepared: Prepared, asked: Asked, judged: tuple[str, ...]) -> Fairness:
    if not asked.by:
        return Fairness(sizes=(), groups=(), criteria=())
    names = tuple(dict.fromkeys([*judged, *FAIR.get(prepared.task, ())]))
    return fairness(prepared, tuple(",".join(some) for some in asked.by), names)


def _said(answer_: Answer) -> str:
    return answer_.prediction or answer_.score or listed(tuple(answer_.scores.values()))
