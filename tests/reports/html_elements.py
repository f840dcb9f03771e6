"""What does a browser make of a page? Its elements, attributes and style, as Python's own parser reads them."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}
CLOSED = {"path", "rect", "circle", "polyline"}
"""Elements of SVG that are written without an end."""


class Read(HTMLParser):
    """One page, taken apart; an end that closes nothing, or something else, is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.style = ""
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in CLOSED
        self.elements.append((tag, tuple(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind."""
        return [dict(attributes) for found, attributes in self.elements if found == tag]
