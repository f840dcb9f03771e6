"""How is the house looked into while somebody waits for an answer, without keeping anybody else waiting?

In a few threads of its own, for a bounded time. Those who acknowledge have other threads, so that a slow registry slows
no acknowledgement.
"""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.house.window import Window
from gates.refusal import Unavailable

T = TypeVar("T")
PATIENCE = 2.0
"""Seconds; both chats show an error where an answer takes much longer."""
LOOKERS = 8


@dataclass(kw_only=True)
class Lookout:
    """Looks through the house's window, as soon as the house is open."""

    who: str
    """The platform's name, as people write it."""
    patience: float = PATIENCE
    _window: Callable[[], Window] | None = field(default=None, init=False)
    _lookers: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        """Name the threads after the platform."""
        self._lookers = ThreadPoolExecutor(LOOKERS, f"{self.who.lower()}-looks")

    @contextmanager
    def opened(self, window: Callable[[], Window]) -> Iterator[None]:
        """Let people look in, for the body."""
        self._window = window
        try:
            yield
        finally:
            self._window = None

    def window(self) -> Window:
        """Return the window; `Unavailable` while the house is closed."""
        if self._window is None:
            raise Unavailable("Gatehouse is starting or stopping. Try again in a moment.")
        return self._window()

    async def look(self, see: Callable[[], T]) -> T:
        """See something in a thread; `Unavailable` when that takes too long."""
        seeing = asyncio.get_running_loop().run_in_executor(self._lookers, see)
        try:
            return await asyncio.wait_for(seeing, self.patience)
        except TimeoutError as slow:
            raise Unavailable(f"That takes longer than {self.who} waits. Try again, or type the command.") from slow

    def close(self) -> None:
        """Let nothing begin any more, and wait for those who look."""
        self._lookers.shutdown(wait=True, cancel_futures=True)
