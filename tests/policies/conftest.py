"""A small, sound rulebook that the tests of this room change in one place each."""

from collections.abc import Callable

import pytest

from gates.evidence import EvaluationData as Data
from gates.evidence import Evidence, Facts, Kind, MetricComparison, Scoring, ScoringStatus, Subject, VersionRef
from policies.decision import Decision
from policies.effective import as_json, effective_policy
from policies.people import People, Person
from policies.rulebook import Rulebook, load_rulebook

PEOPLE = """\
people:
  alice:
    name: Alice Ahmed
    roles: [data-scientist]
    accounts: {git: alice@example.com, mlflow: [alice, alice-batch]}
  bob: {roles: [validator]}
  carol: {roles: [ml-engineer]}
  dan: {roles: [risk-officer, governor]}
  erin: {roles: [governor]}
rulebook: {governors: 1}
"""

MODEL = f"""\
model: loan-approval
task: binary-classification
owner: alice
risk: high
description: Suggests whether a mortgage application is approved.
evaluation:
  uri: evaluation/loans.csv
  version: 1.10
  sha256: {"a" * 64}
  registered_by: bob
label: approve
positive: 1
sensitive_features: [race, sex]
metrics: [roc_auc, accuracy]
"""

LENDING = """\
policy: lending
applies_to: {models: ["loan-*"], risk: [high]}
floors:
  minimum_risk: high
  sensitive_features: [race, sex]
  metrics: [roc_auc]
  evaluation_data: ["evaluation/*"]
environments:
  staging:
    gates:
      - gate: comparison
        metrics: {roc_auc: {margin: 0.02, minimum: 0.60}}
    approvals: [{role: validator}]
  production:
    gates:
      - gate: comparison
        metrics: {roc_auc: {margin: 0.02, minimum: 0.60}}
      - gate: fairness
        metric: true_positive_rate
        limit: 0.15
      - gate: format
        allow: [skops]
    approvals: [{role: validator}, {role: ml-engineer}]
    on_inconclusive: {approvals: [{role: risk-officer}]}
    expires_after: 3d
"""

Files = dict[str, bytes]
Write = Callable[..., Files]


@pytest.fixture(scope="session")
def write() -> Write:
    """Give the rulebook's files, with texts replaced: `write(lending=("limit: 0.15", "limit: abc"))`."""

    def files(**changes: tuple[str, str]) -> Files:
        texts = {"people": PEOPLE, "model": MODEL, "lending": LENDING}
        for name, (before, after) in changes.items():
            assert before in texts[name]
            texts[name] = texts[name].replace(before, after)
        return {
            "models/loan-approval/model.yaml": texts["model"].encode(),
            "policies/lending.yaml": texts["lending"].encode(),
            "policies/people.yaml": texts["people"].encode(),
        }

    return files


@pytest.fixture(scope="session")
def rulebook(write: Write) -> Rulebook:
    """Give the rulebook as it stands."""
    return load_rulebook(write())


@pytest.fixture(scope="session")
def crew() -> Callable[..., People]:
    """Build people from their roles: `crew(bob="validator", eve="validator ml-engineer")`."""

    def people(**roles: str) -> People:
        persons = {
            login: Person(login=login, name=login, roles=frozenset(held.split()), accounts={})
            for login, held in roles.items()
        }
        return People(persons=persons, governors=1)

    return people


@pytest.fixture(scope="session")
def decided() -> Callable[..., Decision]:
    """Make a decision: `decided("bob")` approves the evidence named `now`."""

    def decision(person: str | None, *, approves: bool = True, digest: str = "now", at: int = 0) -> Decision:
        return Decision(
            person=person,
            account=person or "stranger",
            approves=approves,
            reason="",
            surface="terminal",
            assurance="asserted",
            evidence_digest=digest,
            at=at,
        )

    return decision


@pytest.fixture(scope="session")
def evidence(rulebook: Rulebook) -> Callable[..., Evidence]:
    """Collect evidence of a promotion to staging with a difference in `roc_auc` to the champion."""

    def collected(difference: float) -> Evidence:
        entry = rulebook.entries["loan-approval"]
        policy = effective_policy(rulebook, model="loan-approval", environment="staging", kind=Kind.PROMOTE)
        challenger, champion = VersionRef(version="2", digest="b" * 64), VersionRef(version="1", digest="c" * 64)
        sha256 = entry.evaluation.sha256
        return Evidence(
            subject=Subject(
                project="home",
                model="loan-approval",
                environment="staging",
                target="local",
                kind=Kind.PROMOTE,
                challenger=challenger,
                champion=champion,
                evaluation_data=sha256,
                entry=entry.as_json(),
                policy=as_json(policy),
            ),
            facts=Facts(
                challenger=Scoring(version=challenger, status=ScoringStatus.SCORED, rows=900),
                champion=Scoring(version=champion, status=ScoringStatus.SCORED, rows=900),
                data=Data(uri="u", version="1", sha256=sha256, found_sha256=sha256, registered_by="bob", rows=900),
                metrics=(
                    MetricComparison(
                        metric="roc_auc",
                        challenger=0.75 + difference,
                        challenger_low=0.74 + difference,
                        challenger_high=0.76 + difference,
                        champion=0.75,
                        difference=difference,
                        low=difference - 0.001,
                        high=difference + 0.001,
                        baseline=0.5,
                        rows=900,
                    ),
                ),
            ),
        )

    return collected
