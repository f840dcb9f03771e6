"""Has everybody whose chat account was linked heard of it there?"""

from functools import partial
from typing import Protocol

from gates.refusal import UserError
from workflows.effects import carry_out
from workflows.installation import Installation
from workflows.link_news import Told, to_tell


class Messenger(Protocol):
    """What of a chat is needed here; see `bot.chat.platform.Platform`."""

    @property
    def name(self) -> str:
        """`slack` or `teams`."""

    def direct(self, account: str, key: str, text: str) -> None:
        """Write to one person."""


def tell_linked(messenger: Messenger, installation: Installation) -> None:
    """Write to each once. Raises Unavailable when the chat sleeps: those not told yet are told the next time."""
    for told in to_tell(installation, messenger.name):
        carry_out(installation, told.intent, partial(_tell, messenger, told))


def _tell(messenger: Messenger, told: Told) -> str:
    """Return what became of it; where somebody cannot be written to, the pull request has to do."""
    try:
        messenger.direct(told.to.account, told.intent.key, told.text)
    except UserError as unreachable:
        return f"not told: {unreachable}"
    return "told"
