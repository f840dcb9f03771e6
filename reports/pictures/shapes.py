"""Which classes are taken for which, how are errors spread, and where are they large?"""

from collections.abc import Iterator, Sequence

from gates.answer_facts import Answers, Confusion, Histogram
from gates.answer_facts import Who as Model
from gates.wording import visible
from reports.pictures.picture import Axes, Bar, Dot, Line, Mark, Picture, Rule, Tick, Who, Words
from reports.pictures.scale import Scale, over
from reports.pictures.words import brief, percent_of, rounded, shortened

CELL, SMALL_CELL, LEFT, TOP = 68.0, 36.0, 128.0, 14.0
FEW = 6
"""Classes up to which cells have room for names and for shares; of more, columns are numbered as rows are."""
LONGEST = 11
WIDE, HIGH = 416.0, 250.0
BEGIN, BESIDE = 72.0, 58.0
"""Where frames with numbers beside them begin, and how far left of them it says what these are."""
ASIDE, CLEAR, LETTER = 10.0, 12.0, 7.0
"""How far beyond the ends of an axis its outermost numbers begin, the room after them, and the width of a letter."""


def confusion(answers: Answers, who: Model) -> Picture | None:
    """Draw one model's confusion matrix; None where there is none."""
    found = answers.confusion
    if found is None or (who == "champion" and all(cell.champion is None for cell in found.cells)):
        return None
    few = len(found.classes) <= FEW
    cell = CELL if few else SMALL_CELL
    size = cell * len(found.classes)
    across, down = _axis_names(found.classes, few=few)
    return Picture(
        name=f"confusion-{who}",
        title=f"Confusion matrix of the {who}",
        says=f"Rows are labels, columns are answers of the {who}. {_said(found, who)}",
        width=LEFT + size + 24,
        height=TOP + size + 46,
        axes=Axes(
            left=LEFT,
            top=TOP,
            right=LEFT + size,
            bottom=TOP + size,
            x=tuple(Tick(at=LEFT + cell * (place + 0.5), text=name) for place, name in enumerate(across)),
            y=tuple(Tick(at=TOP + cell * (place + 0.5), text=name) for place, name in enumerate(down)),
            x_label=f"answer of the {who}",
            y_label="label",
            grid=not few,
            beside=104.0,
        ),
        marks=tuple(_cells(found.matrix(who), cell, few=few)),
    )


def _axis_names(classes: Sequence[str], *, few: bool) -> tuple[list[str], list[str]]:
    """Return what stands below the columns and beside the rows."""
    names = [shortened(visible(name), LONGEST) for name in classes]
    if few:
        return names, names
    return [str(place) for place in range(1, len(names) + 1)], [
        f"{place} {name}" for place, name in enumerate(names, 1)
    ]


def _cells(matrix: Sequence[Sequence[int]], cell: float, *, few: bool) -> Iterator[Mark]:
    """Yield a square for each cell, the fuller the larger its share of the row, with its count where there is room."""
    for down, row in enumerate(matrix):
        of = max(sum(row), 1)
        for across, rows in enumerate(row):
            x, y, right = LEFT + cell * across, TOP + cell * down, across == down
            share = round(0.06 + 0.5 * rows / of, 2)
            who: Who = "neutral" if right else "worse"
            if not few and not rows:
                continue
            yield Bar(who=who, x=x + 1, y=y + 1, width=cell - 2, height=cell - 2, share=share)
            middle, text = y + cell / 2, _short(rows)
            yield Words(x=x + cell / 2, y=middle + (-2 if few else 4), text=text, anchor="middle", strong=right)
            if few:
                yield Words(x=x + cell / 2, y=y + cell / 2 + 15, text=percent_of(rows / of), anchor="middle")


def _said(found: Confusion, who: Model) -> str:
    matrix = found.matrix(who)
    right = sum(matrix[place][place] for place in range(len(matrix)))
    wrong = [
        (rows, found.classes[down], found.classes[across])
        for down, row in enumerate(matrix)
        for across, rows in enumerate(row)
        if across != down and rows
    ]
    text = f"{right:,} of {found.rows:,} are right."
    if wrong:
        rows, label, answer = max(wrong)
        text += f" Most often {brief(visible(label))} is taken for {brief(visible(answer))}: {rows:,} times."
    return text


def _short(rows: int) -> str:
    """Return a number that fits into a cell."""
    for unit, size in (("M", 10**6), ("k", 10**3)):
        if rows >= 10 * size:
            return f"{rows / size:,.0f} {unit}"
    return f"{rows:,}"


