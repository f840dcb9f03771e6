"""What did Teams send: exactly what is read of an activity, and nothing else of it."""

import html
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.teams.address import Address

LONGEST_ID = 1_000


class MalformedError(Exception):
    """A body that is no activity; the text says why."""


class _Said(BaseModel):
    """A part of an activity; what we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Party(_Said):
    """Who speaks, or is spoken to."""

    id: str = Field(default="", max_length=LONGEST_ID)
    object_id: str = Field(default="", alias="aadObjectId", max_length=LONGEST_ID)
    tenant: str = Field(default="", alias="tenantId", max_length=LONGEST_ID)


class Named(_Said):
    """Something with an id."""

    id: str = Field(default="", max_length=LONGEST_ID)


class Talk(_Said):
    """The conversation that an activity belongs to."""

    id: str = Field(min_length=1, max_length=LONGEST_ID)
    kind: str = Field(default="", alias="conversationType")
    tenant: str = Field(default="", alias="tenantId", max_length=LONGEST_ID)


class ChannelData(_Said):
    """What Teams adds to the activities of its channel."""

    tenant: Named = Named()
    team: Named = Named()
    channel: Named = Named()


class Entity(_Said):
    """Something in a text that is more than text, such as a mention."""

    type: str = ""
    text: str | None = None
    mentioned: Party = Party()


class Activity(_Said):
    """One thing that happened in Teams."""

    type: str = Field(min_length=1)
    id: str = Field(default="", max_length=LONGEST_ID)
    timestamp: datetime | None = None
    channel_id: str = Field(alias="channelId")
    service_url: str = Field(alias="serviceUrl", max_length=LONGEST_ID)
    sender: Party = Field(default=Party(), alias="from")
    recipient: Party = Party()
    conversation: Talk
    channel_data: ChannelData = Field(default=ChannelData(), alias="channelData")
    text: str | None = None
    entities: tuple[Entity, ...] | None = None
    name: str | None = None
    value: JsonValue = None
    reply_to: str | None = Field(default=None, alias="replyToId", max_length=LONGEST_ID)
    action: str | None = None
    added: tuple[Party, ...] | None = Field(default=None, alias="membersAdded")
    removed: tuple[Party, ...] | None = Field(default=None, alias="membersRemoved")

    @property
    def tenant(self) -> str:
        """The organisation that the sender speaks in, as far as the activity says."""
        return (self.sender.tenant or self.channel_data.tenant.id or self.conversation.tenant).lower()

    @property
    def account(self) -> str:
        """The sender as we name accounts: TENANT/OBJECT-ID."""
        return f"{self.tenant or 'unknown'}/{(self.sender.object_id or f'without-id-{self.sender.id}').lower()}"

    @property
    def personal(self) -> bool:
        """Is this a chat between the sender and us alone?"""
        return self.conversation.kind == "personal"

    @property
    def channel(self) -> str:
        """The channel's id, or that of the chat."""
        return self.channel_data.channel.id or self.conversation.id.partition(";")[0]

    @property
    def thread(self) -> str:
        """The thread of a channel that this stands in, as we name messages; empty in a chat."""
        return self.conversation.id if ";messageid=" in self.conversation.id else ""

    @property
    def address(self) -> Address:
        """Where to answer."""
        return Address(
            service_url=self.service_url,
            conversation=self.conversation.id,
            tenant=self.tenant,
            bot=self.recipient.id,
            user=self.sender.id,
        )

    @property
    def words(self) -> str:
        """What was said to us, on one line, without the mention that says it is for us."""
        text = self.text or ""
        for entity in self.entities or ():
            if entity.type == "mention" and entity.text and entity.mentioned.id == self.recipient.id:
                text = text.replace(entity.text, " ", 1)
        return " ".join(html.unescape(text).split())

    def at(self, now: int) -> int:
        """When it happened by Teams' clock, in seconds since 1970; `now` where it does not say."""
        if self.timestamp is None:
            return now
        zoned = self.timestamp if self.timestamp.tzinfo else self.timestamp.replace(tzinfo=UTC)
        return int(zoned.timestamp())


def read_activity(document: JsonValue) -> Activity:
    """Read an activity; MalformedError when it is none."""
    try:
        return Activity.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise MalformedError(f"This is no activity: {where}: {first['msg']}.") from error
