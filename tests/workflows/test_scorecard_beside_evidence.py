"""Does the scorecard of a promotion lie beside its evidence, and tell what that evidence says?"""

from reports.scorecard.page import render_scorecard
from tests.hands import pull_request
from tests.seen import seen
from tests.world import World
from workflows.branch import own_paths
from workflows.verdicts import verdict_of


def page_in_branch(world: World, number: int) -> bytes | None:
    """Return the page as a person downloads it from the pull request."""
    promotion = world.promotion(number)
    return world.forge.read(pull_request(world, promotion).head, own_paths(promotion).scorecard)


def test_the_page_in_the_branch_tells_the_evidence(asked: World) -> None:
    digest = str(asked.promotion(2).evidence_digest)
    evidence = asked.installation.evidence.get(digest)
    page = page_in_branch(asked, 2)
    assert page == render_scorecard(evidence, verdict_of(evidence), digest).encode()
    told = seen(page.decode()).text
    assert "churn 2 for staging" in told
    assert "One fairness gate: pass." in told
    assert "Selection rate of each group" in told
    assert digest[:12] in told
    own = own_paths(asked.promotion(2))
    assert own.scorecard == own.evidence.removesuffix(".json") + ".html" == "models/churn/evidence/staging/P2.html"
    assert own.scorecard in own.written
    page_beside = asked.forge.read(pull_request(asked, asked.promotion(2)).head, own.page) or b""
    assert "Responsible-AI scorecard: `P2.html` beside this page" in page_beside.decode()


def test_a_rollback_which_measures_nothing_has_none(served: World) -> None:
    served.promote_through("2", "staging")
    served.say("carol", "rollback churn in staging --reason complaints")
    assert page_in_branch(served, 3) is None
