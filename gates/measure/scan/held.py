"""How does an engine read rows that are held in memory?"""

from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.distinct import distinct
from gates.measure.scan.failures import first_lines
from gates.measure.scan.parquet_files import reading as reading_parquet
from gates.measure.scan.session import Reading, Session
from gates.measure.scan.source import Held
from gates.refusal import UserError


def reading(held: Held, session: Session) -> Reading:
    """Return how to read a DataFrame or an Arrow table; a stream, which is read once, is copied to a file."""
    import pyarrow as pa  # noqa: PLC0415 - heavy

    rows = _arrow(held)
    distinct(held.name, rows.schema.names)
    if isinstance(rows, pa.RecordBatchReader):
        return reading_parquet([session.streamed(rows, held.name)], session)
    return Reading(query=f"SELECT * FROM {name(session.lent(rows))}")  # noqa: S608 - quoted


def _arrow(held: Held) -> Any:  # noqa: ANN401 - an Arrow Table, Dataset or RecordBatchReader
    import pyarrow as pa  # noqa: PLC0415 - heavy
    from pyarrow.dataset import Dataset  # noqa: PLC0415 - heavy

    rows = held.rows
    if isinstance(rows, (pa.Table, pa.RecordBatchReader, Dataset)):
        return rows
    if isinstance(rows, pa.RecordBatch):
        return pa.Table.from_batches([rows])
    if type(rows).__module__.partition(".")[0] == "pandas":
        return _from_pandas(held)
    if hasattr(rows, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(rows)
    raise UserError(f"{held.name} is a {type(rows).__name__}: give a pandas DataFrame or an Arrow table.")


def _from_pandas(held: Held) -> Any:  # noqa: ANN401 - a pyarrow Table
    import pyarrow as pa  # noqa: PLC0415 - heavy

    distinct(held.name, map(str, held.rows.columns))
    try:
        return pa.Table.from_pandas(held.rows, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise UserError(f"{held.name} has a column that is not of one type: {first_lines(error)}") from error
