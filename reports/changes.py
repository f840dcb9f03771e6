"""What would change for the people whom the model judges? One sentence, from what both models answered."""

from gates.answer_facts import Answers, Changes, Confusion
from gates.evidence import Facts, Kind, MetricComparison, Subject
from gates.wording import count, number, percent

ERRORS = ("mean_absolute_error", "root_mean_squared_error", "mean_absolute_scaled_error", "mean_pinball_loss")
"""Metrics that say how far off a model is, the plainest one first."""


def changes(subject: Subject, facts: Facts) -> str:
    """Return the sentence; empty where nobody knows."""
    if subject.challenger is None:
        return f"Nothing answers in {subject.environment} afterwards."
    if subject.kind is Kind.ROLLBACK:
        return f"Version {subject.challenger.version} answers again, as it did before."
    if subject.champion is None:
        return f"Nothing serves in {subject.environment} today: whoever it judges is judged by it for the first time."
    return _compared(facts)


def _compared(facts: Facts) -> str:
    told = "" if facts.answers is None else answered_differently(facts.answers)
    return told or _errors(facts.metrics)


def answered_differently(found: Answers) -> str:
    """Say how many cases or items change, and which way; empty where there is one model, or nothing to count."""
    if found.confusion is not None and any(cell.champion is not None for cell in found.confusion.cells):
        return _answered(found.confusion)
    return "" if found.changes is None else _items(found.changes)


def _answered(found: Confusion) -> str:
    cases = count(found.rows, "case")
    if not found.changed:
        return f"None of {cases} would be answered differently."
    other = found.changed - found.mended - found.broken
    return (
        f"Of {cases}, {found.changed:,} ({percent(found.changed / found.rows)}) would be answered differently: "
        f"{found.mended:,} rightly instead of wrongly, {found.broken:,} the other way round"
        f"{f', and {other:,} wrongly as before' if other else ''}."
    )


def _items(found: Changes) -> str:
    items = count(found.better + found.worse + found.same, "item")
    return f"Of {items}, {found.better:,} get better, {found.worse:,} worse, {found.same:,} neither."


def _errors(metrics: tuple[MetricComparison, ...]) -> str:
    known = {one.metric: one for one in metrics if one.challenger is not None and one.champion is not None}
    found = next((known[name] for name in ERRORS if name in known), None)
    if found is None or found.challenger is None or found.champion is None:
        return ""
    name = found.metric.replace("_", " ")
    if found.challenger == found.champion:
        return f"Answers would be as far off as before: {number(found.challenger)} ({name})."
    nearer = "nearer" if found.challenger < found.champion else "further off"
    return f"Answers would be {nearer}: {number(found.challenger)} instead of {number(found.champion)} ({name})."
