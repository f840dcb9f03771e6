"""Where does each person stand with a promotion?"""

from dataclasses import dataclass
from typing import Literal

PersonState = Literal["asked", "approved", "rejected", "can decide", "barred", "no longer counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person and one promotion; each person has one line."""

    person: str
    """Their login, or the account where it is linked to nobody."""
    roles: tuple[str, ...]
    """What they hold by the rulebook in force, sorted; none for a stranger."""
    state: PersonState
    why: str
    """As which role it counts, why it does not, why they are barred; empty where the state says it all."""
    at: int | None
    """When they asked or decided; None for those who did not."""
