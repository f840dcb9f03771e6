"""Is the challenger better or worse than the champion, metric by metric, with what uncertainty and which margin?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gates.evidence import MetricComparison
from gates.metric import FORECASTING, METRICS, QUANTILE, REGRESSION, UNDIRECTED
from gates.wording import listed, signed
from reports.pictures import stacked
from reports.pictures.picture import Dot, Mark, Picture, Tick, Who, Words
from reports.pictures.scale import Scale, over
from reports.pictures.words import brief

NUMBERS = 84.0
"""Room for the differences themselves, where no axis tells them."""
MOST_NAMED = 8
MOST = 20
"""Rows of one picture."""
WORDS: dict[Who, str] = {"better": "wholly better", "worse": "wholly worse", "neutral": "neither"}
UNITS = frozenset({REGRESSION, FORECASTING, QUANTILE})
"""Tasks whose metrics have units of their own: of the label, of its square, or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One metric, where it stands, and what its numbers are drawn on."""

    one: MetricComparison
    margin: float
    place: int
    scale: Scale

    @property
    def marks(self) -> Iterator[Mark]:
        """Yield the margin, the difference with its interval, and the name."""
        one, at = self.one, self.scale.at
        if self.margin:
            yield stacked.across(self.place, at(-self.margin), dashed=True)
        across = self.scale.across(one.low, one.high)
        yield Dot(who=_who(one), x=at(one.difference or 0.0), y=stacked.middle(self.place), across=across)
        yield stacked.named(self.place, one.metric)


def metrics(found: Sequence[MetricComparison], margins: Mapping[str, float]) -> Picture | None:
    """Draw the difference of each metric, so that right of zero is better; None without a champion.

    Metrics of which neither more nor less is better are left out: no side of zero would be theirs.
    """
    known = [one for one in found if one.difference is not None and one.metric not in UNDIRECTED][:MOST]
    if not known:
        return None
    apart = len(known) > 1 and any(_has_units(one.metric) for one in known)
    scales = [_of_its_own(one, margins) for one in known] if apart else [_shared(known, margins)] * len(known)
    rows = [
        Row(one=one, margin=margins.get(one.metric) or 0.0, place=place, scale=scale)
        for place, (one, scale) in enumerate(zip(known, scales, strict=True))
    ]
    return Picture(
        name="metrics",
        title="Challenger against champion, by metric",
        says=_says(rows, [one.metric for one in found if one.metric in UNDIRECTED], apart=apart),
        width=stacked.WIDTH,
        height=stacked.height(len(rows)),
        axes=stacked.axes(
            len(rows),
            (Tick(at=scales[0].at(0), text="0"),) if apart else scales[0].ticks(stacked.TICKS),
            _axis(rows, apart=apart),
        ),
        marks=(
            *(() if apart else stacked.grid(len(rows), scales[0])),
            *stacked.zero(len(rows), scales[0]),
            *(mark for row in rows for mark in row.marks),
            *(_number(row) for row in rows if apart),
        ),
        legend=tuple((who, word) for who, word in WORDS.items() if who in map(_who, known)),
    )


def _axis(rows: Sequence[Row], *, apart: bool) -> str:
    what = "each on a scale of its own" if apart else "difference"
    return f"{what}: better →{' · dashed: the margin' if any(row.margin for row in rows) else ''}"


def _has_units(metric: str) -> bool:
    return metric in METRICS and not UNITS.isdisjoint(METRICS[metric].tasks)


def _values(one: MetricComparison, margins: Mapping[str, float]) -> tuple[float | None, ...]:
    return one.difference, one.low, one.high, -(margins.get(one.metric) or 0.0)


def _shared(known: Sequence[MetricComparison], margins: Mapping[str, float]) -> Scale:
    return over([value for one in known for value in _values(one, margins)], stacked.START, stacked.END, also=(0.0,))


def _of_its_own(one: MetricComparison, margins: Mapping[str, float]) -> Scale:
    """Return a scale with zero in the middle, so that all rows have it at the same place."""
    right = stacked.END - NUMBERS
    reached = over(_values(one, margins), stacked.START, right, also=(0.0,))
    furthest = max(-reached.low, reached.high)
    return Scale(low=-furthest, high=furthest, start=stacked.START, end=right)


def _number(row: Row) -> Words:
    return Words(x=stacked.RIGHT, y=stacked.middle(row.place) + 4, text=signed(row.one.difference or 0.0), anchor="end")


def _who(one: MetricComparison) -> Who:
    if one.low is not None and one.low > 0:
        return "better"
    return "worse" if one.high is not None and one.high < 0 else "neutral"


def _says(rows: Sequence[Row], undirected: Sequence[str], *, apart: bool) -> str:
    better, worse = ([row.one.metric for row in rows if _who(row.one) == who] for who in ("better", "worse"))
    said = (
        f"Differences of {len(rows)} metrics with 95 % intervals, signed so that right of zero is better.",
        "Each metric has a scale of its own; its difference stands beside it." if apart else "",
        f"Wholly better: {_named(better)}. Wholly worse: {_named(worse)}.",
        "Dashed lines are the margins: how far below zero a metric may be." if any(row.margin for row in rows) else "",
        f"Left out, for neither more nor less of it is better: {_named(undirected)}." if undirected else "",
    )
    return " ".join(filter(None, said))


def _named(names: Sequence[str]) -> str:
    return listed(tuple(map(brief, names)), most=MOST_NAMED) or "none"
