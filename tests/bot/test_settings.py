"""app.yaml: what it may say, and what is said about its mistakes."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings, default_text, load_settings, settings_of
from bot.settings_problem import SettingsError
from gates.refusal import UserError
from tests.conversation import Golden

ROOT = Path(__file__).parents[2]
SMALL = """\
targets: {local: {}}
projects:
  - name: lending
    repository: repo.git
    registry: {uri: "sqlite:///mlflow.db", aliases: {production: champion}}
    targets: {staging: local, production: local}
"""
BROKEN = {
    "an unknown key": SMALL + "workspase: x\n",
    "an unknown key deeper down": SMALL.replace("repository:", "repositry:"),
    "a value of the wrong kind": SMALL + "server: {port: many}\n",
    "no YAML": "projects: [\n",
    "a list": "- projects\n",
    "a key twice": SMALL + "targets: {other: {}}\n",
    "nothing": "",
    "no project": "targets: {}\nprojects: []\n",
    "two projects of one name": SMALL + SMALL.split("projects:\n")[1],
    "a target that is not described": SMALL.replace("local, production", "locl, production"),
    "an environment without a target": SMALL.replace("{staging: local, production: local}", "{staging: local}"),
    "an alias of no environment": SMALL.replace("{production: champion}", "{prod: champion}"),
    "a name that is no slug": SMALL.replace("lending", "Lending Team"),
    "belief in --as beyond this machine": SMALL + "unsafe_asserted_identity: true\nserver: {host: 0.0.0.0}\n",
    "Slack, which is not there yet": SMALL + "slack: {token: x}\n",
}


def test_the_embedded_default_is_the_repositorys_app_yaml() -> None:
    assert default_text() == (ROOT / "app.yaml").read_text(encoding="utf-8")


def test_what_app_yaml_shows_is_what_is_meant_when_it_is_left_out(tmp_path: Path) -> None:
    shown = settings_of(default_text(), where="app.yaml", folder=tmp_path).model_dump()
    left_out = Settings.model_validate(
        {"targets": shown["targets"], "projects": shown["projects"]}, context={"folder": tmp_path}
    ).model_dump()
    differing = {name for name in shown if shown[name] != left_out[name]}
    assert differing == {"unsafe_asserted_identity"}


def test_every_setting_is_described_in_app_yaml() -> None:
    text = default_text()
    schema = Settings.model_json_schema()
    sections = [schema, *schema["$defs"].values()]
    names = {name for section in sections for name in section.get("properties", {})}
    assert {name for name in names if f"{name}:" not in text} == set()


def test_relative_paths_are_relative_to_the_current_folder(tmp_path: Path) -> None:
    settings = settings_of(SMALL, where="app.yaml", folder=tmp_path)
    (project,) = settings.projects
    assert settings.workspace == tmp_path / ".gatehouse"
    assert settings.database_url == f"sqlite:///{tmp_path}/.gatehouse/gatehouse.db"
    assert project.folder == tmp_path / "repo.git"
    assert project.registry.uri == f"sqlite:///{tmp_path}/mlflow.db"
    assert project.alias("staging") == "staging"
    assert project.alias("production") == "champion"


def test_a_registry_elsewhere_keeps_its_address(tmp_path: Path) -> None:
    text = SMALL.replace("sqlite:///mlflow.db", "https://mlflow.example")
    assert settings_of(text, where="app.yaml", folder=tmp_path).projects[0].registry.uri == "https://mlflow.example"


def test_the_file_of_the_current_folder_is_used_then_the_embedded_default(tmp_path: Path) -> None:
    assert load_settings(None, folder=tmp_path).projects[0].name == "default"
    (tmp_path / "app.yaml").write_text(SMALL, encoding="utf-8")
    assert load_settings(None, folder=tmp_path).projects[0].name == "lending"
    with pytest.raises(SettingsError, match=r"nowhere\.yaml cannot be read"):
        load_settings(tmp_path / "nowhere.yaml", folder=tmp_path)


def test_mistakes_are_named_by_file_line_and_near_match(golden: Golden) -> None:
    def answer(what: str) -> str:
        with pytest.raises(SettingsError) as mistake:
            settings_of(BROKEN[what], where="app.yaml", folder=Path("/srv/gatehouse"))
        return str(mistake.value)

    path = Path(__file__).with_name("conversations") / "settings.txt"
    assert [line[2:] for line in path.read_text().splitlines() if line.startswith("> ")] == list(BROKEN)
    golden.conversation(path, answer)


def test_a_secret_is_read_from_the_variable_that_is_named(tmp_path: Path) -> None:
    settings = settings_of(SMALL + "receipts: {key_variable: GATE_KEY}\n", where="app.yaml", folder=tmp_path)
    assert settings.signing_pem({"GATE_KEY": "pem"}) == "pem"
    with pytest.raises(UserError, match="GATE_KEY, which is not set"):
        settings.signing_pem({})
    assert settings_of(SMALL, where="app.yaml", folder=tmp_path).signing_pem({}) is None


@given(st.text(max_size=300))
def test_no_text_ends_in_anything_but_settings_or_a_settings_error(text: str) -> None:
    for whole in (text, SMALL + text):
        with suppress(SettingsError):
            settings_of(whole, where="app.yaml", folder=Path("/srv"))
