"""What does the doctor say about the Slack app?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.settings import ChannelSettings, ProjectSettings, RegistrySettings, ServerSettings
from bot.settings_chat import SlackSettings
from bot.slack.doctor import examine_slack
from bot.slack.manifest import manifest, manifest_text
from bot.slack.signing_secret import look_at_signing_secret
from tests.slack.driver import GENERAL
from tests.slack.stage import populate
from tests.slack.standin.server import SlackStandin, slack_standin
from tests.slack.standin.workspace import APP_TOKEN, SCOPES, TOKEN, Channel
from tests.world import Clock

STRONG = "8f742231b10e8888abcd99aa0ff85a5e"
VARIABLES = {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": STRONG, "SLACK_APP_TOKEN": APP_TOKEN}
SERVER = ServerSettings(public_url="https://gatehouse.example.com")


@pytest.fixture
def slack() -> Iterator[SlackStandin]:
    with slack_standin(Clock()) as standin:
        populate(standin)
        yield standin


def project(channel: str | None = GENERAL) -> ProjectSettings:
    """Return a project with one channel, or with none."""
    channels = {} if channel is None else {"default": ChannelSettings(slack=channel)}
    return ProjectSettings(
        name="default",
        repository="repo.git",
        registry=RegistrySettings(uri="sqlite:///mlflow.db"),
        targets={"staging": "local", "production": "local"},
        channels=channels,
    )


def said(
    slack: SlackStandin,
    *,
    variables: dict[str, str] | None = None,
    server: ServerSettings = SERVER,
    channel: str | None = GENERAL,
    **more: str,
) -> list[str]:
    """Return what the doctor says, one line each."""
    chosen = SlackSettings(base_url=slack.base_url, **more)
    environment = VARIABLES if variables is None else variables
    return [str(one) for one in examine_slack(chosen, server, (project(channel),), environment=environment)]


def test_a_sound_app_is_sound(slack: SlackStandin) -> None:
    lines = said(slack)
    assert [line for line in lines if not line.startswith("ok")] == []
    assert lines == [
        "ok    the signing secret in SLACK_SIGNING_SECRET is of Slack's form",
        "ok    Slack is to call https://gatehouse.example.com/slack/events",
        "ok    Slack takes us for gatehouse in Acme",
        "ok    the installed app has all 10 scopes of the manifest",
        "ok    default: default's channel C0GENERAL (#general) has the bot in it",
    ]


def test_nothing_is_said_without_the_section(slack: SlackStandin) -> None:
    assert list(examine_slack(None, SERVER, (project(),), environment={})) == []
    assert slack.space.calls == []


def test_scopes_that_are_missing_or_too_many_are_named(slack: SlackStandin) -> None:
    slack.space.scopes = SCOPES - {"im:write"} | {"channels:manage"}
    lines = said(slack)
    assert any("lacks the scopes im:write" in line and line.startswith("bad") for line in lines)
    assert any("may more than it needs: channels:manage" in line and line.startswith("warn") for line in lines)


@pytest.mark.parametrize("missing", ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"])
def test_a_variable_that_is_not_set_is_named(slack: SlackStandin, missing: str) -> None:
    variables = {name: value for name, value in VARIABLES.items() if name != missing}
    assert any(missing in line and line.startswith("bad") for line in said(slack, variables=variables))


def test_a_token_that_slack_does_not_take_is_told_and_nothing_more_is_asked(slack: SlackStandin) -> None:
    lines = said(slack, variables={**VARIABLES, "SLACK_BOT_TOKEN": "xoxb-wrong"})
    assert "invalid_auth" in lines[-1]
    assert slack.space.called("conversations.info") == 0
    assert not any("xoxb-wrong" in line for line in lines)


@pytest.mark.parametrize(
    ("url", "text"), [(None, "server.public_url is not set"), ("http://127.0.0.1:8765", "only calls https")]
)
def test_slack_has_to_be_able_to_call_us(slack: SlackStandin, url: str | None, text: str) -> None:
    assert any(text in line for line in said(slack, server=ServerSettings(public_url=url)))


def test_in_socket_mode_we_call_slack_and_need_no_address(slack: SlackStandin) -> None:
    lines = said(slack, server=ServerSettings(), app_token_variable="SLACK_APP_TOKEN")
    assert lines[0] == "ok    Slack lets us call it (Socket Mode)"
    refused = said(slack, variables={**VARIABLES, "SLACK_APP_TOKEN": "xapp-no"}, app_token_variable="SLACK_APP_TOKEN")
    assert refused[0].startswith("bad")


@pytest.mark.parametrize(
    ("channel", "text"),
    [("C0UNKNOWN", "invite it there"), ("#nowhere", "sees no Slack channel"), (None, "has no Slack channel")],
)
def test_a_channel_that_cannot_be_reached_is_told(slack: SlackStandin, channel: str | None, text: str) -> None:
    assert text in said(slack, channel=channel)[-1]


@pytest.mark.parametrize(("archived", "text"), [(True, "is archived"), (False, "the bot is not in")])
def test_a_channel_that_takes_no_message_is_told(slack: SlackStandin, archived: bool, text: str) -> None:  # noqa: FBT001 - an example
    slack.space.channels["C0OTHER11"] = Channel(id="C0OTHER11", name="other", has_bot=False, archived=archived)
    assert text in said(slack, channel="C0OTHER11")[-1]


@pytest.mark.parametrize(
    ("secret", "state"),
    [
        (STRONG, "ok"),
        ("x7Jq!" * 2 + "Zr9Kw2Lm4Np6Tt8Vv0Bb3Dd", "warn"),
        ("short", "bad"),
        (STRONG + " ", "bad"),
        ("ab" * 16, "bad"),
        ("0123456789abcdef" * 2, "bad"),
        (TOKEN, "bad"),
    ],
)
def test_a_signing_secret_is_judged_and_never_shown(secret: str, state: str) -> None:
    found = look_at_signing_secret("SLACK_SIGNING_SECRET", secret, {"SLACK_BOT_TOKEN": TOKEN})
    assert (found.state, secret in str(found)) == (state, False)


def test_the_manifest_asks_for_what_we_use_and_no_more() -> None:
    document = yaml.safe_load(manifest_text())
    assert manifest().scopes == SCOPES
    assert document["settings"]["event_subscriptions"]["bot_events"] == ["app_home_opened", "app_mention", "message.im"]
    assert [one["command"] for one in document["features"]["slash_commands"]] == [SlackSettings().command]
    urls = {
        document["features"]["slash_commands"][0]["url"],
        document["settings"]["event_subscriptions"]["request_url"],
        document["settings"]["interactivity"]["request_url"],
        document["settings"]["interactivity"]["message_menu_options_url"],
    }
    assert {url.removeprefix("https://gatehouse.example.com") for url in urls} == {"/slack/events"}
    assert Path("manifest/slack.yaml").read_text(encoding="utf-8") == manifest_text()


def test_the_manifest_keeps_to_slacks_limits() -> None:
    document = yaml.safe_load(manifest_text())
    assert len(document["display_information"]["name"]) <= 35
    assert len(document["display_information"]["description"]) <= 140
    assert len(document["features"]["slash_commands"][0]["description"]) <= 2_000
