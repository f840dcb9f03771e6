"""How do templates become HTML and SVG? Whatever they insert is escaped for markup."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from gates.outcome import Outcome
from reports.differences import told_seconds, told_size
from reports.escaping import LONGEST, LONGEST_PROSE
from reports.finding_line import gate_of
from reports.marks import SIGNS
from reports.pages.moment import moment
from reports.rendering import (
    amount,
    count,
    interval,
    limit,
    margin,
    number,
    percent,
    sentence,
    short,
    signed,
    whole,
    words,
)


def render_markup(template: str, **values: object) -> str:
    """Render a template of ours that ends in `.html.j2` or `.svg.j2`."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    """Return where our templates are found; everything that is inserted is escaped."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        number=number, signed=signed, percent=percent, count=count, whole=whole, amount=amount, interval=interval
    )
    made.filters.update(
        limit=limit, margin=margin, bytes=told_size, seconds=told_seconds, short=short, words=words, sentence=sentence
    )
    made.filters.update(sign=_sign, gate_of=gate_of, moment_of=moment, drawn=Markup, capitalised=_capitalised)
    made.globals.update(signed=signed)
    return made


def _sign(outcome: Outcome) -> str:
    """Return the sign of an outcome; its word stands beside it."""
    return SIGNS[outcome]


def _capitalised(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _plain(value: object) -> object:
    """Take out of a text what XML cannot hold, and what turns the direction of writing."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if len(value) > LONGEST_PROSE:
        value = f"{value[:LONGEST]}… ({len(value):,} characters)"
    if value.isprintable():
        return value
    return "".join(c if c in "\n\t" or c.isprintable() else " " for c in value)
