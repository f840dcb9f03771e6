"""How is the house looked into while somebody in Slack waits for a modal, and how is it done behind an acknowledgement?

Slack's trigger lives three seconds.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bot.chat.lookout import Lookout, T
from gates.refusal import Unavailable, UserError

KEEPERS = 4
logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class SlackLookout(Lookout):
    """Looks through the house's window, and does what nobody waits for."""

    who: str = "Slack"
    write_down: Callable[[BaseException], str]
    _keepers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(KEEPERS, "slack-keeps"), init=False)
    _running: "set[asyncio.Task[None]]" = field(default_factory=set, init=False)

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
        super().close()
        self._keepers.shutdown(wait=True)

    async def _watched(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (UserError, Unavailable) as trouble:
            logger.warning("Something in Slack came to nothing: %s", trouble)
        except Exception as error:  # noqa: BLE001 - nobody waits for it; it is written down
            self.write_down(error)
