"""How do templates become HTML and SVG? Whatever they insert is escaped for markup."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined


def render_markup(template: str, **values: object) -> str:
    """Render a template of ours that ends in `.html.j2` or `.svg.j2`."""
    return environment().get_template(template).render(**values)


@cache
def environment() -> Environment:
    """Return where our templates are found; everything that is inserted is escaped."""
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
