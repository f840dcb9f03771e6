"""Who is speaking, and may an account like that act?"""

from dataclasses import dataclass

from bot.exchange import Speaker
from gates.refusal import Refused, UserError
from policies.accounts import CHATS
from policies.people import Person
from policies.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts through an account."""

    person: Person
    account: str
    assurance: str


def actor(speaker: Speaker, rulebook: Rulebook) -> Actor:
    """Return the person behind an account; `UserError` when nobody said who they are, `Refused` when nobody knows."""
    account = expect_named(speaker, rulebook)
    person = rulebook.people.person_of(speaker.platform, account)
    if person is None:
        raise Refused(f"The account {account} is linked to no person, so it may look and not act: {_advice(speaker)}")
    return Actor(person=person, account=account, assurance=speaker.assurance)


def expect_named(speaker: Speaker, rulebook: Rulebook) -> str:
    """Return the account that speaks; `UserError` when nobody said who they are."""
    if speaker.account is not None:
        return speaker.account
    if speaker.platform == "github":
        raise UserError("Say who you are: put your own GitHub token into MLOPS_GITHUB_TOKEN.")
    known = ", ".join(sorted(rulebook.people.persons))
    raise UserError(f"Say who you are: --as LOGIN, or MLOPS_AS=LOGIN. people.yaml knows {known}.")


def _advice(speaker: Speaker) -> str:
    """Say how an account gets linked: a chat's by a code, any other by hand."""
    if speaker.platform in CHATS:
        return "say link here, and type the code that you get with your forge's account (mlops link CODE)."
    own = f"`accounts: {{{speaker.platform}: {speaker.account}}}`"
    return f"give a person of policies/people.yaml {own} in a pull request."
