"""What is the engine asked to start? Short workflows, each in its lane, each under a deterministic id."""

from pydantic import JsonValue

from storage.database import Work
from storage.promotions import Promotion
from storage.rulebook_changes import RulebookChange

LOOK = "look"
RULEBOOK = "rulebook"
SYNC_MAIN = "sync_main"
SYNC = "sync"


def ask_for_look(work: Work, promotion: Promotion, *, cause: str, at: int) -> None:
    """Ask for a look at a promotion."""
    payload: dict[str, JsonValue] = {"promotion": promotion.id}
    _ask(work, f"look:{promotion.name}:{cause}", LOOK, lane=str(promotion.lane), payload=payload, at=at)


def ask_for_change(work: Work, change: RulebookChange, *, cause: str, at: int) -> None:
    """Ask for a look at a rulebook change; all of a project pass through one lane."""
    lane = f"{change.project}/rulebook"
    _ask(work, f"rulebook:{change.name}:{cause}", RULEBOOK, lane=lane, payload={"change": change.id}, at=at)


def ask_for_sync_main(work: Work, project: str, *, restored_by: str | None, at: int) -> None:
    """Ask for main to be judged, and mended when a person said so."""
    payload: dict[str, JsonValue] = {"project": project, "restored_by": restored_by}
    _ask(work, f"sync:{project}:main:{restored_by or ''}", SYNC_MAIN, lane=f"{project}/main", payload=payload, at=at)


def ask_for_sync(work: Work, project: str, *, model: str, environment: str, restored_by: str | None, at: int) -> None:
    """Ask for one environment of one model to be compared with what was authorised, and mended on a person's word."""
    lane = f"{project}/{model}/{environment}"
    payload: dict[str, JsonValue] = {
        "project": project,
        "model": model,
        "environment": environment,
        "restored_by": restored_by,
    }
    _ask(work, f"sync:{lane}:{restored_by or ''}", SYNC, lane=lane, payload=payload, at=at)


def _ask(work: Work, cause: str, kind: str, *, lane: str, payload: dict[str, JsonValue], at: int) -> None:
    """Put a row; asking again for the same cause before the first ran is the same ask.

    A row that failed and waits for its next try gives way to the new one, which is due at once: who asks again has a
    reason. A cause may come again once its row is done: the time in the key tells the two apart.
    """
    for row in work.outbox.pending(lane):
        if row.key.startswith(f"{cause}:#"):
            if not row.attempts:
                return
            work.outbox.done(row.id, at)
    moment = at
    while work.outbox.put(f"{cause}:#{moment}", kind, lane, payload, at).done_at is not None:
        moment += 1
