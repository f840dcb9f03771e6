"""May somebody from outside look at what they ask about?

Guests, and strangers in a shared channel, act on nothing. They look where every policy about a model says so; what they
may not see, they do not learn the existence of.
"""

from bot.commands import Command, Help, ModelName, PromotionName
from bot.grammar.usage import acts
from bot.house.window import Window
from gates.refusal import Refused, UserError

REFUSAL = (
    "Guests and people of other organisations act on nothing here, and look only at models whose policies say "
    "guests_may_look: true."
)


def expect_welcome(window: Window, command: Command) -> None:
    """Raise `Refused` unless a guest may ask this."""
    if isinstance(command, Help):
        return
    if acts(command) or not _may_look(window, command):
        raise Refused(REFUSAL)


def guest_may_see(window: Window, name: PromotionName) -> bool:
    """May a guest see this promotion or rulebook change?"""
    try:
        if name.is_rulebook_change:
            return window.guests_may_look(name.project, None)
        report = window.report(name)
        return window.guests_may_look(report.project, report.model)
    except UserError:  # which ones there are is not theirs to know
        return False


def _may_look(window: Window, command: Command) -> bool:
    about = getattr(command, "promotion", None) or getattr(command, "model", None) or getattr(command, "about", None)
    if isinstance(about, PromotionName):
        return guest_may_see(window, about)
    try:
        if isinstance(about, ModelName):
            return window.guests_may_look(about.project, about.name)
        return window.guests_may_look(None, None)
    except UserError:
        return False
