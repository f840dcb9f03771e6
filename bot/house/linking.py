"""How does somebody prove that a chat account is theirs?

`link` gives a code to the account that asks; `link CODE`, said on the other side, ties the two. One side is the forge,
where people.yaml knows the person; the other is a chat. Whatever keeps a code from working has one and the same answer,
so that nobody learns from it which codes there are.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from pydantic import JsonValue

from bot.commands import Link
from bot.exchange import ExitCode, Reply, Request
from bot.house.desk import Desk
from bot.house.persons import expect_named
from bot.house.replies import change_reply
from gates.refusal import Refused
from policies.people import Person
from policies.rulebook import Rulebook
from storage.rulebook_changes import RulebookChange
from workflows import linking
from workflows.installation import Project
from workflows.link_code import TRIES, NewCode, code_hash, new_code, shown
from workflows.linking import Account, Tie

PUBLIC = frozenset({"github"})
"""Surfaces where everybody reads what is answered."""
WORKS_NOT = (
    "That code does not work here. A code works once, within ten minutes, and on the other side of where it was asked "
    "for: asked for in a chat, it is typed with the forge's account, and the other way round. "
    f"After {TRIES} wrong codes an account waits ten minutes. Next: mlops link"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """Where people talk besides the forge, and where codes come from."""

    chats: tuple[str, ...] = ()
    """`slack`, `teams`: those that app.yaml has a section for."""
    new_code: NewCode = field(default=partial(new_code, secrets.choice))


Books = Sequence[tuple[Project, Rulebook]]
"""Every project with its rulebook, read once for a command."""


@dataclass(frozen=True, slots=True)
class Known:
    """A person whom a project's rulebook names with the account that speaks."""

    project: Project
    person: Person


def link(desk: Desk, given: Linking, request: Request, command: Link) -> Reply:
    """Give a code, or use one."""
    _expect_chats(desk, given)
    books = [(project, desk.rulebook(project)) for project in desk.installation.projects.values()]
    here = _speaking(desk, given, request, books)
    if command.code is None:
        return _offer(desk, given, request, here, books)
    if not here.is_chat:
        _expect_known(books, here)
    hashed = code_hash(command.code)
    message = f"{request.surface}:{request.message_id}"
    if before := linking.heard_before(desk.installation, hashed, message):
        return _reply(desk, before)
    other = linking.asked_with(desk.installation, here, hashed)
    if other is None:
        raise Refused(WORKS_NOT)
    if other == here:
        raise Refused(f"You asked for this code here, as {here}: type it {_elsewhere(desk, given, here)}.")
    forge, chat = (other, here) if here.is_chat else (here, other)
    ties = [
        Tie(
            project=known.project,
            person=known.person.login,
            forge=forge,
            chat=chat,
            message=message,
            typed_on=here.platform,
        )
        for known in _expect_known(books, forge)
    ]
    return _tie(desk, ties, hashed, books)


def _expect_chats(desk: Desk, given: Linking) -> None:
    if not given.chats:
        raise Refused(
            f"Only one platform is set up here, {' and '.join(_forges(desk))}, so there is no account to link it with: "
            "app.yaml has neither `slack` nor `teams`."
        )


def _forges(desk: Desk) -> list[str]:
    return sorted({project.platform for project in desk.installation.projects.values()})


def _speaking(desk: Desk, given: Linking, request: Request, books: Books) -> Account:
    """Return who speaks, if what they speak from is one of the two sides here."""
    forges, account = _forges(desk), expect_named(request.speaker, books[0][1])
    if request.speaker.platform not in {*forges, *given.chats}:
        raise Refused(
            f"{account} is said to be of {request.speaker.platform}, which is no platform of this installation: speak "
            f"with your account of {' or '.join([*forges, *given.chats])}."
        )
    return Account(platform=request.speaker.platform, account=account)


def _offer(desk: Desk, given: Linking, request: Request, here: Account, books: Books) -> Reply:
    if request.surface in PUBLIC:
        raise Refused(
            f"A code is for your eyes only, and everybody reads this. Say link in {' or '.join(given.chats)}, and type "
            "the code it gives you here."
        )
    known = _known(books, here)
    if here.is_chat and len(known) == len(books):
        return _tied_already(here, known)
    if here.is_chat and (waiting := list(_waiting(desk, here))):
        return _reply(desk, tuple(waiting))
    if not here.is_chat:
        _expect_known(books, here)
    code = given.new_code()
    linking.offer_code(desk.installation, here, code_hash(code))
    text = f"Your code is {shown(code)}. It works once, for ten minutes, and is for your eyes only.\n"
    text += f"  Next: type it {_elsewhere(desk, given, here)}: link {shown(code)}"
    if known:
        text += f"\n  You are {known[0].person.login} here{_chats_of(known[0].person, given)}."
    return Reply(text=text, code=ExitCode.DONE, data={"code": code, "private": True})


