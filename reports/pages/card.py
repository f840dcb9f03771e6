"""How does a model card become a page? As HTML in which nothing leads anywhere, and nothing is loaded."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from reports.markup import render_markup
from reports.pages.site import Site

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
LOWEST = 6
"""The lowest heading that HTML has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """A card, and what it is the card of."""

    title: str
    about: str
    address: str
    """Of the page it belongs to."""
    markdown: str


def render_card_page(site: Site, page: CardPage) -> str:
    """Return the page that shows a card."""
    front = FRONT.match(page.markdown)
    body = page.markdown[front.end() :] if front else page.markdown
    return render_markup("page_card.html.j2", site=site, page=page, front=front[1] if front else "", body=shown(body))


def shown(markdown: str) -> Markup:
    """Return the HTML of Markdown: links and pictures are told by their words alone, and HTML is text."""
    reader = _reader()
    tokens = reader.parse(markdown)
    _lower(tokens)
    html: str = reader.renderer.render(_inert(tokens), reader.options, {})
    wide = html.replace("<table>", '<div class="wide" tabindex="0" role="region" aria-label="Table"><table>')
    return Markup(wide.replace("</table>", "</table></div>"))  # noqa: S704 - written by the reader, with HTML switched off


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only this page needs it

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_block", "html_inline"])


def _lower(tokens: "Sequence[Token]") -> None:
    """Put its headings below the page's own."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + 1, LOWEST)}"


def _inert(tokens: "Sequence[Token]") -> "list[Token]":
    """Leave out what would act: the words of links stay, and of pictures what they are said to show."""
    kept: list[Token] = []
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            continue
        if token.type == "image":
            kept.extend(_inert(token.children or []))
            continue
        if token.children:
            token.children = _inert(token.children)
        token.attrs = {name: value for name, value in token.attrs.items() if name in {"start", "colspan"}}
        kept.append(token)
    return kept