def histogram(found: Sequence[Histogram]) -> Picture | None:
    """Draw how errors of both models, or differences between them, are spread; None without any."""
    if not found:
        return None
    one, left, top, right, bottom = found[0], BEGIN, 14.0, WIDE - 14, HIGH - 50
    x = Scale(low=one.low, high=one.high, start=left, end=right) if one.high > one.low else over([], left, right)
    y = Scale(low=0.0, high=max(max(each.counts) for each in found) or 1.0, start=bottom, end=top)
    items = one.what == "difference"
    said, label = ("items", "challenger less champion") if items else ("rows", "answer less label")
    upto, beyond = _open_ends(one)
    ticks, ends = _with_open_ends(x, upto, beyond, bottom + 17)
    return Picture(
        name="differences" if items else "errors",
        title="How items change" if items else "Errors",
        says=(
            f"How {label} is spread over {sum(one.counts):,} {said}. The first bar holds everything up to "
            f"{rounded(upto)} and the last everything from {rounded(beyond)} on: "
            f"{one.counts[0]:,} and {one.counts[-1]:,} {said}."
        ),
        width=WIDE,
        height=HIGH,
        axes=Axes(
            left=left,
            top=top,
            right=right,
            bottom=bottom,
            x=ticks,
            y=y.ticks(4),
            x_label=f"{label} (outermost bars: all beyond)",
            y_label=said,
            beside=BESIDE,
        ),
        marks=(
            Rule(x1=x.at(0), y1=top, x2=x.at(0), y2=bottom),
            *(mark for each in found for mark in _bins(each, x, y)),
            *ends,
        ),
        legend=() if items else tuple((_whose(each), _whose(each)) for each in found),
    )


def _bins(one: Histogram, x: Scale, y: Scale) -> Iterator[Mark]:
    """Yield the challenger's bins, or those of both models' differences, as bars; the champion's as a line."""
    width = (x.end - x.start) / len(one.counts)
    if one.what == "champion_error":
        steps = [(round(x.start + width * (place + 0.5), 1), y.at(rows)) for place, rows in enumerate(one.counts)]
        yield Line(who="champion", points=tuple(steps))
        return
    for place, rows in enumerate(one.counts):
        if rows:
            yield Bar(
                who="challenger",
                x=round(x.start + width * place + 0.5, 1),
                y=y.at(rows),
                width=round(width - 1, 1),
                height=round(y.start - y.at(rows), 1),
                share=0.6,
            )


def _open_ends(one: Histogram) -> tuple[float, float]:
    """Return up to where the first bar holds everything, and from where on the last one does."""
    width = one.high / len(one.counts) - one.low / len(one.counts)
    return one.low + width, one.high - width


def _with_open_ends(x: Scale, upto: float, beyond: float, y: float) -> tuple[tuple[Tick, ...], tuple[Words, Words]]:
    """Return the round numbers that have room between the ends, and what stands below the outermost bars."""
    first, last = f"≤ {rounded(upto)}", f"≥ {rounded(beyond)}"
    clear = max(len(first), len(last)) * LETTER + CLEAR
    between = tuple(tick for tick in x.ticks() if x.start + clear < tick.at < x.end - clear)
    left, right = x.start - ASIDE, x.end + ASIDE
    return between, (Words(x=left, y=y, text=first), Words(x=right, y=y, text=last, anchor="end"))


def _whose(one: Histogram) -> Model:
    return "champion" if one.what == "champion_error" else "challenger"


def deciles(answers: Answers) -> Picture | None:
    """Draw the mean size of the error from the smallest labels to the largest; None without labels that are numbers."""
    found = answers.deciles
    if not found:
        return None
    left, top, right, bottom = BEGIN, 14.0, WIDE - 14, HIGH - 50
    y = over([0.0, *(one.challenger for one in found), *(one.champion for one in found)], bottom, top)
    x = Scale(low=0.5, high=len(found) + 0.5, start=left, end=right)
    lines: dict[Who, list[tuple[float, float]]] = {"challenger": [], "champion": []}
    for place, one in enumerate(found, start=1):
        lines["challenger"].append((x.at(place), y.at(one.challenger)))
        if one.champion is not None:
            lines["champion"].append((x.at(place), y.at(one.champion)))
    drawn = {who: points for who, points in lines.items() if points}
    worst = max(range(len(found)), key=lambda place: found[place].challenger)
    return Picture(
        name="deciles",
        title="Error by decile of the label",
        says=(
            f"Mean size of the error in {len(found)} parts of the rows, from the smallest labels to the largest. "
            f"The challenger's is largest in part {worst + 1}, labels from {rounded(found[worst].low)} to "
            f"{rounded(found[worst].high)}: {rounded(found[worst].challenger)}."
        ),
        width=WIDE,
        height=HIGH,
        axes=Axes(
            left=left,
            top=top,
            right=right,
            bottom=bottom,
            x=tuple(Tick(at=x.at(place), text=str(place)) for place in range(1, len(found) + 1)),
            y=y.ticks(5),
            x_label="decile of the label",
            y_label="mean size of the error",
            beside=BESIDE,
        ),
        marks=(
            *(Line(who=who, points=tuple(points)) for who, points in drawn.items()),
            *(Dot(who=who, x=at[0], y=at[1]) for who, points in drawn.items() for at in points),
        ),
        legend=tuple((who, who) for who in drawn),
    )
