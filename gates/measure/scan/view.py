"""What does a table have, by which names and of which kinds?"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from gates.refusal import UserError
from gates.wording import listed

MANY = 20


class Kind(Enum):
    """What a column holds, as far as measuring cares."""

    NUMBER = "number"
    TRUTH = "truth"
    TEXT = "text"
    TIME = "time"
    """Dates and timestamps, with and without a zone."""
    OTHER = "other"
    """Lists, structures, bytes, times of a day, durations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a view."""

    name: str
    type: str
    """As the engine calls it."""
    kind: Kind
    integer: bool
    """Whether it holds whole numbers only, by its type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Rows that an engine can read by a name."""

    name: str
    """In SQL, as it stands."""
    said: str
    """What messages call it, such as a file's name."""
    columns: Mapping[str, Column]
    rows: int
    files: tuple[Path, ...] = ()
    """Parquet files that have all of these rows, these columns and no more; empty where there are none."""

    def column(self, name: str) -> Column:
        """Return a column; `UserError` names near matches where there is none."""
        found = self.columns.get(name)
        if found is None:
            raise UserError(f"{self.said} has no column {name!r}{self._suggested(name)}.")
        return found

    def plain(self, name: str) -> Column:
        """Return a column of single values; `UserError` where there is none, or it holds lists or the like."""
        found = self.column(name)
        if found.kind is Kind.OTHER:
            raise UserError(
                f"Column {name!r} of {self.said} is of type {found.type}, "
                "which is neither number, truth value, text nor date: give a column of such."
            )
        return found

    def _suggested(self, name: str) -> str:
        from gates.measure.scan.near import near  # noqa: PLC0415 - only mistakes need it, and it is slow to import

        close, all_of_them = near(name, self.columns), listed(tuple(self.columns), most=MANY)
        return f"; did you mean {' or '.join(close)}? It has {all_of_them}" if close else f"; it has {all_of_them}"
