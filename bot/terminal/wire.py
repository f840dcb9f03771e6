"""What do a terminal and a server say to each other over the socket? One JSON value a line, of bounded size."""

from typing import Annotated, BinaryIO, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from bot.exchange import ExitCode, Reply

LONGEST_ASK = 1 << 16
LONGEST_ANSWER = 1 << 26
HEARTBEAT = 5.0
"""Seconds between signs of life while a command runs."""
SILENCE = 30.0
"""Seconds without a sign of life after which the other side is given up."""


class Line(BaseModel):
    """One line on the wire."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ask(Line):
    """A command, in words: the server reads them itself, and decides itself who `login` may be."""

    kind: Literal["ask"] = "ask"
    words: tuple[str, ...]
    login: str | None
    """Asserted; believed only where app.yaml says so."""
    token: str | None = Field(default=None, repr=False)
    """A person's own token of the forge; the server asks the forge whose it is, and keeps it nowhere."""
    surface: Literal["terminal", "console"]
    message_id: str = Field(min_length=8, max_length=200)


class AskNames(Line):
    """The names of a kind, for completion."""

    kind: Literal["names"] = "names"
    of: str = Field(max_length=40)


class Step(Line):
    """A line of progress; an empty one is a sign of life."""

    kind: Literal["step"] = "step"
    text: str


class Answer(Line):
    """The reply; the last line."""

    kind: Literal["answer"] = "answer"
    text: str
    code: int
    data: dict[str, JsonValue]

    def reply(self) -> Reply:
        """Return it as the house gave it."""
        return Reply(text=self.text, code=ExitCode(self.code), data=self.data)


class Names(Line):
    """The names asked for; the last line."""

    kind: Literal["found"] = "found"
    names: tuple[str, ...]


class Refusal(Line):
    """Why there is no reply; the last line."""

    kind: Literal["refusal"] = "refusal"
    cause: Literal["user", "unavailable", "bug"]
    text: str


Asked = Annotated[Ask | AskNames, Field(discriminator="kind")]
Heard = Annotated[Step | Answer | Names | Refusal, Field(discriminator="kind")]
ASKED: TypeAdapter[Ask | AskNames] = TypeAdapter(Asked)
HEARD: TypeAdapter[Step | Answer | Names | Refusal] = TypeAdapter(Heard)
T = TypeVar("T")


class WireError(Exception):
    """The other side does not speak as it should, or is gone."""


def send(stream: BinaryIO, line: Line) -> None:
    """Write one line and flush it."""
    stream.write(line.model_dump_json().encode() + b"\n")
    stream.flush()


def receive(stream: BinaryIO, kind: TypeAdapter[T], *, longest: int) -> T:
    """Read one line; `WireError` when it is too long, cut short, or not of this kind."""
    try:
        line = stream.readline(longest + 1)
    except OSError as error:
        raise WireError(str(error)) from error
    if not line.endswith(b"\n"):
        raise WireError("the line is too long" if len(line) > longest else "the connection ended")
    try:
        return kind.validate_json(line)
    except ValidationError as error:
        raise WireError("the line is not understood; are both of the same release?") from error
