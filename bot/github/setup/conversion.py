"""Which App did GitHub make? It says so once, with the App's secrets."""

import re
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr, ValidationError

from bot.github.setup.site import Site
from gates.refusal import Unavailable, UserError

CODE = re.compile(r"[A-Za-z0-9_-]{1,200}")
SECONDS = 20.0
USED_UP = "GitHub does not know this code: it is good for an hour and for one use. Open the page once more."


class NewApp(BaseModel):
    """The App that was made; its secrets do not print."""

    id: int = Field(gt=0)
    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    name: str
    pem: SecretStr
    webhook_secret: SecretStr


def new_app(site: Site, code: str) -> NewApp:
    """Exchange a code for the App; `UserError` for a bad or old code, `Unavailable` when GitHub does not answer."""
    import httpx  # noqa: PLC0415 - only whoever makes an App needs it

    if not CODE.fullmatch(code):
        raise UserError(USED_UP)
    url = f"{site.api}/app-manifests/{code}/conversions"
    try:
        answer = httpx.post(url, headers={"Accept": "application/vnd.github+json"}, timeout=SECONDS)
    except httpx.HTTPError as error:
        raise Unavailable(f"{site.host} does not answer ({type(error).__name__}). Load this page again.") from error
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        raise Unavailable(f"{site.host} answers {answer.status_code}. Load this page again in a minute.")
    if answer.status_code != HTTPStatus.CREATED:
        raise UserError(USED_UP)
    return _read(site, answer.content)


def _read(site: Site, content: bytes) -> NewApp:
    try:
        return NewApp.model_validate_json(content)
    except ValidationError:
        raise UserError(
            f"{site.host} made an App and described it in an unknown way. Make a private key and a webhook secret on "
            "the App's page there, and set them by hand: docs/guide/github.md says how."
        ) from None  # the cause quotes what it read, and that holds secrets
