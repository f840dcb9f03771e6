"""Which chat accounts were linked from the forge's side, and do not know it yet?

Whoever types the code reads the answer. On the other side both accounts are shown as well: on the forge by the pull
request, in the chat by a direct message, so that nobody is linked without hearing of it where they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.escaping import plain
from storage.database import Work
from storage.ledger import Entry
from workflows.effects import Intent
from workflows.installation import Installation
from workflows.linking import Account, chat_of, forge_of, link_of

WHILE_NEWS = 86_400
"""Seconds; whoever could not be told for so long has seen it otherwise, or never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one chat account is to be told, once."""

    to: Account
    text: str
    intent: Intent
    """Its key is the message's too, where a platform looks for it before it repeats."""


def to_tell(installation: Installation, platform: str) -> tuple[Told, ...]:
    """Return what is to be told on a platform, oldest first."""
    with installation.database.reading() as work:
        found = list(_links(work, installation))
        new = [entry for entry in found if chat_of(entry).platform == platform != entry.body["typed_on"]]
        told = [_told(entry) for entry in new]
        return tuple(one for one in told if work.ledger.find(kind="observed", key=one.intent.key) is None)


def _links(work: Work, installation: Installation) -> Iterator[Entry]:
    since = installation.clock() - WHILE_NEWS
    for project in installation.projects:
        for change in work.rulebook_changes.all(project):
            if change.created_at >= since and (entry := link_of(work, change)):
                yield entry


def _told(entry: Entry) -> Told:
    chat, forge, change = chat_of(entry), forge_of(entry), entry.subject
    text = plain(
        f"A code that was given to you here was typed by {forge}: {forge} and {chat} are both {entry.body['person']} "
        f"once a governor accepts {change}. If that was not you, tell a governor to reject {change}."
    )
    intent = Intent(
        project=entry.project,
        subject=change,
        key=f"{entry.key}:told",
        what="tell the linked account",
        body={"platform": chat.platform, "account": chat.account},
    )
    return Told(to=chat, text=text, intent=intent)
