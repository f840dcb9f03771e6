"""Do lost, doubled, late and out-of-order deliveries end where GitHub stands when we look?"""

import random

import pytest

from tests.github.world import STAGING, GitHubWorld

pytestmark = pytest.mark.full

SECOND = "model: churn\nenvironment: staging\nversion: '2'\n"


def shuffled_end(world: GitHubWorld, seed: int) -> tuple[str, str | None, list[str]]:
    """Let people act while nothing is delivered, then deliver what happened in any order, some twice, some never."""
    chance = random.Random(seed)  # noqa: S311 - a fixed example, not a secret
    number = world.ask()
    repository = world.repository
    review = repository.review("bob-at-work", number, "APPROVED", "early")
    repository.dismiss_review("carol", number, review, "read again")
    repository.push("carol", "main", {"README.md": "hello"})
    repository.comment("frank", number, "/mlops status")
    repository.review("bob-at-work", number, "APPROVED", "late")
    told = [delivery for delivery in world.github.take() for _ in range(chance.choice([0, 1, 1, 2]))]
    chance.shuffle(told)
    for delivery in told:
        world.deliver(delivery.body, delivery.headers)
        if chance.random() < 0.3:
            world.ears.take_up()
    world.ears.take_up()
    world.sweep()
    world.sweep()
    world.hear()
    alias = world.world.registry.alias("churn", "staging")
    answers = [answer for answer in world.answers(number) if "P1" in answer]
    return world.world.state(1), alias, ["answered"] * len(answers)


@pytest.mark.parametrize("seed", range(4))
def test_every_order_of_deliveries_ends_the_same(on_github: GitHubWorld, seed: int) -> None:
    assert shuffled_end(on_github, seed) == ("promoted", "1", ["answered"])


def test_a_review_that_no_event_told_is_found_by_the_sweep(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.repository.review("bob-at-work", number, "APPROVED")
    on_github.github.take()
    on_github.sweep()
    assert on_github.world.state(1) == "promoted"


def test_a_comment_that_no_event_told_is_found_by_the_sweep_and_run_once(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.sweep()
    on_github.world.clock.sleep(60)
    on_github.repository.comment("bob-at-work", number, "/mlops approve")
    lost = [delivery for delivery in on_github.github.take() if delivery.event == "issue_comment"]
    on_github.sweep()
    assert on_github.world.state(1) == "promoted"
    for delivery in lost * 2:
        on_github.deliver(delivery.body, delivery.headers)
    on_github.ears.take_up()
    assert on_github.answers(number) == []
    assert on_github.world.ledger("P1").count("approved") == 1


def test_a_comment_edited_before_we_saw_it_is_not_run(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.sweep()
    on_github.world.clock.sleep(60)
    comment = on_github.repository.comment("bob-at-work", number, "looks good")
    on_github.world.clock.sleep(5)
    on_github.repository.edit_comment("mallory", comment, "/mlops approve")
    on_github.github.take()
    on_github.sweep()
    assert on_github.world.state(1) == "waiting"


def test_github_that_stumbles_is_asked_again(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.github.fail(r"/merge$", 502, after=True)
    on_github.github.secondary_limit(r"/check-runs", times=1)
    on_github.github.fail(r"/issues/comments/", 500, times=2)
    on_github.review("bob-at-work", number)
    for _ in range(3):
        on_github.world.clock.sleep(90)
        on_github.sweep()
    on_github.hear()
    assert on_github.world.state(1) == "promoted"
    assert len(on_github.repository.deployments) == 1


def test_words_from_before_the_evidence_do_not_approve_it(on_github: GitHubWorld) -> None:
    number = on_github.ask()
    on_github.sweep()
    on_github.world.clock.sleep(60)
    on_github.repository.comment("bob-at-work", number, "/mlops approve")
    on_github.github.take()
    on_github.world.clock.sleep(60)
    on_github.repository.push("carol", "mlops/P1-churn-1-staging", {STAGING: SECOND})
    on_github.hear()
    on_github.sweep()
    assert (on_github.world.state(1), on_github.world.promotion(1).version) == ("waiting", "2")
    assert "was written before what P1 is about now" in on_github.answers(number)[0]
