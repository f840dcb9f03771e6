"""What does a command that runs in this terminal have to work with?"""

import secrets
from dataclasses import dataclass

from bot.commands import Command
from bot.exchange import Speaker
from bot.grammar.usage import acts
from bot.settings import Settings
from bot.surfaces import OpenSurfaces, no_surfaces
from bot.terminal.out import Out
from bot.terminal.speaker import speaker_of
from bot.terminal.switchboard import OpenHouse, Switchboard


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One terminal: its settings, its output, who it speaks as, and how the house is opened."""

    settings: Settings
    out: Out
    open_house: OpenHouse
    login: str | None = None
    token: str | None = None
    """The person's own token of the forge; None: they speak by `login`."""
    surfaces: OpenSurfaces = no_surfaces
    """Opens what a server hears the platforms with."""
    open_server: OpenHouse | None = None
    """Opens a house that stays; None: the same as for one command."""

    @property
    def switchboard(self) -> Switchboard:
        """Whoever answers for the installation."""
        return Switchboard(settings=self.settings, open_house=self.open_house, token=self.token)

    def speaker(self, command: Command) -> Speaker:
        """Return who speaks; whoever only looks needs no name, and is asked for none."""
        return speaker_of(self.login, self.settings, token=self.token if acts(command) else None)


def new_message_id() -> str:
    """Name one line that a person sent; a terminal has no names of its own for them."""
    return f"terminal-{secrets.token_hex(8)}"
