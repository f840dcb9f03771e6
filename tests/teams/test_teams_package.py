"""Is the app package what Teams takes, and what this program understands?"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.grammar.usage import USAGES
from bot.teams import package
from bot.teams.package import app_package, filled_in
from gates.refusal import UserError
from tests.teams.microsoft import APP

DOMAIN = "gatehouse.example.com"
MOST_COMMANDS, LONGEST_TITLE, LONGEST_DESCRIPTION = 10, 32, 128
Json = dict[str, Any]


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        return {name: found.read(name) for name in found.namelist()}


def commands(manifest: Json) -> list[Json]:
    (bot,) = manifest["bots"]
    (listed,) = bot["commandLists"]
    assert listed["scopes"] == bot["scopes"] == ["personal", "team"]
    found: list[Json] = listed["commands"]
    return found


def test_a_package_holds_the_manifest_and_both_icons_and_nothing_else() -> None:
    files = opened(app_package(APP, DOMAIN))
    assert list(files) == ["manifest.json", "color.png", "outline.png"]
    manifest = json.loads(files["manifest.json"])
    assert (manifest["id"], manifest["bots"][0]["botId"], manifest["validDomains"]) == (APP, APP, [DOMAIN])
    assert manifest["developer"]["privacyUrl"] == f"https://{DOMAIN}/"
    assert {"APP_ID", "DOMAIN", "RELEASE"}.isdisjoint(files["manifest.json"].decode().split('"'))


def test_the_same_app_gives_the_same_bytes() -> None:
    assert app_package(APP, DOMAIN) == app_package(APP, DOMAIN)
    assert app_package(APP, DOMAIN) != app_package(APP, "other.example.com")
    assert app_package(APP, DOMAIN, "1.2.3") != app_package(APP, DOMAIN, "1.2.4")


def test_the_version_is_three_numbers() -> None:
    version = json.loads(opened(app_package(APP, DOMAIN))["manifest.json"])["version"]
    assert [part.isdigit() for part in version.split(".")] == [True] * 3


def test_each_command_is_one_of_ours_worded_as_help_words_it() -> None:
    says = {usage.line.split()[0]: usage.says for usage in USAGES if not usage.terminal_only}
    listed = commands(filled_in(APP, DOMAIN, "1.0.0"))
    assert {command["title"]: command["description"] for command in listed} == {
        command["title"]: says[command["title"]] for command in listed
    }


def test_the_manifest_keeps_to_the_limits_of_its_schema() -> None:
    manifest = filled_in(APP, DOMAIN, "1.0.0")
    listed = commands(manifest)
    assert len(listed) <= MOST_COMMANDS
    assert all(len(command["title"]) <= LONGEST_TITLE for command in listed)
    assert all(len(command["description"]) <= LONGEST_DESCRIPTION for command in listed)
    name: Any = manifest["name"]
    description: Any = manifest["description"]
    assert (len(name["short"]) <= 30, len(name["full"]) <= 100) == (True, True)
    assert (len(description["short"]) <= 80, len(description["full"]) <= 4_000) == (True, True)


def test_the_icons_have_the_sizes_and_colours_that_teams_asks_for() -> None:
    files = opened(app_package(APP, DOMAIN))
    colour = Image.open(io.BytesIO(files["color.png"])).convert("RGBA")
    outline = Image.open(io.BytesIO(files["outline.png"])).convert("RGBA")
    assert (colour.size, outline.size) == ((192, 192), (32, 32))
    assert [band.getextrema() for band in colour.split()][3] == (255, 255)
    assert [band.getextrema() for band in outline.split()] == [(255, 255), (255, 255), (255, 255), (0, 255)]


@pytest.mark.parametrize("app_id", ["", "x", APP.upper().replace("9", "A"), f"{APP}0", f'{APP[:-1]}"'])
def test_something_else_than_an_app_id_is_refused(app_id: str) -> None:
    with pytest.raises(UserError, match="is no application id"):
        app_package(app_id, DOMAIN)


@pytest.mark.parametrize("domain", ["", "localhost", "https://x.example", "x.example/", 'a".example', "a" * 64 + ".io"])
def test_something_else_than_a_domain_is_refused(domain: str) -> None:
    with pytest.raises(UserError, match="is no domain"):
        app_package(APP, domain)


def test_an_installation_without_the_folder_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(package, "FOLDERS", (tmp_path / "nowhere",))
    with pytest.raises(UserError, match="install Gatehouse anew"):
        app_package(APP, DOMAIN)
