"""Does a started version answer its example rows with one prediction each?"""

import base64
import json
import math
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from pydantic import JsonValue

from workflows.target import Smoke
from workflows.targets.loopback import Answer, NoAnswerError, ask, one_line

ANSWER_LIMIT = 16 << 20


def smoke(port: int, example: Path | None, *, seconds: float) -> Smoke:
    """Ask the scoring server for predictions on the example; a failure names its cause in one line."""
    if example is None:
        return Smoke(passed=True, detail="It answers /ping; there were no example rows to try it with.")
    columns, rows = _read(example)
    try:
        answer = ask(port, "/invocations", body=_request(columns, rows), seconds=seconds, limit=ANSWER_LIMIT)
    except NoAnswerError as error:
        return Smoke(passed=False, detail=f"/invocations gave {error}.")
    problem = _problem(answer, len(rows))
    if problem:
        return Smoke(passed=False, detail=problem)
    return Smoke(passed=True, detail=f"It answered {len(rows)} example rows with {len(rows)} predictions.")


def _read(example: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    """Read columns and rows with the values' own types: whole numbers stay whole beside nulls."""
    import duckdb  # noqa: PLC0415 - heavy; only a smoke test reads rows here

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(example)])
        return [column[0] for column in found.description], found.fetchall()


def _request(columns: list[str], rows: list[tuple[object, ...]]) -> bytes:
    data = [[plain(value) for value in row] for row in rows]
    return json.dumps({"dataframe_split": {"columns": columns, "data": data}}).encode()


def plain(value: object) -> JsonValue:
    """Return a value as MLflow's scoring protocol writes it: NaN as null, bytes in base64, times in ISO 8601."""
    match value:
        case float():
            return None if math.isnan(value) else value
        case None | bool() | int() | str():
            return value
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case _:
            return _written(value)


def _written(value: object) -> JsonValue:
    """Return what JSON has no word for."""
    match value:
        case Decimal():
            return float(value)
        case bytes():
            return base64.b64encode(value).decode()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _problem(answer: Answer, rows: int) -> str:
    """Say in one line what is wrong with the answer; nothing when it is as it should be."""
    if answer.status != 200:  # noqa: PLR2004 - OK
        return f"/invocations answered with HTTP status {answer.status}: {_cause(answer.body)}"
    try:
        found = json.loads(answer.body)["predictions"]
    except (ValueError, TypeError, KeyError):
        return f"/invocations did not answer with predictions, but with: {_cause(answer.body)}"
    count = _predictions(found)
    if count != rows:
        return f"/invocations answered {rows} example rows with {count} predictions."
    return ""


def _predictions(found: object) -> int:
    """Count the rows that are answered for: by a list of rows, or by equally long lists, one an output."""
    if isinstance(found, dict):
        return min((_predictions(column) for column in found.values()), default=0)
    if not isinstance(found, list):
        return 0
    return sum(not _is_nothing(each) for each in found)


def _is_nothing(prediction: object) -> bool:
    return prediction is None or (isinstance(prediction, float) and math.isnan(prediction))


def _cause(body: bytes) -> str:
    """Return the message of an error answer, on one line and cut short; its text is the model's, not ours."""
    text = body.decode(errors="replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = None
    if isinstance(parsed, dict):
        # For a failing model MLflow's message is always the same, and the last line of the trace is the cause; for rows
        # that do not fit, it first repeats them, and data about people must not travel further.
        trace = str(parsed.get("stack_trace") or "").strip().splitlines()
        text = trace[-1] if trace else str(parsed.get("message") or text).rpartition("Error: ")[2]
    return one_line(text)
