"""Who is speaking, and may an account like that act?"""

from dataclasses import dataclass

from bot.exchange import Speaker
from gates.refusal import Refused, UserError
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
    if speaker.account is None:
        if speaker.platform == "github":
            raise UserError("Say who you are: put your own GitHub token into MLOPS_GITHUB_TOKEN.")
        known = ", ".join(sorted(rulebook.people.persons))
        raise UserError(f"Say who you are: --as LOGIN, or MLOPS_AS=LOGIN. people.yaml knows {known}.")
    person = rulebook.people.person_of(speaker.platform, speaker.account)
    if person is None:
        raise Refused(
            f"The account {speaker.account} is linked to no person, so it may look and not act: give a person of "
            f"policies/people.yaml `accounts: {{{speaker.platform}: {speaker.account}}}` in a pull request."
        )
    return Actor(person=person, account=speaker.account, assurance=speaker.assurance)
