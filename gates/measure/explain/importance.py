"""How much worse do a model's answers get when it is not told a feature? As facts, for all rows and for groups."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gates.importance_facts import FeatureImportance, Importance
from gates.measure.classes import MISSING, Codes, key, keys_of, recoded
from gates.measure.explain.asked import ImportanceAsked, Predict
from gates.measure.explain.jackknife import dealt, jackknifed
from gates.measure.explain.relations import related
from gates.measure.explain.scoring_rules import Rule, worsening
from gates.measure.explain.shuffled import Plan, affordable, planned, stacked
from gates.measure.explain.taking import taken
from gates.measure.rounding import rounded
from gates.measure.rows import Floats, numbers
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import View
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, REGRESSION
from gates.refusal import UserError
from gates.wording import count, listed

LEAST_IN_GROUP = 100
LEAST_OF_CLASS = 20
"""Below so many rows, or rows of the rarer class, the jackknife's twenty groups hold too little each."""
MOST_GROUPS = 20
ROUNDING = 1e-13
"""Smaller drops are the rounding of a mean over the repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What the model said, and what is true."""

    rule: Rule
    sign: int
    labels: Floats
    plain: Floats
    shuffled: Floats
    """Shape (features, repeats, rows)."""
    groups: Codes
    """The jackknife's."""
    classes: bool

    def drop(self, place: int, rows: Codes) -> float:
        """Return one feature's mean drop over the repeats, on some rows."""
        labels = self.labels[rows]
        plain = self.rule(labels, self.plain[rows])
        without = [self.rule(labels, answers[rows]) for answers in self.shuffled[place]]
        worse = self.sign * (plain - sum(without) / len(without))
        return worse if abs(worse) > ROUNDING * max(1.0, abs(plain)) else 0.0


def importance(engine: Engine, view: View, asked: ImportanceAsked, predict: Predict) -> Importance:
    """Return each feature's importance; the same bytes for the same rows and seed, in whatever order the rows lie.

    `predict` is called once. Raises `UserError` for a column that is not there; what cannot be measured is a `problem`.
    """
    for column in (asked.label, *asked.features, *asked.by):
        view.column(column)
    if not asked.features:
        raise UserError("No feature was named: name the columns that the model is given.")
    try:
        return _measured(engine, view, asked, predict)
    except UnusableError as unusable:
        return Importance(metric=asked.metric, problem=str(unusable))


def _measured(engine: Engine, view: View, asked: ImportanceAsked, predict: Predict) -> Importance:
    rule, sign = worsening(asked.task, asked.metric)
    rows, repeats = affordable(len(asked.features), asked.repeats, asked.most_rows)
    columns = tuple(dict.fromkeys((*asked.features, asked.label, *asked.by)))
    labelled = f"{name(asked.label)} IS NOT NULL"
    table = taken(engine, view, columns, most=rows, seed=asked.seed, where=labelled)
    labels = _labels(table.column(asked.label), asked)
    kept = np.flatnonzero(~np.isnan(labels))
    table, labels = table.take(kept), labels[kept]
    if not len(labels):
        raise UnusableError(f"no row has a value in the label {asked.label}.")
    plan = planned(asked.features, rows=len(labels), repeats=repeats, seed=asked.seed)
    answers = _answers(table, plan, predict)
    said = _Answers(
        rule=rule,
        sign=sign,
        labels=labels,
        plain=answers[0],
        shuffled=answers[1:].reshape(len(plan.features), repeats, len(labels)),
        groups=dealt(
            np.zeros(len(labels), np.int64) if asked.task == REGRESSION else labels.astype(np.int64), asked.seed
        ),
        classes=asked.task != REGRESSION,
    )
    relations = related(table, plan.features)
    of = engine.reduce(f"SELECT count(*) AS n FROM {view.name} WHERE {labelled}").to_pylist()[0]["n"]  # noqa: S608 - quoted
    return Importance(
        metric=asked.metric,
        value=rounded(rule(labels, said.plain)),
        rows=plan.rows,
        rows_of=of,
        repeats=repeats,
        scored=plan.asked,
        features=(*_ranked(said, plan, relations), *_of_groups(said, plan, table, asked)),
        warnings=_warnings(plan, asked, relations, of),
    )


