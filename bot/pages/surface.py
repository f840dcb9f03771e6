"""How do people with a browser look into the house?"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.house.window import Window
from bot.pages.admission import admission
from bot.pages.answering import Answering
from bot.pages.routes import routes_of
from bot.pages.verifying import Verifier
from bot.settings import Settings
from bot.surfaces import Service
from bot.turns import InTurn

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


class PagesSurface:
    """Answers from the moment the server listens; shows something once the house is open."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], int], write_down: Callable[[BaseException], str]
    ) -> None:
        """Look through no window yet."""
        self._guard = threading.Lock()
        self._door: InTurn | None = None
        answering = Answering(window=self._window, admission=admission(settings), write_down=write_down)
        self._routes = routes_of(answering, Verifier(settings, clock=clock))

    @property
    def routes(self) -> "Sequence[BaseRoute]":
        """What the web server is to answer; they come last, for they answer whatever nobody else does."""
        return self._routes

    @contextmanager
    def working(self, door: InTurn) -> Iterator[None]:
        """Look into this house, for the body."""
        with self._guard:
            self._door = door
        try:
            yield
        finally:
            with self._guard:
                self._door = None

    def sweep(self) -> None:
        """Look for nothing: pages are made when somebody asks."""

    def _window(self) -> Window | None:
        with self._guard:
            door = self._door
        return None if door is None else door.window()


def pages(service: Service) -> PagesSurface:
    """Return the pages of a server."""
    return PagesSurface(service.settings, clock=service.clock, write_down=service.write_down)
