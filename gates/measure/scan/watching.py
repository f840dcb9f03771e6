"""How much of a long query is done?"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

PERIOD = 0.1
"""Seconds."""


@contextmanager
def watched(connection: Any, tell: Callable[[float], None] | None) -> Iterator[None]:  # noqa: ANN401 - a DuckDB connection
    """Tell now and again, from another thread, which share of the body's query is done: from 0 to 1, never falling."""
    if tell is None:
        yield
        return
    done = Event()
    thread = Thread(target=_watch, args=(connection, tell, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _watch(connection: Any, tell: Callable[[float], None], done: Event) -> None:  # noqa: ANN401 - a DuckDB connection
    highest = 0.0
    while not done.wait(PERIOD):
        share = min(1.0, connection.query_progress() / 100)
        if share > highest:
            highest = share
            tell(share)
