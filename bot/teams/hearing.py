"""What is done with what Teams told us?

It is learnt from, and kept. Only whoever uses a card is shown something at once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.chat.heard import Heard, Typed
from bot.teams.activity import Activity, MalformedError
from bot.teams.card_answer import CardAnswer
from bot.teams.directory import PLATFORM, Directory
from bot.teams.names import key_of
from bot.teams.origin import Origin

PATIENCE = 2.0
"""Seconds to wait for the roster; who is not known by then is a guest, this time."""

Keep = Callable[[str, Heard], bool]
"""Keeps what was heard; False when it is known. Whatever it raises means that nothing was kept."""


class Clicks(Protocol):
    """Answers whoever uses a card; see `bot.teams.clicks`."""

    async def answer(self, activity: Activity, *, guest: bool) -> CardAnswer:
        """Return what the card is to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Implements `bot.teams.sdk.turns.Listener`."""

    directory: Directory
    is_guest: Callable[[Activity], bool]
    keep: Keep
    clicks: Clicks
    asks_back: Callable[[Activity], bool]
    """Asks somebody back who only began to ask for a promotion; False when there is nothing to ask."""
    clock: Callable[[], int]

    async def said(self, activity: Activity) -> None:
        """Keep a command, or ask back what it is about."""
        guest = await self._recognised(activity)
        if not guest and self.asks_back(activity):
            return
        await asyncio.to_thread(self._keep_said, activity, guest=guest)

    async def met(self, activity: Activity) -> None:
        """Learn a place."""
        await asyncio.to_thread(self.directory.learn, activity)

    async def left(self, activity: Activity) -> None:
        """Forget a place."""
        await asyncio.to_thread(self.directory.forget, activity)

    async def clicked(self, activity: Activity) -> CardAnswer:
        """Answer whoever used a card."""
        guest = await self._recognised(activity)
        return await self.clicks.answer(activity, guest=guest)

    def _keep_said(self, activity: Activity, *, guest: bool) -> None:
        heard = Typed(
            platform=PLATFORM,
            account=activity.account,
            words=activity.words,
            origin=Origin.of(activity).to_json(),
            at=activity.at(self.clock()),
            place=activity.channel,
            thread=activity.thread,
            guest=guest,
        )
        self.keep(key_of("said", activity.conversation.id, activity.id), heard)

    async def _recognised(self, activity: Activity) -> bool:
        """Learn where somebody speaks, and tell whether they are a guest."""
        if not activity.id:
            raise MalformedError("This is no activity: it has no id.")
        await asyncio.to_thread(self.directory.learn, activity)
        try:
            return await asyncio.wait_for(asyncio.to_thread(self.is_guest, activity), PATIENCE)
        except TimeoutError:
            return True
