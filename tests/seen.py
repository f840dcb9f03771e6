"""What does a browser make of a page? Its elements and their attributes, its style, and the text that people read."""

from dataclasses import dataclass
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "br", "img", "hr", "input"})
CLOSED = frozenset({"path", "rect", "circle", "polyline"})
"""Elements of SVG that are written without an end."""
LEADS = ("href", "src", "action", "srcset", "poster", "data", "xlink:href")
"""Attributes whose address a browser fetches or follows."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element that begins somewhere."""

    tag: str
    attributes: dict[str, str]


class Seen(HTMLParser):
    """What is on a page."""

    def __init__(self, html: str) -> None:
        """Take the page apart."""
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.faults: list[str] = []
        """Ends that close nothing or something else, and what is never closed."""
        self.style = ""
        self._words: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that ends at once; of HTML's own, only those without content do."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID | CLOSED:
            self.faults.append(f"<{tag}/> is not closed by its stroke")

    def handle_endtag(self, tag: str) -> None:
        """Note what ends where something else should."""
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing, or something else")

    def handle_data(self, data: str) -> None:
        """Note what people read."""
        if self._open[-1:] == ["style"]:
            self.style += data
        else:
            self._words.append(data)

    @property
    def text(self) -> str:
        """All that people read, on one line."""
        return " ".join("".join(self._words).split())

    @property
    def tags(self) -> list[str]:
        """The names of its elements, in order."""
        return [one.tag for one in self.elements]

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Its elements and the names of their attributes, in order."""
        return [(one.tag, tuple(sorted(one.attributes))) for one in self.elements]

    @property
    def acting(self) -> list[str]:
        """Attributes that run or style something."""
        names = (name for one in self.elements for name in one.attributes)
        return [name for name in names if name == "style" or name.startswith("on")]

    @property
    def addresses(self) -> set[str]:
        """Where it leads to, and what it fetches."""
        return {value for one in self.elements for name, value in one.attributes.items() if name in LEADS}

    @property
    def links(self) -> list[str]:
        """Where its links lead to, in order."""
        return [one["href"] for one in self.all("a")]

    @property
    def fields(self) -> dict[str, str]:
        """What its fields hold, by name."""
        return {one["name"]: one.get("value", "") for one in self.all("input")}

    @property
    def ids(self) -> list[str]:
        """What others on the page may point to, in order."""
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]

    @property
    def headings(self) -> list[int]:
        """The levels of its headings, in order."""
        return [int(tag[1]) for tag in self.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of all elements of a kind."""
        return [one.attributes for one in self.elements if one.tag == tag]


def seen(html: str) -> Seen:
    """Take a page apart that has to be well-formed."""
    found = Seen(html)
    assert found.faults == []
    return found
