"""Did somebody only begin to ask for a promotion? Then they are asked back in a card, with what the registry has.

Looking only; what they fill in comes back as a click. Nothing is kept: whoever gets no card types it once more.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.chat.lookout import Lookout
from bot.grammar.words import words_of
from bot.house.window import Window
from bot.teams import faces
from bot.teams.activity import Activity
from bot.teams.address import Address
from bot.teams.sdk.connector import Message
from gates.refusal import Unavailable, UserError
from reports import chat_teams

BEGUN: tuple[list[str], ...] = ([], ["promote"])
"""Words that say nothing yet of what to promote."""

Say = Callable[[Address, Message], str]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Asks back."""

    lookout: Lookout
    say: Say
    _running: "set[asyncio.Task[None]]" = field(default_factory=set, init=False)

    def begin(self, activity: Activity) -> bool:
        """Ask back after the acknowledgement, if there is something to ask; False when there is not."""
        if [word.lower() for word in words_of(activity.words)] not in BEGUN:
            return False
        task = asyncio.create_task(self._ask(activity.address))
        self._running.add(task)  # a task that nobody holds may vanish
        task.add_done_callback(self._running.discard)
        return True

    async def _ask(self, address: Address) -> None:
        try:
            card = await self.lookout.look(self._card)
            await asyncio.to_thread(self.say, address, Message(card=card, summary="What do you want to promote?"))
        except (UserError, Unavailable) as trouble:
            logger.warning("Somebody who began to ask for a promotion could not be asked back: %s", trouble)

    def _card(self) -> faces.Card:
        window = self.lookout.window()
        models = window.names("MODEL")
        return chat_teams.promote_card(
            models=models, versions=_versions(window, *models), environments=window.names("ENVIRONMENT")
        )


def _versions(window: Window, *models: str) -> tuple[str, ...]:
    """Return what can be chosen where there is one model; a card cannot ask for those of the model chosen in it."""
    return tuple(window.names("VERSION", model=models[0])) if len(models) == 1 else ()
