"""Do scores mean the same for every group?"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gates.answer_facts import Answers, Reliability
from gates.metric import CLASSES, MULTICLASS
from gates.treatment_facts import GroupCalibration
from gates.wording import percent
from reports.pictures.curves import calibration as drawn
from reports.pictures.svg import svg
from reports.scorecard.groups import Groups, head_of, value_cell
from reports.scorecard.source import Source
from reports.scorecard.table import (
    MOST_ROWS,
    MOST_TABLES,
    Cell,
    Figure,
    Part,
    Row,
    Section,
    Table,
    between,
    feature_name,
    group_name,
    more,
    said,
    sentence,
)

TITLE = "Calibration of each group"
ERROR = "expected_calibration_error"
OF_TWO = "Where scores are calibrated, of a hundred people with a score of 0.7 about seventy turn out positive"
OF_SEVERAL = "Where scores are calibrated, of a hundred answers given with a probability of 0.7 about seventy are right"
SAYS = (
    ", in every group. The calibration error (ECE) is the mean distance between the two; of small groups it is above "
    "zero by chance alone."
)
MOST_DRAWN = 6
FEWEST = 50
"""Rows of a group whose diagram is drawn."""
FEWEST_IN_BIN = 5
"""Rows of a bin that is drawn: fewer say nothing."""


def calibration(source: Source, found: Groups) -> Section:
    """Tell what was said and what came true in each group."""
    known = [one for one in source.treatment.calibration if one.who == "challenger"]
    if not known:
        return Section(id="calibration", title=TITLE, missing=_why(source))
    return Section(
        id="calibration",
        title=TITLE,
        says=(f"{OF_SEVERAL if source.task == MULTICLASS else OF_TWO}{SAYS}",),
        figures=tuple(_figures(known)),
        tables=(_table(source, found, known),),
    )


def _why(source: Source) -> str:
    if source.task and source.task not in CLASSES:
        return f"calibration is of probabilities, and {source.task} has none; the mean errors stand above."
    said_why = next((line for line in source.treatment.left_out if "alibration" in line), "")
    return sentence(said_why) if said_why else "no probabilities of groups were measured."


def _table(source: Source, found: Groups, known: Sequence[GroupCalibration]) -> Table:
    features = tuple(dict.fromkeys(one.feature for one in known))
    champion = any(_of(found, one.feature, one.group) is not None for one in known)
    shown = {feature: _ordered(found, feature, known) for feature in features[:MOST_TABLES]}
    notes = [f"{feature_name(f)}: {more(MOST_ROWS, len(rows), 'group', source.beside)}" for f, rows in shown.items()]
    return Table(
        caption="What scores said, and what came true",
        columns=("group", "rows", "said, on average", "came true", "ECE", *(("champion's ECE",) if champion else ())),
        parts=tuple(
            Part(
                head=feature_name(feature), rows=tuple(_row(found, one, champion=champion) for one in rows[:MOST_ROWS])
            )
            for feature, rows in shown.items()
        ),
        notes=tuple(note for note, rows in zip(notes, shown.values(), strict=True) if len(rows) > MOST_ROWS),
    )


def _ordered(found: Groups, feature: str, known: Sequence[GroupCalibration]) -> list[GroupCalibration]:
    """Return a feature's groups as the other tables order them."""
    places = {group: place for place, group in enumerate(found.rows.get(feature, ()))}
    of = [one for one in known if one.feature == feature]
    return sorted(of, key=lambda one: places.get(one.group, len(places)))


def _of(found: Groups, feature: str, group: str) -> float | None:
    one = found.of(feature, group, ERROR)
    return None if one is None else one.champion


def _row(found: Groups, one: GroupCalibration, *, champion: bool) -> Row:
    error = found.of(one.feature, one.group, ERROR)
    return Row(
        head=group_name(one.group),
        small=head_of(found, one.feature, one.group),
        cells=(
            Cell(text=f"{one.rows:,}"),
            Cell(text=said(one.mean_score)),
            Cell(text=said(one.share), small=between(one.share_low, one.share_high)),
            value_cell(error),
            *((Cell(text=said(_of(found, one.feature, one.group))),) if champion else ()),
        ),
    )


def _figures(known: Sequence[GroupCalibration]) -> Iterator[Figure]:
    """Draw the largest groups one beside the other."""
    diagrams = [one for one in known if one.points and one.rows >= FEWEST]
    largest = sorted(diagrams, key=lambda one: (-one.rows, one.feature, one.group))[:MOST_DRAWN]
    for place, one in enumerate(one for one in diagrams if one in largest):
        points = tuple(point for point in one.points if point.rows >= FEWEST_IN_BIN)
        answers = Answers(
            rows=one.rows, reliabilities=(Reliability(who="challenger", points=points),) if points else ()
        )
        if picture := drawn(answers):
            name = f"{feature_name(one.feature)}: {group_name(one.group)}"
            says = f"{name}, {one.rows:,} rows, {percent(one.share)} of them came true. {picture.says}"
            kept = replace(picture, name=f"calibration-{place}", title=f"Calibration, {name}", says=says, legend=())
            yield Figure(caption=f"{name} ({one.rows:,} rows)", svg=svg(kept, within="picture-"))
