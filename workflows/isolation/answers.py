"""What came back from a process that we do not trust, and can it be used?"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from gates.values import Value

LARGEST_STATUS = 1 << 18
BYTES_A_FILE, BYTES_A_ROW = 1 << 20, 1 << 10
"""Bounds on the answers' size; a row of a hundred probabilities has eight hundred bytes."""
LONGEST_LABEL = 1000
MOST_CLASSES = 1000
LONGEST_DETAIL = 300
FOLDERS = re.compile(r"(?<![\w:/.])/(?:[^\s/'\":,]+/)+")


class UnusableAnswerError(Exception):
    """What came back is not an answer; the text says why."""


class Status(Value):
    """How the runner says that it went; a model can forge it, and gains no more than answers of its own choice."""

    status: Literal["scored", "crashed", "wrong_shape", "out_of_memory"]
    detail: str = ""
    classes: tuple[int | float | bool | str, ...] = ()
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """How long it took to predict all rows at once, as the process says itself."""


def read_status(path: Path) -> Status | None:
    """Read the runner's status; None when there is none, or none that can be read."""
    content = _start(path, LARGEST_STATUS)
    if content is None:
        return None
    try:
        return Status.model_validate_json(content, strict=True)
    except ValidationError:
        return None


def accept(untrusted: Path, *, rows: int, task: str, classes: Sequence[object], into: Path) -> None:
    """Check the answers, and write them anew to `into`: same answers, same bytes. Raises `UnusableAnswerError`."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; only here is it needed
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    _check_size(untrusted, rows)
    try:
        _check_promises(pq.read_metadata(untrusted), rows=rows, task=task)
        # A dictionary stays one: a long label that is repeated often is not repeated in our memory.
        table = pq.ParquetFile(untrusted, read_dictionary=["prediction"]).read(use_threads=False)
        columns = {name: _checked(name, table[name]) for name in table.column_names}
    except (pa.ArrowException, OSError) as error:
        raise UnusableAnswerError(f"the answers are no readable Parquet file: {error}") from error
    note = {"classes": json.dumps(list(classes), ensure_ascii=False)}
    pq.write_table(pa.table(columns, metadata=note), into, compression="zstd")


def _check_size(untrusted: Path, rows: int) -> None:
    """Refuse a link, something that is no file, and more than answers for so many rows can take."""
    if untrusted.is_symlink() or not untrusted.is_file():
        raise UnusableAnswerError("it ended without answers")
    size, most = untrusted.stat().st_size, BYTES_A_FILE + rows * BYTES_A_ROW
    if size > most:
        raise UnusableAnswerError(f"{size:,} bytes of answers came; expected at most {most:,} for {rows:,} rows")


def _check_promises(footer: Any, *, rows: int, task: str) -> None:  # noqa: ANN401 - pyarrow has no types
    """Refuse what a footer promises, before any page is read: other rows or columns, or something to be unpacked."""
    if footer.num_rows != rows:
        raise UnusableAnswerError(f"{footer.num_rows} answers came; expected {rows}, one for each row")
    _check_columns(footer.schema.to_arrow_schema(), task)
    for group in map(footer.row_group, range(footer.num_row_groups)):
        if any(group.column(place).compression != "UNCOMPRESSED" for place in range(group.num_columns)):
            raise UnusableAnswerError("compressed answers came; expected plain ones")


def _check_columns(schema: Any, task: str) -> None:  # noqa: ANN401 - pyarrow has no types
    """Refuse columns that the task does not have, and kinds of values that no answer has."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; only here is it needed

    kinds = {pa.bool_(), pa.int64(), pa.float64(), pa.dictionary(pa.int32(), pa.string()), pa.string()}
    scores = r"(?!)" if task == "regression" else r"score_.+"
    names = list(schema.names)
    usable = names[:1] == ["prediction"] and len(set(names)) == len(names) <= MOST_CLASSES + 1
    if not usable or not all(re.fullmatch(scores, name, re.DOTALL) for name in names[1:]):
        raise UnusableAnswerError(f"columns {names[:5]} came; expected prediction, and scores where there are any")
    for field in schema:
        if field.type not in ({pa.float64()} if field.name != "prediction" else kinds):
            raise UnusableAnswerError(f"{field.name} came as {field.type}; expected numbers, text or booleans")


def _checked(name: str, values: Any) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return one column, if it has no gaps, no infinities, no endless labels and no impossible probabilities."""
    import pyarrow as pa  # noqa: PLC0415 - heavy; only here is it needed
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    values.validate(full=True)
    if values.null_count:
        raise UnusableAnswerError(f"{values.null_count} of {len(values)} values of {name} are missing")
    if pa.types.is_dictionary(values.type):
        longest = max((pc.max(pc.utf8_length(chunk.dictionary)).as_py() or 0 for chunk in values.chunks), default=0)
        if longest > LONGEST_LABEL:
            raise UnusableAnswerError(f"a label of {longest:,} characters came; expected at most {LONGEST_LABEL:,}")
        return values.cast(pa.string())
    if pa.types.is_floating(values.type):
        usable = (
            pc.and_(pc.greater_equal(values, 0), pc.less_equal(values, 1))
            if name != "prediction"
            else pc.is_finite(values)
        )
        wrong = len(values) - (pc.sum(usable).as_py() or 0)
        if wrong:
            what = "finite" if name == "prediction" else "a probability"
            raise UnusableAnswerError(f"{wrong} of {len(values)} values of {name} are not {what}")
    return values


def one_line(text: str) -> str:
    """Shorten what a model's process said to one line, without the folders of this machine."""
    line = FOLDERS.sub("", " ".join(text.split()))
    line = "".join(letter for letter in line if letter.isprintable())
    return line if len(line) <= LONGEST_DETAIL else f"{line[: LONGEST_DETAIL - 3]}..."


def _start(path: Path, most: int) -> bytes | None:
    """Read a small file; None when it is missing, a link, or larger."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > most:
        return None
    return path.read_bytes()
