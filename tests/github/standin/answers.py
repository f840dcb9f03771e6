"""What does GitHub answer, in success and in refusal?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Json = dict[str, object]

DOCS = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, a JSON body (None: no body at all) and the headers that this answer adds."""

    body: object | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiError(Exception):
    """GitHub refuses; `answer` is what goes over the wire."""

    def __init__(
        self, status: int, message: str, errors: Sequence[object] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        """Keep the words as GitHub says them."""
        super().__init__(f"{status} {message} {list(errors) or ''}".strip())
        self.status, self.message, self.errors, self.headers = status, message, tuple(errors), dict(headers or {})

    @property
    def answer(self) -> Answer:
        """The refusal as an answer."""
        body: Json = {"message": self.message, "documentation_url": DOCS, "status": str(self.status)}
        if self.errors:
            body["errors"] = list(self.errors)
        return Answer(body=body, status=self.status, headers=self.headers)


def not_found() -> ApiError:
    """There is no such thing, or the token may not see it: GitHub does not say which."""
    return ApiError(404, "Not Found")


def invalid(message: str, *, resource: str, field_: str, code: str = "custom") -> ApiError:
    """The request's content is refused, with a reason about one field."""
    error = {"resource": resource, "field": field_, "code": code}
    return ApiError(422, "Validation Failed", [{**error, "message": message} if code == "custom" else error])


def unprocessable(message: str) -> ApiError:
    """The request's content is refused with one sentence."""
    return ApiError(422, message)


def forbidden(message: str = "Resource not accessible by integration") -> ApiError:
    """The thing is visible, and the caller may not do this."""
    return ApiError(403, message)
