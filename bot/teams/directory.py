"""Whom and where can we write to in Teams, and who is a guest? What Teams told us so far.

Kept under `user:ACCOUNT` (the chat with one person), `seen:ACCOUNT` (where they spoke last), `channel:ID`, `team:ID`,
`service:TENANT` (any place at all, which tells the service and our own id) and `member:ACCOUNT` (their role).
"""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from bot.teams.activity import Activity
from bot.teams.address import Address, from_json, to_json
from storage.database import Database

PLATFORM = "teams"
DAY = 86_400
"""Seconds that a role is believed."""
OURS = frozenset({"user", "owner", "admin", "member"})
"""Roles of people who are no guests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the roster said of somebody, and whether that was long ago."""

    guest: bool
    old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What Teams told us about places and people."""

    database: Database
    tenant: str
    """The organisation that we serve."""
    clock: Callable[[], int]

    def learn(self, activity: Activity) -> None:
        """Remember where this came from, as far as it is new."""
        address = to_json(activity.address)
        learnt = {}
        ours = activity.tenant == self.tenant  # a stranger in a shared channel does not say where the channel is
        if activity.personal:
            learnt[f"user:{activity.account}"] = address
        elif ours and activity.channel_data.channel.id:
            learnt[f"channel:{activity.channel_data.channel.id}"] = address
        if ours and activity.channel_data.team.id:
            learnt[f"team:{activity.channel_data.team.id}"] = address
        if activity.sender.object_id:
            learnt[f"seen:{activity.account}"] = address
        if ours:
            learnt[f"service:{self.tenant}"] = address
        now = self.clock()
        with self.database.transaction() as work:
            for key, value in learnt.items():
                work.conversations.put(PLATFORM, key, value, now)

    def forget(self, activity: Activity) -> None:
        """Forget a place that we were removed from."""
        data = activity.channel_data
        gone = [f"user:{activity.account}"] if activity.personal else []
        gone += [f"team:{data.team.id}"] if data.team.id else []
        gone += [f"channel:{place}" for place in (data.channel.id, data.team.id) if place]
        with self.database.transaction() as work:
            for key in gone:
                work.conversations.forget(PLATFORM, key)

    def chat_with(self, account: str) -> Address | None:
        """Return the chat with one person; None if there is none yet."""
        return self._address(f"user:{account}")

    def note_chat(self, account: str, address: Address) -> None:
        """Remember a chat with one person that we opened."""
        with self.database.transaction() as work:
            work.conversations.put(PLATFORM, f"user:{account}", to_json(address), self.clock())

    def note_seen(self, account: str, address: Address) -> None:
        """Remember by which id Teams knows somebody."""
        with self.database.transaction() as work:
            work.conversations.put(PLATFORM, f"seen:{account}", to_json(address), self.clock())

    def seen(self, account: str) -> Address | None:
        """Return where somebody spoke last; None if they never did."""
        return self._address(f"seen:{account}")

    def near(self, channel: str) -> Address | None:
        """Return an address in a channel, or at least one in our organisation: enough to begin a thread there."""
        keys = (f"channel:{channel}", f"team:{channel}", f"service:{self.tenant}")
        return next(filter(None, map(self._address, keys)), None)

    def knows_channel(self, channel: str) -> bool:
        """Did somebody add us to this channel, or speak to us there?"""
        return any(self._address(f"{kind}:{channel}") for kind in ("channel", "team"))

    def standing(self, account: str) -> Standing | None:
        """Return what the roster said of somebody; None if it was never asked."""
        found = self._get(f"member:{account}")
        at = found.get("at") if found else None
        if found is None or not isinstance(at, int):
            return None
        return Standing(guest=found.get("guest") is not False, old=self.clock() - at >= DAY)

    def note_member(self, account: str, *, role: str, tenant: str) -> Standing:
        """Remember what the roster says of somebody: whoever is not plainly ours is a guest."""
        guest = role not in OURS or tenant not in {"", self.tenant}
        with self.database.transaction() as work:
            now = self.clock()
            work.conversations.put(PLATFORM, f"member:{account}", {"guest": guest, "at": now}, now)
        return Standing(guest=guest, old=False)

    def _address(self, key: str) -> Address | None:
        found = self._get(key)
        return None if found is None else from_json(found)

    def _get(self, key: str) -> dict[str, JsonValue] | None:
        with self.database.reading() as work:
            return work.conversations.get(PLATFORM, key)
