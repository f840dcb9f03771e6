"""Where is whoever asked to be answered? The adapter's own note, kept with what was heard."""

from pydantic import JsonValue, TypeAdapter
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whom to answer, and by which road."""

    user: str
    channel: str = ""
    """Empty: it was said in no channel, as in App Home."""
    thread: str = ""
    """The message below which the answer belongs."""
    response_url: str = ""
    """Slack's road back, for a short while; empty where it gives none."""
    asked_at: int = 0
    """When Slack gave it, in seconds since 1970."""
    aloud: bool = False
    """Was it said where others read along, so that they may read the answer too?"""

    def to_json(self) -> dict[str, JsonValue]:
        """Return it as the inbox keeps it."""
        document: dict[str, JsonValue] = _ADAPTER.dump_python(self, mode="json")
        return document


def origin_of(document: dict[str, JsonValue]) -> Origin:
    """Return what the inbox kept."""
    return _ADAPTER.validate_python(document)


_ADAPTER = TypeAdapter(Origin)
