"""In which group is each row, as text?"""

from collections.abc import Sequence

from gates.measure.preparing.asked import Asked
from gates.measure.preparing.columns import floating, held
from gates.measure.scan.dialect import name
from gates.measure.scan.view import Column, Kind, View
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

MISSING_GROUP = "(missing)"
WHOLE = "9007199254740992"
"""2^53: up to it, a whole number of a DOUBLE is written without a point."""


def grouped(view: View, features: Sequence[str]) -> str:
    """Return SQL that names a row's group, `black,female` for two features; raises `UnusableError`."""
    try:
        parts = [_group(view.column(feature)) for feature in features]
    except UserError as error:
        raise UnusableError(str(error)) from error
    separated = ", ',', ".join(parts)
    return f"concat({separated})" if parts[1:] else parts[0]


def _group(column: Column) -> str:
    """Name a group by its value; a whole float loses its point: a missing value elsewhere made it a float."""
    said = name(column.name)
    if column.type.strip('"') == "NULL":
        return f"'{MISSING_GROUP}'"
    if column.kind is Kind.OTHER:
        raise UnusableError(f"{column.name} holds {held(column)}; groups need single values.")
    if column.kind is Kind.TRUTH:
        return f"CASE WHEN {said} IS NULL THEN '{MISSING_GROUP}' WHEN {said} THEN 'True' ELSE 'False' END"
    if floating(column):
        whole = f"abs({said}) <= {WHOLE} AND floor({said}) = {said}"
        texts = f"WHEN {whole} THEN CAST(CAST({said} AS BIGINT) AS VARCHAR) ELSE CAST({said} AS VARCHAR)"
        return f"CASE WHEN {said} IS NULL OR isnan({said}) THEN '{MISSING_GROUP}' {texts} END"
    return f"coalesce(CAST({said} AS VARCHAR), '{MISSING_GROUP}')"


def groups_of(view: View, asked: Asked) -> tuple[dict[str, str], dict[str, str]]:
    """Return in SQL the groups' columns, `group_0` and so on, and the problems of features that have none."""
    found, problems = {}, {}
    for at, features in enumerate(asked.by):
        try:
            found[f"group_{at}"] = grouped(view, features)
        except UnusableError as error:
            problems[",".join(features)] = str(error)
    return found, problems
