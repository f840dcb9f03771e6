"""What does a card show after somebody used it? The answer to an `adaptiveCard/action`.

https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format
"""

from dataclasses import dataclass
from http import HTTPStatus

from pydantic import JsonValue

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAnswer:
    """An answer as the client wants it."""

    status: int = int(HTTPStatus.OK)
    type: str
    value: JsonValue


def shown(card: dict[str, JsonValue]) -> CardAnswer:
    """Show this card in the place of the other, to whoever used it."""
    return CardAnswer(type=CARD, value=card)


def told(text: str) -> CardAnswer:
    """Tell whoever used the card something, and leave the card as it is."""
    return CardAnswer(type=MESSAGE, value=text)


def failed(status: HTTPStatus, text: str) -> CardAnswer:
    """Say that nothing came of it."""
    return CardAnswer(status=int(status), type=ERROR, value={"code": status.phrase.replace(" ", ""), "message": text})
