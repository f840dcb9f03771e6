"""Is whoever speaks a member of our workspace, or a guest or a stranger from a shared channel?"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.slack.refusals import SlackDeclined
from bot.slack.web_api import Said, WebApi, said

REMEMBERED = 600
"""Seconds until somebody is looked up again: a guest may have become a member."""
MOST = 20_000
"""People who are remembered."""
UNKNOWN = frozenset({"user_not_found", "user_not_visible"})
"""Codes for people whom our workspace does not know."""


class Us(Said):
    """Who we are, as `auth.test` says."""

    team_id: str
    user_id: str
    url: str = ""
    team: str = ""
    user: str = ""


class _User(Said):
    team_id: str = ""
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False

    def is_guest_in(self, team: str) -> bool:
        foreign = bool(self.team_id) and self.team_id != team
        return foreign or self.deleted or self.is_restricted or self.is_ultra_restricted or self.is_stranger


class _Found(Said):
    user: _User


@dataclass(kw_only=True)
class Members:
    """Knows who is who; safe to ask from several threads."""

    api: WebApi
    timer: Callable[[], float] = time.monotonic
    _us: Us | None = None
    _known: "OrderedDict[str, tuple[bool, float]]" = field(default_factory=OrderedDict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def us(self) -> Us:
        """Return who we are; `SlackAsleep` or `SlackDeclined` as long as Slack does not say."""
        if self._us is None:
            self._us = said(Us, self.api.quick.auth_test)
        return self._us

    def remembered(self, team: str, user: str) -> bool | None:
        """Return whether somebody is a guest, as far as that is known without asking Slack."""
        if self._us is None:
            return None
        if team != self._us.team_id:
            return True
        with self._guard:
            guest, until = self._known.get(user, (False, 0.0))
        return guest if self.timer() < until else None

    def is_guest(self, team: str, user: str) -> bool:
        """Return whether somebody is a guest or a stranger; raises as `us` does, for nobody is a member by default."""
        if team != self.us().team_id:
            return True
        known = self.remembered(team, user)
        return self._look_up(user) if known is None else known

    def _look_up(self, user: str) -> bool:
        try:
            guest = said(_Found, self.api.quick.users_info, user=user).user.is_guest_in(self.us().team_id)
        except SlackDeclined as declined:
            if declined.code not in UNKNOWN:
                raise
            guest = True
        with self._guard:
            self._known[user] = (guest, self.timer() + REMEMBERED)
            self._known.move_to_end(user)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return guest
