"""A browser without a window: it keeps cookies, follows nothing by itself, and sees what is on a page."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from starlette.applications import Starlette


class Seen(HTMLParser):
    """What a browser finds on a page: forms, fields, links and text."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.fields: dict[str, str] = {}
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what people can use."""
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if tag == "form":
            self.forms.append(given)
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "a":
            self.links.append(given["href"])

    def handle_data(self, data: str) -> None:
        """Note what people read."""
        self.text += data


@dataclass(slots=True)
class Browser:
    """One browser, before one application."""

    app: Starlette
    address: str
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        return asyncio.run(self._get(path, dict(params or {})))

    async def _get(self, path: str, params: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.address, cookies=self.cookies) as client:
            answer = await client.get(path, params=params)
            self.cookies = client.cookies
        return answer
