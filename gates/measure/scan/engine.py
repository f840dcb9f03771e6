"""How are rows reduced to small tables, the same whatever their order and the number of threads?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from gates.measure.scan.duck import DuckEngine, connected
from gates.measure.scan.source import Source
from gates.measure.scan.view import Column, Kind, View

__all__ = ["Column", "Engine", "Kind", "View", "opened"]


class Engine(Protocol):
    """What reads rows where they lie; not to be shared by threads."""

    def view(self, as_: str, source: Source, *, said: str = "") -> View:
        """Open rows under a name; raises `UserError` for what cannot be read."""

    def derive(self, as_: str, query: str, *, said: str = "", kept: bool = False) -> View:
        """Give a query's rows a name, as a view or, when `kept`, written down once for the scans that follow."""

    def reduce(self, query: str) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Return a query's rows as an Arrow table, ordered by all its columns.

        Raises `UserError` where rows cannot be read, `UnusableError` where a sum or a cast overflows.
        """


@contextmanager
def opened(
    *, threads: int | None = None, memory: str = "512MB", tell: Callable[[float], None] | None = None
) -> Iterator[DuckEngine]:
    """Open an engine for the body; by default it takes every processor, and half a gigabyte before it spills to disk.

    `tell` is told how much of the query that runs is done, from 0 to 1, by another thread.
    """
    with connected(threads=threads, memory=memory) as session:
        yield DuckEngine(session, tell=tell)
