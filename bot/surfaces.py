"""Through what does a server hear people and platforms? One surface for each section of app.yaml that asks for it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.settings import Settings
from bot.turns import InTurn

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


class Surface(Protocol):
    """Hears from the moment the server listens; works once the house is open."""

    @property
    def routes(self) -> "Sequence[BaseRoute]":
        """What the web server is to answer."""

    def working(self, door: InTurn) -> AbstractContextManager[None]:
        """Work through what is heard, for the body."""

    def sweep(self) -> None:
        """Look for what nobody told; raises UserError and Unavailable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What a surface is made with."""

    settings: Settings
    clock: Callable[[], int]
    write_down: Callable[[BaseException], str]
    """Writes a bug down and returns the sentence with its name."""


OpenSurfaces = Callable[[Service], AbstractContextManager[Sequence[Surface]]]


@contextmanager
def no_surfaces(_service: Service) -> Iterator[Sequence[Surface]]:
    """Hear nobody but the terminals."""
    yield ()


@contextmanager
def all_working(surfaces: Sequence[Surface], door: InTurn) -> Iterator[None]:
    """Let every surface work for the body."""
    with ExitStack() as stack:
        for surface in surfaces:
            stack.enter_context(surface.working(door))
        yield
