"""How do columns of lists become rows of sets, with how many elements they share?"""

from collections.abc import Mapping
from typing import Any

from gates.measure.numbers.exact import one_row
from gates.measure.numbers.units import written
from gates.measure.prepared import LeftOut, Prepared
from gates.measure.preparing.asked import Asked
from gates.measure.preparing.grouping import groups_of
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Column, View
from gates.measure.tagged.columns import lengths_differ, told
from gates.measure.tagged.lists import distinct, entities, holds_null, shared, size, wrong_tags
from gates.measure.unusable import UnusableError
from gates.metric import ENTITIES, MULTILABEL
from gates.wording import count


def prepare_tagged(engine: Engine, view: View, asked: Asked, *, separator: str = "") -> Prepared:
    """Return the rows that count; the view's columns are not those of other tasks.

    `label`, `challenger` and `champion` are sets of texts (labels, or entities as type, place and length), `n_label`,
    `n_challenger`, ... their sizes, and `t_challenger`, ... how many elements the answer shares with the label.
    Raises `UserError` for a column that is not there, and `UnusableError` for what is in the columns.
    """
    if asked.task not in (MULTILABEL, ENTITIES):
        raise UnusableError(f"{asked.task} is not read from columns of lists.")
    columns = _columns(view, asked)
    lists = told(engine, view, columns, asked.task, separator)
    groups, problems = groups_of(view, asked)
    rows = _Rows(engine, view, asked, columns, groups)
    rows.checked(lists.lists)
    kept = written(engine, rows.query(lists.lists))
    return Prepared(
        engine=engine,
        view=kept.name,
        task=asked.task,
        count=kept.rows,
        champion=asked.champion is not None,
        score_problems={who: f"the {who} gives {_sets(asked.task)}, no probabilities." for who, _ in asked.models},
        clusters=_clusters(engine, kept.name) if asked.cluster else None,
        groups={",".join(some): f"group_{at}" for at, some in enumerate(asked.by) if f"group_{at}" in rows.carried},
        group_problems=problems,
        left_out=rows.left_out(kept.rows),
        notes=(lists.note,) if lists.note else (),
        seed=asked.seed,
    )


def _columns(view: View, asked: Asked) -> dict[str, Column]:
    if asked.label is None:
        raise UnusableError("there is no label; only item scores need none.")
    found = {"label": view.column(asked.label)}
    for who, answer in asked.models:
        if answer.prediction is None:
            raise UnusableError(f"the {asked.called(who)}'s answers have no column prediction.")
        found[who] = view.column(answer.prediction)
    return found


class _Rows:
    """The rows that have a label, and a cluster where one is asked for."""

    def __init__(
        self, engine: Engine, view: View, asked: Asked, columns: Mapping[str, Column], groups: Mapping[str, str]
    ) -> None:
        self.engine, self.view, self.columns, self.task = engine, view, columns, asked.task
        self.cluster = None if asked.cluster is None else name(view.plain(asked.cluster).name)
        self.carried = {**({} if self.cluster is None else {"cluster": self.cluster}), **groups}
        """Columns beside the lists, by their names, in SQL."""
        self.models = [who for who in columns if who != "label"]
        cluster = "" if self.cluster is None else f" AND {self.cluster} IS NOT NULL"
        self.where = f"{name(columns['label'].name)} IS NOT NULL{cluster}"

    def checked(self, lists: Mapping[str, str]) -> None:
        """Raise `UnusableError` unless both models answered for all rows, with lists that can be compared."""
        found = self._counted(lists)
        if not found["rows"]:
            raise UnusableError("no row has a label.")
        for who in self.models:
            if many := found[f"missing_{who}"]:
                raise UnusableError(f"the {who} gave no answer for {count(many, 'labelled row')}.")
        for who in self.columns:
            if many := found[f"null_{who}"]:
                raise UnusableError(f"the {who} has missing elements in the lists of {count(many, 'row')}.")
        if self.task == ENTITIES:
            self._sequences(found)

    def _sequences(self, found: Mapping[str, Any]) -> None:
        for who in self.models:
            if many := found[f"longer_{who}"]:
                rows = count(many, "row")
                raise UnusableError(f"label and {who} have lists of different lengths in {rows}.")
        for who in self.columns:
            if many := found[f"wrong_{who}"]:
                said = f"the {who} has tags such as {found[f'tag_{who}']!r} in {count(many, 'row')}"
                raise UnusableError(f"{said}: a tag is O, B-TYPE or I-TYPE (the scheme IOB2).")

    def _counted(self, lists: Mapping[str, str]) -> dict[str, Any]:
        """Count what is wrong, in one scan."""
        conditions = {f"missing_{who}": f"{name(self.columns[who].name)} IS NULL" for who in self.models}
        conditions |= {f"null_{who}": holds_null(tags) for who, tags in lists.items()}
        samples = {}
        if self.task == ENTITIES:
            conditions |= {f"longer_{who}": lengths_differ(lists["label"], lists[who]) for who in self.models}
            conditions |= {f"wrong_{who}": f"{size(wrong_tags(tags))} > 0" for who, tags in lists.items()}
            samples = {f"tag_{who}": f"min({wrong_tags(tags)}[1])" for who, tags in lists.items()}
        asked = {called: f"count(CASE WHEN {condition} THEN 1 END)" for called, condition in conditions.items()}
        view = f"{self.view.name} WHERE {self.where}"
        return one_row(self.engine, view, {"rows": "count(*)", **asked, **samples})

    def query(self, lists: Mapping[str, str]) -> str:
        """Return the sets and their sizes."""
        make = entities if self.task == ENTITIES else distinct
        beside = "".join(f", {sql} AS {called}" for called, sql in self.carried.items())
        read = ", ".join(f"{tags} AS {who}" for who, tags in lists.items())
        raw = f"(SELECT {read}{beside} FROM {self.view.name} WHERE {self.where})"  # noqa: S608 - quoted
        carried = "".join(f", {called}" for called in self.carried)
        sets = f"(SELECT {', '.join(f'{make(who)} AS {who}' for who in lists)}{carried} FROM {raw})"  # noqa: S608 - ours
        sizes = ", ".join(f"{size(who)} AS n_{who}" for who in lists)
        hits = ", ".join(f"{size(shared('label', who))} AS t_{who}" for who in self.models)
        return f"SELECT {', '.join(lists)}{carried}, {sizes}, {hits} FROM {sets}"  # noqa: S608 - ours

    def left_out(self, kept: int) -> tuple[LeftOut, ...]:
        """Return how many rows have no label, or no cluster."""
        reason = f"no value in the label {self.columns['label'].name}" + (" or no cluster" if self.cluster else "")
        return (LeftOut(reason=reason, rows=self.view.rows - kept),) if self.view.rows > kept else ()


def _sets(task: str) -> str:
    return "tags" if task == ENTITIES else "labels"


def _clusters(engine: Engine, view: str) -> int:
    return int(one_row(engine, view, {"many": "count(DISTINCT cluster)"})["many"])
