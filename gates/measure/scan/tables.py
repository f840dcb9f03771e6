"""Which table of a database is meant?"""

from collections.abc import Iterable

from gates.measure.scan.near import near
from gates.refusal import UserError
from gates.wording import listed


def chosen(table: str, found: Iterable[tuple[str, str]], *, where: str, default: str) -> tuple[str, str]:
    """Return the schema and the name of a table that a person writes as `table` or `schema.table`.

    A name with a dot in it is the table's own, where there is one so called. `UserError` names near matches.
    """
    known = sorted(found)
    for schema, name in ((default, table), *_split(table)):
        if (schema, name) in known:
            return schema, name
    names = [name if schema == default else f"{schema}.{name}" for schema, name in known]
    if not names:
        raise UserError(f"{where} has no tables that can be read.")
    close = near(table, names)
    meant = f"did you mean {' or '.join(close)}?" if close else f"it has {listed(tuple(names))}."
    raise UserError(f"{where} has no table {table!r}; {meant}")


def _split(table: str) -> list[tuple[str, str]]:
    parts = table.split(".")
    return [(".".join(parts[:place]), ".".join(parts[place:])) for place in range(1, len(parts))]
