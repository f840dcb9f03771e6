"""Which rows belong to which group, and what did each model say of them? In SQL, with short names for everything."""

from collections.abc import Sequence
from dataclasses import dataclass

from gates.measure.prepared import Prepared
from gates.measure.scores.binning import lent
from gates.measure.scores.reading import columns, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A view's rows, by the values of one of its columns."""

    names: tuple[tuple[str, ...], ...]
    """The groups, by what they have in each column; their places are their numbers. One, (), for all rows together."""
    rows: str
    """A query: place (of the group), label, cluster where there are some, and each model's scores (see `scores`)."""
    classes: int
    models: int

    @property
    def binary(self) -> bool:
        """Whether a model gives one score for a row, that of the positive class."""
        return self.classes == 2  # noqa: PLR2004 - binary

    def scores(self, at: int) -> list[str]:
        """Return the columns of a model's scores: score_0 in a binary task, score_0_0, score_0_1, ... otherwise."""
        return [f"score_{at}"] if self.binary else [f"score_{at}_{place}" for place in range(self.classes)]

    def of_truth(self, at: int) -> str:
        """Return the score that a model gave to what came true, as SQL."""
        if self.binary:
            return f"CASE WHEN label = 1 THEN score_{at} ELSE 1 - score_{at} END"
        cases = " ".join(f"WHEN {place} THEN {score}" for place, score in enumerate(self.scores(at)))
        return f"CASE label {cases} END"

    def top(self, at: int) -> str:
        """Return the score of the event that is calibrated, as SQL: of several classes, the likeliest one."""
        return f"score_{at}" if self.binary else f"greatest({', '.join(self.scores(at))})"

    def came_true(self, at: int) -> str:
        """Return 1 where that event came true, as SQL; of equally likely classes the first is the top one."""
        if self.binary:
            return "label"
        cases = " ".join(f"WHEN {score} = {self.top(at)} THEN {place}" for place, score in enumerate(self.scores(at)))
        return f"CASE WHEN label = CASE {cases} END THEN 1 ELSE 0 END"

    @property
    def unequal(self) -> str:
        """Return whether the models' scores differ, as SQL."""
        pairs = zip(self.scores(0), self.scores(1), strict=True)
        return "(" + " OR ".join(f"{first} <> {second}" for first, second in pairs) + ")"


def grouped(prepared: Prepared, by: Sequence[str], *, view: str = "", also: Sequence[str] = ()) -> Grouped:
    """Number the groups that some columns of the view make, or put all rows into one.

    Another view may stand for the prepared one, of such rows as this returns, with further columns that are wanted.
    """
    classes, models = max(2, len(prepared.classes)), len(prepared.who)
    empty = Grouped(names=((),), rows="", classes=classes, models=models)
    models_scores = [(score, name) for at, who in enumerate(prepared.who)
                     for score, name in zip(columns(prepared, who), empty.scores(at), strict=True)]  # fmt: skip
    said = [name if view else f"{score} AS {name}" for score, name in models_scores]
    view = view or prepared.view
    clusters = [] if prepared.clusters is None else ["cluster"]
    wanted = ", ".join(["CAST(label AS BIGINT) AS label", *said, *clusters, *also])
    if not by:
        rows = f"SELECT CAST(0 AS BIGINT) AS place, {wanted} FROM {view}"  # noqa: S608 - our names
        return Grouped(names=((),), rows=rows, classes=classes, models=models)
    names = values(prepared, by)
    called = {f"called_{at}": [name[at] for name in names] for at in range(len(by))}
    table = lent(prepared, {**called, "place": list(range(len(names)))})
    same = " AND ".join(f"rows.{column} = named.called_{at}" for at, column in enumerate(by))
    rows = (
        f"SELECT named.place, {wanted} FROM {view} AS rows JOIN {table} AS named "  # noqa: S608 - our names
        f"ON {same}"
    )
    return Grouped(names=names, rows=rows, classes=classes, models=models)
