"""How do columns as they were named become the view that all measurements read?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gates.measure.prepared import Prepared
from gates.measure.preparing.answers import Answered, named, with_numbers
from gates.measure.preparing.asked import Asked
from gates.measure.preparing.classified import classified, every_class, label_of
from gates.measure.preparing.columns import numeric, present
from gates.measure.preparing.grouping import groups_of
from gates.measure.preparing.numeric import numbers
from gates.measure.preparing.profile import Counted, Range, counted, ranges, totals
from gates.measure.preparing.selection import Selection, query
from gates.measure.preparing.task import is_quantity, of_classes, said_task
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, View
from gates.measure.unusable import UnusableError
from gates.metric import BINARY, ENTITIES, FORECASTING, ITEMS, MULTICLASS, MULTILABEL, QUANTILE, REGRESSION, TEXT


def prepare(engine: Engine, view: View, asked: Asked) -> Prepared:
    """Return the rows that count, under the names that measurements read.

    Raises `UserError` for a column that is not there, and `UnusableError` for what is in the columns.
    """
    task, plain = said_task(asked)
    if task in (MULTILABEL, ENTITIES):
        from gates.measure.tagged.prepare import prepare_tagged  # noqa: PLC0415 - it builds on this package

        return prepare_tagged(engine, view, asked)
    rows = counted(engine, view, asked, forecast=task == FORECASTING)
    looked = _Looked(engine=engine, view=view, asked=asked, rows=rows, ranges=_ranges(engine, view, asked, rows))
    task, selection, why = looked.selection(task)
    groups, problems = groups_of(view, asked)
    shown = {f"shown_{at}": view.columns[called] for at, called in enumerate(asked.shown) if called in view.columns}
    columns = {
        **selection.columns,
        **_carried(view, asked),
        **groups,
        **{called: name(column.name) for called, column in shown.items()},
    }
    return Prepared(
        engine=engine,
        view=query(view, columns, joins=selection.joins, where=rows.where),
        task=task,
        count=rows.rows,
        classes=selection.classes,
        only=selection.only,
        champion=asked.champion is not None,
        scored=selection.scored,
        score_problems=selection.score_problems,
        clusters=_clusters(engine, view, asked, rows),
        groups={",".join(some): f"group_{at}" for at, some in enumerate(asked.by) if f"group_{at}" in groups},
        group_problems=problems,
        carried=tuple(asked.carried),
        shown={column.name: replace(column, name=called) for called, column in shown.items()},
        history=_history(view, asked) if task == FORECASTING else "",
        season=asked.season,
        quantile=asked.quantile,
        left_out=rows.left_out,
        notes=tuple(_notes(task, plain or why, asked, selection.only)),
        seed=asked.seed,
    )


def _notes(task: str, why: str, asked: Asked, only: str | None) -> Iterator[str]:
    if why:
        yield f"The task is taken to be {task}, for {why}."
    if only is not None:
        yield f"The label {asked.label} has one class only ({only}): what takes another one cannot be told."


def _ranges(engine: Engine, view: View, asked: Asked, rows: Counted) -> dict[str, Range]:
    columns = [column for _, answer in asked.models for column in named(view, answer)]
    label = [] if asked.label is None else [view.column(asked.label)]
    return ranges(engine, view, rows, with_numbers([*label, *columns]))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What is known after one look at the columns."""

    engine: Engine
    view: View
    asked: Asked
    rows: Counted
    ranges: dict[str, Range]

    @property
    def models(self) -> list[Answered]:
        return [
            Answered(
                engine=self.engine,
                view=self.view,
                rows=self.rows,
                who=who,
                called=self.asked.called(who),
                answer=answer,
                ranges=self.ranges,
            )
            for who, answer in self.asked.models
        ]

    @property
    def label(self) -> Column:
        if self.asked.label is None:
            raise UnusableError("there is no label; only item scores need none.")
        return self.view.column(self.asked.label)

    def selection(self, task: str | None) -> tuple[str, Selection, str]:
        """Return the task, the columns of the view, and why it is that task if nobody said so."""
        if task == ITEMS:
            return task, numbers(task, None, self.models, None), ""
        if task in (REGRESSION, QUANTILE, FORECASTING):
            return task, self._numbers(task), ""
        if task is None and self.asked.task != TEXT and (why := is_quantity(self.asked, self.label, self.ranges)):
            return REGRESSION, self._numbers(REGRESSION), why
        return self._classes(task)

    def _classes(self, task: str | None) -> tuple[str, Selection, str]:
        if task not in (None, BINARY, MULTICLASS):
            raise UnusableError(f"{task} is not read from columns of classes.")
        _refuse_infinite(self.label, self.ranges)
        held, why = label_of(self.models[0], self.label.name), ""
        if task is None:
            scored = any(model.answer.scores or model.answer.score for model in self.models)
            many = len(every_class(held, self.models, self.asked.positive))
            task, why = of_classes(held, many, text=self.asked.task == TEXT, scored=scored)
        if task == REGRESSION:
            return task, self._numbers(task), why
        found = classified(task, held, self.models, self.asked.positive)
        return task, replace(found, only=held.names[0] if len(held.names) == 1 else None), why

    def _numbers(self, task: str) -> Selection:
        label = numeric(self.label, f"the label {self.label.name}")
        return numbers(task, label, self.models, self.ranges[label.name])


def _refuse_infinite(label: Column, ranges: Mapping[str, Range]) -> None:
    if label.name in ranges and ranges[label.name].infinite:
        raise UnusableError(f"the label {label.name} is infinite in some rows.")


def _carried(view: View, asked: Asked) -> dict[str, str]:
    cluster = {} if asked.cluster is None else {"cluster": name(view.plain(asked.cluster).name)}
    return cluster | {called: name(column) for called, column in asked.carried.items()}


def _clusters(engine: Engine, view: View, asked: Asked, rows: Counted) -> int | None:
    if asked.cluster is None:
        return None
    return int(totals(engine, view.name, rows.where, {"many": f"count(DISTINCT {name(asked.cluster)})"})["many"])


def _history(view: View, asked: Asked) -> str:
    """Return all rows with a label, answered or not."""
    label = view.column(str(asked.label))
    return query(view, {"label": name(label.name), **_carried(view, asked)}, where=present(label))
