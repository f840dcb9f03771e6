"""Who is in the data, and what happens to each group of people?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gates.metric import BINARY
from gates.treatment_facts import GroupNumber, Treatment
from gates.wording import count, listed
from reports.pictures.levels import MOST as MOST_DRAWN
from reports.pictures.levels import Level, Told, levels
from reports.pictures.svg import svg
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    MOST_TABLES,
    NOTHING,
    Cell,
    Figure,
    Part,
    Row,
    Section,
    Table,
    begun,
    between,
    feature_name,
    group_name,
    metric_name,
    more,
    said,
    sentence,
    signed,
    signed_between,
)

FEW = "too few rows"
ERRORS = {
    BINARY: ("false_positive_rate", "false_negative_rate", "precision", "accuracy"),
}
"""What the errors of each group are told in; of other tasks, everything but what stands first."""
NO_ERRORS = "no group's errors are in the evidence."
NO_GROUPS = "no group could be measured, for the reason that stands above."


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All numbers, by feature, group and metric."""

    features: tuple[str, ...]
    metrics: tuple[str, ...]
    cells: dict[tuple[str, str, str], GroupNumber]
    rows: dict[str, tuple[str, ...]]
    """Groups by feature: the reference group first, then those that are furthest from it."""

    def of(self, feature: str, group: str, metric: str) -> GroupNumber | None:
        """Return one number."""
        return self.cells.get((feature, group, metric))


def groups_of(found: Treatment) -> Groups:
    """Arrange what was measured of groups."""
    cells = {(one.feature, one.group, one.metric): one for one in found.numbers}
    features = tuple(dict.fromkeys(one.feature for one in found.numbers))
    metrics = tuple(dict.fromkeys(one.metric for one in found.numbers))
    rows: dict[str, list[str]] = {feature: [] for feature in features}
    for feature, group in dict.fromkeys((one.feature, one.group) for one in found.numbers):
        rows[feature].append(group)
    made = Groups(features=features, metrics=metrics, cells=cells, rows={})
    ordered = {feature: tuple(sorted(names, key=_apart(made, feature))) for feature, names in rows.items()}
    return Groups(features=features, metrics=metrics, cells=cells, rows=ordered)


def _apart(found: Groups, feature: str) -> Callable[[str], tuple[bool, bool, float]]:
    """Order groups: the reference, then what is furthest from it in any rate, then what is too small to tell."""

    def key(group: str) -> tuple[bool, bool, float]:
        numbers = [one for metric in found.metrics if (one := found.of(feature, group, metric)) is not None]
        apart = max((abs(one.difference) for one in numbers if one.difference is not None), default=0.0)
        return not any(one.reference for one in numbers), all(map(is_small, numbers)), -apart

    return key


def is_small(one: GroupNumber | None) -> bool:
    """Has a group a number without an interval, for want of rows?"""
    return one is not None and one.challenger is not None and one.low is None


def value_cell(one: GroupNumber | None) -> Cell:
    """Show a group's own number, with its interval or why there is none."""
    if one is None or one.challenger is None:
        return Cell(text=NOTHING)
    return Cell(text=said(one.challenger), small=between(one.low, one.high) or FEW)


def difference_cell(one: GroupNumber | None) -> Cell:
    """Show how far a group is from the reference group."""
    if one is None or one.difference is None:
        return Cell(text=NOTHING)
    return Cell(text=signed(one.difference), small=signed_between(one.difference_low, one.difference_high) or FEW)


def ratio_cell(one: GroupNumber | None) -> Cell:
    """Show how a group's number compares with the reference group's."""
    if one is None or one.ratio is None:
        return Cell(text=NOTHING)
    return Cell(text=said(one.ratio), small=between(one.ratio_low, one.ratio_high) or FEW)


def head_of(found: Groups, feature: str, group: str) -> str:
    """Say of a group whether the others are compared with it, and whether it is small."""
    first = found.of(feature, group, found.metrics[0]) if found.metrics else None
    marks = ["reference"] if first is not None and first.reference else []
    if is_small(first):
        marks.append("small group")
    return ", ".join(marks)


Columns = tuple[tuple[str, str, Callable[[GroupNumber | None], Cell]], ...]
"""Heading, metric and how it is shown."""


def table(found: Groups, columns: Columns, source: Source, caption: str) -> Table:
    """Return all groups, feature by feature."""
    shown = found.features[:MOST_TABLES]
    parts = [Part(head=feature_name(feature), rows=tuple(_rows(found, feature, columns))) for feature in shown]
    notes = [_not_shown(source, feature, len(found.rows[feature])) for feature in shown]
    notes.append(more(len(shown), len(found.features), "feature", source.beside))
    return Table(
        caption=caption,
        columns=("group", *(heading for heading, _, _ in columns)),
        parts=tuple(part for part in parts if part.rows),
        notes=tuple(filter(None, notes)),
    )


def _not_shown(source: Source, feature: str, groups: int) -> str:
    left = more(MOST_ROWS, groups, "group", source.beside)
    return f"{feature_name(feature)}: the {MOST_ROWS} groups that tell most are shown; {left}" if left else ""


