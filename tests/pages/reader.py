"""A reader of pages: asks for one, and sees what is on it and what is wrong with it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette

from tests.seen import Seen

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

    def see(self, path: str) -> Seen:
        """Open a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return Seen(answer.text)

    async def _ask(self, path: str, at: str, method: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=self.address)
        async with httpx.AsyncClient(transport=transport, base_url=at) as client:
            return await client.request(method, path, headers=headers)


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
    tags = set(seen.tags)
    faults.expect(f"It is well-formed: {seen.faults}", holds=not seen.faults)
    faults.expect(
        "Nothing in it acts", holds=not tags & {"script", "iframe", "object", "embed", "style", "base", "img"}
    )
    faults.expect("No attribute acts or styles", holds=not seen.acting)
    leads = [link for link in seen.links if not link.startswith(("/", "#", "https://", "http://")) or link[:2] == "//"]
    faults.expect(f"It leads nowhere strange: {leads}", holds=not leads)
    steps = zip(seen.headings, seen.headings[1:], strict=False)
    faults.expect("Its headings have an order", holds=seen.headings[:1] == [1] and all(b <= a + 1 for a, b in steps))
    faults.expect("It has one title", holds=seen.headings.count(1) == 1)
    faults.expect("Each id is there once", holds=len(seen.ids) == len(set(seen.ids)))
    faults.expect("Every table has a caption", holds=seen.tags.count("table") == seen.tags.count("caption"))
    faults.expect("Every field has a label", holds=_unlabelled(seen) == [])
    return faults.found


def _unlabelled(seen: Seen) -> list[str]:
    labels = {one.get("for") for one in seen.all("label")}
    fields = [one for one in (*seen.all("input"), *seen.all("select")) if one.get("type") != "hidden"]
    return [one.get("name", "") for one in fields if one.get("id") not in labels]
