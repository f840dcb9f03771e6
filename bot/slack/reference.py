"""What do our buttons and modals say back? What we put into them; it comes back signed, and may be old."""

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.slack.origin import Origin
from bot.slack.payload import Malformed

LONGEST_URL = 1_000
"""Characters of a response_url that a modal keeps; what is longer is answered another way."""


class Reference(BaseModel):
    """A promotion, and the evidence that was shown."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    promotion: str
    project: str
    digest: str = ""


class Kept(BaseModel):
    """What a modal keeps until it is submitted: what it is about, and where its person is to be answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: Reference | None = None
    origin: Origin

    def to_text(self) -> str:
        """Return it as private metadata."""
        return self.model_dump_json(exclude_defaults=True)


def reference_of(value: str) -> Reference:
    """Read what a button says back; `Malformed` when it is none of ours."""
    try:
        return Reference.model_validate_json(value)
    except ValidationError as error:
        raise Malformed("A button came back with what we did not put into it.") from error


def kept_of(text: str) -> Kept:
    """Read what a modal kept; `Malformed` when it is none of ours."""
    try:
        return Kept.model_validate_json(text)
    except ValidationError as error:
        raise Malformed("A modal came back with what we did not put into it.") from error
