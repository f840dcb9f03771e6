"""How is a model that we do not trust asked about rows that we made up, to explain it?

Importance and explanations ask through a port, `Predict`; here it is the isolated scorer. A process of a model takes
one table and ends, so each measurement asks once, with all its rows stacked into one table. The scorer keeps the
answers: asked again, it starts nothing.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from gates.digest import file_digest
from gates.importance_facts import Explanation, Importance
from gates.metric import BINARY, REGRESSION
from gates.refusal import UserError
from gates.wording import listed
from workflows.scoring import Scorer, ScoringJob

MOST_ROWS = 100_000
"""Rows that a promotion asks a model for, all shuffled copies included, beside the evaluation itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One version, the data it is asked about, and what its answers mean."""

    job: ScoringJob
    """As the evaluation was scored: its data, its features, its limits."""
    label: str
    positive: JsonValue = None
    """Positive class of a binary task; None means 1 of 0 and 1."""
    seed: int = 0
    most_rows: int = MOST_ROWS


def importance_of(scorer: Scorer, question: Question, *, metric: str, by: tuple[str, ...] = ()) -> Importance:
    """Return the permutation importance of the version's features, for one more process of it.

    Never raises for what the model does: that is the facts' `problem`. The rows scored are at most `most_rows`, or the
    features times the repeats times the rows of the data, whichever is less.
    """
    from gates.measure.explain import ImportanceAsked, importance  # noqa: PLC0415 - numpy loads with it
    from gates.measure.scan.engine import opened  # noqa: PLC0415 - as above
    from gates.measure.scan.source import Files  # noqa: PLC0415 - as above

    job = question.job
    classes = _classes(question)
    asked = ImportanceAsked(
        task=job.task,
        label=question.label,
        features=job.features,
        metric=metric,
        positive=question.positive,
        classes=classes,
        by=by,
        most_rows=question.most_rows,
        seed=question.seed,
    )
    with opened() as engine, tempfile.TemporaryDirectory(prefix="gatehouse-importance-") as folder:
        view = engine.view("data", Files(paths=(job.data,)), said="the evaluation data")
        return importance(engine, view, asked, _Asking(scorer, question, Path(folder), classes).answers)


def explanation_of(scorer: Scorer, question: Question, *, row: int, of: JsonValue = None) -> Explanation:
    """Return the Shapley values of the version's answer for one row of the data, its place counted from 0.

    `of` names the class whose probability is explained; by default the positive one. Raises `UserError` where there is
    no such row, or the version does not answer.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    from gates.measure.explain import ExplanationAsked, explain_row  # noqa: PLC0415 - numpy loads with it
    from gates.measure.explain.taking import taken  # noqa: PLC0415 - as above
    from gates.measure.scan.engine import opened  # noqa: PLC0415 - as above
    from gates.measure.scan.source import Files  # noqa: PLC0415 - as above
    from gates.measure.unusable import UnusableError  # noqa: PLC0415 - as above

    job = question.job
    wanted = _wanted(question, of)
    asked = ExplanationAsked(
        features=job.features, of=_said(question, wanted), most_rows=question.most_rows, seed=question.seed
    )
    with opened() as engine, tempfile.TemporaryDirectory(prefix="gatehouse-explanation-") as folder:
        view = engine.view("data", Files(paths=(job.data,)), said="the evaluation data")
        for name in job.features:
            view.column(name)
        if not 0 <= row < view.rows:
            raise UserError(f"There is no row {row}: the data have {view.rows:,}, counted from 0.")
        background = taken(engine, view, job.features, most=asked.background, seed=question.seed)
        asking = _Asking(scorer, replace(question, positive=wanted), Path(folder), ())
        try:
            explained = pq.read_table(job.data, columns=list(job.features)).slice(row, 1)
            return explain_row(explained, background.cast(explained.schema), asked, asking.answers)
        except UnusableError as unusable:
            raise UserError(f"The model ({job.version.version}) cannot be explained: {unusable}") from unusable


