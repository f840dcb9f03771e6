"""How does the SDK reach the connector: with our token, without its own retries, and without keeping others waiting?"""

from dataclasses import dataclass, field

from botbuilder.core import CloudAdapterBase
from botbuilder.schema import Activity
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import (
    AppCredentials,
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    UserTokenClient,
)

from bot.teams.own_token import OwnToken

SECONDS = 10
"""That one request to the connector may take."""


class _Credentials(AppCredentials):  # type: ignore[misc]  # the SDK is untyped
    """Our token, as the SDK wants to be handed it."""

    def __init__(self, token: OwnToken | None) -> None:
        super().__init__(app_id=token.app_id if token else "")
        self._token = token

    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002 - the SDK's signature
        if self._token is None:
            raise LookupError("Without an app id there is no token, and none is asked for.")
        if force_refresh:
            self._token.drop()
        return self._token.get()


@dataclass(slots=True)
class Clients(ConnectorFactory):  # type: ignore[misc]  # the SDK is untyped
    """One client for each service URL, for as long as the server runs."""

    token: OwnToken | None
    _known: dict[str, ConnectorClient] = field(default_factory=dict, init=False)

    async def create(self, service_url: str, _audience: str | None = None) -> ConnectorClient:
        """Return the client of a service; it opens nothing before it is used."""
        if service_url not in self._known:
            self._known[service_url] = _client(self.token, service_url)
        return self._known[service_url]

    async def close(self) -> None:
        """Close what is open; to be called where the clients were used."""
        for client in self._known.values():
            await client.__aexit__(None, None, None)
        self._known.clear()


class Authentication(BotFrameworkAuthentication):  # type: ignore[misc]  # the SDK is untyped
    """Leaves it to the SDK to make clients, and judges no token by the SDK's rules."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    async def authenticate_request(self, *_request: Activity | str) -> AuthenticateRequestResult:
        """Refuse: a request is verified before the SDK sees it."""
        raise PermissionError("This request was not verified.")

    async def authenticate_streaming_request(self, *_headers: str) -> AuthenticateRequestResult:
        """Refuse: nobody streams to us."""
        raise PermissionError("Streaming is not offered.")

    def create_connector_factory(self, _identity: ClaimsIdentity) -> Clients:
        """Return our clients."""
        return self.clients

    async def create_user_token_client(self, _identity: ClaimsIdentity) -> UserTokenClient | None:
        """Return none: nobody signs in through us."""
        return None

    def verified(self, app_id: str) -> AuthenticateRequestResult:
        """Return what the SDK needs to go on with a request that was verified."""
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({"aud": app_id, "appid": app_id}, is_authenticated=True)
        result.connector_factory = self.clients
        return result


class Adapter(CloudAdapterBase):  # type: ignore[misc]  # the SDK is untyped
    """The SDK's adapter, over our clients."""


def _client(token: OwnToken | None, service_url: str) -> ConnectorClient:
    client = ConnectorClient(_Credentials(token), base_url=service_url)
    client.config.connection.timeout = SECONDS
    client.config.redirect_policy.allow = False
    # Its own retries would repeat what was perhaps taken, and hide the status and `Retry-After`: ours come later.
    client.config.retry_policy.retries = 0
    client.config.retry_policy.policy.status_forcelist = ()
    return client
