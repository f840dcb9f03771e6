"""Did we mean to do this, and did it happen?

Every effect outside our database is written down before it is done and again once it is seen. A restart in between
finds the intention without the observation, and does it again: each effect looks before it acts, so twice is as good
as once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from workflows.installation import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is about to be done outside: for whom, under which name, and the particulars an auditor would ask for."""

    project: str
    subject: str
    """"P12", "R3" or a lane."""
    key: str
    """Unique and deterministic: the same intention has the same key after a restart."""
    what: str
    """In words: `merge`, `switch`, `alias`."""
    body: Mapping[str, JsonValue]


def carry_out(installation: Installation, intent: Intent, act: Callable[[], str]) -> str:
    """Do `act` once under this intent's key and return what it gave; a repetition returns what was seen then."""
    seen = observed(installation, intent.key)
    if seen is not None:
        return seen
    _write(installation, "intended", intent, dict(intent.body))
    result = act()
    _write(installation, "observed", intent, {"result": result})
    return result


def observed(installation: Installation, key: str) -> str | None:
    """Return what an effect gave when it was seen to have happened, or None."""
    with installation.database.reading() as work:
        entry = work.ledger.find(kind="observed", key=key)
    return None if entry is None else str(entry.body["result"])


def _write(installation: Installation, kind: str, intent: Intent, body: dict[str, JsonValue]) -> None:
    with installation.database.transaction() as work:
        work.ledger.append(
            kind=kind,
            project=intent.project,
            subject=intent.subject,
            key=intent.key,
            body={"what": intent.what, **body},
            at=installation.clock(),
        )
