"""Which columns is a sensitive feature, or an intersection of several, made of?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from gates.measure.groups.naming import MOST_GROUPS, crowded
from gates.measure.prepared import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature as it was asked for, such as `race`, or `race,sex` for everyone's race and sex together."""

    name: str
    parts: tuple[str, ...]
    """Names of features that have columns."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """How many different values each of the parts has."""
    problem: str = ""
    """Why it cannot be looked at, in one line."""


def features_of(prepared: Prepared, names: Iterable[str]) -> tuple[Feature, ...]:
    """Take each feature apart, once; what is not there, or has too many values, has a problem instead of an error."""
    found = [_taken_apart(name, prepared) for name in dict.fromkeys(names)]
    sizes = _distinct(prepared, tuple(dict.fromkeys(part for feature in found for part in feature.parts)))
    return tuple(_checked(feature, sizes) for feature in found)


def _taken_apart(name: str, prepared: Prepared) -> Feature:
    """Prefer the single features of an intersection to its own column: they are counted for themselves anyway."""
    parts = tuple(dict.fromkeys(part.strip() for part in name.split(",")))
    if name not in prepared.group_problems and all(part in prepared.groups for part in parts):
        return Feature(name=name, parts=parts)
    if name in prepared.groups:
        return Feature(name=name, parts=(name,))
    return Feature(name=name, parts=(), problem=prepared.group_problems.get(name) or _unknown(parts, prepared))


def _unknown(parts: tuple[str, ...], prepared: Prepared) -> str:
    from gates.measure.scan.near import near  # noqa: PLC0415 - only mistakes need it, and it is slow to import

    part = next(part for part in parts if part not in prepared.groups)
    if part in prepared.group_problems:
        return prepared.group_problems[part]
    close = near(part, prepared.groups)
    return f"the data have no column {part!r}." + (f" Did you mean {' or '.join(close)}?" if close else "")


def _distinct(prepared: Prepared, parts: tuple[str, ...]) -> dict[str, int]:
    """Count the values of each feature before anything is grouped by them: ten million ids are no groups."""
    if not parts:
        return {}
    counts = ", ".join(f"count(DISTINCT {prepared.groups[part]}) AS d{place}" for place, part in enumerate(parts))
    table = prepared.engine.reduce(f"SELECT {counts} FROM {prepared.view}")  # noqa: S608 - names of our own
    return {part: int(table.column(f"d{place}")[0].as_py()) for place, part in enumerate(parts)}


def _checked(feature: Feature, sizes: dict[str, int]) -> Feature:
    crowd = next((part for part in feature.parts if sizes[part] > MOST_GROUPS), None)
    if crowd is None:
        return replace(feature, sizes={part: sizes[part] for part in feature.parts})
    return Feature(name=feature.name, parts=(), problem=crowded(crowd, sizes[crowd]))
