"""Where is whoever asked to be answered? Put into what was heard, and read again when the answer is there."""

from dataclasses import dataclass

from pydantic import JsonValue

from bot.teams.activity import Activity
from bot.teams.address import Address, from_json, to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asked, and where."""

    address: Address
    account: str
    personal: bool
    """In a chat with us alone?"""

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as the inbox keeps it."""
        return {"address": to_json(self.address), "account": self.account, "personal": self.personal}

    @classmethod
    def from_json(cls, document: dict[str, JsonValue]) -> "Origin":
        """Return what the inbox kept."""
        return cls(
            address=from_json(document["address"]),
            account=str(document["account"]),
            personal=document["personal"] is True,
        )

    @classmethod
    def of(cls, activity: Activity) -> "Origin":
        """Return where an activity came from."""
        return cls(address=activity.address, account=activity.account, personal=activity.personal)
