"""Does the doctor find what keeps people from talking to us in Teams, and say what to do?"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from bot.settings import Settings, default_text, settings_of
from bot.teams.activity import read_activity
from bot.teams.directory import Directory
from bot.teams.doctor import examine_teams
from bot.teams.package import app_package
from storage.database import Database
from tests.fresh_database import fresh_database
from tests.teams.activities import message
from tests.teams.microsoft import APP, CHANNEL, PASSWORD, TENANT, Microsoft

SECRET = {"TEAMS_APP_PASSWORD": PASSWORD}
HERE = "https://gatehouse.example.com"


def settings(
    ms: Microsoft, folder: Path, *, public_url: str | None = HERE, channel: str = CHANNEL, **teams: object
) -> Settings:
    """Return settings of an installation in a folder."""
    chosen = ms.settings(**teams).model_dump(mode="json", exclude_defaults=True)
    document = yaml.safe_load(default_text())
    document |= {"workspace": str(folder), "teams": chosen, "server": {"public_url": public_url}}
    document["projects"][0]["channels"] = {"default": {"teams": channel}} if channel else {}
    return settings_of(yaml.safe_dump(document), where="test", folder=folder)


def lines(chosen: Settings, environment: Mapping[str, str] = SECRET, package: Path | None = None) -> list[str]:
    """Return what the doctor says."""
    return list(map(str, examine_teams(chosen, environment=environment, clock=lambda: 1_000, package=package)))


def spoken_in(folder: Path, ms: Microsoft, channel: str) -> None:
    """Let somebody have written to us in a channel."""
    with closing(Database(f"sqlite:///{folder / 'gatehouse.db'}")) as database:
        directory = Directory(database=database, tenant=TENANT, clock=lambda: 1_000)
        directory.learn(read_activity(message(ms, "help", thread=f"{channel};messageid=1")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fresh_database(tmp_path / "gatehouse.db").close()
    return tmp_path


def test_a_healthy_installation_has_nothing_to_do(ms: Microsoft, folder: Path) -> None:
    spoken_in(folder, ms, CHANNEL)
    package = folder / "gatehouse-teams.zip"
    package.write_bytes(app_package(APP, "gatehouse.example.com"))
    assert lines(settings(ms, folder), package=package) == [
        f"ok    Microsoft takes us for the application {APP}",
        "ok    the keys that Teams signs with can be fetched",
        f"ok    the messaging endpoint of the Azure Bot is to be {HERE}/api/messages",
        f"ok    {package} is the app package of this release and settings",
        f"ok    Teams told us of {CHANNEL} (default, default)",
    ]


def test_without_the_section_nothing_is_said(ms: Microsoft, folder: Path) -> None:
    assert lines(settings(ms, folder).model_copy(update={"teams": None})) == []


def test_a_secret_that_is_not_set_is_named(ms: Microsoft, folder: Path) -> None:
    (line, *_) = lines(settings(ms, folder), {})
    assert line.startswith("bad   teams.app_password_variable names TEAMS_APP_PASSWORD, which is not set")


def test_a_wrong_secret_is_told_in_microsofts_words(ms: Microsoft, folder: Path) -> None:
    (line, *_) = lines(settings(ms, folder), {"TEAMS_APP_PASSWORD": "stale"})
    assert line.startswith(
        "bad   Microsoft does not take the app id and its secret (AADSTS7000215: Invalid client secret"
    )
    assert "Trace" not in line


def test_a_service_that_is_not_there_is_named(ms: Microsoft, folder: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    (first, second, *_) = lines(settings(ms, folder, login_url=nowhere, openid_metadata_url=f"{nowhere}/openid"))
    assert first.startswith(f"bad   The sign-in service at {nowhere}")
    assert second.startswith(f"bad   The keys that {nowhere}/openid publishes could not be fetched.")


@pytest.mark.parametrize(
    ("public_url", "said"),
    [
        (None, "bad   server.public_url is not set"),
        ("http://localhost:8765", "bad   server.public_url is http://localhost:8765 - Teams sends to https only"),
        ("https://gatehouse", "bad   'gatehouse' is no domain that Teams could reach"),
    ],
)
def test_teams_has_to_reach_us(ms: Microsoft, folder: Path, public_url: str | None, said: str) -> None:
    assert any(line.startswith(said) for line in lines(settings(ms, folder, public_url=public_url)))


def test_an_old_package_is_found_out(ms: Microsoft, folder: Path) -> None:
    package = folder / "gatehouse-teams.zip"
    package.write_bytes(app_package(APP, "old.example.com"))
    found = lines(settings(ms, folder), package=package)
    assert any(line.startswith(f"warn  {package} is not the app package") for line in found)


def test_a_channel_that_teams_never_told_us_of_is_bad_and_less_so_where_it_told_us_of_others(
    ms: Microsoft, folder: Path
) -> None:
    assert lines(settings(ms, folder))[-1].startswith(f"bad   Teams never told us of {CHANNEL} (default, default)")
    spoken_in(folder, ms, "19:other@thread.tacv2")
    assert lines(settings(ms, folder))[-1].startswith(f"warn  Teams never told us of {CHANNEL}")


def test_without_any_channel_nothing_is_told_in_teams(ms: Microsoft, folder: Path) -> None:
    assert lines(settings(ms, folder, channel=""))[-1].startswith("warn  no project names a channel in Teams")


def test_before_there_is_a_workspace_only_microsofts_side_is_looked_at(ms: Microsoft, tmp_path: Path) -> None:
    found = lines(settings(ms, tmp_path / "nowhere"))
    assert found[-1].startswith("ok    the messaging endpoint")


def test_a_database_of_another_release_is_told(ms: Microsoft, tmp_path: Path) -> None:
    (tmp_path / "gatehouse.db").write_bytes(b"")
    assert lines(settings(ms, tmp_path))[-1].startswith("bad   what Teams told us cannot be read")


def test_a_trial_without_an_app_id_is_warned_of(ms: Microsoft, folder: Path) -> None:
    first, *rest = lines(settings(ms, folder, app_id=None, unsafe_no_auth=True))
    assert first == "warn  teams.unsafe_no_auth: every request is believed - for a trial on this machine only"
    assert len(rest) == 1
