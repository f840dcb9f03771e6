"""A real browser without a window: Debian's Chromium, driven from Python, that remembers what it asked for and said."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EXAMINE = """async (standards) => {
  const found = await axe.run(document, {preload: false, runOnly: {type: "tag", values: standards}});
  return found.violations.map(
    (one) => `${one.impact}: ${one.id}: ${one.help}: ${one.nodes.map((node) => node.target.join(" ")).join("; ")}`);
}"""


def chromium() -> str | None:
    """Return where the browser is, if it is there."""
    named = os.environ.get("GATEHOUSE_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> str:
    """Say what a test in a browser needs and does not have; empty when it has everything."""
    if chromium() is None:
        return "no Chromium: apt-get install chromium, or name one in GATEHOUSE_CHROMIUM (make test-all does it)"
    return "" if find_spec("playwright") else "no playwright: make test-all installs it"


def missing_for_axe() -> str:
    """Say what examining a page needs and is not there; empty when it has everything."""
    if found := missing():
        return found
    if not AXE.exists():
        return "no axe-core: npm ci in tests/pages/node (make test-all does it)"
    return ""


@dataclass(slots=True)
class Noticed:
    """What a browser did and said while it was used."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Window:
    """One page in one browser."""

    page: Any
    """Playwright's."""
    base: str
    noticed: Noticed

    def open(self, path: str) -> None:
        """Open one of our pages."""
        self.page.goto(self.base + path)

    def violations(self) -> list[str]:
        """Let axe-core look at the page, with everything unfolded."""
        self.page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(EXAMINE, STANDARDS)
        return found

    def overflow(self) -> int:
        """Return by how much the page, unfolded, is wider than what can be seen of it."""
        self.page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        found: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return found


@dataclass(slots=True)
class Chromium:
    """A browser that was started."""

    browser: Any
    """Playwright's."""
    base: str

    @contextmanager
    def window(
        self, *, width: int = 1280, height: int = 900, scheme: str = "light", scripts: bool = False
    ) -> Iterator[Window]:
        """Open a window of its own; scripts are off unless somebody wants to examine the page."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts
        )
        noticed, page = Noticed(), context.new_page()
        page.on("request", lambda request: noticed.requests.append(request.url))
        page.on("console", lambda message: noticed.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: noticed.complaints.append(str(error)))
        page.on("requestfailed", lambda request: noticed.complaints.append(f"failed: {request.url}"))
        try:
            yield Window(page, self.base, noticed)
        finally:
            context.close()


@contextmanager
def started(app: Starlette) -> Iterator[Chromium]:
    """Serve an application on loopback, and start a browser before it."""
    with served(app) as base, launched() as browser:
        yield Chromium(browser, base)


@contextmanager
def launched() -> Iterator[Any]:
    """Start a browser, Playwright's, for the body."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only `make test-all` installs it

    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*sandbox, "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: Starlette, *ports: socket.socket) -> Iterator[str]:
    """Serve an application on these ports, or on a free one of loopback, for the body."""
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": list(ports) or [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
