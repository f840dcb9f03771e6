"""A browser without a window: it keeps cookies, and follows nothing by itself."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette


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
