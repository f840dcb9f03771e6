"""How do we ask a server on this machine one question without trusting it to end?"""

import http.client
import time
from dataclasses import dataclass

PIECE = 1 << 16
QUOTED = 200
"""How much of a foreign text is shown."""


class NoAnswerError(Exception):
    """Nothing usable came back; the text says in a few words why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def ask(port: int, path: str, *, body: bytes | None = None, seconds: float, limit: int = PIECE) -> Answer:
    """GET `path`, or POST `body` as JSON; the whole exchange ends within `seconds` and `limit` bytes."""
    deadline = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET" if body is None else "POST", path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return Answer(status=response.status, body=_read(response, deadline, limit))
    except TimeoutError as error:
        raise NoAnswerError(f"no answer within {seconds:g} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(f"no answer ({type(error).__name__})") from error
    finally:
        connection.close()


def _read(response: http.client.HTTPResponse, deadline: float, limit: int) -> bytes:
    body = bytearray()
    while piece := response.read1(PIECE):
        body += piece
        if len(body) > limit:
            raise NoAnswerError(f"an answer of more than {limit} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


def one_line(text: str) -> str:
    """Return foreign text without control characters, on one line and cut short."""
    shown = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return shown if len(shown) <= QUOTED else f"{shown[: QUOTED - 1]}…"
