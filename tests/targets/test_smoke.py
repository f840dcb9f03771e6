"""Does the smoke test believe only a server that answers every row?"""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.target import Smoke
from workflows.targets.loopback import one_line
from workflows.targets.smoke import plain, smoke


class Scorer:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, b"", b""


@pytest.fixture
def scorer() -> Iterator[tuple[Scorer, int]]:
    told = Scorer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.asked = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(told.status)
            self.end_headers()
            self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield told, server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return parquet(
        tmp_path, "SELECT * FROM (VALUES (1, 0.5::DOUBLE, 'a', true), (NULL, 'nan', NULL, NULL)) t(n, x, s, b)"
    )


def parquet(folder: Path, query: str) -> Path:
    path = folder / "rows.parquet"
    with duckdb.connect() as connection:
        connection.sql(query).write_parquet(str(path))
    return path


def answered(scorer: tuple[Scorer, int], example: Path, body: object, status: int = 200) -> Smoke:
    scorer[0].status = status
    scorer[0].body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return smoke(scorer[1], example, seconds=5.0)


def test_rows_travel_with_their_own_types_and_missing_values_as_null(scorer: tuple[Scorer, int], rows: Path) -> None:
    found = answered(scorer, rows, {"predictions": [0, 1]})
    assert found == Smoke(passed=True, detail="It answered 2 example rows with 2 predictions.")
    data = '[[1, 0.5, "a", true], [null, null, null, null]]'
    assert scorer[0].asked.decode() == f'{{"dataframe_split": {{"columns": ["n", "x", "s", "b"], "data": {data}}}}}'


@pytest.mark.parametrize(
    ("predictions", "passed"),
    [
        ([0, 1], True),
        ([{"score": 0.1}, {"score": 0.2}], True),
        ({"label": [0, 1], "score": [0.1, 0.9]}, True),
        ([0], False),
        ([0, 1, 1], False),
        ([0, None], False),
        ([float("nan"), 1.0], False),
        ({"label": [0, 1], "score": [0.1]}, False),
        ({}, False),
        ("01", False),
        (None, False),
    ],
)
def test_only_one_prediction_for_each_row_will_do(
    scorer: tuple[Scorer, int], rows: Path, predictions: object, *, passed: bool
) -> None:
    assert answered(scorer, rows, {"predictions": predictions}).passed is passed


def test_a_wrong_count_is_said_in_numbers(scorer: tuple[Scorer, int], rows: Path) -> None:
    found = answered(scorer, rows, {"predictions": [1, 1, 1]})
    assert found == Smoke(passed=False, detail="/invocations answered 2 example rows with 3 predictions.")


def test_a_failing_model_is_quoted_with_the_last_line_of_its_trace(scorer: tuple[Scorer, int], rows: Path) -> None:
    trace = "Traceback (most recent call last):\n  File x\nKeyError: 'income'\n"
    found = answered(scorer, rows, {"error_code": "BAD_REQUEST", "message": "Encountered.", "stack_trace": trace}, 400)
    assert found == Smoke(passed=False, detail="/invocations answered with HTTP status 400: KeyError: 'income'")


def test_an_error_without_a_trace_gives_its_message_and_anything_else_its_text(
    scorer: tuple[Scorer, int], rows: Path
) -> None:
    schema = answered(scorer, rows, {"message": "No such\ncolumn", "stack_trace": None}, 400)
    assert schema.detail == "/invocations answered with HTTP status 400: No such column"
    text = answered(scorer, rows, b"\x1b[31mno\x00", 500)
    assert text.detail == "/invocations answered with HTTP status 500: [31mno"


def test_the_rows_that_mlflow_repeats_in_its_message_are_not_shown(scorer: tuple[Scorer, int], rows: Path) -> None:
    message = "Failed to predict data '  race 0 black'. \\nError: Model is missing inputs ['income']."
    found = answered(scorer, rows, {"message": message}, 400)
    assert found.detail == "/invocations answered with HTTP status 400: Model is missing inputs ['income']."


@pytest.mark.parametrize("body", [b"fine", b"[1, 2]", b'{"outputs": [1, 2]}', b"\xff"])
def test_an_answer_of_another_kind_is_shown(scorer: tuple[Scorer, int], rows: Path, body: bytes) -> None:
    found = answered(scorer, rows, body)
    assert not found.passed
    assert found.detail.startswith("/invocations did not answer with predictions, but with: ")


def test_an_answer_without_end_is_cut_off(
    scorer: tuple[Scorer, int], rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workflows.targets.smoke.ANSWER_LIMIT", 1000)
    found = answered(scorer, rows, b" " * 5000)
    assert found == Smoke(passed=False, detail="/invocations gave an answer of more than 1000 bytes.")


def test_a_server_that_listens_and_says_nothing_is_not_waited_for(rows: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = smoke(silent.getsockname()[1], rows, seconds=0.2)
    assert found == Smoke(passed=False, detail="/invocations gave no answer within 0.2 s.")


def test_nothing_there_is_a_failure(rows: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    found = smoke(port, rows, seconds=1.0)
    assert found == Smoke(passed=False, detail="/invocations gave no answer (ConnectionRefusedError).")


def test_without_example_rows_the_detail_admits_it() -> None:
    assert smoke(1, None, seconds=1.0).detail == "It answers /ping; there were no example rows to try it with."


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05+00:00"),
        (Decimal("1.50"), 1.5),
        (b"\x00\xff", "AP8="),
        ([1, float("nan")], [1, None]),
        ({"a": (Decimal(2),)}, {"a": [2.0]}),
    ],
)
def test_what_json_has_no_word_for_is_written_as_the_protocol_does(value: object, written: object) -> None:
    assert plain(value) == written


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_any_value_becomes_json_without_nan(value: object) -> None:
    constants: list[str] = []
    json.loads(json.dumps(plain(value)), parse_constant=constants.append)
    assert "NaN" not in constants


@given(st.text())
def test_foreign_text_is_shown_on_one_short_printable_line(text: str) -> None:
    shown = one_line(text)
    assert len(shown) <= 200
    assert shown.isprintable()
