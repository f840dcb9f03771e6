"""Is the challenger no worse than the champion, on rows that both answered?"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.commands_measure import MeasureCompare
from bot.exchange import Reply
from bot.grammar.mistake import UsageError
from bot.terminal.measuring.roles import checked_roles, columns_of
from bot.terminal.measuring.scanning import CODES, Scanning, scanned
from bot.terminal.measuring.texts import answer, features, number, task, whole
from bot.terminal.out import Out
from gates.measure.preparing.asked import Asked
from gates.measure.scan.engine import View
from gates.measure.scan.failures import TooLittleMemoryError

if TYPE_CHECKING:
    from reports.measured import ComparisonReport

AT_ONCE = 4_000_000
"""Rows, of the reference too, up to which all is measured at once; files of more rows keep all processors busy, and
what is measured at once is held in memory together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Which rows are compared, and with which of the past."""

    asked: Asked
    now: View
    before: View | None

    @property
    def few(self) -> bool:
        """Are there so few that all can be measured at once?"""
        return self.before is not None and self.before.rows + self.now.rows <= AT_ONCE


def measure_compare(out: Out, command: MeasureCompare) -> Reply:
    """Measure, weigh and tell."""
    with scanned(out) as scanning:
        rows = _opened(scanning, command)
        try:
            report = _report(scanning, command, rows, at_once=rows.few)
        except TooLittleMemoryError:
            if not rows.few:
                raise
            report = _report(scanning, command, rows, at_once=False)
    from reports.measured_faces import comparison_text  # noqa: PLC0415 - see `_compared`
    from reports.measured_json import comparison_json  # noqa: PLC0415 - as above

    text = comparison_text(report)
    if command.pictures is not None:
        from bot.terminal.measuring.pictured import draw  # noqa: PLC0415 - only for who asks for them

        text += f"\n{draw(report, command.pictures)}\n"
    return Reply(text=text, code=CODES[report.outcome], data=comparison_json(report))


def _opened(scanning: Scanning, command: MeasureCompare) -> _Rows:
    now = scanning.view("rows", command.data)
    asked = checked_roles(_asked(command, now))
    before = None if command.reference is None else scanning.view("reference", command.reference)
    return _Rows(asked=asked, now=now, before=before)


def _report(scanning: Scanning, command: MeasureCompare, rows: _Rows, *, at_once: bool) -> "ComparisonReport":
    if rows.before is None:
        return _compared(scanning, command, rows)
    from bot.terminal.measuring.inputs import inputs_compared  # noqa: PLC0415 - drift and quality load with it

    with inputs_compared(scanning, rows.asked, before=rows.before, now=rows.now, at_once=at_once) as inputs:
        report = _compared(scanning, command, rows)
        drift, quality = inputs()
    return report.with_inputs(drift, quality)


def _compared(scanning: Scanning, command: MeasureCompare, rows: _Rows) -> "ComparisonReport":
    """Compare the models; what that needs is imported only now, when looking at the inputs has begun."""
    from bot.terminal.measuring.compared import compared  # noqa: PLC0415 - see the docstring

    return compared(scanning.engine, command, rows.now, rows.asked)


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
        shown=_shown(command, view) if command.detail else (),
        season=whole("season", command.season, 1, least=1),
        quantile=number("quantile", command.quantile, most=1.0),
        seed=whole("seed", command.seed),
    )


def _shown(command: MeasureCompare, view: View) -> tuple[str, ...]:
    """Return the columns that rows are told apart by: all that play no part of their own."""
    parts = {command.label, command.id, command.cluster, command.series}
    models = (
        answer(view, command.challenger, command.challenger_score),
        answer(view, command.champion, command.champion_score),
    )
    parts |= {column for model in models if model is not None for column in columns_of(model)}
    return tuple(name for name in view.columns if name not in parts)
