"""Does a chat see the house as it is, and only that?"""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands import PromotionName
from bot.house.places import links_of
from tests.chat.chat_world import ChatWorld, account, chats_around, world_with_people_in_chats
from tests.proposals import propose
from tests.world import MODEL, evaluation_table, new_world, rulebook

P1, P2 = PromotionName(number=1), PromotionName(number=2)
DAY = 86_400


def test_each_person_has_what_waits_for_them_and_what_they_asked_for(two: ChatWorld) -> None:
    window = two.door.window()
    assert [report.id for report in window.inbox("default", "bob")] == ["P2"]
    assert [report.id for report in window.inbox("default", "alice")] == []
    assert [report.id for report in window.asked_by("default", "alice")] == ["P2"]
    two.world.say("bob", "approve P2")
    assert [report.id for report in window.inbox("default", "bob")] == []
    assert [report.id for report in window.inbox("default", "carol")] == ["P2"]


def test_what_serves_where_is_seen(two: ChatWorld) -> None:
    (lane,) = two.door.window().serving("default")
    assert (lane.model, lane.environment, lane.champion, lane.promotion) == (MODEL, "staging", "1", "P1")


def test_names_to_choose_from_are_the_newest_first_and_in_promotion_order(quiet: ChatWorld) -> None:
    window = quiet.door.window()
    for _ in range(10):
        quiet.world.register([0.5])
    assert window.names("MODEL") == [MODEL]
    assert list(window.names("VERSION", model=MODEL)) == [str(number) for number in range(11, 0, -1)]
    assert list(window.names("ENVIRONMENT", project="default")) == ["staging", "production"]
    assert list(window.names("VERSION", model="unknown")) == []
    assert list(window.names("SECRET")) == []


def test_accounts_lead_to_people_and_people_to_accounts(quiet: ChatWorld) -> None:
    window = quiet.door.window()
    person = window.person("default", "slack", account("bob"))
    assert person is not None
    assert person.login == "bob"
    assert window.person("default", "slack", account("mallory")) is None
    assert window.person("default", "teams", account("bob")) is None
    assert window.accounts("default", "bob")["slack"] == (account("bob"),)
    assert window.accounts("default", "mallory") == {}


def test_who_could_decide_hears_nothing_and_who_could_not_hears_why(two: ChatWorld) -> None:
    window = two.door.window()
    assert window.can_decide(P2, "bob") == (True, "")
    asked = "Alice asked for this promotion. Who may decide: bob, carol, with mlops approve P2."
    assert window.can_decide(P2, "alice") == (False, asked)
    unknown = "This account is linked to no person, so it may look and not decide (link ties it to you)"
    assert window.can_decide(P2, None) == (False, f"{unknown}. Who may decide: bob, carol, with mlops approve P2.")
    assert window.can_decide(P1, "bob") == (
        False,
        "P1 is promoted, so there is nothing to approve now. Next: mlops why P1.",
    )
    assert window.can_decide(PromotionName(number=9), "bob")[0] is False
    two.world.say("bob", "approve P2")
    assert window.can_decide(P2, "bob")[1].startswith("Bob has approved this already and counts once")


def test_a_rulebook_change_waits_for_governors(two: ChatWorld) -> None:
    window = two.door.window()
    propose(two.world)
    assert window.changes("default", "alice") == []
    (change,) = window.changes("default", "erin")
    name = PromotionName(number=int(change.id[1:]), letter="R")
    assert window.can_decide(name, "erin") == (True, "")
    assert window.can_decide(name, "bob")[0] is False


def test_guests_and_notices_are_as_the_policy_says(two: ChatWorld) -> None:
    window = two.door.window()
    assert not window.guests_may_look("default", MODEL)
    assert not window.guests_may_look(None, None)
    assert (window.notify(P2).mention, window.notify(P2).remind_after) == (True, DAY)
    assert window.channel(P2) == ""


def test_a_model_names_its_channel(tmp_path: Path) -> None:
    evaluation_table(tmp_path / "w" / "evaluation" / "churn.parquet")
    entry = rulebook(tmp_path / "w")["models/churn/model.yaml"].decode()
    rules = {"models/churn/model.yaml": f"{entry}channel: credit\n"}
    with world_with_people_in_chats(tmp_path / "w", rules=rules) as world, chats_around(world) as chats:
        world.say("alice", "promote churn 1 to staging")
        assert chats.door.window().channel(P1) == "credit"
        assert chats.door.window().news(P1).channel == "credit"


def test_the_pulse_beats_when_anything_happens(two: ChatWorld) -> None:
    window = two.door.window()
    before = window.pulse()
    two.world.say("bob", "status")
    assert window.pulse() == before
    two.world.say("bob", "approve P2")
    assert window.pulse() > before


def test_what_was_changed_since_a_time_is_stirred_and_what_is_open_always(two: ChatWorld) -> None:
    window = two.door.window()
    ended = two.world.promotion(1).updated_at
    assert [str(name) for name in window.stirred(ended)] == ["P1", "P2"]
    assert [str(name) for name in window.stirred(ended + 1)] == ["P2"]
    assert [str(name) for name in window.stirred(2**40)] == ["P2"]


def test_a_house_without_a_trusted_rulebook_can_be_looked_into(tmp_path: Path) -> None:
    evaluation_table(tmp_path / "evaluation" / "churn.parquet")
    with new_world(tmp_path, trusted=False) as world, chats_around(world) as chats:
        window = chats.door.window()
        assert window.person("default", "slack", account("bob")) is None
        assert not window.guests_may_look("default", MODEL)
        assert window.stirred(0) == ()
        assert window.serving("default") == ()


@pytest.mark.parametrize(
    ("address", "pull_request", "evidence"),
    [
        ("/srv/repo.git/pulls/1.md", None, None),
        ("javascript:alert(1)", None, None),
        ("https://dev.azure.com/o/p/_git/r/pullrequest/7", "https://dev.azure.com/o/p/_git/r/pullrequest/7", None),
        (
            "https://github.com/acme/models/pull/12",
            "https://github.com/acme/models/pull/12",
            "https://github.com/acme/models/blob/abc/models/churn/evidence/production/P2.md",
        ),
    ],
)
def test_links_are_for_browsers(two: ChatWorld, address: str, pull_request: str | None, evidence: str | None) -> None:
    promotion = replace(two.world.promotion(2), pull_request_url=address, head="abc")
    links = links_of(promotion, two.door.window().report(P2), last=True)
    assert (links.pull_request, links.evidence) == (pull_request, evidence)
    assert (links.card is None) == (evidence is None)
    assert links_of(promotion, two.door.window().report(P2), last=False).card is None
