"""Whose turn is it in a server that many talk to at once?

Everything that acts, commands and sweeps, takes turns; looking never waits, for each look reads one consistent moment.
"""

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.commands import PromotionName
from bot.exchange import House, Notice, Progress, Reply, Request
from bot.grammar.usage import acts

if TYPE_CHECKING:
    from bot.house.window import Window


@dataclass(frozen=True, slots=True)
class InTurn:
    """An open house behind one door."""

    house: House
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, request: Request, progress: Progress) -> Reply:
        """Answer a command, after those that act before it."""
        if not acts(request.command):
            return self.house.handle(request, progress)
        if not self._turn.acquire(blocking=False):
            progress("Waiting for another command to finish.")
            self._turn.acquire()
        try:
            return self.house.handle(request, progress)
        finally:
            self._turn.release()

    def notice(self, notice: Notice) -> None:
        """Look again, between commands."""
        with self._turn:
            self.house.notice(notice)

    def named(self, project: str, pull_request: int) -> PromotionName | None:
        """Return what a pull request is; looking never waits."""
        return self.house.named(project, pull_request)

    def window(self) -> "Window":
        """Return what a chat may see; looking never waits."""
        return self.house.window()

    def tick(self, now: int) -> None:
        """Sweep, between commands."""
        with self._turn:
            self.house.tick(now)
