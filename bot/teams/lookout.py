"""How is the house looked into while somebody waits for a card, without keeping anybody else waiting?

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
"""Seconds; Teams shows an error where an answer takes much longer."""
LOOKERS = 8


@dataclass(slots=True, kw_only=True)
class Lookout:
    """Looks through the house's window, as soon as the house is open."""

    patience: float = PATIENCE
    _window: Callable[[], Window] | None = field(default=None, init=False)
    _lookers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LOOKERS, "teams-looks"), init=False)

    @contextmanager
    def opened(self, window: Callable[[], Window]) -> Iterator[None]:
        """Let people look in, for the body."""
        self._window = window
        try:
            yield
        finally:
            self._window = None

    def window(self) -> Window:
        """Return the window; Unavailable while the house is closed."""
        if self._window is None:
            raise Unavailable("Gatehouse is starting or stopping. Try again in a moment.")
        return self._window()

    async def look(self, see: Callable[[], T]) -> T:
        """See something in a thread; Unavailable when that takes too long."""
        seeing = asyncio.get_running_loop().run_in_executor(self._lookers, see)
        try:
            return await asyncio.wait_for(seeing, self.patience)
        except TimeoutError as slow:
            raise Unavailable("That takes longer than Teams waits. Try again, or type the command.") from slow

    def close(self) -> None:
        """Wait for those who look."""
        self._lookers.shutdown()
