"""Do events come true as often as each model says, for all rows and group by group?"""

from collections.abc import Mapping, Sequence

from gates.measure.prepared import Prepared
from gates.measure.scores.binned import binned
from gates.measure.scores.grouping import grouped
from gates.measure.scores.reliability import ReliabilityBin, diagram

Diagrams = Mapping[str, tuple[ReliabilityBin, ...]]


def reliability(prepared: Prepared, by: Sequence[str]) -> Mapping[tuple[str, ...], Diagrams]:
    """Return the reliability diagrams of a binary task: by group (() for all rows), then by model.

    Models whose scores are no probabilities are not in it.
    """
    rows = grouped(prepared, by)
    fit = [who for who in prepared.who if who in prepared.scored and not prepared.score_problems.get(who)]
    found = {who: binned(prepared, rows, prepared.who.index(who)) for who in fit}
    return {
        name: {who: diagram(one.bins[place]) for who, one in found.items() if place in one.bins}
        for place, name in enumerate(rows.names)
    }
