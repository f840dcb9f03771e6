"""How does a picture become SVG?"""

from dataclasses import replace

from reports.markup import render_markup
from reports.pictures.picture import Picture
from reports.pictures.style import style
from reports.pictures.words import shortened

LEGEND = 24.0
"""Height of the line that names the marks."""
LONGEST = 1_000
"""Characters of a text."""
LETTER = 7.2
"""Width of a letter, about."""


def svg(picture: Picture, *, alone: bool = False, within: str = "") -> str:
    """Return a picture as SVG; `alone` with its colours, for a file, else for a page that has a style for it.

    `within` keeps its identifiers apart from those of others on the same page.
    """
    legend = []
    x = picture.axes.left if picture.axes else 12.0
    for who, name in picture.legend:
        legend.append((who, name, round(x + 6, 1), picture.height + LEGEND / 2 - 4))
        x += 26 + LETTER * len(name) + 14
    return render_markup(
        "picture.svg.j2",
        picture=replace(picture, title=shortened(picture.title, LONGEST), says=shortened(picture.says, LONGEST)),
        marks=[(type(mark).__name__, mark) for mark in picture.marks],
        legend=legend,
        height=picture.height + (LEGEND if legend else 0),
        id=f"{within}{picture.name}",
        style=style() if alone else "",
    )
