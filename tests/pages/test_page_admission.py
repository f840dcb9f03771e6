"""Do pages show themselves to whoever sits at this machine, and to nobody else while nobody can sign in?"""

from collections.abc import Mapping

import pytest

from bot.pages.admission import CLOSED, ELSEWHERE, EMBEDDED, FORWARDS, STRANGER, Admission, Caller, admission
from bot.settings import GitHubSettings, ServerSettings, Settings
from bot.settings_chat import SlackSettings
from bot.settings_chat_teams import TeamsSettings
from tests.pages.conftest import reading
from tests.pages.reader import Reader
from tests.seen import Seen
from tests.world import World

HERE = Admission(port=None, closed=False)
ALONE = Admission(port=8766, closed=False)


def caller(
    headers: Mapping[str, str] | None = None,
    *,
    address: str = "127.0.0.1",
    host: str = "localhost:8765",
    port: int = 8765,
) -> Caller:
    return Caller(address=address, port=port, headers={"host": host, **(headers or {})})


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST"])
@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_whoever_sits_at_this_machine_reads(address: str, host: str) -> None:
    assert HERE.refusal(caller(address=address, host=host)) == ""


@pytest.mark.parametrize("address", ["10.0.0.4", "::ffff:10.0.0.4", "2001:db8::1", "", "unix"])
def test_another_machine_does_not(address: str) -> None:
    assert HERE.refusal(caller(address=address)) == STRANGER


@pytest.mark.parametrize(
    "host", ["evil.example", "gate.example.com", "127.0.0.1.evil.example", "", "localhost.evil.example"]
)
def test_a_name_that_is_not_this_machines_is_somebody_elses_doing(host: str) -> None:
    assert HERE.refusal(caller(host=host)) == STRANGER


@pytest.mark.parametrize(
    "header",
    [
        *("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-original-forwarded-for", "forwarded", "via"),
        *("x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "fastly-client-ip", "x-cluster-client-ip"),
        *("x-azure-clientip", "x-envoy-external-address", "x-original-host", "x-original-url"),
    ],
)
def test_what_a_proxy_or_a_tunnel_hands_on_is_not_shown(header: str) -> None:
    assert HERE.refusal(caller({header: "127.0.0.1"})) == FORWARDS


def test_where_pages_have_a_port_of_their_own_they_are_on_no_other() -> None:
    assert ALONE.refusal(caller(port=8765)) == ELSEWHERE
    assert ALONE.refusal(caller(port=8766)) == ""
    assert ALONE.refusal(caller(port=8766, host="evil.example")) == STRANGER


def test_no_other_site_reads_through_a_persons_browser() -> None:
    there = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert HERE.refusal(caller(there)) == EMBEDDED
    assert HERE.refusal(caller({**there, "sec-fetch-mode": "navigate"})) == ""
    assert HERE.refusal(caller({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"})) == ""
    assert Admission(port=None, closed=False, public=True).refusal(caller(there)) == EMBEDDED


SERVERS: Mapping[str, ServerSettings] = {
    "a public address": ServerSettings(public_url="https://gate.example.com"),
    "another name": ServerSettings(allowed_hosts=("gate.example.com",)),
    "every interface": ServerSettings(host="0.0.0.0", unsafe_listen_everywhere=True),  # noqa: S104 - what this is about
}


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_where_others_can_reach_the_server_pages_are_closed(server: ServerSettings) -> None:
    settings = Settings(targets={}, projects=(), server=server)
    assert admission(settings).refusal(caller()) == CLOSED
    apart = settings.model_copy(update={"server": server.model_copy(update={"pages_port": 8766})})
    assert admission(apart).refusal(caller()) == ELSEWHERE
    assert admission(apart).refusal(caller(port=8766)) == ""


PLATFORMS: Mapping[str, Mapping[str, object]] = {
    "github": {"github": GitHubSettings(app_id=1)},
    "slack": {"slack": SlackSettings()},
    "teams": {"teams": TeamsSettings(tenant_id="11111111-1111-1111-1111-111111111111", unsafe_no_auth=True)},
}


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=PLATFORMS)
def test_a_platform_that_calls_us_needs_a_way_in_that_others_could_take(platform: Mapping[str, object]) -> None:
    settings = Settings(targets={}, projects=(), **platform)
    assert admission(settings).closed


def test_slack_by_a_socket_needs_none() -> None:
    slack = SlackSettings(app_token_variable="SLACK_APP_TOKEN")
    assert not admission(Settings(targets={}, projects=(), slack=slack)).closed


def test_who_says_so_shows_pages_to_whoever_can_reach_them(world: World) -> None:
    wide = {"public_url": "https://gate.example.com", "unsafe_public_pages": True}
    with reading(world, **wide) as reader:
        answer = reader.get("/", at="https://gate.example.com", headers={"X-Forwarded-For": "203.0.113.7"})
        assert answer.status_code == 200
        assert "Whoever can reach this address reads them." in Seen(answer.text).text


def test_a_refusal_says_nothing_else(world: World) -> None:
    with reading(world) as reader:
        forwarded = {"X-Forwarded-For": "203.0.113.7"}
        for path in ("/", "/ledger", "/promotions/P4", "/ledger/export.jsonl", "/nowhere"):
            answer = reader.get(path, headers=forwarded)
            assert answer.status_code == 403
            assert (
                Seen(answer.text).text
                == f"Not shown here - Gatehouse Skip to what this page is about Gatehouse Not shown here {FORWARDS}"
            )
        elsewhere = Reader(reader.app, address=("10.0.0.4", 5)).get("/")
        assert (elsewhere.status_code, STRANGER in elsewhere.text) == (403, True)
