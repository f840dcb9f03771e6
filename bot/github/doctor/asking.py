"""How is GitHub asked for a document, and the answer read?"""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.github.connection import PoliteRequester
from gates.refusal import Unavailable

T = TypeVar("T")


class Said(BaseModel):
    """A part of an answer; what we do not read may change as it likes."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def said(requester: PoliteRequester, form: type[T], path: str, **parameters: str | int) -> T:
    """Ask for `path` and read the answer; `Declined` or another `Unavailable` otherwise."""
    _, document = requester.requestJsonAndCheck("GET", path, parameters=dict(parameters))
    return read(form, document, path)


def read(form: type[T], document: object, path: str) -> T:
    """Read an answer; `Unavailable` when it is not what GitHub documents."""
    try:
        return TypeAdapter(form).validate_python(document)
    except ValidationError as error:
        raise Unavailable(f"The answer to GET {path} is not GitHub's: is something else at github.base_url?") from error
