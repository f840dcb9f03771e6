"""What does Slack send us? Exactly what is read here; https://docs.slack.dev/interactivity and /apis/events-api.

Slack's raw documents end here. What is not as documented is no reason to act on it: `Malformed`.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

T = TypeVar("T", bound="Part")

MENTION = re.compile(r"^\s*<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>[\s:,]*")
LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
UserId = str
TeamId = str


class Malformed(ValueError):  # noqa: N818 - it describes a document, and is answered with a status
    """A signed request that is not as Slack documents it."""


class Part(BaseModel):
    """A part of what Slack sends; what we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Identified(Part):
    """Something that has an id."""

    id: str = ""


class SlashCommand(Part):
    """`/mlops ...`, typed by a member of our workspace."""

    team_id: TeamId
    user_id: UserId
    channel_id: str
    text: str = ""
    trigger_id: str
    response_url: str = ""

    @property
    def words(self) -> str:
        """What follows the command."""
        return spoken(self.text)


class Authorization(Part):
    """An installation that an event is for."""

    team_id: TeamId | None = None
    user_id: UserId | None = None


class Event(Part):
    """The inside of an event: a message, a mention, or App Home being opened."""

    type: str
    user: UserId = ""
    text: str = ""
    channel: str = ""
    channel_type: str = ""
    ts: str = ""
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str = ""
    user_team: TeamId = ""
    team: TeamId = ""
    tab: str = ""


class EventCallback(Part):
    """An event, and which workspace of ours it is for."""

    team_id: TeamId
    event_id: str
    event_time: int = 0
    event: Event
    authorizations: tuple[Authorization, ...] = ()

    @property
    def ours(self) -> TeamId:
        """The workspace that we are installed in; in a shared channel the outer one may be another."""
        first = self.authorizations[0].team_id if self.authorizations else None
        return first or self.team_id

    @property
    def speaker_team(self) -> TeamId:
        """The workspace of whoever caused it."""
        return self.event.user_team or self.event.team or self.ours

    @property
    def by_a_person(self) -> bool:
        """Did a person write it, and write it just now? Bots, edits and joins have a `bot_id` or a `subtype`."""
        return bool(self.event.user) and not self.event.bot_id and not self.event.subtype

    @property
    def words(self) -> str:
        """What was written, without the mention that addresses us."""
        found, us = MENTION.match(self.event.text), {one.user_id for one in self.authorizations}
        addressed = found is not None and (not us or found["user"] in us)
        return spoken(self.event.text[found.end() :] if found is not None and addressed else self.event.text)


class Person(Part):
    """Who did something in a message of ours, or a modal."""

    id: UserId
    team_id: TeamId = ""


class Message(Part):
    """A message that a button stands under."""

    ts: str = ""
    thread_ts: str = ""


class Container(Part):
    """Where a button stands."""

    type: str = ""
    is_ephemeral: bool = False


class Action(Part):
    """One button that was pressed."""

    action_id: str
    action_ts: str = ""
    value: str = ""


class Chosen(Part):
    """What was chosen from a select."""

    value: str = ""


class Entered(Part):
    """What stands in one field of a modal."""

    value: str | None = None
    selected_option: Chosen | None = None

    @property
    def text(self) -> str:
        """What was typed or chosen."""
        return (self.selected_option.value if self.selected_option else self.value) or ""


class State(Part):
    """All fields of a modal, by block and action."""

    values: Mapping[str, Mapping[str, Entered]] = Field(default_factory=dict)


class View(Part):
    """A modal or App Home."""

    id: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    state: State = State()

    def entered(self, action: str) -> str:
        """Return what stands in the field with an action id; one of them suffices, blocks are arranged as they like."""
        found = (fields[action].text for fields in self.state.values.values() if action in fields)
        return next(filter(None, found), "")


class Interaction(Part):
    """What buttons, modals and selects send."""

    user: Person
    team: Identified | None = None
    trigger_id: str = ""
    channel: Identified | None = None
    message: Message | None = None
    container: Container = Container()
    response_url: str = ""
    actions: tuple[Action, ...] = ()
    view: View | None = None
    action_id: str = ""
    value: str = ""
    """What was typed into a select so far."""

    @property
    def team_id(self) -> TeamId:
        """The workspace of whoever did it."""
        return self.user.team_id or (self.team.id if self.team else "")


def read(form: type[T], body: Mapping[str, object]) -> T:
    """Read a document; `Malformed` when it is not as documented."""
    try:
        return form.model_validate(body)
    except ValidationError as error:
        raise Malformed(f"Slack sent what it does not document: {error.error_count()} fields are wrong.") from error


def spoken(text: str) -> str:
    """Return words as they were typed: Slack wraps addresses in `<>`, and writes entities for `<`, `>` and `&`."""
    bare = LINK.sub(lambda found: found[2] or found[1], text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()
