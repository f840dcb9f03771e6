"""What do the checks read? A table's columns, outlined and counted once."""

from collections.abc import Mapping
from dataclasses import dataclass

from gates.measure.classes import key
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.outline import Outline, outlines
from gates.measure.quality.spread import Labels, Spread, spread
from gates.measure.quality.texts import Texts, texts
from gates.measure.scan.dialect import name
from gates.measure.scan.engine import Engine
from gates.measure.scan.view import Kind, View

MOST_CLASSES = 100
"""A label with more different values is taken for a number, or for an id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A table and what was counted of it."""

    engine: Engine
    view: View
    outlines: Mapping[str, Outline]
    spreads: Mapping[str, Spread]
    """Of the columns that could be counted, whole or in cells."""
    texts: Mapping[str, Texts]
    labels: Labels | None
    """The label's classes; None without a label, or when it has too many values to be classes."""


def look(engine: Engine, view: View, asked: QualityAsked) -> Looked:
    """Outline and count all columns of the data."""
    outlined = outlines(engine, view)
    labels, spreads = None, {}
    if asked.label is not None:
        found = spread(engine, view, outlined[asked.label], None)
        labels = _labels(asked.label, found)
        spreads = {} if found is None else {asked.label: found}
    alone = {asked.label, asked.id, asked.time, *asked.answers}
    for column, outline in outlined.items():
        if column not in spreads:
            counted = spread(engine, view, outline, None if column in alone else labels)
            spreads |= {} if counted is None else {column: counted}
    return Looked(
        engine=engine,
        view=view,
        outlines=outlined,
        spreads=spreads,
        texts=texts(engine, view, outlined, spreads),
        labels=labels,
    )


def look_at_reference(engine: Engine, view: View) -> Looked:
    """Outline the reference's columns, and count those of few texts."""
    outlined = outlines(engine, view)
    counted = {
        column: spread(engine, view, outline, None)
        for column, outline in outlined.items()
        if outline.column.kind in {Kind.TEXT, Kind.TRUTH}
    }
    spreads = {column: found for column, found in counted.items() if found is not None}
    return Looked(engine=engine, view=view, outlines=outlined, spreads=spreads, texts={}, labels=None)


def _labels(label: str, found: Spread | None) -> Labels | None:
    if found is None or found.values is None or not 1 < len(found.values) <= MOST_CLASSES:
        return None
    keys = {key(value) for value in found.values}
    classes = tuple(sorted(one for one in keys if one is not None))
    return Labels(sql=name(label), classes=classes) if len(classes) > 1 else None
