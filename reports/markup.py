"""How do templates become HTML and SVG? Whatever they insert is escaped for markup."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def render_markup(template: str, **values: object) -> str:
    """Render a template of ours that ends in `.html.j2` or `.svg.j2`."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    """Return where our templates are found; everything that is inserted is escaped."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        finalize=_plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _plain(value: object) -> object:
    """Take out of a text what XML cannot hold, and what turns the direction of writing."""
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return "".join(c if c in "\n\t" or c.isprintable() else " " for c in value)
