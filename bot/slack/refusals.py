"""What does it mean for us when Slack says no?

What passes by itself is `Unavailable`, and is tried again. What somebody has to mend is a `UserError` that says what.
Slack names its refusals by codes: https://docs.slack.dev/reference/methods lists those of each method.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gates.refusal import Unavailable, UserError
from reports.escaping import plain

LONGEST = 200
"""Characters of Slack's own words that are shown."""
PASSING: Final = frozenset(
    {
        "accesslimited", "fatal_error", "internal_error", "message_limit_exceeded", "org_login_required", "ratelimited",
        "rate_limited", "request_timeout", "service_unavailable", "team_added_to_org", "too_many_requests",
    }
)  # fmt: skip
"""Codes of what passes by itself."""
TOKEN = "put the bot token of the app's page (OAuth & Permissions) where slack.bot_token_variable says"  # noqa: S105 - advice
MANIFEST = "add it under OAuth & Permissions as manifest/slack.yaml has it, and install the app again"
CHANNEL = "name another one in app.yaml (projects[].channels) or in model.yaml (channel)"
REMEDIES: Final[Mapping[str, str]] = {
    "account_inactive": f"the bot was removed from the workspace: install it again, and {TOKEN}",
    "as_user_not_supported": TOKEN,
    "cannot_dm_bot": "people.yaml gives a bot's account to a person: give their own",
    "channel_not_found": f"the bot sees no such channel: invite it there with /invite, or {CHANNEL}",
    "channel_is_archived": f"the channel is archived: unarchive it, or {CHANNEL}",
    "expired_trigger_id": "Slack waits three seconds for a window, and it came too late: press it again",
    "invalid_auth": f"Slack does not take the token: {TOKEN}",
    "is_archived": f"the channel is archived: unarchive it, or {CHANNEL}",
    "missing_scope": f"the app lacks a scope: {MANIFEST}",
    "not_allowed_token_type": TOKEN,
    "not_authed": f"no token was sent: {TOKEN}",
    "not_in_channel": f"the bot is not in that channel: invite it there with /invite, or {CHANNEL}",
    "restricted_action": "an administrator forbids posting there: ask them to let the app post in this channel",
    "restricted_action_read_only_channel": f"only some may post in that channel: let the app post there, or {CHANNEL}",
    "token_expired": TOKEN,
    "token_revoked": f"somebody revoked the token: install the app again, and {TOKEN}",
    "trigger_expired": "Slack waits three seconds for a window, and it came too late: press it again",
    "user_disabled": "that account is deactivated: mend accounts in policies/people.yaml",
    "user_not_found": "this workspace has no such account: mend accounts in policies/people.yaml",
}
"""What is to be done about a code, where we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Slack's answer to a request that it did not carry out."""

    method: str
    """Such as `chat.postMessage`."""
    status: int
    code: str
    details: str = ""
    """What Slack says beside the code."""
    needed: str = ""
    """The scope that was missing."""
    retry_after: int | None = None

    @property
    def passes(self) -> bool:
        """Will it pass by itself?"""
        return self.status == 429 or self.status >= 500 or self.code in PASSING  # noqa: PLR2004 - HTTP's own numbers

    def __str__(self) -> str:
        """Say what was asked, what Slack said, and what to do about it."""
        said = plain("; ".join(filter(None, (self.code, self.details))), longest=LONGEST)
        scope = f" ({plain(self.needed, longest=LONGEST)})" if self.needed else ""
        remedy = REMEDIES.get(self.code, "`mlops doctor` looks at the app, its token and its channels")
        return f"Slack refuses {self.method}: {said}{scope} - {remedy}."


class SlackAsleep(Unavailable):
    """Slack does not answer now, or wants us to wait; `retry_after` are the seconds that it asks for, if it does."""

    def __init__(self, text: str, *, retry_after: int | None = None) -> None:
        """Keep the pause beside the sentence."""
        super().__init__(text)
        self.retry_after = retry_after


class SlackDeclined(UserError):  # noqa: N818 - as Refused
    """Slack refuses a request, and will until somebody mends something; `code` is for code, the text for people."""

    def __init__(self, refusal: Refusal) -> None:
        """Say it in one sentence."""
        super().__init__(str(refusal))
        self.code = refusal.code


def trouble(refusal: Refusal) -> SlackAsleep | SlackDeclined:
    """Return what a refusal means for us."""
    if not refusal.passes:
        return SlackDeclined(refusal)
    pause = f" It asks for {refusal.retry_after} seconds of rest." if refusal.retry_after else ""
    said = plain(refusal.code or refusal.status, longest=LONGEST)
    text = f"Slack does not carry out {refusal.method} now ({said}).{pause}"
    return SlackAsleep(text, retry_after=refusal.retry_after)
