"""How do deliveries reach the App: one by one when the test says so, or at once in a thread of their own?"""

import queue
import ssl
import threading
import time
from dataclasses import dataclass, field

import httpx

from tests.github.standin.deliveries import Attempt, Delivery
from tests.github.standin.hub import Hub

PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: deliveries go to this machine, and reading all the world's certificates takes its time."""
PATIENCE = 10.0
"""Seconds, as long as GitHub waits."""


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends deliveries and writes their log."""

    hub: Hub
    _line: "queue.Queue[Delivery | None]" = field(default_factory=queue.Queue)
    _thread: threading.Thread | None = None

    def send(self, delivery: Delivery, url: str) -> int:
        """Send one and return the answer's status; 0 when there was none."""
        delivery.taken = True
        began = time.monotonic()
        try:
            status = httpx.post(
                url, content=delivery.body, headers=delivery.headers, timeout=PATIENCE, verify=PLAIN
            ).status_code
        except httpx.HTTPError:
            status = 0
        delivery.attempts.append(
            Attempt(
                id=self.hub.next_id(), at=self.hub.clock(), status=status, redelivery=bool(delivery.attempts),
                seconds=round(time.monotonic() - began, 2),
            )
        )  # fmt: skip
        return status

    def start(self, url: str) -> None:
        """Send everything at once from now on."""
        self.stop()
        self.hub.outgoing.append(self._line.put)
        self._thread = threading.Thread(target=self._work, args=(url,), daemon=True)
        self._thread.start()

    def settle(self) -> None:
        """Wait until the line is empty."""
        self._line.join()

    def stop(self) -> None:
        """Send nothing by itself any more."""
        self.hub.outgoing.clear()
        if self._thread is not None:
            self._line.put(None)
            self._thread.join()
            self._thread = None

    def _work(self, url: str) -> None:
        while (delivery := self._line.get()) is not None:
            self.send(delivery, url)
            self._line.task_done()
        self._line.task_done()
