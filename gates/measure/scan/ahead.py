"""How are many small reductions of the same columns made in a few queries?

Each query of its own would be planned, and scan, alone: the processors wait for one another, and at a hundred thousand
rows that takes longer than the counting.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gates.measure.scan.arrays import array
from gates.measure.scan.engine import Engine
from gates.measure.scan.source import Source
from gates.measure.scan.view import View

AT_ONCE = 8
"""Queries that are made together; each holds a part of its columns in memory."""


class Ahead:
    """An engine that has the answers to some queries already."""

    def __init__(self, engine: Engine, found: dict[str, Any]) -> None:
        """Take an engine, and tables by the queries that they answer."""
        self._engine = engine
        self._found = found

    def view(self, as_: str, source: Source, *, said: str = "") -> View:
        """Open rows under a name."""
        return self._engine.view(as_, source, said=said)

    def derive(self, as_: str, query: str, *, said: str = "", kept: bool = False) -> View:
        """Give a query's rows a name."""
        return self._engine.derive(as_, query, said=said, kept=kept)

    def reduce(self, query: str) -> Any:  # noqa: ANN401 - a pyarrow Table
        """Return a query's rows, ordered by all its columns."""
        known = self._found.get(query)
        return self._engine.reduce(query) if known is None else known


def ahead(engine: Engine, queries: Sequence[str]) -> Engine:
    """Answer queries whose tables have the same columns, of the same types, and return an engine that knows it."""
    wanted = list(dict.fromkeys(queries))
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found |= dict(zip(some, _together(engine, some), strict=True))
    return Ahead(engine, found)


def _together(engine: Engine, queries: Sequence[str]) -> Iterator[Any]:
    """Yield each query's table: ordered by all columns, the first of which says whose row it is."""
    if len(queries) == 1:
        yield engine.reduce(queries[0])
        return
    parts = (f"SELECT {place} AS of_query, * FROM ({query})" for place, query in enumerate(queries))  # noqa: S608 - ours
    table = engine.reduce(" UNION ALL ".join(parts))
    whose = array(table.column("of_query"))
    ends = np.searchsorted(whose, np.arange(len(queries)), side="right").tolist() if len(whose) else [0] * len(queries)
    rest = table.select([name for name in table.column_names if name != "of_query"])
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield rest.slice(start, end - start)
