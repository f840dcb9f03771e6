"""Is this one scoring server running, does it answer, and if not, why?"""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

from gates.evidence import VersionRef
from workflows.targets.journal import Journal
from workflows.targets.leftovers import forget, kill_family
from workflows.targets.loopback import NoAnswerError, ask
from workflows.targets.upstream import Upstream

GRACE_SECONDS = 4.0
"""What a server gets to end by itself before it is killed."""
PING_SECONDS = 5.0
PORT_LOST = "address already in use"


class ScoringServer:
    """One started version: its confinement's process, which ends with us, and the model's below it."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", *, port: int, version: VersionRef, journal: Journal, record: Path
    ) -> None:
        self.version = version
        self.port = port
        self.upstream = Upstream(port=port, version=version.version)
        self._process = process
        self._journal = journal
        self._record = record
        self._stopping = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the process runs; it ends with the model's."""
        return self._process.poll() is None

    @property
    def lost_its_port(self) -> bool:
        """Whether it ended because another program took the port before it could listen there."""
        return not self.alive and self._journal.contains(PORT_LOST)

    def answers(self) -> bool:
        """Whether the process runs and says that its model is loaded."""
        return self.alive and pings(self.port)

    def wait_ready(self, seconds: float) -> str:
        """Wait until it answers; return the reason in one line if it does not, else nothing."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self.alive:
                return f"The scoring server ended while starting: {self._cause()}"
            if pings(self.port):
                return ""
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=0.1)
        return (
            f"The scoring server did not answer /ping within {seconds:g} s; it last said: {self._journal.last_words()}"
        )

    def ask_to_stop(self) -> None:
        """Send SIGTERM; returns at once."""
        self._process.terminate()

    def stop(self) -> None:
        """End it and all that it started, and remove its home. May be repeated, from any thread."""
        with self._stopping:
            self.ask_to_stop()
            if not self._ends_within(GRACE_SECONDS):
                kill_family(self._process.pid)  # the model first: its confinement then ends what the model started
            if not self._ends_within(GRACE_SECONDS):
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
            self._journal.end()
            forget(self._record)

    def _ends_within(self, seconds: float) -> bool:
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _cause(self) -> str:
        self._journal.end()
        if self._process.returncode == -signal.SIGKILL:
            return "it was killed (SIGKILL), as the system does when memory runs out"
        return self._journal.last_words()


def pings(port: int) -> bool:
    """Whether /ping on this port answers 200."""
    try:
        return ask(port, "/ping", seconds=PING_SECONDS).status == 200  # noqa: PLR2004 - OK
    except NoAnswerError:
        return False
