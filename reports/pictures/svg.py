"""How does a picture become SVG?"""

from dataclasses import dataclass, replace

from reports.markup import render_markup
from reports.pictures.picture import Line, Picture, Who
from reports.pictures.style import style
from reports.pictures.words import shortened

LEGEND = 24.0
"""Height of the line that names the marks."""
HEAD = 26.0
"""Height of the line that a picture which stands alone is called by."""
LONGEST = 1_000
"""Characters of a text."""
DRAWN_AS = {
    ord("⟨"): "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    ord("⟩"): "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
}
"""Letters that the fonts of a file lack, and those that stand for them."""
LETTER = 7.2
"""Width of a letter, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a model's marks look like, and what it is called."""

    who: Who
    name: str
    x: float
    y: float
    line: bool
    mark: bool


def svg(picture: Picture, *, alone: bool = False, within: str = "") -> str:
    """Return a picture as SVG; `alone` with its colours, for a file, else for a page that has a style for it.

    `within` keeps its identifiers apart from those of others on the same page.
    """
    legend: list[Key] = []
    x = picture.axes.left if picture.axes else 12.0
    for who, name in picture.legend:
        legend.append(_key(picture, who, name, round(x + 10, 1)))
        x += 36 + LETTER * len(name) + 14
    drawn = render_markup(
        "picture.svg.j2",
        picture=replace(picture, title=shortened(picture.title, LONGEST), says=shortened(picture.says, LONGEST)),
        marks=[(type(mark).__name__, mark) for mark in picture.marks],
        legend=legend,
        height=picture.height + (LEGEND if legend else 0),
        head=HEAD if alone else 0.0,
        title=shortened(picture.title, max(int((picture.width - 24) / LETTER), 1)),
        id=f"{within}{picture.name}",
        style=style() if alone else "",
    )
    return drawn.translate(DRAWN_AS) if alone else drawn


def _key(picture: Picture, who: Who, name: str, x: float) -> Key:
    """Show what there is of a model: a line, other marks, or both."""
    kinds = {type(mark) for mark in picture.marks if getattr(mark, "who", None) == who}
    y = picture.height + LEGEND / 2 - 4
    return Key(who=who, name=name, x=x, y=y, line=Line in kinds, mark=bool(kinds - {Line}) or not kinds)