def _tie(desk: Desk, ties: list[Tie], hashed: str, books: Books) -> Reply:
    """Propose what is new; what is so already needs nothing, and what contradicts the rulebook is refused."""
    chat = ties[0].chat
    known = _known(books, chat)
    _expect_free(desk, ties, known)
    there = {one.project.name for one in known}
    new = [tie for tie in ties if tie.project.name not in there]
    found = {tie.project.name: linking.proposed_for(desk.installation, tie.project, chat) for tie in new}
    begun = linking.propose_links(desk.installation, [tie for tie in new if not found[tie.project.name]], hashed)
    desk.drain()
    changes = (*(waiting[0] for waiting in found.values() if waiting), *begun)
    return _reply(desk, changes) if changes else _tied_already(chat, known)


def _expect_free(desk: Desk, ties: list[Tie], known: list[Known]) -> None:
    """Refuse a chat account that is somebody else's, or is about to be."""
    chat, person = ties[0].chat, ties[0].person
    owners = {one.person.login for one in known}
    found = (linking.proposed_for(desk.installation, tie.project, chat) for tie in ties)
    owners |= {login for _, login in filter(None, found)}
    if others := owners - {tie.person for tie in ties}:
        raise Refused(
            f"{chat} belongs to {', '.join(sorted(others))} or is about to, and an account is one person's: it cannot "
            f"be {person}'s too. Take it from there first, in a pull request that changes policies/people.yaml."
        )


def _known(books: Books, account: Account) -> list[Known]:
    """Return who an account is, in each project whose rulebook names them."""
    found = []
    for project, rulebook in books:
        if account.is_chat or project.platform == account.platform:
            person = rulebook.people.person_of(account.platform, account.account)
            found += [] if person is None else [Known(project, person)]
    return found


def _expect_known(books: Books, forge: Account) -> list[Known]:
    known = _known(books, forge)
    if not known:
        raise Refused(
            f"{forge} is linked to no person, so there is nobody to link another account to: first give a person of "
            f"policies/people.yaml `accounts: {{{forge.platform}: {forge.account}}}` in a pull request."
        )
    return known


def _waiting(desk: Desk, chat: Account) -> Iterator[RulebookChange]:
    for project in desk.installation.projects.values():
        if found := linking.proposed_for(desk.installation, project, chat):
            yield found[0]


def _tied_already(chat: Account, known: list[Known]) -> Reply:
    person = known[0].person
    text = f"{chat} is {person.login} already, by policies/people.yaml. There is nothing to do."
    return Reply(text=text, code=ExitCode.DONE, data={"person": person.login, "account": str(chat)})


def _reply(desk: Desk, changes: tuple[RulebookChange, ...]) -> Reply:
    """Show both accounts, and where each project's governors stand."""
    with desk.installation.database.reading() as work:
        entry = linking.link_of(work, changes[0])
        now = [work.rulebook_changes.get(change.project, change.id) for change in changes]
    if entry is None:
        raise LookupError(f"{changes[0].name} is no link.")
    replies = [change_reply(desk, change) for change in now]
    forge, chat, person = linking.forge_of(entry), linking.chat_of(entry), str(entry.body["person"])
    head = f"{forge} and {chat} are both {person}, as a code has shown; it holds once a governor accepts it."
    data: dict[str, JsonValue] = {
        "person": person,
        "accounts": {forge.platform: forge.account, chat.platform: chat.account},
        "changes": [dict(reply.data) for reply in replies],
    }
    code = max(reply.code for reply in replies)
    return Reply(text="\n".join([head, *(reply.text for reply in replies)]), code=code, data=data)


def _elsewhere(desk: Desk, given: Linking, here: Account) -> str:
    """Say where the other side is."""
    if not here.is_chat:
        return f"in {' or '.join(given.chats)}, from the account that is to be yours"
    return f"in a terminal or a pull request, with your account of {' or '.join(_forges(desk))}"


def _chats_of(person: Person, given: Linking) -> str:
    own = [f"{chat} {account}" for chat in given.chats for account in person.accounts.get(chat, ())]
    return f", with {', '.join(own)}" if own else ""
