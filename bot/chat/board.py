"""Does a platform show what is true?

One thread looks, whenever something may have changed and now and then, and brings the platform to show each promotion
as it is. What a platform sleeps through stays due in our database and is tried again, later and later, so that a
platform that is down loses nothing and keeps nobody else waiting.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from bot.chat.heard import promotion_named
from bot.chat.linked import tell_linked
from bot.chat.platform import MessageGoneError, Platform
from bot.chat.routing import Routing
from bot.chat.showing import Showing
from bot.commands import PromotionName
from bot.ears import BREATH, DAY, Clock, pause_after
from bot.house.window import Window
from gates.refusal import Unavailable, UserError
from storage.database import Database
from storage.posts import PostRow

EVERY = 60.0
"""Seconds after which everything open is looked at, whether or not anything told of a change."""
PULSE = 1.0
"""Seconds between two glances at whether anything happened at all."""
OVERLAP = 300
"""Seconds that two looks overlap: a clock may be set back."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Keeps one platform showing what is true."""

    platform: Platform
    window: Window
    routing: Routing
    database: Database
    clock: Clock
    write_down: Callable[[BaseException], str]
    """Writes a bug down and returns the sentence with its name."""
    bell: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look in a thread for the body, beginning at once; then finish what is begun."""
        thread = threading.Thread(target=self._look_until_over, name=f"{self.platform.name}-board")
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            self.bell.set()
            thread.join()

    def converge(self) -> None:
        """Show everything that is open, was changed since the last time, or is due again."""
        now = self.clock()
        for name in self._to_look_at(now):
            if self.over.is_set():
                return
            self._show(name)
        with self.database.transaction() as work:
            work.inbox.set_swept_until(self._mark, "", now)

    @property
    def _mark(self) -> str:
        return f"{self.platform.name}:board"

    def _to_look_at(self, now: int) -> Sequence[PromotionName]:
        """Return what is to be looked at, oldest first; what failed lately waits for its time."""
        with self.database.reading() as work:
            until = work.inbox.swept_until(self._mark, "")
            due = work.posts.due(self.platform.name, now)
        stirred = self.window.stirred(now if until is None else until - OVERLAP)
        overdue = (promotion_named(row.promotion, row.project) for row in due)
        return sorted({*stirred, *overdue}, key=lambda name: name.number)

    def _show(self, name: PromotionName) -> None:
        """Show one promotion, and note when it is to be looked at again."""
        row = self._row(name)
        if row.attempts and row.due_at is not None and row.due_at > self.clock():
            return
        try:
            shown = self._showing.show(name, row, self.clock())
        except (UserError, Unavailable) as trouble:
            self._postpone(name, trouble, pause_after(row.attempts))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other promotions are shown all the same
            self._postpone(name, UserError(self.write_down(error)), DAY)
        else:
            self._save(replace(shown, attempts=0, problem=shown.problem if shown.message is None else ""))

    def _postpone(self, name: PromotionName, trouble: UserError | Unavailable, pause: int) -> None:
        """Try again after a pause, from where it stopped; a trouble that stays is logged once."""
        row = self._row(name)
        if row.problem != str(trouble):
            logger.warning("%s cannot be shown on %s now: %s", name, self.platform.name, trouble)
        if isinstance(trouble, MessageGoneError):
            row = replace(row, digest="")  # so that the next try edits the message, and replaces it
        row = replace(row, attempts=row.attempts + 1, problem=str(trouble), due_at=self.clock() + pause)
        self._save(row)

    @property
    def _showing(self) -> Showing:
        return Showing(platform=self.platform, window=self.window, routing=self.routing, save=self._save)

    def _row(self, name: PromotionName) -> PostRow:
        with self.database.reading() as work:
            known = work.posts.get(self.platform.name, str(name))
        new = PostRow(platform=self.platform.name, promotion=str(name), project=name.project or "", channel="")
        return known or new

    def _save(self, row: PostRow) -> PostRow:
        with self.database.reading() as work:
            if work.posts.get(row.platform, row.promotion) == row:
                return row
        with self.database.transaction() as work:
            return work.posts.save(row)

    def _look_until_over(self) -> None:
        while not self.over.is_set():
            self.bell.clear()  # before looking: what comes meanwhile rings again
            pulse = self._pulse()
            self._wait(pulse, self._look())

    def _look(self) -> float:
        """Look once; return how long to rest."""
        try:
            self.converge()
            self._tell_linked()
            with self.database.reading() as work:
                due = work.posts.next_due(self.platform.name)
            return EVERY if due is None else min(EVERY, max(PULSE, due - self.clock()))
        except (Unavailable, UserError) as error:
            logger.warning("Nothing can be shown on %s now: %s", self.platform.name, error)
        except Exception as error:  # noqa: BLE001 - the thread outlives its bugs; they are written down
            self.write_down(error)
        return BREATH

    def _tell_linked(self) -> None:
        """Let people know here that their accounts were linked; while the platform sleeps, at a later look."""
        try:
            tell_linked(self.platform, self.window.desk.installation)
        except Unavailable as asleep:
            logger.info("Nobody can be told of a link on %s now: %s", self.platform.name, asleep)

    def _wait(self, pulse: int, pause: float) -> None:
        """Rest until the pause is over, the bell rings, or something happened that rang no bell."""
        end = time.monotonic() + pause
        while not self.over.is_set() and (left := end - time.monotonic()) > 0:
            if self.bell.wait(min(PULSE, left)) or self._pulse() != pulse:
                return

    def _pulse(self) -> int:
        """Return a number that changes when anything happens; the same while our own database does not answer."""
        with suppress(Unavailable, UserError):
            return self.window.pulse()
        return -1
