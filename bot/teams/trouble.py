"""What does it mean when the connector does not do what we ask?

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages lists its codes.
"""

from http import HTTPStatus

from bot.chat.platform import MessageGoneError
from gates.refusal import Unavailable, UserError
from reports.escaping import plain

LATER = frozenset({401, 408, 409, 412, 429, 500, 502, 503, 504})
"""Statuses after which the same request may be taken. 401: with a new token."""
LONGEST_PAUSE = 3_600
"""Seconds that we take a service's word for how long to wait."""
PAUSE = 5
"""Seconds to wait after 429 where the service does not say."""
NOT_HERE = frozenset({"BotNotInConversationRoster", "ForbiddenOperationException", "ConversationNotFound"})
BLOCKED = frozenset({"MessageWritesBlocked", "ConversationBlockedByUser", "BotDisabledByAdmin"})
ADD_APP = "add the app to that team or chat in Teams, then it can write there"


def refusal(status: int, code: str, message: str) -> Exception:
    """Return what to raise after an answer that is not a success."""
    words = plain(f"{status} {code}: {message}", longest=300)
    if status in LATER:
        return Unavailable(f"Teams cannot take it now ({words}).")
    if code in NOT_HERE or (status == HTTPStatus.FORBIDDEN and code not in BLOCKED):
        return UserError(f"Teams has no such conversation for us ({words}): {ADD_APP}.")
    if code in BLOCKED:
        return UserError(f"The app is blocked there ({words}): whoever blocked it has to allow it again.")
    if status == HTTPStatus.NOT_FOUND:
        return MessageGoneError(f"That message is not in Teams any more ({words}).")
    return UserError(f"Teams does not take it ({words}).")


def pause_of(status: int, retry_after: str | None) -> int:
    """Return for how many seconds nothing is to be asked of the service."""
    if status != HTTPStatus.TOO_MANY_REQUESTS and retry_after is None:
        return 0
    said = retry_after or ""
    if said.isascii() and said.isdigit():
        return min(int(said[:9]), LONGEST_PAUSE)
    return PAUSE
