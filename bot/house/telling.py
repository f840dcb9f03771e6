"""Who hears how far a long step is? The surface whose command is being answered."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.exchange import Progress


class Telling:
    """Passes lines to whoever waits for them.

    One command acts at a time, and its workflows run in whatever thread: their lines go to that command. A command
    that only looks runs in a thread of its own beside it, and hears just what is told there.
    """

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._acting: Progress | None = None
        self._here = threading.local()

    def __call__(self, subject: str, line: str) -> None:
        """Tell one line about a subject, if anybody listens."""
        progress: Progress | None = getattr(self._here, "looking", None) or self._acting
        if progress is not None:
            progress(f"{subject}: {line}")

    @contextmanager
    def to(self, progress: Progress) -> Iterator[None]:
        """Let the surface of the command that acts hear for the body, from any thread."""
        self._acting = progress
        try:
            yield
        finally:
            self._acting = None

    @contextmanager
    def looking(self, progress: Progress) -> Iterator[None]:
        """Let a surface hear what is told in this thread for the body."""
        self._here.looking = progress
        try:
            yield
        finally:
            self._here.looking = None
