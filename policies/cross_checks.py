"""Do the files of the rulebook agree with each other?

Owners are people, names match folders and are given once, models keep the floors of their policies, and gates ask only
for what the model's entry has.
"""

from collections.abc import Iterator, Mapping

from gates.comparison import Comparison
from gates.data_quality import NOT_OF_PROMOTIONS, DataQuality
from gates.fairness import Fairness
from gates.gate import Gate
from gates.metric import GROUP_METRICS, METRICS, metric_problem
from policies.document import Document, Place
from policies.entry import ModelEntry
from policies.floors import below_floors
from policies.near import or_near
from policies.people import People
from policies.policy import Policy
from policies.problem import Problem

Entries = Mapping[str, ModelEntry]
"""By path."""
Policies = Mapping[str, Policy]
"""By path."""
Documents = Mapping[str, Document]


def contradictions(
    entries: Entries, policies: Policies, people: People | None, documents: Documents
) -> tuple[Problem, ...]:
    """Return every disagreement between files; `people` is None when they could not be read, and asked about then."""
    found: list[Problem] = []
    for path, entry in entries.items():
        found.extend(_misnamed(entry, documents[path]))
        found.extend(_unknown_people(entry, people, documents[path]))
        found.extend(below_floors(entry, policies, documents[path]))
    for path, policy in policies.items():
        found.extend(_unfit_gates(policy, entries, documents[path]))
    found.extend(_same_name(policies, documents))
    return tuple(found)


def _misnamed(entry: ModelEntry, document: Document) -> Iterator[Problem]:
    folder = document.path.split("/")[1]
    if entry.model != folder:
        text = f"the model is named `{entry.model}` and its folder `{folder}`; they must be the same"
        yield Problem(path=document.path, line=document.line(("model",)), text=text)


def _unknown_people(entry: ModelEntry, people: People | None, document: Document) -> Iterator[Problem]:
    named: dict[Place, str] = {("owner",): entry.owner, ("evaluation", "registered_by"): entry.evaluation.registered_by}
    for place, login in named.items():
        if people is not None and people.person(login) is None:
            text = f"`{place[-1]}` must be a person of policies/people.yaml, not '{login}'"
            yield Problem(
                path=document.path, line=document.line(place), text=f"{text}; {or_near(login, people.persons)}"
            )


def _same_name(policies: Policies, documents: Documents) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for path, policy in sorted(policies.items()):
        owner = first.setdefault(policy.policy, path)
        if owner != path:
            text = f"the policy `{policy.policy}` stands in {owner} already; give this one another name"
            yield Problem(path=path, line=documents[path].line(("policy",)), text=text)


def _unfit_gates(policy: Policy, entries: Entries, document: Document) -> Iterator[Problem]:
    """Yield gates that could only ever be an error for a model that the policy applies to."""
    applies_to = [entry for entry in entries.values() if policy.applies(entry)]
    for place, gate in _placed_gates(policy):
        for entry in applies_to:
            for text in _unfit(gate, entry):
                yield Problem(path=document.path, line=document.line(place), text=text)


def _placed_gates(policy: Policy) -> Iterator[tuple[Place, Gate]]:
    for environment, rules in policy.environments.items():
        for index, gate in enumerate(rules.gates):
            yield ("environments", environment, "gates", index), gate
    for index, gate in enumerate(policy.rollback.gates):
        yield ("rollback", "gates", index), gate


def _unfit(gate: Gate, entry: ModelEntry) -> Iterator[str]:
    who = f"{entry.model} (models/{entry.model}/model.yaml)"
    if isinstance(gate, Comparison):
        for name in gate.metrics:
            if problem := metric_problem(name, METRICS, entry.task.value):
                yield f"the comparison does not fit {who}: {problem.rstrip('.')}"
    if isinstance(gate, DataQuality):
        for check in sorted(NOT_OF_PROMOTIONS.intersection(gate.required)):
            yield f"the data_quality gate requires {check}, which no promotion of {who} can check: see the guide"
    if isinstance(gate, Fairness):
        yield from _unfit_fairness(gate, entry, who)


def _unfit_fairness(gate: Fairness, entry: ModelEntry, who: str) -> Iterator[str]:
    if problem := metric_problem(gate.metric, GROUP_METRICS, entry.task.value):
        yield f"the fairness gate does not fit {who}: {problem.rstrip('.')}"
    if not entry.sensitive_features:
        yield f"the fairness gate has no groups to compare: {who} names no sensitive_features"
    for feature in sorted(set(gate.features or ()) - set(entry.grouped_by)):
        what = "none of the intersections" if "," in feature else "no sensitive feature"
        yield f"the fairness gate asks for `{feature}`, which is {what} of {who}"
