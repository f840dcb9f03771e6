"""Did the speaker see what they decide about now?

A decision is about content. Whoever presses a button beside something else, or wrote before there was anything to see,
is told so, and has decided nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.exchange import Request
from bot.house.desk import Desk
from gates.evidence import Evidence
from gates.refusal import Refused, UserError
from storage.ledger import Entry
from workflows.changes import what_changed
from workflows.installation import Installation, Project

SHOWN = frozenset({"evidence", "rulebook_read"})
"""Kinds of entries from which on people could see what is decided about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person decides about: "P12" or "R3", and the digest of what is shown now."""

    project: Project
    name: str
    digest: str

    @property
    def is_rulebook_change(self) -> bool:
        """Is it a change of the rulebook?"""
        return self.name.startswith("R")


def expect_seen(desk: Desk, request: Request, about: About, digest_at: Callable[[str], str]) -> None:
    """Refuse a decision by somebody who cannot have seen what it would be about.

    `digest_at` returns what a commit holds, for buttons beside commits.
    """
    if request.commit is not None and digest_at(request.commit) != about.digest:
        raise Refused(
            f"The button stood beside commit {request.commit[:12]}, which does not hold what {about.name} is about now "
            f"({about.digest[:12]}): look at its newest check, and decide there."
        )
    if request.evidence is not None and request.evidence != about.digest:
        raise Refused(_changed(desk, about, request.evidence))
    if request.said_at is not None and _said_too_soon(desk, about, request.said_at):
        raise Refused(
            f"That was written before what {about.name} is about now ({about.digest[:12]}) was there to be seen: look "
            "at it, and decide again."
        )


def _changed(desk: Desk, about: About, seen: str) -> str:
    """Say what is different from what the speaker was shown."""
    rules = "The proposed rules changed."
    differences = rules if about.is_rulebook_change else what_differs(desk.installation, seen, about.digest)
    return (
        f"{about.name} has changed since it was shown to you ({seen[:12]}, now {about.digest[:12]}), so nothing was "
        f"decided. {differences} Look at it as it is now, and decide again."
    )


def what_differs(installation: Installation, seen: str, now_digest: str) -> str:
    """Say what is different between two pieces of evidence, in sentences."""
    evidence = installation.evidence
    try:
        before, now = evidence.get(seen), evidence.get(now_digest)
    except (UserError, ValueError):  # whoever made this digest up learns nothing by it
        return "What was shown is not known here."
    return _words(before, now)


def _words(before: Evidence, now: Evidence) -> str:
    if (before.subject.model, before.subject.environment) != (now.subject.model, now.subject.environment):
        return "What was shown is about something else."
    return " ".join(what_changed(before.subject, now.subject)) or "It was measured anew, and the facts differ."


def _said_too_soon(desk: Desk, about: About, said_at: int) -> bool:
    with desk.installation.database.reading() as work:
        shown = [entry.at for entry in work.ledger.of(about.name) if about.digest in _shows(entry)]
    return bool(shown) and said_at < shown[0]


def _shows(entry: Entry) -> tuple[object, ...]:
    """Return the digests that an entry says were shown from then on."""
    return (entry.body.get("evidence_digest"), entry.body.get("digest")) if entry.kind in SHOWN else ()
