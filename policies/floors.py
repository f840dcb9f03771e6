"""Does this model keep what every policy says no model may fall below?"""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote

from policies.document import Document
from policies.entry import ModelEntry
from policies.policy import Policy
from policies.problem import Problem


def below_floors(entry: ModelEntry, policies: Mapping[str, Policy], document: Document) -> Iterator[Problem]:
    """Yield each floor that the entry does not keep, on the line of the entry's field.

    The lowest risk is asked of every model that a policy names: otherwise a model could leave a policy for high risk
    by calling itself low. The other floors are asked of models that the policy applies to.
    """
    for path, policy in policies.items():
        broken = [*_risk(entry, policy), *(_others(entry, policy) if policy.applies(entry) else ())]
        for field, text in broken:
            place = ("evaluation", "uri") if field == "uri" else (field,)
            yield Problem(path=document.path, line=document.line(place), text=f"{text} (floor of {path})")


def _risk(entry: ModelEntry, policy: Policy) -> Iterator[tuple[str, str]]:
    lowest = policy.floors.minimum_risk
    if policy.applies_to.names(entry.model) and entry.risk.rank < lowest.rank:
        yield "risk", f"`risk` must be at least {lowest.value}, not {entry.risk.value}"


def _others(entry: ModelEntry, policy: Policy) -> Iterator[tuple[str, str]]:
    floors = policy.floors
    yield from _lacking("sensitive_features", entry.sensitive_features, floors.sensitive_features)
    for several in floors.intersections:
        if set(several) not in map(set, entry.intersections):
            yield "intersections", f"`intersections` must have `[{', '.join(several)}]`"
    yield from _lacking("metrics", entry.metrics, floors.metrics)
    uri = entry.evaluation.uri
    if floors.evaluation_data is not None and not _permitted(uri, floors.evaluation_data):
        patterns = ", ".join(f"`{pattern}`" for pattern in floors.evaluation_data)
        yield "uri", f"evaluation data may not come from `{uri}`; permitted is {patterns}"


def _lacking(field: str, have: Sequence[str], must: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in must:
        if name not in have:
            yield field, f"`{field}` must have `{name}`"


def _permitted(uri: str, patterns: Sequence[str]) -> bool:
    """A step upwards could leave the permitted folder behind a pattern's back, so it is never permitted."""
    steps = unquote(uri).replace("\\", "/").split("/")
    return ".." not in steps and any(fnmatchcase(uri, pattern) for pattern in patterns)
