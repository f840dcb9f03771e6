"""Which class is a label or a prediction, as SQL, the same on both sides whatever their types?"""

from gates.measure.classes import key
from gates.measure.scan.dialect import name, text
from gates.measure.scan.engine import Engine, View
from gates.measure.unusable import UnusableError

MOST = 500


def keys(engine: Engine, view: View, column: str) -> dict[str, str]:
    """Return each distinct value as text, and its class (`gates.measure.classes.key`); raises for too many."""
    value = f"CAST({name(column)} AS VARCHAR)"
    rows = f"SELECT DISTINCT {value} AS value FROM {view.name} WHERE {name(column)} IS NOT NULL LIMIT {MOST + 1}"  # noqa: S608 - quoted
    values = engine.reduce(rows)["value"].to_pylist()
    if len(values) > MOST:
        raise UnusableError(f"{column} in {view.said} has more than {MOST} values; classes have fewer.")
    found = {value: key(value) for value in values}
    return {value: called for value, called in found.items() if called is not None and called != "nan"}


def keyed(column: str, classes: dict[str, str]) -> str:
    """Return a column's class as SQL text; NULL where it is missing."""
    if not classes:
        return "CAST(NULL AS VARCHAR)"
    cases = " ".join(f"WHEN {text(value)} THEN {text(called)}" for value, called in sorted(classes.items()))
    return f"CASE CAST({name(column)} AS VARCHAR) {cases} END"
