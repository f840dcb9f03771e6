"""How often is each label, or each type of entity, true, told, and both?"""

from dataclasses import dataclass

from gates.measure.prepared import Prepared
from gates.measure.tagged.lists import BETWEEN, each, shared


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one label or type."""

    true: int
    told: int
    hits: int
    """Both, on the same row (and place)."""

    @property
    def f1(self) -> float:
        """Its F1; 0 where it is neither true nor told, as scikit-learn has it."""
        return 2 * self.hits / (self.true + self.told) if self.true + self.told else 0.0


def tallies(prepared: Prepared) -> dict[str, dict[str, Tally]]:
    """Return by model, for every label that is true or told by any model, in order, its counts."""
    true = _counts(prepared, "label")
    told = {who: _counts(prepared, who) for who in prepared.who}
    hits = {who: _counts(prepared, shared("label", who)) for who in prepared.who}
    tags = sorted({tag for some in (true, *told.values()) for tag in some})
    return {
        who: {tag: Tally(true=true.get(tag, 0), told=told[who].get(tag, 0), hits=hits[who].get(tag, 0)) for tag in tags}
        for who in prepared.who
    }


def _counts(prepared: Prepared, items: str) -> dict[str, int]:
    rows = prepared.engine.reduce(
        f"SELECT tag, count(*) AS n FROM (SELECT {each(items)} AS tag FROM {prepared.view}) GROUP BY tag"  # noqa: S608 - ours
    )
    return dict(zip(rows["tag"].to_pylist(), rows["n"].to_pylist(), strict=True))


def types(prepared: Prepared) -> tuple[str, ...]:
    """Return the types of all entities that are true or told, in order."""
    found: set[str] = set()
    for who in ("label", *prepared.who):
        tags = f"(SELECT {each(who)} AS tag FROM {prepared.view})"  # noqa: S608 - ours
        kind = f"split_part(tag, '{BETWEEN}', 1)"
        found |= set(prepared.engine.reduce(f"SELECT DISTINCT {kind} AS kind FROM {tags}")["kind"].to_pylist())  # noqa: S608 - our query
    return tuple(sorted(found))
