"""Which Teams app is this installation, and whose tokens, keys and addresses does it believe?"""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from bot.settings_values import BaseUrl, Section, Variable

GUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
Guid = Annotated[str, Field(pattern=GUID)]
"""An id as Entra writes it, in small letters."""
SHARED_TENANT = "botframework.com"
"""Where a bot that serves several tenants gets its tokens."""


class TeamsSettings(Section):
    """The Azure Bot and the Entra application behind it."""

    app_id: Guid | None = None
    """Of the bot's application (client); None: no token is verified or sent, which `unsafe_no_auth` has to say."""
    app_password_variable: Variable = "TEAMS_APP_PASSWORD"  # noqa: S105 - a variable's name, not a secret
    """Environment variable with the application's client secret."""
    tenant_id: Guid
    """The organisation that this installation serves; everybody else is a guest."""
    multi_tenant: bool = False
    """Is the bot registered as multi-tenant? Azure has not offered that for new bots since 2025."""
    unsafe_no_auth: bool = False
    """Believe every request; for a trial on this machine only."""
    openid_metadata_url: BaseUrl = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    """Where the keys are published that incoming tokens are signed with."""
    issuer: BaseUrl = "https://api.botframework.com"
    """Who issues incoming tokens, and for whom ours are asked; https://api.botframework.us for US Government."""
    login_url: BaseUrl = "https://login.microsoftonline.com"
    """Where our own tokens come from."""
    service_urls: tuple[BaseUrl, ...] = Field(default=("https://smba.trafficmanager.net",), min_length=1)
    """What an address begins with that answers may be sent to."""

    @property
    def token_url(self) -> str:
        """Where our own tokens are asked for."""
        tenant = SHARED_TENANT if self.multi_tenant else self.tenant_id
        return f"{self.login_url}/{tenant}/oauth2/v2.0/token"

    @property
    def scope(self) -> str:
        """What our own tokens are for."""
        return f"{self.issuer}/.default"

    def serves(self, url: str) -> bool:
        """Is this an address that we may send answers, and with them our token, to?"""
        try:
            asked = urlsplit(url)
            known = [urlsplit(base) for base in self.service_urls]
            return any(
                (asked.scheme, asked.netloc) == (base.scheme, base.netloc)
                and f"{asked.path.rstrip('/')}/".startswith(f"{base.path.rstrip('/')}/")
                for base in known
            )
        except ValueError:
            return False


def teams_problem(teams: TeamsSettings | None, *, host: str, on_loopback: bool) -> str:
    """Say in one sentence why a server may not start with this section, or nothing."""
    if teams is None:
        return ""
    if teams.app_id is None and not teams.unsafe_no_auth:
        return (
            "teams.app_id is missing, and without it every request would be believed: write the application (client)"
            " id of your Azure Bot there."
        )
    if teams.app_id is not None and teams.unsafe_no_auth:
        return "teams.unsafe_no_auth is for a trial without an app id, and teams.app_id is set; set it to false."
    if teams.unsafe_no_auth and not on_loopback:
        return f"teams.unsafe_no_auth is for loopback, and server.host is {host}; set it to false."
    return ""
