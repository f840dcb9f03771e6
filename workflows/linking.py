"""Whose is this chat account? Proven by a code typed on the other side, and then decided like any other rule.

One of the two accounts is of the project's forge and belongs to a person whom people.yaml names; the other one is of a
chat. What both sides proved is proposed to the governors as a change of people.yaml; until they accept it, the chat
account may look and not act. The person who links is the change's author, and does not decide about it.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from policies.accounts import CHATS
from policies.people_edit import PATH, with_account
from reports.escaping import markdown
from storage.database import Work
from storage.ledger import Entry
from storage.link_codes import LinkCode
from storage.rulebook_changes import RulebookChange
from workflows.effects import Intent, carry_out
from workflows.forge import PullRequest
from workflows.installation import Installation, Project
from workflows.link_code import LIVES, TRIES
from workflows.rulebook_beginning import begin_change

PROPOSED = "link_proposed"
"""Kind of the ledger's entry; its body names both accounts and the person."""
EMBEDDED = "embedded"
OF_ALL = ""
"""A code is of no one project: the person is looked for in each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account on a platform."""

    platform: str
    account: str

    @property
    def is_chat(self) -> bool:
        """Is it one of those that are tied to a person by a code?"""
        return self.platform in CHATS

    def __str__(self) -> str:
        """Name both, as a sentence does: `slack T01ABC/U02DEF`."""
        return f"{self.platform} {self.account}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Two accounts that are one person's, as both sides proved."""

    project: Project
    person: str
    forge: Account
    chat: Account
    message: str
    """The message in which it was typed: heard twice, it is one link."""
    typed_on: str
    """The platform where the code was typed; the other one has to be told."""

    @property
    def assurance(self) -> str:
        """Return how sure the weaker of the two is: the embedded forge believes what an account is called."""
        return "asserted" if self.forge.platform == EMBEDDED else "platform"


def offer_code(installation: Installation, account: Account, hashed: str) -> None:
    """Keep a code for an account, in place of its older one; here and below by its `code_hash`."""
    now = installation.clock()
    kept = LinkCode(platform=account.platform, account=account.account, project=OF_ALL, expires_at=now + LIVES)
    with installation.database.transaction() as work:
        work.link_codes.forget(now)
        work.link_codes.make(hashed, kept)


def asked_with(installation: Installation, here: Account, hashed: str) -> Account | None:
    """Return the account that asked for this code on the other side; None, and a miss, when it works for nobody here.

    An account's own code comes back to it as its own, without a miss. Five misses in ten minutes, and nothing works.
    """
    now = installation.clock()
    with installation.database.transaction() as work:
        if work.link_codes.tries(here.platform, here.account, now) >= TRIES:
            return None
        found = work.link_codes.find(hashed, now)
        asker = None if found is None else Account(platform=found.platform, account=found.account)
        if asker is not None and (asker == here or asker.is_chat != here.is_chat):
            return asker
        work.link_codes.missed(here.platform, here.account, now=now, forgotten_at=now + LIVES)
    return None


def heard_before(installation: Installation, hashed: str, message: str) -> tuple[RulebookChange, ...]:
    """Return what came of this very message, if it was acted on before and the answer was lost."""
    with installation.database.reading() as work:
        entries = [work.ledger.find(kind=PROPOSED, key=_key(name, hashed)) for name in installation.projects]
        numbers = [_number(entry) for entry in entries if entry is not None and entry.body["message"] == message]
        found = [work.rulebook_changes.find(number) for number in numbers]
    return tuple(change for change in found if change is not None)


def proposed_for(installation: Installation, project: Project, chat: Account) -> tuple[RulebookChange, str] | None:
    """Return the open change that would tie a chat account to a person, and that person's login; None without one."""
    with installation.database.reading() as work:
        for change in work.rulebook_changes.open(project.name):
            entry = link_of(work, change)
            if entry is not None and chat_of(entry) == chat:
                return change, str(entry.body["person"])
    return None


def propose_links(installation: Installation, ties: Sequence[Tie], hashed: str) -> tuple[RulebookChange, ...]:
    """Open a pull request for each tie and let its rulebook change begin; the code is used up with that, or by none.

    Repeatable: when the forge sleeps in between, the code works on, and the pull request that is there is found.
    """
    now = installation.clock()
    opened = [(tie, _open(installation, tie, hashed)) for tie in ties]
    with installation.database.transaction() as work:
        work.link_codes.take(hashed, now)
        return tuple(_begin(work, tie, pull_request, hashed, now) for tie, pull_request in opened)


