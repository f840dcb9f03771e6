"""What is one line of the table of commands?

Its values are named tuples: loading dataclasses alone takes as long as starting Python, and help has to be quick.
"""

from typing import NamedTuple


class Usage(NamedTuple):
    """One way to write one command."""

    line: str
    command: str
    """Name of its class in `bot.commands`; a name, so that help need not load them."""
    says: str
    """What it does, in one sentence."""
    example: str
    acts: bool = False
    """Does it change anything? Acting commands take their turn; looking ones do not wait."""
    terminal_only: bool = False


class Group(NamedTuple):
    """Commands that a reader looks for together."""

    title: str
    usages: tuple[Usage, ...]
