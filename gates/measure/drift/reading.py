"""How are the columns of one or two sides counted, each in one GROUP BY, whatever their kind?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gates.measure.drift.cells import Floats
from gates.measure.drift.grid import Source
from gates.measure.drift.histogram import NONE, histograms
from gates.measure.drift.histogram import first_queries as classing
from gates.measure.drift.numeric import Reach, counted_from, origin_of, reaches, whole_numbers
from gates.measure.drift.profile import Profile
from gates.measure.drift.side import Counted, Numbers, Side
from gates.measure.drift.texts import categories
from gates.measure.drift.texts import first_queries as grouping
from gates.measure.scan.ahead import ahead
from gates.measure.scan.engine import Column, Engine, Kind, View

NUMBERS = frozenset({Kind.NUMBER, Kind.TIME})
TEXTS = frozenset({Kind.TEXT, Kind.TRUTH})


def profile(engine: Engine, view: View, columns: Iterable[str] | None = None) -> Profile:
    """Count a side's columns (all by default), to be kept."""
    return Profile.of(read(engine, (view,), view.columns if columns is None else columns)[0])


def read(
    engine: Engine, views: Sequence[View], names: Iterable[str], divided: Mapping[str, Floats] | None = None
) -> tuple[Side, ...]:
    """Count the columns of all sides; numbers go into the same classes on all of them.

    `divided` has values of a column's numbers, counted from their origin, about which classes are to be finer.
    """
    wanted = list(names)
    ends = [
        reaches(engine, view, [view.columns[name] for name in wanted if name in view.columns and _number(view, name)])
        for view in views
    ]
    parts = [_part(views, ends, places, name) for name in wanted for places in _alike(views, name)]
    engine = _ahead(engine, parts)
    found: list[dict[str, Counted]] = [{} for _ in views]
    for part in parts:
        counted = _counted(engine, part, (divided or {}).get(part.name, NONE))
        for place, column in zip(part.places, counted, strict=True):
            found[place][part.name] = column
    return tuple(
        Side(said=view.said, rows=view.rows, columns=columns) for view, columns in zip(views, found, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A column of one kind, on the sides that are counted together."""

    name: str
    places: list[int]
    columns: list[Column]
    sides: list[tuple[View, Reach]]

    @property
    def kind(self) -> Kind:
        return self.columns[0].kind

    @property
    def whole(self) -> bool:
        return all(whole_numbers(column) for column in self.columns)

    @property
    def origin(self) -> int:
        return origin_of(self.columns, [reach for _, reach in self.sides])

    def sources(self) -> list[Source]:
        """Return where numbers stand."""
        origin = self.origin
        return [
            Source(
                view=view.name,
                value=counted_from(column, origin),
                rows=view.rows,
                low=0.0 if reach.low is None else float(reach.low - origin),
                high=0.0 if reach.high is None else float(reach.high - origin),
                infinite=reach.infinite,
            )
            for column, (view, reach) in zip(self.columns, self.sides, strict=True)
        ]


def _part(views: Sequence[View], ends: Sequence[Mapping[str, Reach]], places: list[int], name: str) -> _Part:
    return _Part(
        name=name,
        places=places,
        columns=[views[place].columns[name] for place in places],
        sides=[(views[place], ends[place].get(name, Reach(low=None, high=None))) for place in places],
    )


def _ahead(engine: Engine, parts: Sequence[_Part]) -> Engine:
    """Make the queries that counting begins with, many at once."""
    numbers = [query for part in parts if part.kind in NUMBERS for query in classing(part.sources(), whole=part.whole)]
    texts = [
        query
        for part in parts
        if part.kind in TEXTS
        for column, (view, _) in zip(part.columns, part.sides, strict=True)
        for query in grouping(view, column)
    ]
    return ahead(ahead(engine, numbers), texts)


def _number(view: View, name: str) -> bool:
    return view.columns[name].kind in NUMBERS


def _alike(views: Sequence[View], name: str) -> list[list[int]]:
    """Return the sides that have a column, together if it is of one kind on all of them."""
    places = [place for place, view in enumerate(views) if name in view.columns]
    kinds = {views[place].columns[name].kind for place in places}
    return [places] if len(kinds) == 1 else [[place] for place in places]


def _counted(engine: Engine, part: _Part, divided: Floats) -> list[Counted]:
    """Return a column of one kind, counted on each side."""
    if part.kind in NUMBERS:
        return _numbers(engine, part, divided)
    columns = [(view, column) for column, (view, _) in zip(part.columns, part.sides, strict=True)]
    if part.kind in TEXTS:
        return [_texts(engine, view, column) for view, column in columns]
    return [_column(view, column, problem=_not_read(column)) for view, column in columns]


def _not_read(column: Column) -> str:
    if column.type.strip('"') == "NULL":
        return "it has neither values nor a type."
    return f"{column.type} is neither a number, a text, a truth nor a date."


def _column(view: View, column: Column, *, problem: str = "") -> Counted:
    return Counted(name=column.name, kind=column.kind, type=column.type, rows=view.rows, problem=problem)


def _numbers(engine: Engine, part: _Part, divided: Floats) -> list[Counted]:
    return [
        Counted(
            name=column.name,
            kind=column.kind,
            type=column.type,
            rows=view.rows,
            present=cells.total,
            numbers=Numbers(origin=part.origin, cells=cells),
        )
        for column, (view, _), cells in zip(
            part.columns,
            part.sides,
            histograms(engine, part.sources(), whole=part.whole, divided=divided),
            strict=True,
        )
    ]


def _texts(engine: Engine, view: View, column: Column) -> Counted:
    found = categories(engine, view, column)
    return Counted(
        name=column.name,
        kind=column.kind,
        type=column.type,
        rows=view.rows,
        present=sum(found.counts),
        categories=found,
    )