def link_of(work: Work, change: RulebookChange) -> Entry | None:
    """Return the entry that says which accounts a change ties together; None when it is no link."""
    return next((entry for entry in work.ledger.of(change.name) if entry.kind == PROPOSED), None)


def chat_of(entry: Entry) -> Account:
    """Return the chat account that an entry is about."""
    return Account(platform=str(entry.body["platform"]), account=str(entry.body["account"]))


def forge_of(entry: Entry) -> Account:
    """Return the forge's account that an entry is about."""
    return Account(platform=str(entry.body["forge"]), account=str(entry.body["forge_account"]))


def _key(project: str, hashed: str) -> str:
    """Return the name of what came of a code; it tells nothing about the code."""
    return f"{project}:link:{hashlib.sha256(hashed.encode()).hexdigest()[:16]}"


def _key_of(tie: Tie, hashed: str) -> str:
    """Return the name of one pull request for a code: whoever types it after somebody else gets another one."""
    who = f"{tie.person} {tie.forge} {tie.chat}"
    return f"{_key(tie.project.name, hashed)}:{hashlib.sha256(who.encode()).hexdigest()[:16]}"


def _number(entry: Entry) -> int:
    return int(entry.subject.removeprefix("R"))


def _open(installation: Installation, tie: Tie, hashed: str) -> PullRequest:
    """Write the account into people.yaml as main has it now, on a branch of ours, and open the pull request."""
    forge, key = tie.project.forge, _key_of(tie, hashed)
    branch = f"mlops/link-{_slug(tie.person)}-{key[-10:]}"
    files = people_with(tie.project, tie.person, tie.chat)

    def act() -> str:
        title = f"Link {tie.chat} to {tie.person}"
        forge.commit(branch, files, message=title, at=installation.clock())
        opened = forge.open_pull_request(
            branch, title=title, body=words_for(tie.person, tie.forge, tie.chat), author=tie.forge.account
        )
        return str(opened.number)

    body: dict[str, JsonValue] = {"person": tie.person, "platform": tie.chat.platform, "account": tie.chat.account}
    subject = f"link of {tie.person}"
    intent = Intent(project=tie.project.name, subject=subject, key=key, what="propose a link", body=body)
    return forge.pull_request(int(carry_out(installation, intent, act)))


def people_with(project: Project, person: str, chat: Account) -> dict[str, bytes | None]:
    """Return main's people.yaml with one more account; `UserError` when it has to be edited by hand."""
    content = project.forge.read(project.forge.main_head(), PATH) or b""
    return {PATH: with_account(content, login=person, platform=chat.platform, account=chat.account)}


def _begin(work: Work, tie: Tie, pull_request: PullRequest, hashed: str, at: int) -> RulebookChange:
    change = begin_change(work, tie.project.name, pull_request, author=tie.forge.account, at=at)
    body: dict[str, JsonValue] = {
        "person": tie.person,
        "platform": tie.chat.platform,
        "account": tie.chat.account,
        "forge": tie.forge.platform,
        "forge_account": tie.forge.account,
        "assurance": tie.assurance,
        "typed_on": tie.typed_on,
        "message": tie.message,
    }
    name = tie.project.name
    work.ledger.append(kind=PROPOSED, project=name, subject=change.name, key=_key(name, hashed), body=body, at=at)
    return change


def words_for(person: str, forge: Account, chat: Account) -> str:
    """Tell the governors what they decide about."""
    lines = [
        f"These two accounts are {markdown(person)}'s, as a one-time code typed on the other side has shown:",
        "",
        *(f"- {side.platform}: {markdown(side.account)}" for side in (forge, chat)),
        "",
        f"Once this is merged, what the {chat.platform} account says counts as {markdown(person)}'s word.",
    ]
    if forge.platform == EMBEDDED:
        lines.append("The embedded forge believes what an account is called: make sure that it was they who asked.")
    return "\n".join(lines)


def _slug(login: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", login.lower()).strip("-")[:40] or "person"
