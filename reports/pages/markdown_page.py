"""How does Markdown of ours become a page? As HTML in which nothing leads anywhere, and nothing is loaded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reports.markup import render_markup
from reports.pages.site import Site
from reports.pictures.picture import Picture
from reports.pictures.svg import svg

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownPage:
    """A card or the evidence, and what it belongs to."""

    title: str
    about: str
    address: str
    """Of the page it belongs to."""
    back: str
    """What that page is about."""
    markdown: str
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    """What is drawn where the Markdown has an image with this address."""


def render_markdown_page(site: Site, page: MarkdownPage) -> str:
    """Return the page that shows a card, or evidence."""
    front = FRONT.match(page.markdown)
    body = page.markdown[front.end() :] if front else page.markdown
    return render_markup(
        "page_markdown.html.j2", site=site, page=page, front=front[1] if front else "", body=shown(body, page.pictures)
    )


def shown(markdown: str, pictures: Mapping[str, Picture]) -> Markup:
    """Return the HTML of Markdown: links and images are told by their words alone, but for `pictures`; HTML is text."""
    reader = _reader()
    tokens = _beneath(reader.parse(markdown))
    html: str = reader.renderer.render(_inert(tokens, dict(pictures)), reader.options, {})
    return Markup(html)  # noqa: S704 - written by the reader, with HTML switched off


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only this page needs it

    reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["html_block", "html_inline"])
    reader.add_render_rule("table_open", _table)
    reader.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return reader


def _table(_renderer: object, tokens: "list[Token]", place: int, _options: object, _env: object) -> str:
    """Begin a table that can be moved from side to side, and that is called as what stands above it."""
    said = escape(tokens[place].meta["caption"])
    frame = Markup('<div class="wide" tabindex="0" role="region" aria-label="{0}"><table><caption class="unseen">{0}')
    return f"{frame.format(said)}</caption>\n"


def _beneath(tokens: "list[Token]") -> "list[Token]":
    """Put its headings below the page's own, without a gap; the one it begins with says what the page says already."""
    if tokens and tokens[0].tag == "h1":
        tokens = tokens[3:]
    above, heading, tables = 1, "", 0
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            above, heading = min(max(int(token.tag[1:]), 2), above + 1), tokens[place + 1].content
        if token.type == "table_open":
            tables += 1
            token.meta["caption"] = f"Table {tables}: {heading}" if heading else f"Table {tables}"
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{above}"
    return tokens


def _inert(tokens: "list[Token]", pictures: dict[str, Picture]) -> "list[Token]":
    """Leave out what would act: the words of links stay, and of images what they are said to show.

    An image of ours is drawn, once, and taken out of `pictures`.
    """
    kept: list[Token] = []
    for token in tokens:
        if token.type in {"link_open", "link_close"}:
            continue
        if token.type == "image":
            picture = pictures.pop(str(token.attrs.get("src")), None)
            kept.extend(_inert(token.children or [], {}) if picture is None else [_drawn(token, picture)])
            continue
        if token.children:
            token.children = _inert(token.children, pictures)
        right = token.attrs.get("style") == "text-align:right"
        token.attrs = {name: value for name, value in token.attrs.items() if name in {"start", "colspan"}}
        if right:
            token.attrs["class"] = "number"
        kept.append(token)
    return kept


def _drawn(image: "Token", picture: Picture) -> "Token":
    """Put a picture in an image's place, where it can be moved from side to side."""
    frame = Markup('<span class="wide" tabindex="0" role="region" aria-label="{}">{}</span>')
    drawn = Markup(svg(picture, within="picture-"))  # noqa: S704 - written by a template that escapes
    return image.copy(type="html_inline", content=str(frame.format(picture.title, drawn)), children=None)
