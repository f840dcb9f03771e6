"""Who works through what a platform told us, and what happens when that fails?

One thread, in the background: what is told is kept and acknowledged long before. What a service sleeps through is tried
again for a day. A mistake of ours is written down and put aside, so that it neither repeats nor blocks the rest.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from pydantic import JsonValue

from gates.refusal import Unavailable, UserError
from storage.database import Database
from storage.inbox import InboxRow

DAY = 86_400
FORGOTTEN = 90 * DAY
"""Seconds that what is settled is remembered, so that it is known when it comes again."""
FIRST_PAUSE, LONGEST_PAUSE = 10, 900
"""Seconds before a failed try is repeated: twice as long each time."""
BREATH = 5.0
"""Seconds to rest when our own database does not answer."""
NAMED = re.compile(r"bug-[0-9a-f]+")

Clock = Callable[[], int]
Document = dict[str, JsonValue]
Heard = TypeVar("Heard")
Told_contra = TypeVar("Told_contra", contravariant=True)
logger = logging.getLogger(__name__)


class Talk(Protocol[Told_contra]):
    """Acts on what was heard, and speaks to people."""

    def act(self, heard: Told_contra, key: str) -> None:
        """Do what was asked; `key` names it. Raises Unavailable when it is to be tried again."""

    def regret(self, heard: Told_contra, key: str, text: str) -> None:
        """Tell the person who waits, if any, that nothing came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """Keeps what was heard, and rings for whoever works through it; may be used from any thread."""

    surface: str
    """The inbox that it is kept in."""
    database: Database
    clock: Clock
    bell: threading.Event = field(default_factory=threading.Event)

    def put(self, told: Mapping[str, Document]) -> bool:
        """Keep all of it under its keys, or nothing; False when all of it is known."""
        now = self.clock()
        with self.database.transaction() as work:
            new = [work.inbox.put(self.surface, key, document, now) for key, document in told.items()]
        self.bell.set()
        return any(new)

    def forget(self) -> None:
        """Drop what was settled long ago."""
        with self.database.transaction() as work:
            work.inbox.forget(self.surface, self.clock() - FORGOTTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ears(Generic[Heard]):
    """Works through a letterbox."""

    conversation: Talk[Heard]
    letterbox: Letterbox
    read: Callable[[Document], Heard]
    """Reads what the letterbox kept."""
    write_down: Callable[[BaseException], str]
    """Writes a bug down and returns the sentence with its name."""
    hints: frozenset[str] = frozenset()
    """Kinds of what only says where to look: one look answers all that say the same."""
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Work in a thread for the body, beginning with what an earlier process left; then finish what is begun."""
        thread = threading.Thread(target=self._work_until_over, name=f"{self.letterbox.surface}-ears")
        thread.start()
        try:
            yield
        finally:
            self.over.set()
            self.letterbox.bell.set()
            thread.join()

    def take_up(self) -> None:
        """Work through all that is due now; what is told twice in it is acted on once."""
        now = self.letterbox.clock()
        with self._database.reading() as work:
            rows = work.inbox.due(self.letterbox.surface, now)
        for batch in self._alike(rows):
            if self.over.is_set():
                return
            self._settle(batch)

    @property
    def _database(self) -> Database:
        return self.letterbox.database

    def _work_until_over(self) -> None:
        while not self.over.is_set():
            self.letterbox.bell.clear()  # before looking: what comes meanwhile rings again
            pause = self._work()
            self.letterbox.bell.wait(pause)

    def _work(self) -> float | None:
        """Work once; return how long to rest, None until the bell rings."""
        try:
            self.take_up()
            with self._database.reading() as work:
                due = work.inbox.next_due(self.letterbox.surface)
            return None if due is None else max(0.05, due - self.letterbox.clock())
        except (Unavailable, UserError) as error:
            logger.warning("What %s told cannot be worked on now: %s", self.letterbox.surface, error)
        except Exception as error:  # noqa: BLE001 - the thread outlives its bugs; they are written down
            self.write_down(error)
        self.over.wait(BREATH)
        return 0

    def _alike(self, rows: Sequence[InboxRow]) -> list[list[InboxRow]]:
        """Put hints that say the same together: one look answers all that came before it."""
        batches: dict[str, list[InboxRow]] = {}
        for row in rows:
            same = json.dumps(row.heard, sort_keys=True) if row.heard.get("kind") in self.hints else row.key
            batches.setdefault(same, []).append(row)
        return list(batches.values())

    def _settle(self, batch: Sequence[InboxRow]) -> None:
        """Act on rows that say the same, and note what became of it."""
        first = batch[0]
        try:
            self.conversation.act(self.read(first.heard), first.key)
        except Unavailable as error:
            self._postpone(batch, str(error))
        except UserError as error:
            logger.warning("%s told something that cannot be done: %s", first.key, error)
            self._put_aside(batch, str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not come back for ever
            text = self.write_down(error)
            self._put_aside(batch, text)
            self._regret(first, f"Something went wrong inside Gatehouse{_bug(text)}. It is written down there.")
        else:
            self._put_aside(batch, "")

    def _postpone(self, batch: Sequence[InboxRow], problem: str) -> None:
        """Try again later, twice as late each time; after a day give up."""
        now = self.letterbox.clock()
        late = [row for row in batch if now - row.received_at >= DAY]
        with self._database.transaction() as work:
            for row in batch:
                if row not in late:
                    work.inbox.postponed(row.id, problem, now + pause_after(row.attempts))
        if late:
            logger.warning("%s is given up after a day: %s", late[0].key, problem)
            self._put_aside(late, problem)
            self._regret(late[0], "A service did not answer for a day. Try again.")

    def _put_aside(self, batch: Sequence[InboxRow], problem: str) -> None:
        now = self.letterbox.clock()
        with self._database.transaction() as work:
            for row in batch:
                work.inbox.settled(row.id, now, problem=problem)

    def _regret(self, row: InboxRow, text: str) -> None:
        """Tell the person, if that is possible now; it is written down in any case."""
        try:
            self.conversation.regret(self.read(row.heard), row.key, text)
        except Exception as error:  # noqa: BLE001 - telling is a courtesy, and what it is about is written down
            logger.warning("Nobody could be told about %s: %s", row.key, error)


def pause_after(attempts: int) -> int:
    """Return the seconds to wait after so many failed attempts and one more."""
    return min(LONGEST_PAUSE, FIRST_PAUSE << min(attempts, 10))


def _bug(text: str) -> str:
    found = NAMED.search(text)
    return f": {found[0]}" if found else ""
