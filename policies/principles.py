"""What does the team hold its models to, and which gates check that?

`policies/principles.yaml` names each principle once, with the gates that check it. A principle without gates is
allowed, and shows as a gap: what no gate checks is said, not hidden. Principles decide nothing, so they are no part
of a subject.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, get_args

from pydantic import AfterValidator, BaseModel, Field

from gates.gate import Gate
from gates.principle_facts import Principle
from gates.values import Value
from policies.document import Document
from policies.near import or_near
from policies.problem import Problem
from policies.sentences import shortened, validated
from policies.texts import Text

_KINDS: tuple[type[BaseModel], ...] = get_args(get_args(Gate)[0])
GATES = tuple(str(kind.model_fields["gate"].default) for kind in _KINDS)
"""Every gate there is, by the name that policies give it."""


def _gate(name: str) -> str:
    if name not in GATES:
        raise ValueError(f"there is no gate `{shortened(name)}`; {or_near(name, GATES)}")
    return name


class PrincipleEntry(Value):
    """One principle under `principles`."""

    principle: Text
    """Its name, once in the file."""
    text: str = ""
    """What it asks, in a sentence."""
    gates: tuple[Annotated[str, AfterValidator(_gate)], ...] = ()
    """Gates that check it, by name; with none it shows as a gap."""


class PrinciplesFile(Value):
    """`policies/principles.yaml`."""

    principles: tuple[PrincipleEntry, ...] = Field(min_length=1)
    """What the team holds its models to, in the order of the card."""

    def as_facts(self) -> tuple[Principle, ...]:
        """Return the principles as evidence holds them."""
        return tuple(
            Principle(principle=entry.principle, text=entry.text, gates=entry.gates) for entry in self.principles
        )


def read_principles(document: Document) -> PrinciplesFile | tuple[Problem, ...]:
    """Read every principle, or return every mistake."""
    found = validated(PrinciplesFile, document)
    if not isinstance(found, PrinciplesFile):
        return found
    return tuple(_repeated(found, document)) or found


def explain_principles(principles: Sequence[Principle], gates: Collection[str]) -> Iterator[str]:
    """Say in one line which of a policy's gates check each principle; nothing where the team named none."""
    told = [f"{one.principle} ({_checked(one, gates)})" for one in principles]
    if told:
        yield f"Principles of the team: {', '.join(told)}."


def _checked(principle: Principle, gates: Collection[str]) -> str:
    running = [gate for gate in principle.gates if gate in gates]
    return f"checked by {' and '.join(running)}" if running else "gap: no gate checks it"


def _repeated(found: PrinciplesFile, document: Document) -> Iterator[Problem]:
    """Yield names that stand there twice; what differs in case only looks the same to people."""
    seen: set[str] = set()
    for index, entry in enumerate(found.principles):
        known = entry.principle.casefold()
        if known in seen:
            text = f"the principle `{shortened(entry.principle)}` stands there twice"
            yield Problem(path=document.path, line=document.line(("principles", index, "principle")), text=text)
        seen.add(known)
        for gate in sorted({gate for gate in entry.gates if entry.gates.count(gate) > 1}):
            text = f"the gate `{gate}` stands twice in one principle"
            yield Problem(path=document.path, line=document.line(("principles", index, "gates")), text=text)
