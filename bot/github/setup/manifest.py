"""What do we ask GitHub to make? An App with the permissions and events that this program uses, and no others."""

import re
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from bot.github.app import PERMISSIONS
from bot.github.doctor.installation import SUBSCRIBED
from bot.github.hook import PATH
from gates.refusal import UserError

LONGEST_NAME = 34
ORGANISATION = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}")
DESCRIPTION = "Measures models, asks the right people, and moves what they approved."
DONE = "/github/setup/done"


class HookAttributes(BaseModel):
    """Where events go."""

    url: str
    active: bool = True


class Manifest(BaseModel):
    """https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest."""

    model_config = ConfigDict(frozen=True)

    name: str
    url: str
    hook_attributes: HookAttributes
    redirect_url: str
    description: str = DESCRIPTION
    public: bool = False
    default_permissions: dict[str, str]
    default_events: list[str]


def manifest_for(public_url: str, organisation: str) -> Manifest:
    """Return the manifest of a server that others reach at `public_url`; for one's own account the name is empty."""
    if organisation and not ORGANISATION.fullmatch(organisation):
        raise UserError(f"{organisation[:60]!r} is no organisation's name: write it as its address has it.")
    return Manifest(
        name=f"Gatehouse {organisation or urlsplit(public_url).hostname}"[:LONGEST_NAME].rstrip(" .-"),
        url=public_url,
        hook_attributes=HookAttributes(url=f"{public_url}{PATH}"),
        redirect_url=f"{public_url}{DONE}",
        default_permissions=dict(PERMISSIONS),
        default_events=sorted(SUBSCRIBED),
    )
