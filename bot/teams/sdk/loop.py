"""Where does the SDK's asynchronous code run, when everything of ours is synchronous?"""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import TypeVar

from gates.refusal import Unavailable

T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class LoopThread:
    """An event loop in a thread of its own."""

    patience: float
    """Seconds that one piece of work may take."""
    _loop: asyncio.AbstractEventLoop | None = field(default=None, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Begin to turn."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="teams-loop", daemon=True)
        self._thread.start()

    def run(self, begin: Callable[[], Coroutine[object, object, T]]) -> T:
        """Do some work there and wait for it; Unavailable when it takes too long or nothing turns."""
        if self._loop is None:
            raise Unavailable("Teams cannot be spoken to: the server is not running.")
        waiting = asyncio.run_coroutine_threadsafe(begin(), self._loop)
        try:
            return waiting.result(self.patience)
        except TooLate as late:
            waiting.cancel()
            raise Unavailable(f"Teams did not answer within {self.patience:g} s.") from late

    def stop(self) -> None:
        """Turn no more, and leave nothing behind."""
        loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
