"""How does the challenger compare with the champion, in one small table?"""

from collections.abc import Sequence

from gates.evidence import Evidence, MetricComparison
from reports.chat_text import shown
from reports.escaping import Inert
from reports.rendering import interval, number, signed

LONGEST_NAME = 60


def compared(evidence: Evidence | None) -> tuple[MetricComparison, ...]:
    """Return the metrics of both, where there is a champion to compare with."""
    if evidence is None or evidence.subject.champion is None or evidence.subject.challenger is None:
        return ()
    return evidence.facts.metrics


def table_of(metrics: Sequence[MetricComparison]) -> tuple[tuple[Inert, ...], ...]:
    """Return the head and a row for each metric; nothing where there is none."""
    if not metrics:
        return ()
    head = ("metric", "challenger", "champion", "difference (+ is better)", "95 % interval")
    return (tuple(map(Inert, head)), *map(_row, metrics))


def _row(metric: MetricComparison) -> tuple[Inert, ...]:
    named = f"{metric.metric} (lower is better)" if metric.lower_is_better else metric.metric
    cells = (
        number(metric.challenger),
        number(metric.champion),
        signed(metric.difference),
        interval(metric.low, metric.high, signed),
    )
    return (shown(named, LONGEST_NAME), *map(Inert, cells))


def lined_up(table: Sequence[Sequence[str]]) -> Inert:
    """Return a table as text of one width."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return Inert("\n".join(_line(row, widths) for row in table))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers = zip(row, widths, strict=True)
    cells = (f"{first[0]:<{first[1]}}", *(f"{text:>{width}}" for text, width in numbers))
    return "  ".join(cells).rstrip()