def _rows(found: Groups, feature: str, columns: Columns) -> Iterator[Row]:
    for group in found.rows[feature][:MOST_ROWS]:
        numbers = [found.of(feature, group, metric) for _, metric, _ in columns]
        if any(one is not None for one in numbers):
            cells = tuple(show(one) for one, (_, _, show) in zip(numbers, columns, strict=True))
            yield Row(head=group_name(group), small=head_of(found, feature, group), cells=cells)


def happening(source: Source, found: Groups) -> Section:
    """Tell how often each group is selected, or the task's first number."""
    title = "Groups and their intersections"
    if not found.metrics:
        return Section(id="groups", title=title, missing=_why(source))
    first = found.metrics[0]
    name = metric_name(first)
    columns: Columns = (
        (name, first, value_cell),
        ("difference", first, difference_cell),
        *((("ratio", first, ratio_cell),) if any(one.ratio is not None for one in found.cells.values()) else ()),
        *((("true positive rate", "true_positive_rate", value_cell),) if _tells(found, first) else ()),
    )
    return Section(
        id="groups",
        title=title,
        says=(_introduced(first), *_added(source.treatment)),
        figures=tuple(_figures(found, first)),
        tables=(table(found, columns, source, f"{begun(name)} of each group"),),
    )


def _tells(found: Groups, first: str) -> bool:
    return first != "true_positive_rate" and "true_positive_rate" in found.metrics


def _introduced(metric: str) -> str:
    told = {
        "selection_rate": "The selection rate is the share of a group that gets the positive answer, right or wrong.",
        "accuracy": "Selection rates take two classes; here, accuracy is the share of right answers in a group.",
    }.get(metric, f"Selection rates take two classes; here, groups are compared by {metric_name(metric)}.")
    if metric in {"true_positive_rate", "false_positive_rate", "false_negative_rate"}:
        told = "Only what the policy asks for was measured of groups."
    return f"{told} Differences and ratios are against the reference group, the largest one."


def _added(found: Treatment) -> Iterator[str]:
    if found.added:
        names = listed(tuple(map(feature_name, found.added)))
        yield f"Nobody named an intersection; {names} {'are' if found.added[1:] else 'is'} shown all the same."


def _figures(found: Groups, metric: str) -> Iterator[Figure]:
    """Draw the first metric of every group, features one below the other."""
    placed = ((feature, group) for feature in found.features for group in found.rows[feature])
    numbers = [one for feature, group in placed if (one := found.of(feature, group, metric)) is not None]
    known = [(one.challenger, one) for one in numbers if one.challenger is not None]
    if not known[1:]:
        return
    (low, lowest), (high, highest) = min(known, key=_first), max(known, key=_first)
    name, beyond = metric_name(metric), f", of {len(known):,}" if len(known) > MOST_DRAWN else ""
    told = Told(
        name="levels",
        title=f"{name} of each group",
        says=(
            f"{name} in {count(min(len(known), MOST_DRAWN), 'group')}{beyond}, with 95 % intervals where there are "
            f"enough rows. Lowest: {_level(lowest).name}, {said(low)}; highest: {_level(highest).name}, {said(high)}."
        ),
        axis=name,
    )
    if picture := levels(told, [_level(one) for one in numbers]):
        yield Figure(
            caption=f"{begun(name)} of each group, with 95 % intervals{beyond}", svg=svg(picture, within="picture-")
        )


def _first(pair: tuple[float, GroupNumber]) -> float:
    return pair[0]


def _level(one: GroupNumber) -> Level:
    where = "" if "," in one.feature else f"{feature_name(one.feature)}: "
    return Level(
        name=f"{where}{group_name(one.group)}",
        value=one.challenger,
        low=one.low,
        high=one.high,
        champion=one.champion,
    )


def _why(source: Source) -> str:
    if source.problems:
        return sentence(source.problems[0])
    if source.treatment.left_out:
        return sentence(source.treatment.left_out[0])
    return "no sensitive feature is named, or nothing was compared."


def errors(source: Source, found: Groups) -> Section:
    """Tell how often the model errs within each group, and how."""
    usual = ERRORS.get(source.task, found.metrics)
    metrics = tuple(name for name in usual if name in found.metrics and name != "expected_calibration_error")
    if not metrics:
        return Section(id="errors", title="Errors of each group", missing=NO_ERRORS if found.metrics else NO_GROUPS)
    columns = tuple((metric_name(name), name, value_cell) for name in metrics)
    return Section(
        id="errors",
        title="Errors of each group",
        says=tuple(_said_of_errors(metrics)),
        tables=(table(found, columns, source, "Errors of each group"),),
    )


def _said_of_errors(metrics: Sequence[str]) -> Iterator[str]:
    if "false_positive_rate" in metrics:
        yield (
            "The false positive rate is the share of those who should not be selected and are; the false negative rate "
            "is the share of those who should be selected and are not."
        )
    if "mean_error" in metrics:
        yield "The mean error is answer minus label: above zero, a group's answers are too high on average."
