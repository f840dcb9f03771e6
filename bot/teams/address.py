"""Where can somebody be spoken to: which conversation, through which service, as which bot?"""

from dataclasses import dataclass
from functools import cache

from pydantic import JsonValue, TypeAdapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A conversation, as the connector has to be told of it."""

    service_url: str
    conversation: str
    """Its id; that of a thread in a channel ends with `;messageid=...`."""
    tenant: str
    bot: str
    """Our own id there."""
    user: str = ""
    """The id of the person there, where there is only one."""

    @property
    def channel(self) -> str:
        """The id of the channel, without that of a thread in it."""
        return self.conversation.partition(";")[0]


def to_json(address: Address) -> dict[str, JsonValue]:
    """Return an address as it is stored."""
    document: dict[str, JsonValue] = _adapter().dump_python(address, mode="json")
    return document


def from_json(document: JsonValue) -> Address:
    """Return an address that was stored."""
    return _adapter().validate_python(document)


@cache
def _adapter() -> TypeAdapter[Address]:
    return TypeAdapter(Address)
