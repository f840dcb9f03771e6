"""What is there to tell about a promotion? One value that every face renders."""

from dataclasses import dataclass
from itertools import groupby

from gates.evidence import Evidence
from gates.outcome import Finding, Outcome
from gates.wording import count, listed
from reports.changes import changes
from reports.differences import COMMIT, PULL, Differences, differences
from reports.gate_line import GateLine, gate_lines
from reports.latency import Latency


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One person's decision, and whether it counts now."""

    person: str
    decision: str
    """`approve` or `reject`."""
    reason: str
    surface: str
    assurance: str
    evidence_digest: str
    counts: bool
    why: str
    """Why it counts, or why it does not, in words."""
    at: int

    @property
    def verb(self) -> str:
        """What the person did."""
        return {"approve": "approved", "reject": "rejected"}.get(self.decision, self.decision)

    @property
    def standing(self) -> str:
        """How much weight it has: why it counts, and how surely it was them."""
        return f"{self.why}, {self.assurance}" if self.counts and self.why else self.assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockedLine:
    """One thing that stands in the way."""

    reason_code: str
    summary: str
    who: tuple[str, ...]
    next: str

    @property
    def by_gate(self) -> bool:
        """Did a gate say so, whose finding is told already?"""
        return self.reason_code.startswith("gate_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do next, and all that it helps against."""

    lines: tuple[BlockedLine, ...]
    next: str

    @property
    def of_gates(self) -> tuple[str, ...]:
        """Who can do it, where gates stopped the promotion."""
        return tuple(dict.fromkeys(person for line in self.lines if line.by_gate for person in line.who))


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A promotion as people are told of it."""

    id: str
    project: str
    model: str
    version: str | None
    environment: str
    kind: str
    state: str
    requester: str
    reason: str
    problem: str
    evidence_digest: str | None
    evidence: Evidence | None
    champion: str | None
    outcome: Outcome | None
    findings: tuple[Finding, ...]
    decisions: tuple[DecisionLine, ...]
    blocked_by: tuple[BlockedLine, ...]
    pull_request: int | None
    pull_request_url: str | None
    created_at: int
    deadline: int | None
    reviewed: bool = False
    """Is a review of the pull request a decision, where it lives?"""
    head: str | None = None
    """The commit that holds the evidence in the pull request's branch; None where that is not known."""
    latency: Latency | None = None
    """How long the models took; None where that was not kept."""

    @property
    def asks(self) -> str:
        """What is asked for, in one line, worded as the command that asks it."""
        if self.version is None:
            return f"retire {self.model} in {self.environment}"
        if self.kind == "rollback":
            return f"roll back {self.model} in {self.environment} to {self.version}"
        return f"promote {self.model} {self.version} to {self.environment}"

    @property
    def command(self) -> str:
        """What to type to ask for it once more."""
        if self.version is not None and self.kind != "rollback":
            return f"mlops {self.asks}"
        return f"mlops {self.asks.replace('roll back', 'rollback', 1)} --reason TEXT"

    @property
    def headline(self) -> str:
        """Where it stands and what it is about: the first line of every face."""
        stands = self.state if self.state in {"failed", "expired"} else f"is {self.state.replace('_', ' ')}"
        done = self.state in {"promoted", "rolled_back"}
        about = self.asks.removeprefix("promote ") if done else self.asks
        instead = f", in place of v{self.champion}" if self.champion and self.version is not None else ""
        return f"{self.id} {stands}: {about}{instead}"

    @property
    def changes(self) -> str:
        """What would change for the people whom the model judges; empty where nobody knows, and once it is over."""
        return "" if self.evidence is None or self.ended else changes(self.evidence.subject, self.evidence.facts)

    @property
    def differs(self) -> Differences | None:
        """In what the challenger differs from the champion; None where there are no two to compare."""
        if self.evidence is None:
            return None
        return differences(self.evidence, pull_request_url=self.pull_request_url, latency=self.latency)

    @property
    def files_address(self) -> str | None:
        """Where the forge shows the files of that commit to a browser; None where it does not."""
        found = PULL.fullmatch(self.pull_request_url or "")
        if found is None or not COMMIT.fullmatch(self.head or ""):
            return None
        return f"{found[1]}/blob/{self.head}"

    @property
    def gates(self) -> tuple[GateLine, ...]:
        """How each gate stands, worst first."""
        return gate_lines(self.findings)

    @property
    def verdict(self) -> str:
        """Say how many gates decided, which, and what the others said; one line."""
        if not self.findings:
            return "nothing was checked."
        said = [finding.outcome for finding in self.findings]
        deciding = f"{said.count(max(said))} of {count(len(said), 'gate')}"
        others = [f"{said.count(one)} {one.value}" for one in reversed(Outcome) if one in said and one is not max(said)]
        return f"{deciding} ({listed(self.stopping)}); {', '.join(others)}." if others else f"{deciding}."

    @property
    def waits(self) -> bool:
        """Is it people's turn?"""
        return self.state == "waiting"

    @property
    def ended(self) -> bool:
        """Is it over without having been promoted?"""
        return self.state in {"rejected", "withdrawn", "expired", "superseded", "failed"}

    @property
    def steps(self) -> tuple[Step, ...]:
        """What stands in the way, by what helps against it."""
        return tuple(
            Step(lines=tuple(lines), next=what_next)
            for what_next, lines in groupby(self.blocked_by, key=lambda line: line.next)
        )

    @property
    def stopping(self) -> tuple[str, ...]:
        """Names of the gates whose outcome decides."""
        return tuple(finding.gate for finding in self.findings if finding.outcome == self.outcome)

    @property
    def evidence_path(self) -> str:
        """Where the evidence stands in the pull request, for people to read."""
        return f"models/{self.model}/evidence/{self.environment}/{self.id}.md"
