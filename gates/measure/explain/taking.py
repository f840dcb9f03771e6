"""Which rows stand for all, when a model cannot be asked about all of them?"""

from typing import Any

from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import View


def taken(engine: Engine, view: View, columns: tuple[str, ...], *, most: int, seed: int, where: str = "") -> Any:  # noqa: ANN401 - a pyarrow Table
    """Return at most so many rows, drawn by a hash of their content: the same ones in whatever order the rows lie.

    Rows come in the order of their hash, equal rows side by side.
    """
    listed = ", ".join(map(name, columns))
    condition = f" WHERE {where}" if where else ""
    drawn = f"md5(concat_ws('|', {int(seed)}, CAST(hash({listed}) AS VARCHAR)))"
    query = f"SELECT {drawn} AS drawn, {listed} FROM {view.name}{condition} ORDER BY drawn, {listed} LIMIT {int(most)}"  # noqa: S608 - quoted names
    return engine.reduce(query).drop_columns(["drawn"])
