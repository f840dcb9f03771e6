"""What does a person see while they make the App? Three small pages that need no script."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from starlette.responses import Response

TEMPLATES = "templates"
STYLE = "style.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is filled in; `posts_to` is the one foreign place that its forms may go to."""

    html: str
    posts_to: str = ""
    status: int = 200

    def response(self) -> "Response":
        """Return it with headers that let it do nothing else."""
        from starlette.responses import HTMLResponse  # noqa: PLC0415 - only a server needs it

        headers = {
            "Content-Security-Policy": self._policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "strict-origin",  # the address holds the key; GitHub is told where a form comes from
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        return HTMLResponse(self.html, status_code=self.status, headers=headers)

    @property
    def _policy(self) -> str:
        forms = f"'self' {self.posts_to}".strip() if self.posts_to else "'none'"
        digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action {forms}; "
            "base-uri 'none'; frame-ancestors 'none'"
        )


def fill(template: str, *, posts_to: str = "", status: int = 200, **values: object) -> Page:
    """Fill in a template; every value is escaped."""
    html = _environment().get_template(template).render(style=style(), **values)
    return Page(html=html, posts_to=posts_to, status=status)


def sorry(text: str, *, status: int) -> Page:
    """Return the page that says why it does not go on."""
    return fill("sorry.html.j2", text=text, status=status)


@cache
def style() -> str:
    """Return the pages' style sheet."""
    return resources.files(__package__).joinpath(TEMPLATES, STYLE).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__, TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
