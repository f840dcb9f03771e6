"""How do templates become text? Everything a template inserts is escaped unless it says otherwise."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from gates import wording
from gates.outcome import Measure, Outcome
from reports.aligned import aligned
from reports.chat_text import web_address
from reports.differences import told_seconds, told_size
from reports.escaping import Safe, code, given, markdown, name, prose, terminal
from reports.finding_line import cause, gate_of, worst_first
from reports.marks import MARKS
from reports.measured_cells import (
    criterion_champion,
    criterion_extremes,
    criterion_value,
    group_change,
    group_distance,
    group_name,
    group_value,
)
from reports.measured_words import OUTCOMES, by_reason, told
from reports.sliced import slice_name

MOST_ROWS = 200
"""Rows of a table on a page; the JSON beside it has all of them."""
MOST_NAMED = 8
"""Names in a sentence."""
MOST_IN_CELL = 3
"""Names in a cell of a table."""

_BLANKS = re.compile(r"\n{3,}")


def render(template: str, **values: object) -> str:
    """Render a template of ours, escaped for Markdown (`.md.j2`) or for a terminal (`.txt.j2`)."""
    escape = markdown if template.endswith(".md.j2") else terminal
    text = environment(escape).get_template(template).render(**values)
    return _BLANKS.sub("\n\n", text).strip("\n") + "\n"


@cache
def environment(escape: Callable[[object], str]) -> Environment:
    """Return where our templates are found, with our filters; `escape` is what every insertion passes."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=False,  # noqa: S701 - `finalize` escapes every insertion for the face at hand, which is not HTML
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        number=number, signed=signed, percent=percent, moment=moment, count=count, whole=whole, amount=amount
    )
    made.filters.update(visible=wording.visible)
    made.filters.update(
        short=short, words=words, sentence=sentence, interval=interval, safe=Safe, mark=mark, aligned=aligned
    )
    made.filters.update(code=code, name=name, prose=prose, given=given)
    made.filters.update(limit=limit, margin=margin, value=value, some=some, link=link)
    made.filters.update(bytes=told_size, seconds=told_seconds)
    made.filters.update(share=share, slice_name=slice_name)
    made.filters.update(worst_first=worst_first, gate_of=gate_of)
    made.filters.update(told=told, by_reason=by_reason)
    made.filters.update(group_name=group_name, group_value=group_value)
    made.filters.update(group_change=group_change, group_distance=group_distance)
    made.filters.update(
        criterion_value=criterion_value, criterion_champion=criterion_champion, criterion_extremes=criterion_extremes
    )
    made.filters.update(shift_mark=lambda shift: mark(OUTCOMES[shift]), outcome=Outcome)
    made.globals.update(cause=cause, most=MOST_ROWS, most_named=MOST_NAMED, number=number, signed=signed)
    return made


def number(value: float | None) -> Safe:
    """Show a measure with the digits that matter, or say that it was not measured."""
    if value is None:
        return Safe("not measured")
    return Safe(wording.number(value))


def whole(value: int) -> Safe:
    """Show a whole number."""
    return Safe(f"{value:,}")


def amount(value: float | None, measure: Measure) -> Safe:
    """Show a number of a finding's measure; what counts things has no decimals."""
    counts = measure.low is None and all(one is None or one.is_integer() for one in (measure.value, measure.limit))
    return Safe(f"{value:,.0f}") if counts and value is not None and abs(value) < wording.HUGE else number(value)


def signed(value: float | None) -> Safe:
    """Show a difference with its sign, or a dash where there is none."""
    if value is None:
        return Safe("—")
    return Safe(wording.signed(value))


def interval(low: float | None, high: float | None, show: Callable[[float], Safe] = number) -> Safe:
    """Show the two ends of an interval, or a dash where it is not known."""
    return Safe("—" if low is None or high is None else f"{show(low)} to {show(high)}")


def percent(share: float | None) -> Safe:
    """Show a probability; only what is certain is 100 %."""
    return Safe("unknown" if share is None else wording.percent(min(max(share, 0.0), 1.0)))


def share(value: float | None) -> Safe:
    """Show a share that was counted, or a dash where there is none."""
    if value is None:
        return Safe("—")
    return Safe(f"{value * 100:.1f} %")


def count(amount: int, noun: str) -> Safe:
    """Show how many there are."""
    return Safe(wording.count(amount, noun))


def moment(value: int | None) -> Safe:
    """Show a time in UTC to the minute."""
    if value is None:
        return Safe("never")
    try:
        return Safe(datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%d %H:%M UTC"))
    except (OverflowError, ValueError, OSError):  # beyond the calendar
        return Safe(f"{value} s after 1970")


def short(value: str | None) -> str:
    """Return the first twelve characters of a digest or commit."""
    return "" if value is None else value[:12]


def limit(measure: Measure) -> Safe:
    """Show a limit and which side of it is the right one."""
    if measure.limit is None:
        return Safe("—")
    sign = {"least": "≥ ", "most": "≤ ", None: ""}[measure.limit_is]
    return Safe(f"{sign}{amount(measure.limit, measure)}")


def margin(measure: Measure) -> Safe:
    """Show what is left between a value and its limit, or how far it is beyond."""
    left = measure.margin
    if left is None:
        return Safe("—")
    return Safe(f"{amount(abs(left), measure)}{' beyond' if left < 0 else ''}")


def value(text: str | None) -> Safe:
    """Show a parameter's value in a table; a dash where there is no such parameter."""
    return Safe("—") if text is None else name(text)


def some(names: Sequence[str]) -> Safe:
    """Show a few names in a table."""
    return Safe(str(name(wording.listed(tuple(names), most=MOST_IN_CELL)) if names else "—"))


def link(address: str | None, label: str) -> Safe:
    """Show a link of ours; nothing where the address is not plainly one."""
    plain = web_address(address) is not None and not set(address or "") & set("()[]\\")
    return Safe(f"[{label}]({address})" if plain else "")


def words(value: str) -> str:
    """Return a state or a kind as words."""
    return value.replace("_", " ")


def sentence(value: str) -> str:
    """Return a text that more follows: it ends as a sentence does."""
    return value if not value or value.rstrip().endswith((".", "!", "?")) else f"{value.rstrip()}."


def mark(outcome: Outcome) -> Safe:
    """Show the sign of an outcome; its word stands beside it, for those who do not see the sign."""
    return Safe(MARKS[outcome])
