"""What is done the moment Slack tells us something? It is kept, or a modal is opened; then it is acknowledged.

Nothing here waits for the house. What acts is kept under a key that Slack's retries and doubled clicks share, so that
it is acted on once. Modals are opened after the acknowledgement, in threads of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pydantic import JsonValue

from bot.chat.heard import Decided, Heard, Rechecked, Typed
from bot.grammar.parse import Context, parse
from bot.grammar.usage import acts
from bot.slack.choices import choices
from bot.slack.home import Home
from bot.slack.lookout import SlackLookout
from bot.slack.members import Members
from bot.slack.opening import Asker, Opening
from bot.slack.origin import Origin
from bot.slack.payload import Action, EventCallback, Interaction, Malformed, SlashCommand, View
from bot.slack.reference import kept_of, reference_of
from bot.slack.unfinished import Begun, Unreasoned, unfinished
from gates.refusal import Unavailable, UserError
from reports.chat_slack import APPROVE, PROMOTE, REJECT
from reports.escaping import mrkdwn

PLATFORM = "slack"
HEARD = "Heard. The answer comes here."
NO_REASON = "A rejection needs a reason that others can read later."

Acknowledgement = dict[str, JsonValue]
"""What bolt's `ack` is called with."""
Keep = Callable[[str, Heard], bool]
"""Keeps what was heard under a key; False when it is known. Whatever it raises means that nothing was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Hears people in Slack."""

    keep: Keep
    lookout: SlackLookout
    members: Members
    opening: Opening
    home: Home
    clock: Callable[[], int]

    async def command(self, told: SlashCommand) -> Acknowledgement:
        """Hear `/mlops ...`."""
        origin = Origin(
            user=told.user_id, channel=told.channel_id, response_url=told.response_url, asked_at=self.clock()
        )
        asker = Asker(team=told.team_id, user=told.user_id, trigger=told.trigger_id, origin=origin)
        asked = unfinished(told.words)
        if isinstance(asked, Begun):
            self._open(partial(self.opening.promote, asker, asked))
            return {}
        if isinstance(asked, Unreasoned):
            self._open(partial(self.opening.rejection, asker, asked.promotion))
            return {}
        try:
            await self._typed(f"slash:{told.trigger_id}", asker, told.words)
        except Unavailable as trouble:
            return {"text": mrkdwn(trouble)}
        return {"text": HEARD} if _acts(told.words) else {}

    async def message(self, told: EventCallback) -> Acknowledgement:
        """Hear a mention, or what somebody wrote to us alone."""
        event = told.event
        mentioned = event.type == "app_mention"
        if not told.by_a_person or not (mentioned or event.channel_type == "im"):
            return {}
        thread = event.thread_ts or (event.ts if mentioned else "")
        origin = Origin(user=event.user, channel=event.channel, thread=thread, asked_at=self.clock(), aloud=mentioned)
        asker = Asker(team=told.speaker_team, user=event.user, trigger="", origin=origin)
        below = f"{event.channel}/{event.thread_ts}" if event.thread_ts else ""
        at = _seconds(event.ts) or told.event_time or self.clock()
        await self._typed(f"event:{told.event_id}", asker, told.words, thread=below, at=at)
        return {}

    async def home_opened(self, told: EventCallback) -> Acknowledgement:
        """Show App Home as it is now."""
        if told.event.tab in {"", "home"}:
            self._open(partial(self.home.publish, told.speaker_team, told.event.user))
        return {}

    async def pressed(self, told: Interaction) -> Acknowledgement:
        """Hear a button; links are buttons too, and only lead somewhere."""
        for action in told.actions:
            await self._pressed(told, action)
        return {}

    async def submitted(self, told: Interaction) -> Acknowledgement:
        """Hear what somebody wrote into a modal."""
        view = told.view or View()
        match view.callback_id:
            case str() as callback if callback == PROMOTE:
                return await self._asked_for(told, view)
            case str() as callback if callback in {APPROVE, REJECT}:
                return await self._decided(told, view, approves=callback == APPROVE)
            case _:
                return {}

    async def typing(self, told: Interaction) -> Acknowledgement:
        """Offer what can be chosen."""
        view = told.view or View()
        try:
            if await self._guest(self._asker(told)):
                return {"options": []}
            found = await self.lookout.look(lambda: choices(self.lookout.window(), told.action_id, told.value, view))
        except Unavailable:
            found = []
        return {"options": list(found)}

    async def _pressed(self, told: Interaction, action: Action) -> None:
        asker = self._asker(told)
        match action.action_id:
            case "approve" | "reject" as verb:
                about = reference_of(action.value)
                self._open(partial(self.opening.decision, asker, about, approves=verb == "approve"))
            case "details":
                self._open(partial(self.opening.details, asker, reference_of(action.value)))
            case "promote":
                self._open(partial(self.opening.promote, asker, Begun()))
            case "recheck":
                await self._rechecked(asker, action)
            case _:
                pass

    async def _rechecked(self, asker: Asker, action: Action) -> None:
        about = reference_of(action.value)
        await self._kept(
            f"action:{action.action_ts}:{asker.user}:{action.action_id}",
            Rechecked(
                platform=PLATFORM,
                account=asker.account,
                promotion=about.promotion,
                project=about.project,
                origin=asker.origin.to_json(),
                at=self.clock(),
                guest=await self._guest(asker),
            ),
        )

    async def _asked_for(self, told: Interaction, view: View) -> Acknowledgement:
        words = _promote_words(view)
        asker = self._asker(told, kept_of(view.private_metadata).origin)
        await self._typed(f"view:{view.id}", asker, words)
        return {}

    async def _decided(self, told: Interaction, view: View, *, approves: bool) -> Acknowledgement:
        kept = kept_of(view.private_metadata)
        if kept.about is None:
            raise Malformed("A modal came back without what it is about.")
        reason = " ".join(view.entered("reason").split())
        if not approves and not reason:
            return {"response_action": "errors", "errors": {"reason": NO_REASON}}
        asker = self._asker(told, kept.origin)
        decided = Decided(
            platform=PLATFORM,
            account=asker.account,
            approves=approves,
            promotion=kept.about.promotion,
            project=kept.about.project,
            digest=kept.about.digest,
            reason=reason,
            origin=asker.origin.to_json(),
            at=self.clock(),
            guest=await self._guest(asker),
        )
        await self._kept(f"view:{view.id}", decided)
        return {}

    def _asker(self, told: Interaction, origin: Origin | None = None) -> Asker:
        """Return who did it; a modal remembers where its person is to be answered."""
        place = "" if told.channel is None else told.channel.id
        thread = told.message.thread_ts if told.message else ""
        found = origin or Origin(
            user=told.user.id,
            channel=place,
            thread=thread,
            response_url=told.response_url,
            asked_at=self.clock(),
        )
        return Asker(team=told.team_id, user=told.user.id, trigger=told.trigger_id, origin=found)

    async def _typed(self, key: str, asker: Asker, words: str, *, thread: str = "", at: int | None = None) -> None:
        typed = Typed(
            platform=PLATFORM,
            account=asker.account,
            words=words,
            origin=asker.origin.to_json(),
            at=self.clock() if at is None else at,
            place=asker.origin.channel,
            thread=thread,
            guest=await self._guest(asker),
        )
        await self._kept(key, typed)

    async def _kept(self, key: str, heard: Heard) -> None:
        await self.lookout.keep(partial(self.keep, key, heard))

    async def _guest(self, asker: Asker) -> bool:
        """Return whether they are a guest; `Unavailable` when Slack does not say, for nobody is a member by default."""
        known = self.members.remembered(asker.team, asker.user)
        if known is not None:
            return known
        return await self.lookout.look(partial(self.members.is_guest, asker.team, asker.user))

    def _open(self, show: Callable[[], None]) -> None:
        async def shown() -> None:
            await self.lookout.look(show)

        self.lookout.later(shown())


def _promote_words(view: View) -> str:
    """Return the command that somebody filled in."""
    model, version, environment = (_word(view.entered(field)) for field in ("model", "version", "environment"))
    reason = " ".join(view.entered("reason").split())
    words = f"promote {model} {version} to {environment}"
    return f"{words} --reason {reason}" if reason else words


def _word(text: str) -> str:
    """Return a value as one word of a command."""
    return f'"{text}"' if len(text.split()) != 1 else text


def _acts(words: str) -> bool:
    """Will it take a while, because something is done?"""
    try:
        return acts(parse(words, context=Context(surface=PLATFORM)))
    except UserError:
        return False


def _seconds(ts: str) -> int:
    """Return the seconds of a message's `ts`, such as 1712345678.000200."""
    whole = ts.partition(".")[0]
    return int(whole) if whole.isascii() and whole.isdecimal() else 0
