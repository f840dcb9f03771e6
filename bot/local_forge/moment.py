"""What did this thread read already in the moment that it answers from?"""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast

T = TypeVar("T")


class Moments:
    """Answers of the present moment of each thread; outside of one, everything is read anew."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._own = threading.local()

    def __reduce__(self) -> tuple[type["Moments"], tuple[()]]:
        """Begin anew in another process: a moment is a thread's own."""
        return Moments, ()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Remember for the body what this thread reads; a moment within begins anew, and ends the one around it."""
        outer: dict[Hashable, object] | None = getattr(self._own, "read", None)
        self._own.read = {}
        try:
            yield
        finally:
            if outer is not None:
                outer.clear()
            self._own.read = outer

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what was read under this key in the present moment, or read it."""
        known: dict[Hashable, object] | None = getattr(self._own, "read", None)
        if known is None:
            return read()
        if key not in known:
            known[key] = read()
        return cast("T", known[key])

    def over(self) -> None:
        """Forget this thread's moment: something was changed."""
        known: dict[Hashable, object] | None = getattr(self._own, "read", None)
        if known is not None:
            known.clear()
