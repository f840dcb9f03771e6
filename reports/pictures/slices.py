"""On which parts of the rows does the challenger lose most against the champion?"""

from gates.slice_facts import Slice, Slices
from reports.pictures import stacked
from reports.pictures.picture import Dot, Mark, Picture, Who
from reports.pictures.scale import over
from reports.pictures.words import brief
from reports.sliced import slice_name

WORDS: dict[Who, str] = {"worse": "proven worse", "neutral": "not proven"}


def slices(found: Slices | None) -> Picture | None:
    """Draw the difference of each slice, so that right of zero is worse; None where there is none."""
    if found is None or not found.worst:
        return None
    values = [value for one in found.worst for value in (one.difference, one.low, one.high)]
    scale, rows = over(values, stacked.START, stacked.END, also=(0.0,)), len(found.worst)
    marks: list[Mark] = [*stacked.grid(rows, scale), *stacked.zero(rows, scale)]
    for place, one in enumerate(found.worst):
        across = scale.across(one.low, one.high)
        marks.append(Dot(who=_who(one), x=scale.at(one.difference or 0.0), y=stacked.middle(place), across=across))
        marks.append(stacked.named(place, slice_name(one)))
    proven = sum(_who(one) == "worse" for one in found.worst)
    return Picture(
        name="slices",
        title="Where the challenger loses most",
        says=(
            f"The {len(found.worst)} worst of {found.looked_at:,} slices: {brief(found.loss)} of the challenger less "
            f"the champion's, with intervals that hold for all together; right of zero is worse. Proven to be worse: "
            f"{proven or 'none'}. Worst: {slice_name(found.worst[0])}."
        ),
        width=stacked.WIDTH,
        height=stacked.height(rows),
        axes=stacked.axes(rows, scale.ticks(stacked.TICKS), f"{brief(found.loss)}: worse →"),
        marks=tuple(marks),
        legend=tuple((who, word) for who, word in WORDS.items() if who in map(_who, found.worst)),
    )


def _who(one: Slice) -> Who:
    return "worse" if one.low is not None and one.low > 0 else "neutral"
