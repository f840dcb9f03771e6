"""Whose token is this? A terminal on a real forge speaks as the person whose token it holds."""

import os
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, ValidationError

from bot.settings import Settings
from gates.refusal import Unavailable, UserError

VARIABLES = ("MLOPS_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN")
"""Where a person's own token is looked for, the first that is set."""
SECONDS = 10.0
LONGEST = 1_000


class _User(BaseModel):
    login: str
    type: str


def own_token(settings: Settings, environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the token that this terminal holds; None without a project on GitHub."""
    if settings.github is None:
        return None
    return next((environment[name] for name in VARIABLES if environment.get(name)), None)


def login_of(token: str, base_url: str) -> str:
    """Ask GitHub whose token it is; `UserError` when it is nobody's, `Unavailable` when GitHub does not answer."""
    import httpx  # noqa: PLC0415 - only a terminal on GitHub needs it

    if not token.isascii() or not token.isprintable() or len(token) > LONGEST:
        raise _refused("it is no token at all")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    try:
        answer = httpx.get(f"{base_url}/user", headers=headers, timeout=SECONDS)
    except httpx.HTTPError as error:
        raise Unavailable(f"GitHub at {base_url} did not say whose token this is: {error}. Try again.") from error
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(f"GitHub at {base_url} answers {answer.status_code}. Try again in a minute.")
    if answer.status_code != HTTPStatus.OK:
        raise _refused(f"GitHub answers {answer.status_code}")
    try:
        user = _User.model_validate_json(answer.content)
    except ValidationError as strange:
        raise _refused("GitHub's answer names no account") from strange
    if user.type != "User":
        raise _refused(f"it belongs to {user.login}, which is no person")
    return user.login


def _refused(why: str) -> UserError:
    return UserError(
        f"The token in {' or '.join(VARIABLES)} does not say who you are: {why}. Make one that may read your own "
        "profile, or use `gh auth token`."
    )
