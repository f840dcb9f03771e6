"""What runs the short workflows, and what happens when one cannot finish?

The outbox is the truth of what is still to be done. A runner carries rows out: `InlineRunner` here, one after another
in the calling thread, or DBOS in `workflows/durable.py`. Both end each row in the same four ways.
"""

import hashlib
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from pydantic import JsonValue

from gates.refusal import Unavailable
from storage.database import Work
from storage.outbox import OutboxRow
from workflows.broken import MISTAKE, BrokenError
from workflows.installation import Installation
from workflows.looking import advance
from workflows.outbox import LOOK, RULEBOOK, SYNC, SYNC_MAIN
from workflows.rulebook_change import advance_change
from workflows.sync import sync_lane, sync_main

PATIENCE = 20
"""Seconds that a command waits for a service before it answers that the service sleeps."""
PAUSE = 0.2
"""Seconds between two looks at what has come due."""
LONGEST_PAUSE = 300
"""Seconds after which a service that sleeps is asked again, at the latest."""
MOST_MOVES = 30
"""Moves that one row may make; more is a mistake of ours, not a long way."""
MEND_AFTER = 3600
"""Seconds after which a row that met a mistake of ours is tried again."""
log = logging.getLogger("gatehouse.engine")
BROKEN = "broken: "


class Step(StrEnum):
    """How one step of a row ended."""

    MORE = "more"
    DONE = "done"
    LATER = "later"
    BROKEN = "broken"


class Runner(Protocol):
    """Carries rows out, those of one lane in order and one at a time."""

    def run(self, rows: Sequence[OutboxRow]) -> None:
        """Run each row until it is done, put off or broken; returns when all have ended. A row done before is left."""

    def close(self) -> None:
        """Stop cleanly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineRunner:
    """Runs rows in the calling thread."""

    installation: Installation

    def run(self, rows: Sequence[OutboxRow]) -> None:
        """Run one row after another."""
        for row in rows:
            for _ in range(MOST_MOVES):
                if take_step(self.installation, row.id) is not Step.MORE:
                    break
            else:
                give_up(self.installation, row.id)

    def close(self) -> None:
        """Nothing runs between calls."""


def drain(installation: Installation, runner: Runner, *, patience: int = PATIENCE) -> None:
    """Run everything due, and wait up to `patience` seconds for services that what was just asked for needs.

    What failed before and comes due again is tried, too, but is not this caller's business. Of what was just asked for:
    raises `BrokenError` for a bug, `Unavailable` when a service goes on sleeping (its row stays and is tried later).
    """
    asked, last = _just_asked(installation), installation.clock() + patience
    while True:
        due, soon = _to_run(installation, asked, last)
        if due:
            runner.run(due)
        elif soon:
            installation.sleep(PAUSE)
        else:
            break
    _raise_problems(installation, asked)


def _just_asked(installation: Installation) -> frozenset[int]:
    with installation.database.reading() as work:
        return frozenset(row.id for row in work.outbox.pending() if not row.attempts)


def _to_run(installation: Installation, asked: frozenset[int], last: int) -> tuple[list[OutboxRow], list[OutboxRow]]:
    """Return what is due, and what is worth waiting for.

    What moves something comes before what judges the world: a merge is written down before anyone wonders whose it is.
    """
    with installation.database.reading() as work:
        due, pending = work.outbox.due(installation.clock()), work.outbox.pending()
    moves = [row for row in due if row.kind in {LOOK, RULEBOOK}]
    soon = [row for row in pending if row.id in asked and row.attempts and not _is_broken(row) and row.due_at <= last]
    return moves or list(due), soon


def take_step(installation: Installation, row_id: int) -> Step:
    """Make one move for a row and write down how it ended; never raises for what a service or a bug does."""
    row = _pending(installation, row_id)
    if row is None:
        return Step.DONE
    try:
        more = WORK[row.kind](installation, row.payload)
    except Unavailable as sleeping:
        return put_off(installation, row, str(sleeping))
    except Exception as bug:  # noqa: BLE001 - a workflow's bug must not take the others down; it is logged and shown
        return _broken(installation, row, bug)
    if more:
        return Step.MORE
    with installation.database.transaction() as work:
        work.outbox.done(row.id, installation.clock())
        _tell_mistake(work, row, "")
    return Step.DONE


def give_up(installation: Installation, row_id: int) -> Step:
    """End a row that goes round in circles."""
    row = _pending(installation, row_id)
    if row is None:
        return Step.DONE
    return _broken(installation, row, RuntimeError(f"{row.key} made {MOST_MOVES} moves and did not come to rest"))


WORK: dict[str, Callable[[Installation, dict[str, JsonValue]], bool]] = {
    LOOK: lambda installation, payload: advance(installation, int(str(payload["promotion"]))),
    RULEBOOK: lambda installation, payload: advance_change(installation, int(str(payload["change"]))),
    SYNC_MAIN: sync_main,
    SYNC: sync_lane,
}
"""What one move of each kind of row is; it returns whether another may follow at once."""


def _pending(installation: Installation, row_id: int) -> OutboxRow | None:
    """Return a row that is still to be done, or None: a repetition finds it done."""
    with installation.database.reading() as work:
        return next((row for row in work.outbox.pending() if row.id == row_id), None)


def put_off(installation: Installation, row: OutboxRow, reason: str) -> Step:
    """Let a row wait for a service, longer after each try."""
    due = installation.clock() + min(2 ** min(row.attempts, 16), LONGEST_PAUSE)
    with installation.database.transaction() as work:
        work.outbox.failed(row.id, reason, due)
    return Step.LATER


def _broken(installation: Installation, row: OutboxRow, bug: Exception) -> Step:
    trace = "".join(traceback.format_exception(bug))
    incident = hashlib.sha256(trace.encode()).hexdigest()[:8]
    log.error("%s: the row %s met a mistake of ours", incident, row.key, exc_info=bug)
    text = f"{MISTAKE}{incident}."
    with installation.database.transaction() as work:
        work.outbox.failed(row.id, f"{BROKEN}{text}", installation.clock() + MEND_AFTER)
        _tell_mistake(work, row, text)
    return Step.BROKEN


def _tell_mistake(work: Work, row: OutboxRow, text: str) -> None:
    """Let a promotion's status name our mistake, or no longer name it; other problems stay as they are."""
    promotion = work.promotions.find(int(str(row.payload["promotion"]))) if row.kind == LOOK else None
    if promotion is not None and (text or promotion.problem.startswith(MISTAKE)):
        work.promotions.save(replace(promotion, problem=text))


def _is_broken(row: OutboxRow) -> bool:
    return row.last_error.startswith(BROKEN)


def _raise_problems(installation: Installation, asked: frozenset[int]) -> None:
    with installation.database.reading() as work:
        left = [row for row in work.outbox.pending() if row.id in asked and row.attempts]
    for row in left:
        if _is_broken(row):
            raise BrokenError(row.last_error.removeprefix(BROKEN))
    if left:
        raise Unavailable(f"{left[0].last_error} It is tried again by itself; mlops status shows how it goes.")
