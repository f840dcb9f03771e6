"""On which parts of the rows does the challenger lose most against the champion?"""

from gates.slice_facts import Slice, Slices
from reports.pictures.picture import Axes, Dot, Mark, Picture, Rule, Who, Words
from reports.pictures.scale import over
from reports.pictures.words import brief, shortened
from reports.sliced import slice_name

WIDTH, LEFT, RIGHT, TOP, ROW = 680.0, 270.0, 666.0, 12.0, 26.0
LONGEST = 38
"""Letters of a slice's name."""


def slices(found: Slices | None) -> Picture | None:
    """Draw the difference of each slice, so that right of zero is worse; None where there is none."""
    if found is None or not found.worst:
        return None
    values = [value for one in found.worst for value in (one.difference, one.low, one.high)]
    scale, bottom = over(values, LEFT, RIGHT, also=(0.0,)), TOP + ROW * len(found.worst)
    marks: list[Mark] = [Rule(x1=scale.at(0), y1=TOP, x2=scale.at(0), y2=bottom, dashed=False)]
    for place, one in enumerate(found.worst):
        y = TOP + ROW * (place + 0.5)
        across = scale.across(one.low, one.high)
        marks.append(Dot(who=_who(one), x=scale.at(one.difference or 0.0), y=y, across=across))
        marks.append(Words(x=LEFT - 10, y=y + 4, text=shortened(slice_name(one), LONGEST), anchor="end"))
    proven = sum(_who(one) == "worse" for one in found.worst)
    return Picture(
        name="slices",
        title="Where the challenger loses most",
        says=(
            f"The {len(found.worst)} worst of {found.looked_at:,} slices: {brief(found.loss)} of the challenger less "
            f"the champion's, with intervals that hold for all together; right of zero is worse. Proven to be worse: "
            f"{proven or 'none'}. Worst: {slice_name(found.worst[0])}."
        ),
        width=WIDTH,
        height=bottom + 46,
        axes=Axes(
            left=LEFT, top=TOP, right=RIGHT, bottom=bottom, x=scale.ticks(5), x_label=f"{brief(found.loss)}: worse →"
        ),
        marks=tuple(marks),
    )


def _who(one: Slice) -> Who:
    return "worse" if one.low is not None and one.low > 0 else "neutral"
