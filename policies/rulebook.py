"""What do all rules together say, and do they agree with each other?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gates.digest import bytes_digest, tree_digest
from gates.principle_facts import Principle
from policies.cross_checks import contradictions
from policies.document import Document, read_document
from policies.entry import ModelEntry, read_entry
from policies.people import NOBODY, People, read_people
from policies.policy import Policy, read_policy
from policies.principles import PrinciplesFile, read_principles
from policies.problem import Problem, RulebookError, UnreadableError

PEOPLE = "policies/people.yaml"
PRINCIPLES = "policies/principles.yaml"
ENTRY = re.compile(r"models/([^/]+)/model\.yaml")
POLICY = re.compile(r"policies/[^/]+\.yaml")
MISPLACED = re.compile(r"policies/.+\.(yaml|yml|json)", re.IGNORECASE)

Found = ModelEntry | Policy | People | PrinciplesFile | tuple[Problem, ...]
"""What a file of the rulebook is, or what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """Models, policies and people as one commit has them."""

    digest: str
    entries: Mapping[str, ModelEntry]
    """By model."""
    policies: Mapping[str, Policy]
    """By the policy's name."""
    people: People
    principles: tuple[Principle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What could be read of the files, and everything that is wrong with them."""

    rulebook: Rulebook
    documents: Mapping[str, Document]
    """The source of each entry and policy, by path."""
    problems: tuple[Problem, ...]


def is_rulebook_path(path: str) -> bool:
    """Does a file at this path belong to the rulebook?"""
    return ENTRY.fullmatch(path) is not None or path.startswith("policies/")


def load_rulebook(files: Mapping[str, bytes]) -> Rulebook:
    """Read the rulebook; raises `RulebookError` with every mistake. Files that are none of its own are left out."""
    return _loaded(tuple((path, files[path]) for path in sorted(files) if is_rulebook_path(path)))


@lru_cache(maxsize=8)  # each look reads main's rulebook, which is nearly always the same bytes
def _loaded(files: tuple[tuple[str, bytes], ...]) -> Rulebook:
    examined = examine(dict(files))
    if examined.problems:
        raise RulebookError(examined.problems)
    return examined.rulebook


def examine(files: Mapping[str, bytes]) -> Examined:
    """Read as much as can be read, and collect every mistake on the way."""
    own = {path: files[path] for path in sorted(files) if is_rulebook_path(path)}
    reading = _Reading()
    for path, content in own.items():
        reading.read(path, content)
    if PEOPLE not in own:
        reading.problems.append(Problem(path=PEOPLE, line=None, text="is missing; it names everyone who may decide"))
    rulebook = Rulebook(
        digest=tree_digest({path: bytes_digest(content) for path, content in own.items()}),
        entries={entry.model: entry for entry in reading.entries.values()},
        policies={policy.policy: policy for policy in reading.policies.values()},
        people=reading.people or NOBODY,
        principles=reading.principles,
    )
    found = contradictions(reading.entries, reading.policies, reading.people, reading.documents)
    return Examined(rulebook=rulebook, documents=reading.documents, problems=(*reading.problems, *found))


class _Reading:
    """Files sorted into what they are; mistakes are kept, and the rest is read all the same."""

    def __init__(self) -> None:
        self.entries: dict[str, ModelEntry] = {}
        self.policies: dict[str, Policy] = {}
        self.people: People | None = None
        self.principles: tuple[Principle, ...] = ()
        self.documents: dict[str, Document] = {}
        self.problems: list[Problem] = []

    def read(self, path: str, content: bytes) -> None:
        """Read one file as what its path says it is."""
        if not (ENTRY.fullmatch(path) or POLICY.fullmatch(path)):
            self._misplaced(path)
            return
        try:
            document = read_document(path, content)
        except UnreadableError as error:
            self.problems.append(error.problem)
            return
        self.documents[path] = document
        self._keep(path, _value(document))

    def _keep(self, path: str, found: Found) -> None:
        match found:
            case ModelEntry():
                self.entries[path] = found
            case Policy():
                self.policies[path] = found
            case People():
                self.people = found
            case PrinciplesFile():
                self.principles = found.as_facts()
            case _:
                self.problems.extend(found)

    def _misplaced(self, path: str) -> None:
        """Refuse what looks like a rule and would silently not be one; a README beside the policies is welcome."""
        if MISPLACED.fullmatch(path):
            text = "is not read: policies lie directly in policies/ and end in .yaml; move or rename it"
            self.problems.append(Problem(path=path, line=None, text=text))


def _value(document: Document) -> Found:
    if document.path == PEOPLE:
        return read_people(document)
    if document.path == PRINCIPLES:
        return read_principles(document)
    return read_entry(document) if ENTRY.fullmatch(document.path) else read_policy(document)


__all__ = [
    "PEOPLE",
    "PRINCIPLES",
    "Examined",
    "Rulebook",
    "RulebookError",
    "examine",
    "is_rulebook_path",
    "load_rulebook",
]
