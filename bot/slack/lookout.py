"""How is the house looked into while somebody waits for a modal, without keeping anybody else waiting?

In a few threads of its own, for a bounded time: Slack's trigger lives three seconds. Those who acknowledge have other
threads, so that a slow registry slows no acknowledgement.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from bot.house.window import Window
from gates.refusal import Unavailable, UserError

T = TypeVar("T")
PATIENCE = 2.0
LOOKERS, KEEPERS = 8, 4
logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Lookout:
    """Looks through the house's window, as soon as the house is open."""

    write_down: Callable[[BaseException], str]
    patience: float = PATIENCE
    _window: Callable[[], Window] | None = None
    _lookers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(LOOKERS, "slack-looks"))
    _keepers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(KEEPERS, "slack-keeps"))
    _running: "set[asyncio.Task[None]]" = field(default_factory=set)

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
            raise Unavailable("That takes longer than Slack waits. Try again, or type the command.") from slow

    async def keep(self, write: Callable[[], T]) -> T:
        """Write something down in a thread, however long that takes."""
        return await asyncio.get_running_loop().run_in_executor(self._keepers, write)

    def later(self, work: Coroutine[None, None, None]) -> None:
        """Do something after the acknowledgement; what goes wrong is logged, for nobody waits for it here."""
        task = asyncio.get_running_loop().create_task(self._watched(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    @property
    def busy(self) -> bool:
        """Does something run behind an acknowledgement?"""
        return bool(self._running)

    def close(self) -> None:
        """Let nothing begin any more."""
        self._lookers.shutdown(wait=True, cancel_futures=True)
        self._keepers.shutdown(wait=True)

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (UserError, Unavailable) as trouble:
            logger.warning("Something in Slack came to nothing: %s", trouble)
        except Exception as error:  # noqa: BLE001 - nobody waits for it; it is written down
            self.write_down(error)
