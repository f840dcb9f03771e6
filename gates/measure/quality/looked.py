"""What do the checks read? A table's columns, outlined and counted once."""

from collections.abc import Mapping
from dataclasses import dataclass

from gates.measure.classes import key
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.outline import Outline, outlines
from gates.measure.quality.spread import Labels, Spread, spreads
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
    of_label = {} if asked.label is None else spreads(engine, view, [(outlined[asked.label], None)])
    labels = None if asked.label is None else _labels(asked.label, of_label.get(asked.label))
    alone = {asked.id, asked.time, *asked.answers}
    others = [
        (outline, None if column in alone else labels) for column, outline in outlined.items() if column != asked.label
    ]
    counted = {**of_label, **spreads(engine, view, others)}
    return Looked(
        engine=engine,
        view=view,
        outlines=outlined,
        spreads=counted,
        texts=texts(engine, view, outlined, counted),
        labels=labels,
    )


def look_at_reference(engine: Engine, view: View) -> Looked:
    """Outline the reference's columns, and count those of few texts."""
    outlined = outlines(engine, view, means=False)
    few = [(outline, None) for outline in outlined.values() if outline.column.kind in {Kind.TEXT, Kind.TRUTH}]
    counted = spreads(engine, view, few)
    return Looked(engine=engine, view=view, outlines=outlined, spreads=counted, texts={}, labels=None)


def _labels(label: str, found: Spread | None) -> Labels | None:
    if found is None or found.values is None or not 1 < len(found.values) <= MOST_CLASSES:
        return None
    keys = {key(value) for value in found.values}
    classes = tuple(sorted(one for one in keys if one is not None))
    return Labels(sql=name(label), classes=classes) if len(classes) > 1 else None
