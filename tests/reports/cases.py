"""Which promotions do the faces tell of? Reports, each of which a golden page shows whole."""

from dataclasses import replace
from typing import TypedDict, Unpack

from gates.evidence import Evidence
from gates.outcome import Finding, Verdict
from reports.latency import Latency
from reports.report import BlockedLine, DecisionLine, Report
from tests.reports.loan_evidence import (
    BARE,
    CRASH,
    FACTS,
    GROUPS,
    MANY,
    PROMOTE,
    RETIRE,
    ROLLBACK,
    THOROUGH,
    V2,
    V3,
    regression,
    subject,
)
from tests.reports.loan_findings import (
    COMPARED,
    CRASHED,
    FAIR,
    FORMAT,
    LIMITED,
    NO_GROUP,
    ORIGIN_FOUND,
    RECEIPTED,
    RETIRED,
    UNCERTAIN,
    UNFAIR,
)

MORNING = 1_795_250_640
"""2026-11-21 08:44 UTC."""
EVIDENCE = "1c9e40518b58" * 5 + "9e47"
BOB = DecisionLine(
    person="bob",
    decision="approve",
    reason="reads well",
    surface="terminal",
    assurance="asserted",
    evidence_digest=EVIDENCE,
    counts=True,
    why="as validator",
    at=MORNING + 60,
)
CAROL = replace(BOB, person="carol", reason="", why="as ml-engineer", at=MORNING + 120)
ALICE = replace(
    BOB,
    person="alice",
    reason="mine",
    counts=False,
    why="alice asked for this promotion",
    at=MORNING + 30,
)


def missing(role: str, *who: str) -> BlockedLine:
    """Return a seat that is still free."""
    return BlockedLine(
        reason_code="approvals_missing",
        summary=f"It waits for 1 approval as {role}.",
        who=who,
        next="mlops approve P4" if who else f"nobody who may decide holds the role {role}: add someone",
    )


def stopped(code: str, finding: Finding, what_next: str) -> BlockedLine:
    """Return what a gate says no for, as the workflows put it."""
    return BlockedLine(reason_code=code, summary=f"{finding.gate}: {finding.summary}", who=("alice",), next=what_next)


class Changes(TypedDict, total=False):
    """What a case has otherwise."""

    id: str
    version: str | None
    champion: str | None
    kind: str
    state: str
    reason: str
    problem: str
    decisions: tuple[DecisionLine, ...]
    blocked_by: tuple[BlockedLine, ...]
    pull_request: int | None
    pull_request_url: str | None
    deadline: int | None
    head: str | None
    latency: Latency | None


def report(evidence: Evidence | None, findings: tuple[Finding, ...], **changes: Unpack[Changes]) -> Report:
    """Return a promotion that waits for people, or what `changes` make of it."""
    waiting = Report(
        id="P4",
        project="default",
        model="loan-approval",
        version="2",
        environment="production",
        kind="promote",
        state="waiting",
        requester="alice",
        reason="adds the credit file",
        problem="",
        evidence_digest=None if evidence is None else EVIDENCE,
        evidence=evidence,
        champion="1",
        outcome=None if evidence is None else Verdict(findings=findings).outcome,
        findings=findings,
        decisions=(),
        blocked_by=(),
        pull_request=4,
        pull_request_url="/srv/demo/.gatehouse/repo.git/pulls/4.md",
        created_at=MORNING,
        deadline=MORNING + 259_200,
    )
    return replace(waiting, **changes)


_AGAIN = "promote a better version, which replaces this one: mlops promote loan-approval VERSION to production"

CASES: dict[str, Report] = {
    "passed": report(
        PROMOTE,
        (COMPARED, FAIR, FORMAT, ORIGIN_FOUND),
        decisions=(ALICE, BOB),
        blocked_by=(missing("ml-engineer", "carol", "frank"),),
    ),
    "thorough": report(
        THOROUGH,
        (COMPARED, FAIR),
        blocked_by=(missing("validator", "bob"),),
        pull_request_url="https://github.example/lending/models/pull/4",
        head="4f" * 20,
        latency=Latency(rows=983, challenger=0.0123, champion=0.0101),
    ),
    "asked_again": report(
        PROMOTE,
        (COMPARED,),
        problem="The champion changed from v0 (1b2c3d4e5f60) to v1 (0787b0b14e53).",
        decisions=(replace(BOB, counts=False, why="given for other evidence (7cfef71c5260)"),),
        blocked_by=(missing("validator", "bob"),),
    ),
    "promoted": report(
        PROMOTE, (COMPARED, FAIR, FORMAT, ORIGIN_FOUND), state="promoted", decisions=(BOB, CAROL), reason=""
    ),
    "blocked": report(
        Evidence(subject=subject(challenger=V3, champion=V2), facts=FACTS),
        (COMPARED, UNFAIR, FORMAT, ORIGIN_FOUND),
        id="P5",
        version="3",
        champion="2",
        state="blocked",
        deadline=None,
        blocked_by=(stopped("gate_failed", UNFAIR, f"{_AGAIN}; or mlops withdraw P5"),),
    ),
    "withdrawn": report(
        PROMOTE,
        (COMPARED, UNFAIR),
        state="withdrawn",
        problem="alice withdrew it.",
        blocked_by=(
            BlockedLine(
                reason_code="ended", summary="alice withdrew it.", who=(), next="promote again if it is still wanted"
            ),
        ),
    ),
    "inconclusive": report(
        PROMOTE,
        (COMPARED, UNCERTAIN),
        blocked_by=(missing("risk-officer", "erin"), missing("validator", "bob"), missing("ml-engineer")),
    ),
    "error": report(
        CRASH,
        (CRASHED,),
        champion=None,
        state="blocked",
        deadline=None,
        blocked_by=(
            stopped("gate_error", CRASHED, "mend what the finding names, then mlops recheck P4"),
            BlockedLine(
                reason_code="out_of_band",
                summary="The lane is frozen: main was pushed to.",
                who=(),
                next="mlops sync loan-approval in production --restore",
            ),
        ),
    ),
    "failed": report(
        PROMOTE, (COMPARED,), state="failed", problem="The started version did not pass its smoke test: 500"
    ),
    "rollback": report(
        ROLLBACK,
        (RECEIPTED, FORMAT),
        id="P6",
        version="1",
        champion="2",
        kind="rollback",
        state="promoted",
        reason="complaints from the branch in Quincy",
        decisions=(replace(BOB, person="carol", why="as ml-engineer", reason="complaints from the branch in Quincy"),),
    ),
    "retire": report(
        RETIRE,
        (RETIRED,),
        blocked_by=(missing("validator", "bob"),),
        id="P7",
        version=None,
        champion="2",
        kind="retire",
        reason="superseded by scorecards",
    ),
    "regression": report(regression(), (LIMITED,), champion=None, blocked_by=(missing("validator", "bob"),)),
    "empty_groups": report(
        GROUPS, (COMPARED, NO_GROUP), state="blocked", blocked_by=(stopped("gate_error", NO_GROUP, "mend it"),)
    ),
    "many_groups": report(MANY, (COMPARED,)),
    "bare": report(BARE, (), champion=None, deadline=None),
    "evaluating": report(
        None,
        (),
        state="evaluating",
        problem="The champion changed from v1 to v2.",
        pull_request=None,
        pull_request_url=None,
        reason="",
        deadline=None,
    ),
}


def verdict(case: Report) -> Verdict:
    """Return the verdict that the report's findings make."""
    return Verdict(findings=case.findings)
