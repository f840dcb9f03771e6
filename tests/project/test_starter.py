"""Can a new workspace begin with the starter rulebook, and does its own advice hold?"""

import textwrap
from importlib.resources import files
from pathlib import Path

from bot.settings import load_settings
from bot.workspace import STARTER, create
from gates.evidence import Kind
from policies.check import check
from policies.effective import effective_policy
from policies.rulebook import load_rulebook

ENTRY = """\
model: churn
task: binary-classification
owner: alice
risk: high
evaluation: {uri: evaluation/churn.csv, version: "1", sha256: DIGEST, registered_by: dana}
label: left
positive: 1
sensitive_features: [age_group]
metrics: [roc_auc]
""".replace("DIGEST", "0" * 64)


def starter() -> dict[str, bytes]:
    return {path: files("bot.starter").joinpath(path).read_bytes() for path in STARTER}


def with_a_model() -> dict[str, bytes]:
    return {**starter(), "models/churn/model.yaml": ENTRY.encode()}


def example() -> str:
    """Return the policy that general.yaml shows in a comment."""
    lines = starter()["policies/general.yaml"].decode().splitlines()
    first = lines.index("#   policy: churn")
    shown = [line.removeprefix("#") for line in lines[first : lines.index("#", first)]]
    return textwrap.dedent("\n".join(shown))


def test_it_has_no_mistake_and_only_waits_for_a_model() -> None:
    (warning,) = check(starter())
    assert warning.warning
    assert "applies to no model" in str(warning)


def test_with_a_model_there_is_nothing_to_warn_of() -> None:
    assert check(with_a_model()) == ()


def test_the_policy_in_the_comment_can_be_used_as_it_stands() -> None:
    assert check({**with_a_model(), "policies/churn.yaml": example().encode()}) == ()


def test_the_policy_in_the_comment_adds_gates_and_no_people() -> None:
    general = load_rulebook(with_a_model())
    both = load_rulebook({**with_a_model(), "policies/churn.yaml": example().encode()})
    for environment in ("staging", "production"):
        before, after = (
            effective_policy(rulebook, model="churn", environment=environment, kind=Kind.PROMOTE)
            for rulebook in (general, both)
        )
        assert after.approvals == before.approvals
        assert {gate.gate for gate in after.gates} - {gate.gate for gate in before.gates} == {"comparison", "fairness"}
        assert after.on_inconclusive == "block"


def test_a_high_risk_model_takes_a_risk_officer_in_production() -> None:
    policy = effective_policy(load_rulebook(with_a_model()), model="churn", environment="production", kind=Kind.PROMOTE)
    assert {rule.role: rule.count for rule in policy.approvals} == {"validator": 1, "ml-engineer": 1, "risk-officer": 1}


def test_init_puts_it_on_main_and_trusts_nothing(tmp_path: Path) -> None:
    settings = load_settings(None, folder=tmp_path)
    create(settings)
    pushed = settings.projects[0].folder
    assert (pushed / "HEAD").is_file()
    assert settings.workspace.stat().st_mode & 0o077 == 0
