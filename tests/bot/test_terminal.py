"""The command line: one command in, one reply and one exit code out."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.terminal.main import main
from bot.terminal.mishap import write_down
from bot.terminal.options import Options, split_options
from bot.terminal.out import Out
from tests.bot.small_house import SmallHouse

ROOT = Path(__file__).parents[2]
Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["status"], 0),
        (["help"], 0),
        (["promote", "--help"], 0),
        (["approve", "P1", "--as", "alice"], 1),
        (["promote", "broken", "1", "to", "staging", "--as", "bob"], 1),
        (["promot", "churn"], 2),
        (["promote", "unknown", "1", "to", "staging", "--as", "bob"], 2),
        (["status", "--config", "nowhere.yaml"], 2),
        (["status", "--as"], 2),
        (["help", "promot"], 2),
        (["promote", "churn", "7", "to", "staging", "--as", "bob"], 3),
        (["promote", "asleep", "1", "to", "staging", "--as", "bob"], 4),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
@pytest.mark.usefixtures("folder")
def test_the_exit_code_tells_a_shell_how_it_ended(
    argv: list[str], code: int, house: SmallHouse, capsys: Captured
) -> None:
    assert main(argv, open_house=house.open) == code
    people = capsys.readouterr()
    assert main([*argv, "--json"], open_house=house.open) == code
    programs = capsys.readouterr()
    document = json.loads(programs.out)
    assert "Traceback" not in people.out + people.err + programs.err
    assert ("error" in document) == (code == 2 or bool(people.err and code != 3))
    if "error" in document:
        assert document["code"] == code
        assert people.out == ""


@pytest.mark.usefixtures("folder")
def test_a_reply_is_on_standard_output_and_progress_beside_it(house: SmallHouse, capsys: Captured) -> None:
    main(["promote", "churn", "v7", "to", "staging", "--as", "bob"], open_house=house.open)
    shown = capsys.readouterr()
    assert shown.out == "waiting: P1 promotes churn 7 to staging for bob.\n"
    assert shown.err == "Fetching churn 7\n"


@pytest.mark.usefixtures("folder")
def test_json_is_exactly_one_document_without_progress(house: SmallHouse, capsys: Captured) -> None:
    main(["--json", "promote", "churn", "7", "to", "staging", "--as", "bob"], open_house=house.open)
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"id": "P1", "state": "waiting"}
    assert shown.err == ""


@pytest.mark.usefixtures("folder")
def test_a_bug_is_written_down_under_a_name_that_the_person_sees(
    house: SmallHouse, capsys: Captured, folder: Path
) -> None:
    assert main(["promote", "broken", "1", "to", "staging"], open_house=house.open) == 1
    (log,) = (folder / "workspace/logs").iterdir()
    assert log.stem in capsys.readouterr().err
    assert "ZeroDivisionError: a bug" in log.read_text(encoding="utf-8")
    assert house.closed == 1


@pytest.mark.usefixtures("folder")
def test_nobody_is_believed_to_be_someone_where_the_settings_do_not_say_so(
    house: SmallHouse, capsys: Captured, folder: Path
) -> None:
    app = folder / "app.yaml"
    app.write_text(app.read_text().replace("unsafe_asserted_identity: true\n", ""), encoding="utf-8")
    assert main(["approve", "P1", "--as", "bob"], open_house=house.open) == 2
    assert "unsafe_asserted_identity" in capsys.readouterr().err
    assert house.heard == []


@pytest.mark.usefixtures("folder")
def test_the_login_may_come_from_the_environment_and_the_line_wins(
    house: SmallHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLOPS_AS", "carol")
    main(["status"], open_house=house.open)
    main(["--as=bob", "status"], open_house=house.open)
    assert [request.speaker.account for request in house.heard] == ["carol", "bob"]
    assert {request.speaker.assurance for request in house.heard} == {"asserted"}
    assert len({request.message_id for request in house.heard}) == 2


def test_without_a_workspace_the_person_is_told_how_to_get_one(
    house: SmallHouse, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["promote", "churn", "7", "to", "staging"], open_house=house.open) == 2
    assert "mlops demo" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_common_options_may_stand_anywhere_but_not_inside_a_reason() -> None:
    argv = ["--json", "reject", "--as", "bob", "P1", "--reason", "--json", "--config=a.yaml"]
    assert split_options(argv, {}) == (
        Options(as_json=True, login="bob", config="a.yaml"),
        ["reject", "P1", "--reason", "--json"],
    )


def test_other_peoples_text_cannot_act_on_the_terminal() -> None:
    shown = io.StringIO()
    Out(stdout=shown, stderr=shown).progress("\x1b[2Jchurn\r\x07 is \u202efine")
    assert shown.getvalue() == "[2Jchurn is fine\n"


def test_long_lines_are_folded_under_their_indentation_and_columns_are_left_whole() -> None:
    from bot.exchange import ExitCode, Reply  # noqa: PLC0415 - only here

    shown = io.StringIO()
    columns = "a  " + "b" * 60
    text = f"  fairness: {'word ' * 12}\n{columns}"
    Out(stdout=shown, width=40, colours=True).reply(Reply(text=text, code=ExitCode.DONE))
    first, second, *_, last = shown.getvalue().splitlines()
    assert first.startswith("  fairness: word")
    assert second.startswith("    word")
    assert last == columns


def test_outcomes_are_coloured_where_colours_are_wanted() -> None:
    from bot.exchange import ExitCode, Reply  # noqa: PLC0415 - only here

    shown = io.StringIO()
    Out(stdout=shown, colours=True).reply(Reply(text="- pass comparison\nplain", code=ExitCode.DONE))
    assert shown.getvalue() == "- \x1b[32mpass\x1b[0m comparison\nplain\n"


def mlops(*argv: str, cwd: Path) -> "subprocess.Popen[str]":
    code = "import sys; from bot.terminal.main import run; sys.exit(run())"
    return subprocess.Popen(
        [sys.executable, "-c", code, *argv],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys; from bot.terminal.main import main; main(['--help'])\n"
        "heavy = {'pydantic', 'yaml', 'argparse', 'json', 'asyncio', 'socket', 'bot.commands', 'bot.settings'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    env = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=env, check=True
    )
    assert done.stderr == "[]\n"


def test_a_reader_that_stops_reading_ends_it_quietly(tmp_path: Path) -> None:
    process = mlops("help", cwd=tmp_path)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.wait(20) in {0, 141}
    assert process.stderr.read() == ""
    process.stderr.close()
    if process.stdin:
        process.stdin.close()


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_outputs_that_are_closed_are_written_nowhere(tmp_path: Path, closed: str) -> None:
    code = "import sys; from bot.terminal.main import run; sys.exit(run())"
    line = f'"{sys.executable}" -c "{code}" help promote {closed}'
    done = subprocess.run(
        ["sh", "-c", line], cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert bool(done.stdout) is (closed == "2>&-")


def test_ctrl_c_ends_it_cleanly(folder: Path) -> None:
    with mlops("console", cwd=folder) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("help promote\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("promote MODEL")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in out + err


def test_a_bug_without_a_workspace_makes_none(tmp_path: Path) -> None:
    said = write_down(ZeroDivisionError("a bug"), logs=tmp_path / ".gatehouse/logs", doing="mlops init")
    assert list(tmp_path.iterdir()) == []
    log = Path(said.partition("The details are in ")[2].partition(";")[0])
    assert "ZeroDivisionError: a bug" in log.read_text(encoding="utf-8")
    log.unlink()
    log.parent.rmdir()