def _labels(column: Any, asked: ImportanceAsked) -> Floats:  # noqa: ANN401 - a pyarrow ChunkedArray
    """Return the labels as the rules want them; NaN for what is no label."""
    if asked.task == REGRESSION:
        found = numbers(column, f"the label {asked.label}")
        return np.where(np.isfinite(found), found, np.nan)
    names, codes = keys_of(column, f"the label {asked.label}")
    if asked.task == BINARY:
        return np.asarray(codes == names.index(_positive(names, asked)), dtype=np.float64)
    places = np.where(codes == MISSING, np.nan, recoded(codes, names, asked.classes))
    return np.asarray(places, dtype=np.float64)


def _positive(names: list[str], asked: ImportanceAsked) -> str:
    wanted = "1" if asked.positive is None else key(asked.positive)
    if wanted not in names:
        raise UnusableError(
            f"the label {asked.label} is never {wanted}, the positive class; it is {listed(tuple(names))}."
        )
    return str(wanted)


def _answers(table: Any, plan: Plan, predict: Predict) -> Floats:  # noqa: ANN401 - a pyarrow Table
    """Ask the model once; return its answers, one copy of the rows a line."""
    answers = np.asarray(predict(stacked(table, plan)), dtype=np.float64)
    if answers.shape != (plan.asked,):
        raise UnusableError(f"the model gave {answers.size:,} answers; expected {plan.asked:,}, one for each row.")
    if not np.isfinite(answers).all():
        raise UnusableError("some of the model's answers are no finite numbers.")
    return answers.reshape(-1, plan.rows)


def _ranked(said: _Answers, plan: Plan, relations: dict[str, tuple[str, ...]]) -> list[FeatureImportance]:
    everyone = np.arange(plan.rows)
    found = [
        _feature(said, place, everyone, FeatureImportance(feature=one, rows=plan.rows, correlated_with=relations[one]))
        for place, one in enumerate(plan.features)
    ]
    return sorted(found, key=lambda one: (-(one.drop if one.drop is not None else -np.inf), one.feature))


def _of_groups(said: _Answers, plan: Plan, table: Any, asked: ImportanceAsked) -> list[FeatureImportance]:  # noqa: ANN401 - a pyarrow Table
    found = []
    for feature in asked.by:
        names, codes = keys_of(table.column(feature), f"the sensitive feature {feature}")
        largest = sorted(range(len(names)), key=lambda place: (-int((codes == place).sum()), names[place]))
        for group in sorted(largest[:MOST_GROUPS]):
            rows = np.flatnonzero(codes == group)
            for place, one in enumerate(plan.features):
                blank = FeatureImportance(feature=one, group_feature=feature, group=names[group], rows=len(rows))
                found.append(_feature(said, place, rows, blank))
    return found


def _feature(said: _Answers, place: int, rows: Codes, blank: FeatureImportance) -> FeatureImportance:
    """Fill in the drop, and its interval where there are rows enough for one."""
    few = _too_few(said, rows)
    if few:
        return blank.model_copy(update={"drop": rounded(said.drop(place, rows)), "too_few": few})
    found = jackknifed(lambda some: said.drop(place, some), rows, said.groups)
    if found is None:
        return blank.model_copy(update={"too_few": "The metric is not defined without some of the rows."})
    numbers_ = {"drop": rounded(found.value), "low": rounded(found.low), "high": rounded(found.high)}
    return blank.model_copy(update=numbers_)


def _too_few(said: _Answers, rows: Codes) -> str:
    if len(rows) < LEAST_IN_GROUP:
        return f"{count(len(rows), 'row')}; intervals hold from {LEAST_IN_GROUP} on."
    if not said.classes:
        return ""
    classes, counts = np.unique(said.labels[rows], return_counts=True)
    rarer = int(counts.min())
    if len(classes) == 1 or (len(classes) == 2 and rarer < LEAST_OF_CLASS):  # noqa: PLR2004 - two classes
        rarer = 0 if len(classes) == 1 else rarer
        return f"{count(rarer, 'row')} of the rarer class; intervals hold from {LEAST_OF_CLASS} on."
    return ""


def _warnings(
    plan: Plan, asked: ImportanceAsked, relations: dict[str, tuple[str, ...]], labelled: int
) -> tuple[str, ...]:
    said = []
    if plan.rows < labelled or plan.repeats < asked.repeats:
        said.append(
            f"{count(plan.rows, 'row')} of {labelled:,} and {count(plan.repeats, 'repeat')}: the model was asked for "
            f"{plan.asked:,} rows, and at most {asked.most_rows:,} were allowed."
        )
    tied = tuple(feature for feature in plan.features if relations[feature])
    if tied:
        said.append(
            f"{listed(tied)} go along with other features: shuffling one alone makes rows that do not occur, and the "
            "model may know it from the others: its importance can be too small or too large."
        )
    return tuple(said)
