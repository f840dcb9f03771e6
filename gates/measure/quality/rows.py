"""Which rows, and which ids, occur twice, here or in the reference?

Rows are first compared by a hash of their most telling columns; only those that agree there are compared in full,
so that what is told does not rest on the hash.
"""

from collections.abc import Iterator

from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.finding import found
from gates.measure.quality.looked import Looked
from gates.measure.quality.outline import Outline, as_number
from gates.measure.scan.dialect import name
from gates.measure.scan.view import Kind
from gates.quality_facts import QualityFinding
from gates.wording import count, percent

TELLING = 3
"""Numbers with many different values tell rows apart; so many of them are hashed instead of all columns."""


def duplicate_rows(looked: Looked, asked: QualityAsked) -> Iterator[QualityFinding]:
    """Find rows that repeat another in every column but the id."""
    columns = [column for column in looked.outlines if column != asked.id]
    if not columns:
        return
    view, key = looked.view.name, _hash([name(column) for column in _telling(looked, columns)])
    twice = f"SELECT {key} AS h FROM {view} GROUP BY 1 HAVING count(*) > 1"  # noqa: S608 - quoted names
    if not _one(looked, f"SELECT count(*) AS n FROM ({twice})"):  # noqa: S608 - as above
        return
    listed = ", ".join(map(name, columns))
    same = f"SELECT count(*) AS n FROM {view} WHERE {key} IN ({twice}) GROUP BY {listed} HAVING count(*) > 1"  # noqa: S608 - as above
    rows = _one(looked, f"SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS n FROM ({same})")  # noqa: S608 - as above
    if rows:
        share = rows / looked.view.rows
        but = f" in all columns but {asked.id}" if asked.id else ""
        sentence = (
            f"{count(rows, 'row')} ({percent(share)}) repeat another{but}: drop the repetitions, or give rows an id."
        )
        yield found("duplicate_rows", sentence, value=share, rows=rows)


def duplicate_ids(looked: Looked, column: str) -> Iterator[QualityFinding]:
    """Find ids that several rows have."""
    quoted, view = name(column), looked.view.name
    twice = f"SELECT count(*) AS n FROM {view} WHERE {quoted} IS NOT NULL GROUP BY {quoted} HAVING count(*) > 1"  # noqa: S608 - quoted
    rows = _one(looked, f"SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS n FROM ({twice})")  # noqa: S608 - as above
    if rows:
        share = rows / looked.view.rows
        sentence = (
            f"{count(rows, 'row')} ({percent(share)}) have the id ({column}) of another row: keep one of each, "
            "or name it as the cluster if rows belong together."
        )
        yield found("duplicate_ids", sentence, column=column, value=share, rows=rows)


def shared_ids(looked: Looked, reference: Looked, column: str) -> Iterator[QualityFinding]:
    """Find ids that the reference has too."""
    here, there = looked.outlines[column], reference.outlines[column]
    if _apart(here, there):
        return
    whole = here.column.integer and there.column.integer
    quoted = name(column) if whole else f"CAST({name(column)} AS VARCHAR)"
    known = f"SELECT {quoted} FROM {reference.view.name} WHERE {quoted} IS NOT NULL"  # noqa: S608 - quoted
    rows = _one(looked, f"SELECT count(*) AS n FROM {looked.view.name} WHERE {quoted} IN ({known})")  # noqa: S608 - as above
    if rows:
        share = rows / looked.view.rows
        sentence = (
            f"{count(rows, 'row')} ({percent(share)}) have an id ({column}) that the reference has too: if the model "
            "was trained on it, leave these rows out."
        )
        yield found("shared_ids", sentence, column=column, value=share, rows=rows)


def _apart(here: Outline, there: Outline) -> bool:
    """Tell whether whole numbers begin in one table above where they end in the other: none can be in both."""
    if not (here.column.integer and there.column.integer) or not (here.valued and there.valued):
        return False
    bounds = (here.low, here.high, there.low, there.high)
    known = [bound for bound in bounds if bound is not None]
    return len(known) == len(bounds) and (known[1] < known[2] or known[3] < known[0])


def shared_rows(looked: Looked, reference: Looked, asked: QualityAsked) -> Iterator[QualityFinding]:
    """Find rows that the reference has too, in all the columns that both have."""
    here, there = _alike(looked, reference, asked)
    if not here:
        return
    telling = _telling(looked, list(here))
    keys = _hash([here[column] for column in telling]), _hash([there[column] for column in telling])
    known = f"SELECT {keys[1]} FROM {reference.view.name}"  # noqa: S608 - quoted names
    among = f"{keys[0]} IN ({known})"
    if not _one(looked, f"SELECT count(*) AS n FROM {looked.view.name} WHERE {among}"):  # noqa: S608 - as above
        return
    rows = _one(looked, _verified(looked, reference, (here, there), (among, keys[1], keys[0])))
    if rows:
        share = rows / looked.view.rows
        sentence = (
            f"{count(rows, 'row')} ({percent(share)}) are in the reference too, by all {count(len(here), 'column')} "
            "that both have: if the model was trained on it, leave these rows out."
        )
        yield found("shared_rows", sentence, value=share, rows=rows, columns=float(len(here)))


def _verified(
    looked: Looked, reference: Looked, columns: tuple[dict[str, str], dict[str, str]], keys: tuple[str, str, str]
) -> str:
    """Return the query that compares in full the rows whose hashes agree."""
    here, there = (", ".join(f"{sql} AS c{place}" for place, sql in enumerate(side.values())) for side in columns)
    among, key_there, key_here = keys
    ours = f"SELECT {here} FROM {looked.view.name} WHERE {among}"  # noqa: S608 - quoted names
    back = f"{key_there} IN (SELECT {key_here} FROM {looked.view.name})"  # noqa: S608 - as above
    theirs = f"SELECT DISTINCT {there} FROM {reference.view.name} WHERE {back}"  # noqa: S608 - as above
    same = " AND ".join(f"a.c{place} IS NOT DISTINCT FROM b.c{place}" for place in range(len(columns[0])))
    return f"SELECT count(*) AS n FROM ({ours}) a WHERE EXISTS (SELECT 1 FROM ({theirs}) b WHERE {same})"  # noqa: S608 - as above


def _alike(looked: Looked, reference: Looked, asked: QualityAsked) -> tuple[dict[str, str], dict[str, str]]:
    """Return the columns that rows are compared by, as SQL here and there: numbers of different types as doubles."""
    here, there = {}, {}
    for column, now in looked.outlines.items():
        before = reference.outlines.get(column)
        if before is None or column in {asked.id, *asked.answers} or before.column.kind is not now.column.kind:
            continue
        if before.column.type == now.column.type:
            here[column] = there[column] = name(column)
        elif now.column.kind is not Kind.OTHER:
            text = now.column.kind is Kind.TEXT
            here[column] = f"CAST({name(column)} AS VARCHAR)" if text else as_number(now.column)
            there[column] = f"CAST({name(column)} AS VARCHAR)" if text else as_number(before.column)
    return here, there


def _telling(looked: Looked, columns: list[str]) -> list[str]:
    """Return a few columns of very many values where there are as many; all of them otherwise."""
    many = [
        column
        for column in columns
        if (spread := looked.spreads.get(column)) is not None and spread.values is None and spread.width > 0
    ]
    many.sort(key=lambda column: -len(looked.spreads[column].cells))
    return many[:TELLING] if len(many) >= TELLING else columns


def _hash(columns: list[str]) -> str:
    return f"hash({', '.join(columns)})"


def _one(looked: Looked, query: str) -> int:
    return int(looked.engine.reduce(query).to_pylist()[0]["n"])
