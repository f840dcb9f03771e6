"""Which rows stand for a side, whatever the order of the rows and the number of threads?

Rows whose content, hashed in plain SQL, falls below a threshold: the same rows on every run, and on another engine.
Copies of a row are taken or left together; where rows repeat so much that few distinct ones are found, more are taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gates.measure.drift.arrays import wholes
from gates.measure.drift.numeric import numeric
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Column, Engine, View

PRIME = 2_147_483_647
"""2^31 - 1: a product of two residues fits 64 bits."""
FACTORS = (1_181_783_497, 1_583_458_089, 1_823_231_111, 2_025_147_979)
"""Linear hashing modulo a prime is universal (Carter and Wegman 1979, section 3); a square breaks its lattices."""
SCALE = 1_048_573.0
HEAVY = 0.01
"""A row that repeats so often that it alone is this share of a sample cannot be taken or left as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Distinct rows in an order of their content."""

    columns: Mapping[str, Any]
    """Arrow columns of distinct rows: doubles, or texts."""
    places: NDArray[np.int64]
    """What each row's content was hashed to: the same for the same content, on both sides."""
    counts: NDArray[np.int64]
    """How often each row stands in the sample."""
    left_out: int
    """Rows that are copies of a row too frequent for a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hash:
    """How a row's content becomes its place from 0 to `PRIME`, as SQL."""

    of_row: str
    """Of the view's columns."""
    place: str = "hashed"
    """Of `hashed`, which is what `of_row` gave."""


def sampled(engine: Engine, view: View, columns: Sequence[Column], place: Hash, most: int) -> Sample:
    """Return about `most` rows of a view, or all it has when they are fewer."""
    share = min(1.0, 1.5 * most / max(view.rows, 1))
    table = _taken(engine, view, columns, (place, share, most))
    while share < 1.0 and len(table) < most // 2:
        share = min(1.0, share * 4)
        table = _taken(engine, view, columns, (place, share, most))
    counts = wholes(table["rows"])
    heavy = (counts > max(1.0, HEAVY * most)) & (share < 1.0)
    return Sample(
        columns={column.name: table[f"value_{at}"].filter(~heavy) for at, column in enumerate(columns)},
        places=wholes(table["place"])[~heavy],
        counts=counts[~heavy],
        left_out=int(counts[heavy].sum()),
    )


def _taken(engine: Engine, view: View, columns: Sequence[Column], how: tuple[Hash, float, int]) -> Any:  # noqa: ANN401 - Arrow
    place, share, most = how
    values = ", ".join(f"{_value(column)} AS value_{at}" for at, column in enumerate(columns))
    rows = f"SELECT {place.of_row} AS hashed, {values} FROM {view.name}"  # noqa: S608 - quoted
    names = ", ".join(f"value_{at}" for at in range(len(columns)))
    rows = f"SELECT {place.place} AS place, {names} FROM ({rows})"  # noqa: S608 - quoted
    return engine.reduce(
        f"SELECT *, count(*) AS rows FROM ({rows}) WHERE place <= {int(share * PRIME)} GROUP BY ALL "  # noqa: S608 - quoted
        f"ORDER BY ALL LIMIT {4 * most}"
    )


def _value(column: Column) -> str:
    number = numeric(column)
    return f"CAST({name(column.name)} AS VARCHAR)" if number is None else f"CAST({number} AS DOUBLE)"


def of_numbers(columns: Sequence[Column]) -> Hash:
    """Hash a row by some of its numbers, which should have many values."""
    parts = [_residue(column) for column in columns[: len(FACTORS)]]
    total = " + ".join(f"({part} * {factor}) % {PRIME}" for part, factor in zip(parts, FACTORS, strict=False))
    return Hash(of_row=f"({total}) % {PRIME}", place=f"(hashed * hashed % {PRIME} * {FACTORS[0]} + hashed) % {PRIME}")


def _residue(column: Column) -> str:
    """Return a number as a residue: 31 bits of the fraction of a multiple of it."""
    number = f"CAST({numeric(column)} AS DOUBLE)"
    scaled = f"(CASE WHEN abs({number}) < 1e300 THEN {number} END * {SCALE!r} / 1000003.0)"
    return f"coalesce(CAST(floor(({scaled} % 1e0 + 1e0) % 1e0 * {PRIME - 1}.0) AS BIGINT), 7)"


def of_content(columns: Sequence[Column]) -> Hash:
    """Hash a row by everything in it, of whichever kind."""
    parts = [f"coalesce({_text(column)}, chr(1))" for column in columns]
    digits = [f"position(substr(hashed, {at}, 1) IN '123456789abcdef') * {8 * 16 ** (7 - at)}" for at in range(1, 8)]
    return Hash(of_row=f"md5({' || chr(2) || '.join(parts)})", place=" + ".join(digits))


def _text(column: Column) -> str:
    number = numeric(column)
    return f"CAST({name(column.name) if number is None else number} AS VARCHAR)"
