"""Does a log stay small, and does it tell why a server ended?"""

import os
from pathlib import Path

import pytest

from workflows.targets.journal import PIECE, Journal


def written(path: Path, text: bytes, *, limit: int = 1 << 20) -> Journal:
    reading, writing = os.pipe()
    journal = Journal(os.fdopen(reading, "rb"), path, limit=limit)
    with os.fdopen(writing, "wb") as output:
        output.write(text)
    journal.end()
    return journal


@pytest.mark.parametrize(
    ("said", "last_words"),
    [
        ("", "nothing"),
        ("loading\n\n", "loading"),
        ("Traceback (most recent call last):\nModuleNotFoundError: No module named 'skops'\n", "ModuleNotFoundError: "),
        ("mlflow.exceptions.MlflowException: no model\nINFO:     Bye\n", "mlflow.exceptions.MlflowException: no model"),
        ("ERROR:    [Errno 98] address already in use\nINFO:     Bye\n", "ERROR: [Errno 98] address already in use"),
        ("MemoryError\nlast\n", "MemoryError"),
    ],
)
def test_the_line_that_names_the_cause_is_preferred(tmp_path: Path, said: str, last_words: str) -> None:
    assert written(tmp_path / "a.log", said.encode()).last_words().startswith(last_words)


def test_a_talkative_server_fills_two_logs_at_most(tmp_path: Path) -> None:
    journal = written(tmp_path / "a.log", b"x" * 99 + b"\n" + (b"y" * 99 + b"\n") * 5000, limit=4 * PIECE)
    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert sizes.keys() == {"a.log", "a.old"}
    assert max(sizes.values()) <= 4 * PIECE
    assert journal.last_words() == "y" * 99
