"""Which sections `teams` does a server start with?"""

import pytest
from pydantic import ValidationError

from bot.settings_chat_teams import TeamsSettings, teams_problem

APP = "99999999-2222-3333-4444-555555555555"
TENANT = "11111111-2222-3333-4444-555555555555"


def teams(**changes: object) -> TeamsSettings:
    return TeamsSettings.model_validate({"app_id": APP, "tenant_id": TENANT, **changes})


def test_two_ids_are_enough_and_the_rest_is_microsofts_public_cloud() -> None:
    chosen = teams()
    assert chosen.app_password_variable == "TEAMS_APP_PASSWORD"
    assert chosen.token_url == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert chosen.scope == "https://api.botframework.com/.default"
    assert teams_problem(chosen, host="0.0.0.0", on_loopback=False) == ""  # noqa: S104 - as behind a proxy


def test_a_bot_of_several_tenants_gets_its_tokens_where_those_do() -> None:
    assert teams(multi_tenant=True).token_url.startswith("https://login.microsoftonline.com/botframework.com/")


@pytest.mark.parametrize(
    ("changes", "on_loopback", "said"),
    [
        ({"app_id": None}, True, "teams.app_id is missing, and without it every request would be believed"),
        ({"app_id": None, "unsafe_no_auth": True}, False, "teams.unsafe_no_auth is for loopback, and server.host is"),
        ({"unsafe_no_auth": True}, True, "teams.unsafe_no_auth is for a trial without an app id"),
        ({"app_id": None, "unsafe_no_auth": True}, True, ""),
        ({}, False, ""),
    ],
)
def test_a_server_starts_without_verifying_only_if_told_to_and_on_loopback(
    changes: dict[str, object], said: str, *, on_loopback: bool
) -> None:
    problem = teams_problem(teams(**changes), host="10.0.0.1", on_loopback=on_loopback)
    assert problem.startswith(said)
    assert bool(problem) == bool(said)


def test_without_the_section_there_is_no_problem() -> None:
    assert teams_problem(None, host="10.0.0.1", on_loopback=False) == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"app_id": ""},
        {"app_id": "gatehouse"},
        {"app_id": APP.replace("9", "A")},
        {"tenant_id": None},
        {"tenant_id": "example.org"},
        {"service_urls": []},
        {"service_urls": ["http://smba.example.com"]},
        {"openid_metadata_url": "http://login.example.com/openid"},
        {"login_url": "ftp://login.example.com"},
        {"password": "in the file"},
    ],
)
def test_what_is_no_setting_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        teams(**changes)


@pytest.mark.parametrize(
    ("url", "served"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://smba.trafficmanager.net/amer/11111111/", True),
        ("https://smba.trafficmanager.net", True),
        ("https://smba.trafficmanager.net.evil.example/emea/", False),
        ("https://evil.example/smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://smba.trafficmanager.net:444/emea/", False),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_our_token_goes_to_named_services_only(url: str, *, served: bool) -> None:
    assert teams().serves(url) is served


def test_a_service_may_be_named_down_to_its_path() -> None:
    chosen = teams(service_urls=["https://smba.trafficmanager.net/emea"])
    assert chosen.serves("https://smba.trafficmanager.net/emea/tenant/")
    assert not chosen.serves("https://smba.trafficmanager.net/emea2/")
    assert not chosen.serves("https://smba.trafficmanager.net/amer/")
