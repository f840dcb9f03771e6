"""What is wrong with this rulebook, and what is likely not meant?

Mistakes stop a rulebook from being used; warnings stop nothing. All of them at once, by file and line.
"""

from collections.abc import Iterable, Iterator, Mapping

from gates.evidence import Kind
from policies.document import Document, Place
from policies.effective import effective_policy
from policies.entry import ModelEntry, Task
from policies.people import GOVERNOR
from policies.policy import Approval, EnvironmentRules, ExtraApprovals, Policy
from policies.problem import Problem, in_order
from policies.rulebook import PEOPLE, PRINCIPLES, Examined, Rulebook, examine
from policies.seats import seat


def check(files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Return every mistake, and warnings too where there is no mistake."""
    examined = examine(files)
    return in_order(examined.problems or tuple(_warnings(examined)))


def _warnings(examined: Examined) -> Iterator[Problem]:
    rulebook = examined.rulebook
    for path, document in examined.documents.items():
        if path == PEOPLE:
            yield from _governors(rulebook, document)
        elif path == PRINCIPLES:
            continue  # a principle that no gate checks is a gap on the card, and no mistake
        elif path.startswith("policies/"):
            yield from _policy(rulebook, rulebook.policies[str(document.content["policy"])], document)
        else:
            yield from _model(rulebook, rulebook.entries[str(document.content["model"])], document)


def _warning(document: Document, place: Place, text: str) -> Problem:
    return Problem(path=document.path, line=document.line(place), text=text, warning=True)


def _governors(rulebook: Rulebook, document: Document) -> Iterator[Problem]:
    needed, have = rulebook.people.governors, len(rulebook.people.with_role(GOVERNOR))
    who = f"{have} {'person has' if have == 1 else 'people have'} the role `{GOVERNOR}`"
    if have < needed:
        text = f"no change of the rulebook can be accepted: it takes {needed}, and {who}"
        yield _warning(document, ("rulebook", "governors"), text)
    elif have == needed:
        text = f"a governor's own change of the rulebook cannot be accepted: it takes {needed} others, and {who}"
        yield _warning(document, ("rulebook", "governors"), text)


def _model(rulebook: Rulebook, entry: ModelEntry, document: Document) -> Iterator[Problem]:
    if entry.task is Task.BINARY and entry.positive is None:
        text = "`positive` is missing: without it nobody knows which answer metrics such as recall are about"
        yield _warning(document, ("label",), text)
    environments = {
        name for policy in rulebook.policies.values() if policy.applies(entry) for name in policy.environments
    }
    if not environments:
        yield _warning(document, ("model",), f"no policy has rules for {entry.model}: it cannot be promoted anywhere")
    for environment in sorted(environments):
        yield from _too_open(rulebook, entry, environment, document)


def _too_open(rulebook: Rulebook, entry: ModelEntry, environment: str, document: Document) -> Iterator[Problem]:
    policy = effective_policy(rulebook, model=entry.model, environment=environment, kind=Kind.PROMOTE)
    where = f"{entry.model} in {environment}"
    if not policy.gates:
        yield _warning(document, ("model",), f"no gate checks {where}: without a gate every promotion is an error")
    if not policy.approvals:
        yield _warning(document, ("model",), f"nobody has to approve {where}: what passes the gates is promoted")


def _policy(rulebook: Rulebook, policy: Policy, document: Document) -> Iterator[Problem]:
    if not any(policy.applies(entry) for entry in rulebook.entries.values()):
        yield _warning(document, ("applies_to",), f"the policy `{policy.policy}` applies to no model of the rulebook")
    for place, approvals in _asked(policy):
        yield from _too_few(rulebook, approvals, place, document)


def _asked(policy: Policy) -> Iterator[tuple[Place, tuple[Approval, ...]]]:
    for name, rules in policy.environments.items():
        yield ("environments", name, "approvals"), (*rules.approvals, *_extra(rules))
    yield ("rollback", "approvals"), policy.rollback.approvals
    if policy.retire is not None:
        yield ("retire", "approvals"), policy.retire.approvals


def _extra(rules: EnvironmentRules) -> tuple[Approval, ...]:
    return rules.on_inconclusive.approvals if isinstance(rules.on_inconclusive, ExtraApprovals) else ()


def _too_few(rulebook: Rulebook, approvals: Iterable[Approval], place: Place, document: Document) -> Iterator[Problem]:
    """Seat everyone there is: what stays empty can never be filled, even if nobody is barred."""
    seats: dict[str, int] = {}
    for asked in approvals:
        seats[asked.role] = max(seats.get(asked.role, 0), asked.count)
    everyone = [(login, person.roles) for login, person in sorted(rulebook.people.persons.items())]
    for role, left in seat(everyone, seats).free().items():
        holders = ", ".join(person.login for person in rulebook.people.with_role(role)) or "nobody"
        text = f"too few people hold `{role}` ({holders}): {left} more must, for one person takes one seat"
        yield _warning(document, place, text)
