"""Commands that a terminal carries out itself, through its front door."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.local_forge.repository import create_repository
from bot.settings import Settings
from bot.terminal.lock import InstallationLock
from bot.terminal.main import main
from storage.database import Database
from tests.bot.small_house import SmallHouse

Captured = pytest.CaptureFixture[str]
PEOPLE = b"""\
people:
  alice: {name: Alice, roles: [data-scientist]}
  bob: {name: Bob, roles: [governor]}
"""


@pytest.fixture
def ready(settings: Settings, folder: Path) -> Path:
    """A workspace with a database and a repository."""
    assert main(["db", "upgrade"]) == 0
    create_repository(settings.projects[0].folder, {"policies/people.yaml": PEOPLE}, at=1)
    return folder


def asked(capsys: Captured, *argv: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main([*argv, "--json"])
    document: dict[str, object] = json.loads(capsys.readouterr().out)
    return code, document


@pytest.mark.usefixtures("folder")
def test_the_database_is_brought_to_this_releases_schema_once(settings: Settings, capsys: Captured) -> None:
    code, first = asked(capsys, "db", "upgrade")
    assert (code, first["before"]) == (0, None)
    code, second = asked(capsys, "db", "upgrade")
    assert (code, second["before"], second["schema"]) == (0, first["schema"], first["schema"])
    assert Database(settings.database_url).current() == first["schema"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", [["db", "upgrade"], ["demo"], ["init"]], ids=" ".join)
def test_nobodys_workspace_is_changed_under_their_hands(
    settings: Settings, capsys: Captured, command: list[str]
) -> None:
    with InstallationLock(settings.workspace).hold("mlops serve"):
        code, document = asked(capsys, *command)
    assert code == 4
    assert "mlops serve" in str(document["error"])


def test_a_whole_trail_holds(ready: Path, capsys: Captured) -> None:
    with Database(f"sqlite:///{ready}/workspace/gatehouse.db").transaction() as work:
        work.ledger.append(kind="opened", project="default", subject="P1", key="P1", body={"by": "alice"}, at=1)
    code, report = asked(capsys, "audit", "verify")
    assert (code, report["holds"], report["entries"], report["problems"]) == (0, True, 1, [])


def test_a_changed_ledger_does_not_hold_and_each_problem_is_named(ready: Path, capsys: Captured) -> None:
    path = ready / "workspace/gatehouse.db"
    with Database(f"sqlite:///{path}").transaction() as work:
        work.ledger.append(kind="opened", project="default", subject="P1", key="P1", body={"by": "alice"}, at=1)
    with sqlite3.connect(path) as raw:
        triggers = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE ledger SET at = 2")
    raw.close()
    code, report = asked(capsys, "audit", "verify")
    assert (code, report["holds"]) == (1, False)
    assert report["problems"]


def test_receipts_without_their_key_are_not_believed(ready: Path, capsys: Captured) -> None:
    (ready / "workspace/receipts").mkdir()
    (ready / "workspace/receipts/P1.json").write_text("{}", encoding="utf-8")
    code, document = asked(capsys, "audit", "verify")
    assert code == 2
    assert "is gone" in str(document["error"])


def test_the_ledger_is_written_to_a_file_of_ones_choice(ready: Path, capsys: Captured) -> None:
    with Database(f"sqlite:///{ready}/workspace/gatehouse.db").transaction() as work:
        work.ledger.append(kind="opened", project="default", subject="P1", key="P1", body={"by": "alice"}, at=1)
    code, document = asked(capsys, "audit", "export", "ledger.jsonl")
    assert (code, document["entries"]) == (0, 1)
    assert json.loads((ready / "ledger.jsonl").read_text())["subject"] == "P1"
    assert asked(capsys, "audit", "export", "nowhere/ledger.jsonl")[0] == 2
    assert asked(capsys, "audit", "export", ".")[0] == 2


def test_the_doctor_finds_a_sound_installation_sound(ready: Path, capsys: Captured) -> None:
    code, report = asked(capsys, "doctor")
    assert (code, report["healthy"]) == (0, True), report
    assert main(["doctor"]) == 0
    shown = capsys.readouterr().out
    assert f"ok    the workspace {ready / 'workspace'} is its owner's alone" in shown
    assert "warn  the terminal believes --as LOGIN - set unsafe_asserted_identity: false" in shown


def test_the_doctor_names_what_is_wrong_and_what_to_do(ready: Path, capsys: Captured) -> None:
    hooks = ready / "workspace/repo.git/hooks"
    (hooks / "pre-receive").chmod(0o644)
    key = ready / "workspace/receipts.key"
    key.write_text("secret", encoding="utf-8")
    key.chmod(0o644)
    (ready / "workspace/gatehouse.db").unlink()
    code, report = asked(capsys, "doctor")
    checks = report["checks"]
    assert isinstance(checks, list)
    bad = [f"{check['text']} {check['todo']}" for check in checks if check["state"] == "bad"]
    assert code == 1
    assert len(bad) == 3
    assert any("has no hook pre-receive" in line for line in bad)
    assert any(f"chmod 600 {key}" in line for line in bad)
    assert any("mlops db upgrade" in line for line in bad)


def test_the_doctor_looks_at_an_empty_folder_without_making_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    code, report = asked(capsys, "doctor")
    assert (code, report["healthy"]) == (1, False)
    assert list(tmp_path.iterdir()) == []


def rulebook(folder: Path, files: dict[str, bytes]) -> str:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return str(folder)


def test_mistakes_of_a_rulebook_are_named_by_file_and_line(folder: Path, capsys: Captured) -> None:
    where = rulebook(folder / "rules", {"policies/people.yaml": b"people:\n  alice: {nmae: Alice}\n"})
    code, report = asked(capsys, "policy", "check", where)
    assert (code, report["sound"]) == (1, False)
    assert main(["policy", "check", where]) == 1
    assert "policies/people.yaml, line 2" in capsys.readouterr().out
    assert asked(capsys, "policy", "check", "nowhere")[0] == 2


@pytest.mark.usefixtures("folder")
def test_the_rulebook_on_main_is_looked_at_when_no_folder_is_named(house: SmallHouse, capsys: Captured) -> None:
    house.rulebook = {"policies/people.yaml": b"people:\n  alice: {nmae: Alice}\n"}
    assert main(["policy", "check"], open_house=house.open) == 1
    assert capsys.readouterr().out.startswith("default: the rulebook has ")


@pytest.mark.usefixtures("folder")
def test_rules_are_explained_in_words(house: SmallHouse, capsys: Captured) -> None:
    root = Path(__file__).parents[2] / "bot/demo/rulebook"
    pinned = (b"EVALUATION_SHA256", b"0" * 64)
    house.rulebook = {p.relative_to(root).as_posix(): p.read_bytes().replace(*pinned) for p in root.rglob("*.yaml")}
    assert main(["policy", "explain", "loan-approval", "production"], open_house=house.open) == 0
    assert "loan-approval in production: risk" in capsys.readouterr().out
    assert main(["policy", "explain", "nothing", "production"], open_house=house.open) == 2


def test_without_evidence_there_is_nothing_to_try_a_change_on(ready: Path, house: SmallHouse, capsys: Captured) -> None:
    people = b"rulebook: {governors: 1}\npeople:\n  alice: {name: Alice, roles: [governor]}\n"
    house.rulebook = {"policies/people.yaml": people}
    where = rulebook(ready / "rules", dict(house.rulebook))
    main(["policy", "check", where])
    code = main(["policy", "simulate", where], open_house=house.open)
    assert (code, "There is no evidence yet" in capsys.readouterr().out) == (0, True)


def test_looking_for_a_trail_in_an_empty_folder_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    code, document = asked(capsys, "audit", "verify")
    assert code == 2
    assert "error" in document
    assert list(tmp_path.iterdir()) == []
