"""A reader of pages: asks for one, and sees what is on it as a browser would take it apart."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path"})
SHOWN = "http://localhost:8765"


@dataclass(slots=True)
class Reader:
    """Somebody at this machine, with a browser."""

    app: Starlette
    address: tuple[str, int] = ("127.0.0.1", 50_000)

    def get(
        self, path: str, *, at: str = SHOWN, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Ask for a page."""
        return asyncio.run(self._ask(path, at, method, dict(headers or {})))

    def see(self, path: str) -> "Seen":
        """Open a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Seen(answer.text)

    async def _ask(self, path: str, at: str, method: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=self.address)
        async with httpx.AsyncClient(transport=transport, base_url=at) as client:
            return await client.request(method, path, headers=headers)


@dataclass(slots=True)
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
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that ends at once."""
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Note what ends where something else should."""
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Note what people read."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """All that people read, on one line."""
        return " ".join("".join(self.words).split())

    @property
    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Its elements and the names of their attributes, in order."""
        return [(one.tag, tuple(sorted(one.attributes))) for one in self.elements]

    @property
    def links(self) -> list[str]:
        """Where it leads to."""
        return [one.attributes["href"] for one in self.elements if one.tag == "a"]

    @property
    def headings(self) -> list[int]:
        """The levels of its headings, in order."""
        return [int(one.tag[1]) for one in self.elements if one.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a page, a sentence each."""

    found: list[str] = field(default_factory=list)

    def expect(self, what: str, *, holds: bool) -> None:
        """Note what does not hold."""
        if not holds:
            self.found.append(what)


def faults_of(seen: Seen) -> list[str]:
    """Return what is wrong with a page, whatever it is about."""
    faults = Faults()
    names = [name for one in seen.elements for name in one.attributes]
    tags = {one.tag for one in seen.elements}
    faults.expect("It is well-formed", holds=not seen.unbalanced and not seen.open)
    faults.expect(
        "Nothing in it acts", holds=not tags & {"script", "iframe", "object", "embed", "style", "base", "img"}
    )
    faults.expect("No attribute acts or styles", holds=not any(one == "style" or one.startswith("on") for one in names))
    leads = [link for link in seen.links if not link.startswith(("/", "#", "https://", "http://")) or link[:2] == "//"]
    faults.expect(f"It leads nowhere strange: {leads}", holds=not leads)
    steps = zip(seen.headings, seen.headings[1:], strict=False)
    faults.expect("Its headings have an order", holds=seen.headings[:1] == [1] and all(b <= a + 1 for a, b in steps))
    faults.expect("It has one title", holds=seen.headings.count(1) == 1)
    ids = [one.attributes["id"] for one in seen.elements if "id" in one.attributes]
    faults.expect("Each id is there once", holds=len(ids) == len(set(ids)))
    faults.expect("Every table has a caption", holds=_many(seen, "table") == _many(seen, "caption"))
    faults.expect("Every field has a label", holds=_unlabelled(seen) == [])
    return faults.found


def _many(seen: Seen, tag: str) -> int:
    return sum(one.tag == tag for one in seen.elements)


def _unlabelled(seen: Seen) -> list[str]:
    labels = {one.attributes.get("for") for one in seen.elements if one.tag == "label"}
    fields = [one for one in seen.elements if one.tag in {"input", "select"} and one.attributes.get("type") != "hidden"]
    return [one.attributes.get("name", "") for one in fields if one.attributes.get("id") not in labels]
