"""How good are answers that are sets of labels, or of entities, and how sure is the difference of two models?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property

from gates.measure.estimated import Estimated
from gates.measure.numbers.smooth import Formula, estimated
from gates.measure.prepared import Prepared
from gates.measure.tagged import formulas
from gates.measure.tagged.lists import of_type, shared, size
from gates.measure.tagged.tallies import Tally, tallies, types
from gates.measure.unusable import UnusableError
from gates.metric import ENTITIES

MOST_LABELS = 1000
MOST_TYPES = 100


class Sets:
    """Rows of sets and what is counted of them, only if asked for."""

    def __init__(self, prepared: Prepared) -> None:
        """Take the rows."""
        self.prepared = prepared
        self.who = prepared.who

    @cached_property
    def tallied(self) -> dict[str, dict[str, Tally]]:
        """Counts of each label by model; raises `UnusableError` where there is no label."""
        found = tallies(self.prepared)
        if not found["challenger"]:
            raise UnusableError("no row has a label, and none is told.")
        return found

    @property
    def labels(self) -> int:
        """How many labels there are: those that are true or told somewhere."""
        return len(self.tallied["challenger"])

    @property
    def rarely_wrong(self) -> float:
        """The Hamming loss of a model that tells each label always or never, whichever is right more often."""
        rows = self.prepared.count
        wrong = sum(min(tally.true, rows - tally.true) for tally in self.tallied["challenger"].values())
        return wrong / (rows * self.labels)

    def macro(self) -> Formula:
        """Return the mean F1 of all labels."""
        if self.labels > MOST_LABELS:
            raise UnusableError(f"there are {self.labels:,} labels; f1_macro is measured of at most {MOST_LABELS:,}.")
        return formulas.f1_macro(self.tallied, self.prepared.count)


OF_LABELS: Mapping[str, Callable[[Sets], Formula]] = {
    "f1_micro": lambda of: formulas.overlap("f1_micro", of.who),
    "f1_macro": lambda of: of.macro(),
    "f1_samples": lambda of: formulas.by_row("f1_samples", of.who, formulas.f1_of_row),
    "jaccard_samples": lambda of: formulas.by_row("jaccard_samples", of.who, formulas.jaccard_of_row),
    "subset_accuracy": lambda of: formulas.by_row("subset_accuracy", of.who, formulas.right_row),
    "hamming_loss": lambda of: formulas.by_row(
        "hamming_loss", of.who, lambda who: formulas.wrong_share(who, of.labels), baseline=of.rarely_wrong
    ),
}
OF_ENTITIES: Mapping[str, Callable[[Sets], Formula]] = {
    "entity_f1": lambda of: formulas.overlap("entity_f1", of.who),
    "entity_precision": lambda of: formulas.precision("entity_precision", of.who),
    "entity_recall": lambda of: formulas.recall("entity_recall", of.who),
}
NAMES = frozenset({*OF_LABELS, *OF_ENTITIES})
"""Every metric that `estimates` knows."""


def estimates(prepared: Prepared, names: tuple[str, ...]) -> dict[str, Estimated | str]:
    """Return what is known of each metric asked for that it knows; a text says why nothing is.

    The rows are those of `prepare_tagged`; they are the units, or their clusters are: labels or entities of one row
    are not independent.
    """
    asked = tuple(dict.fromkeys(name for name in names if name in NAMES))
    known = OF_ENTITIES if prepared.task == ENTITIES else OF_LABELS
    sets = Sets(prepared)
    made: dict[str, Formula | str] = {
        name: _made(known[name], sets) if name in known else f"it is no metric of {prepared.task}." for name in asked
    }
    wanted = [some for some in made.values() if isinstance(some, Formula)]
    found = estimated(prepared, wanted) if wanted else {}
    return {name: some if isinstance(some, str) else found[name] for name, some in made.items()}


def _made(make: Callable[[Sets], Formula], sets: Sets) -> Formula | str:
    try:
        return make(sets)
    except UnusableError as error:
        return str(error)


def by_type(prepared: Prepared, names: tuple[str, ...]) -> dict[str, dict[str, Estimated | str]]:
    """Return by type of entity what is known of each metric; raises `UnusableError` for too many types."""
    found = types(prepared)
    if len(found) > MOST_TYPES:
        raise UnusableError(
            f"there are {len(found):,} types of entities; at most {MOST_TYPES} are measured one by one."
        )
    return {type_: estimates(_only(prepared, type_), names) for type_ in found}


def _only(prepared: Prepared, type_: str) -> Prepared:
    """Return all rows with the entities of one type."""
    sets = {who: of_type(who, type_) for who in ("label", *prepared.who)}
    cluster = "" if prepared.clusters is None else ", cluster"
    listed = ", ".join(f"{items} AS {who}" for who, items in sets.items())
    sizes = ", ".join(f"{size(who)} AS n_{who}" for who in sets)
    hits = ", ".join(f"{size(shared('label', who))} AS t_{who}" for who in prepared.who)
    only = f"(SELECT {listed}{cluster} FROM {prepared.view})"  # noqa: S608 - ours
    return replace(prepared, view=f"(SELECT *, {sizes}, {hits} FROM {only})")  # noqa: S608 - ours
