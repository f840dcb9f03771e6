"""How is something else measured of the same rows at the same time?

A query on a file that is written in one piece keeps one processor busy, and so does what numpy reckons.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from typing import TypeVar

from gates.measure.scan.duck import DuckEngine

PERIOD = 0.1
"""Seconds after which what runs is told again to stop."""

Found = TypeVar("Found")


@contextmanager
def meanwhile(
    engine: DuckEngine, work: Callable[[DuckEngine], Found], *, tell: Callable[[float], None] | None = None
) -> Iterator[Callable[[], Found]]:
    """Work in another thread, with an engine of its own, while the body runs; the body calls for what was found.

    `tell` is told how much of a query is done once the body waits. When the body ends without having called, by an
    error or by Ctrl-C, the work is stopped.
    """
    waiting = Event()

    def told(done: float) -> None:
        if tell is not None and waiting.is_set():
            tell(done)

    with engine.another(tell=None if tell is None else told) as own, ThreadPoolExecutor(1) as pool:
        future = pool.submit(work, own)

        def found() -> Found:
            waiting.set()
            return future.result()

        try:
            yield found
        finally:
            while not future.done():
                own.stop()
                wait([future], timeout=PERIOD)
