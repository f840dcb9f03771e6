"""How is something said in Teams: a new thread, a message, a change of one?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from azure.core.exceptions import DeserializationError
from botbuilder.core import TurnContext
from botbuilder.schema import (
    Activity,
    Attachment,
    ChannelAccount,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
    ErrorResponseException,
    Mention,
)
from msrest.exceptions import ClientException
from pydantic import JsonValue

from bot.teams.address import Address
from bot.teams.own_token import OwnToken
from bot.teams.sdk.clients import SECONDS, Adapter, Authentication, Clients
from bot.teams.sdk.loop import LoopThread
from bot.teams.trouble import pause_of, refusal
from gates.refusal import Unavailable

CHANNEL = "msteams"
CARD = "application/vnd.microsoft.card.adaptive"
UNAUTHORISED = 401

T = TypeVar("T")
Begin = Callable[[], Coroutine[object, object, T]]
"""Work that is begun where it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said: a card, or text with people in it."""

    text: str = ""
    card: dict[str, JsonValue] | None = None
    summary: str = ""
    """What a notification shows of a card."""
    mentions: Sequence[tuple[str, str]] = ()
    """Ids of people, and how each is named in the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who somebody is, by the roster of a conversation."""

    id: str
    """By which Teams knows them here."""
    role: str
    """`user`, `guest` or `anonymous`."""
    tenant: str


@dataclass(slots=True, kw_only=True)
class Connector:
    """Speaks to Microsoft's connector; every method may raise Unavailable and UserError."""

    token: OwnToken | None
    """None: without an app id nothing is signed."""
    monotonic: Callable[[], float] = time.monotonic
    _quiet_until: float = field(default=0.0, init=False)
    _loop: LoopThread = field(default_factory=lambda: LoopThread(patience=3 * SECONDS), init=False)
    _clients: Clients = field(init=False)
    _adapter: Adapter = field(init=False)

    def __post_init__(self) -> None:
        """Make what the SDK needs; nothing is opened."""
        self._clients = Clients(self.token)
        self._adapter = Adapter(Authentication(self._clients))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Be ready to speak, for the body."""
        self._loop.start()
        try:
            yield
        finally:
            try:
                self._loop.run(self._clients.close)
            finally:
                self._loop.stop()

    def begin(self, address: Address, channel: str, message: Message) -> tuple[str, str]:
        """Begin a thread in a channel; return the ids of the thread and of its message."""
        wanted = ConversationParameters(
            is_group=True,
            channel_data={"channel": {"id": channel}},
            activity=_activity(message),
            bot=ChannelAccount(id=address.bot),
            tenant_id=address.tenant,
        )
        return self._run(lambda: self._create(address, wanted))

    def meet(self, address: Address, person: str) -> str:
        """Open the chat with one person, by their id; return its id."""
        wanted = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=address.bot),
            members=[ChannelAccount(id=person)],
            tenant_id=address.tenant,
            channel_data={"tenant": {"id": address.tenant}},
        )
        return self._run(lambda: self._create(address, wanted))[0]

    def say(self, address: Address, message: Message) -> str:
        """Say something in a conversation; return the id of the message."""

        async def speak(context: TurnContext) -> str:
            context.activity.id = None  # else the SDK replies to a message that nobody sent
            sent = await context.send_activity(_activity(message))
            return sent.id if sent and sent.id else ""

        return self._run(lambda: self._continue(address, speak))

    def change(self, address: Address, activity: str, message: Message) -> None:
        """Show something else in the place of a message."""

        async def replace(context: TurnContext) -> None:
            context.activity.id = None
            changed = _activity(message)
            changed.id = activity
            await context.update_activity(changed)

        self._run(lambda: self._continue(address, replace))

    def member(self, address: Address, person: str) -> Member:
        """Return who somebody is by the roster, asked by their id or their Entra object id."""

        async def look(context: TurnContext) -> Member:
            client = context.turn_state[self._adapter.BOT_CONNECTOR_CLIENT_KEY]
            found = await client.conversations.get_conversation_member(address.channel, person)
            more = found.additional_properties
            role, tenant = str(more.get("userRole") or ""), str(more.get("tenantId") or "")
            return Member(id=found.id or "", role=role.lower(), tenant=tenant.lower())

        return self._run(lambda: self._continue(address, look))

    async def _create(self, address: Address, wanted: ConversationParameters) -> tuple[str, str]:
        made: list[tuple[str, str]] = []

        async def note(context: TurnContext) -> None:
            made.append((context.activity.conversation.id, context.activity.id))

        await self._adapter.create_conversation(self._app_id, note, wanted, CHANNEL, address.service_url)
        return made[0]

    async def _continue(self, address: Address, work: Callable[[TurnContext], Awaitable[T]]) -> T:
        done: list[T] = []

        async def turn(context: TurnContext) -> None:
            done.append(await work(context))

        await self._adapter.continue_conversation(_reference(address), turn, self._app_id)
        return done[0]

    @property
    def _app_id(self) -> str:
        return self.token.app_id if self.token else ""

    def _run(self, begin: Begin[T]) -> T:
        """Do it, unless we were told to be quiet for a while; say in our words why it failed."""
        wait = self._quiet_until - self.monotonic()
        if wait > 0:
            raise Unavailable(f"Teams asked us to wait for another {wait:.0f} s.")
        return self._loop.run(lambda: self._translated(begin))

    async def _translated(self, begin: Begin[T]) -> T:
        try:
            if self.token is not None:
                await asyncio.to_thread(self.token.get)  # here: the SDK would fetch it in the loop's own thread
            return await begin()
        except ErrorResponseException as error:
            raise self._refusal(error) from error
        except (ClientException, DeserializationError) as error:
            raise Unavailable(f"Teams does not answer: {type(error).__name__}.") from error

    def _refusal(self, error: ErrorResponseException) -> Exception:
        answer = error.response
        if answer.status_code == UNAUTHORISED and self.token is not None:
            self.token.drop()
        pause = pause_of(answer.status_code, answer.headers.get("Retry-After"))
        self._quiet_until = max(self._quiet_until, self.monotonic() + pause)
        said = getattr(error.error, "error", None)
        return refusal(answer.status_code, getattr(said, "code", None) or "", getattr(said, "message", None) or "")


def _activity(message: Message) -> Activity:
    activity = Activity(type="message", summary=message.summary or None)
    if message.card is not None:
        activity.attachments = [Attachment(content_type=CARD, content=message.card)]
    else:
        activity.text, activity.text_format = message.text, "markdown"
        activity.entities = [
            Mention(type="mention", text=f"<at>{name}</at>", mentioned=ChannelAccount(id=person, name=name))
            for person, name in message.mentions
        ]
    return activity


def _reference(address: Address) -> ConversationReference:
    return ConversationReference(
        channel_id=CHANNEL,
        service_url=address.service_url,
        bot=ChannelAccount(id=address.bot),
        user=ChannelAccount(id=address.user) if address.user else None,
        conversation=ConversationAccount(id=address.conversation, tenant_id=address.tenant),
    )
