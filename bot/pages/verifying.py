"""Does the trail hold? Checked when somebody asks, by one at a time, for everything is read."""

import threading
from collections.abc import Callable

from bot.house.window import Window
from bot.pages.answer import Answer, Asked, Page
from bot.settings import Settings
from bot.terminal.trail import examined
from reports.pages.ledger import Examination, render_examination
from reports.pages.moment import Moment, moment
from reports.pages.site import Site

NOBODY = Moment(iso="", words="")


class Verifier:
    """Checks the trail, and remembers what it found last."""

    def __init__(self, settings: Settings, *, clock: Callable[[], int]) -> None:
        """Have found nothing yet."""
        self._settings, self._clock = settings, clock
        self._running = threading.Lock()
        self._last: Examination | None = None

    def show(self, _window: Window, asked: Asked, site: Site) -> Answer:
        """Check the trail where that was asked for, and show what the last check found."""
        running = bool(asked.word("run")) and not self._checked()
        return Page(html=render_examination(site, self._last, running=running))

    def _checked(self) -> bool:
        """Check, unless somebody else's check runs: then theirs will do."""
        if not self._running.acquire(blocking=False):
            return False
        try:
            self._last = self._examine()
        finally:
            self._running.release()
        return True

    def _examine(self) -> Examination:
        began = self._clock()
        report, key = examined(self._settings)
        return Examination(
            at=moment(began) or NOBODY,
            problems=report.problems,
            entries=report.entries,
            sealed=report.sealed,
            receipts=report.receipts,
            evidence=report.evidence,
            root=report.root,
            key="" if key is None else key.id,
        )
