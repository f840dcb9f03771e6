"""What does a browser make of a page? Its elements and attributes, and the text between them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "img", "input", "hr"})


@dataclass(slots=True)
class Page:
    """A page, taken apart."""

    elements: list[str] = field(default_factory=list)
    attributes: set[tuple[str, str]] = field(default_factory=set)
    """Element and attribute."""
    addresses: set[str] = field(default_factory=set)
    """Of everything that a browser would fetch or follow."""
    ids: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """Elements that were not closed."""
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that a reader sees."""
        return " ".join(" ".join(self.texts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page = self.page
        page.elements.append(tag)
        for name, value in attrs:
            page.attributes.add((tag, name))
            if name in {"href", "src", "action", "srcset", "poster", "data", "xlink:href"}:
                page.addresses.add(value or "")
            if name == "id":
                page.ids.append(value or "")
        if tag not in VOID:
            page.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.page.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.page.open, f"</{tag}> closes nothing"
        assert self.page.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.page.texts.append(data)


def read(html: str) -> Page:
    """Take a page apart; every element that is opened has to be closed."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.page.open == []
    return reader.page
