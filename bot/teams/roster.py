"""Is this person a guest? Teams' roster knows; an activity does not say.

A guest in our own organisation, and a stranger in a shared channel, look like a member in what Teams sends. Whoever the
roster cannot vouch for is a guest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.teams.activity import Activity
from bot.teams.address import Address
from bot.teams.directory import Directory
from gates.refusal import Unavailable, UserError

logger = logging.getLogger(__name__)


class Member(Protocol):
    """What the roster says of somebody."""

    @property
    def role(self) -> str:
        """`user`, `guest` or `anonymous`."""

    @property
    def tenant(self) -> str:
        """Their own organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Tells guests from members, and asks Teams at most once a day for each person."""

    directory: Directory
    ask: Callable[[Address, str], Member]
    """Asks Teams; see `bot.teams.sdk.connector.Connector.member`."""

    def is_guest(self, activity: Activity) -> bool:
        """Is the sender anybody but a member of our organisation?"""
        if activity.tenant != self.directory.tenant or not activity.sender.object_id:
            return True
        known = self.directory.standing(activity.account)
        if known is not None and not known.old:
            return known.guest
        try:
            member = self.ask(activity.address, activity.sender.id)
        except UserError as refused:
            logger.warning("Teams does not know %s here: %s", activity.account, refused)
            return True
        except Unavailable as trouble:
            logger.warning("Teams does not say whether %s is a guest: %s", activity.account, trouble)
            return known is None or known.guest
        return self.directory.note_member(activity.account, role=member.role, tenant=member.tenant).guest