def _wanted(question: Question, of: JsonValue) -> JsonValue:
    wanted = question.positive if of is None else of
    if question.job.task not in {BINARY, REGRESSION} and wanted is None:
        raise UserError("Which class is to be explained? Name one of them.")
    return wanted


def _said(question: Question, wanted: JsonValue) -> str:
    if question.job.task == REGRESSION:
        return "the prediction"
    return f"the probability of {question.label} = {1 if wanted is None else wanted}"


def _classes(question: Question) -> tuple[str, ...]:
    """Return the keys of a multiclass label, in order; nothing for other tasks."""
    if question.job.task in {BINARY, REGRESSION}:
        return ()
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    from gates.measure.classes import keys_of  # noqa: PLC0415 - numpy loads with it

    return tuple(keys_of(pq.read_table(question.job.data, columns=[question.label]).column(0), "the label")[0])


class _Asking:
    """The port `Predict` over a scorer: a table in, a number for each row out."""

    def __init__(self, scorer: Scorer, question: Question, folder: Path, classes: tuple[str, ...]) -> None:
        self._scorer, self._question, self._folder, self._classes = scorer, question, folder, classes

    def answers(self, table: Any) -> Any:  # noqa: ANN401 - a pyarrow Table in, a numpy array out
        """Score a table; raises `UnusableError` with the cause when the version does not answer."""
        import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

        from gates.measure.unusable import UnusableError  # noqa: PLC0415 - numpy loads with its package

        path = self._folder / "rows.parquet"
        pq.write_table(table, path, compression="zstd")
        scored = self._scorer.score(replace(self._question.job, data=path, data_sha256=file_digest(path)))
        if scored.answers is None:
            status = scored.scoring.status.value.replace("_", " ")
            raise UnusableError(
                f"the version did not answer for {table.num_rows:,} rows: {status}, {scored.scoring.detail}"
            )
        return self._numbers(pq.read_table(scored.answers))

    def _numbers(self, answers: Any) -> Any:  # noqa: ANN401 - as above
        """Return what is asked of the answers: a number, a place among classes, or a probability."""
        from gates.measure.rows import numbers  # noqa: PLC0415 - numpy loads with it

        task = self._question.job.task
        if task == REGRESSION:
            return numbers(answers.column("prediction"), "the prediction")
        if self._classes:
            return self._places(answers.column("prediction"))
        return self._probability(answers)

    def _places(self, prediction: Any) -> Any:  # noqa: ANN401 - a pyarrow ChunkedArray in, a numpy array out
        from gates.measure.classes import keys_of, recoded  # noqa: PLC0415 - numpy loads with it

        names, codes = keys_of(prediction, "the prediction")
        return recoded(codes, names, self._classes).astype(float)

    def _probability(self, answers: Any) -> Any:  # noqa: ANN401 - a pyarrow Table in, a numpy array out
        """Return the wanted class's probability; of a version that gives none, 1 for this class and 0 for others."""
        from gates.measure.classes import key, keys_of  # noqa: PLC0415 - numpy loads with it
        from gates.measure.rows import numbers  # noqa: PLC0415 - as above
        from gates.measure.unusable import UnusableError  # noqa: PLC0415 - as above

        wanted = key(1 if self._question.positive is None else self._question.positive)
        scores = {key(name.removeprefix("score_")): name for name in answers.column_names if name.startswith("score_")}
        if wanted in scores:
            return numbers(answers.column(scores[wanted]), scores[wanted])
        prediction = answers.column("prediction")
        if not scores and str(prediction.type) == "double":  # the probability of whichever class is the positive one
            return numbers(prediction, "the prediction")
        names, codes = keys_of(prediction, "the prediction")
        if scores:
            raise UnusableError(f"it never answers {wanted}, but {listed(tuple(sorted(map(str, scores))))}.")
        return (codes == (names.index(wanted) if wanted in names else len(names))).astype(float)
