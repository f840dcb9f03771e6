"""Rules about who is told and who may look decide nothing: no evidence and no approval depends on them."""

import pytest

from tests.hands import change_rules, entries, tick
from tests.world import World

ANCHORED = "    expires_after: 2d\n  production:"
TOLD = "    expires_after: 2d\n    notify: {mention: false, remind_after: 2h}\n  production:"


@pytest.mark.full
def test_a_change_of_who_is_told_leaves_the_subject_the_evidence_and_the_approvals(asked: World) -> None:
    before = asked.promotion(2)
    change_rules(asked, "policies/churn.yaml", ANCHORED, TOLD)
    change_rules(asked, "policies/churn.yaml", "policy: churn\n", "policy: churn\nguests_may_look: true\n")
    tick(asked)
    after = asked.promotion(2)
    assert (after.state, before.state) == ("waiting", "waiting")
    assert (after.subject_digest, after.evidence_digest) == (before.subject_digest, before.evidence_digest)
    assert after.evidence_digest is not None
    assert [entry.kind for entry in entries(asked, "P2")].count("evidence") == 1
    assert asked.say("bob", "approve P2").data["state"] == "promoted"
