"""Does each person have one line that says where they stand?"""

from bot.commands import PromotionName
from bot.house.standings import LINKED_TO_NOBODY
from tests.hands import change_rules, tick
from tests.world import MODEL, World

P1, P4, P5, P6 = (PromotionName(number=number) for number in (1, 4, 5, 6))
APPROVED = ("bob", ("validator",), "approved", "as validator")
ASKED = ("alice", ("data-scientist",), "asked", "fresher data")


def said(world: World, name: PromotionName) -> list[tuple[str, tuple[str, ...], str, str]]:
    return [(one.person, one.roles, one.state, one.why) for one in world.house.window().people(name)]


def test_who_asked_who_decided_and_who_may(world: World) -> None:
    assert said(world, P4) == [ASKED, APPROVED, ("carol", ("ml-engineer",), "can decide", "for ml-engineer")]
    asked, approved, carol = world.house.window().people(P4)
    assert asked.at is not None
    assert approved.at == asked.at + 3_600
    assert carol.at is None


def test_nobody_can_decide_where_a_gate_stopped_it_or_where_it_is_over(world: World) -> None:
    assert [state for _, _, state, _ in said(world, P5)] == ["asked"]
    assert said(world, P1) == [("alice", ("data-scientist",), "asked", ""), APPROVED]


def test_a_rejection_is_told_as_one(changing: World) -> None:
    changing.say("carol", "reject P4 --reason 'not now'")
    assert said(changing, P4)[-1] == ("carol", ("ml-engineer",), "rejected", "a rejection is final")


def test_what_was_given_for_other_evidence_counts_no_longer(changing: World) -> None:
    change_rules(changing, "policies/churn.yaml", "margin: 0.02", "margin: 0.03")
    tick(changing)
    (line,) = [line for line in said(changing, P4) if line[0] == "bob"]
    assert line[2] == "no longer counts"
    assert line[3].startswith("given for other evidence (")


def test_who_asked_and_is_counted_has_the_line_of_what_they_decided(changing: World) -> None:
    changing.say("carol", f"rollback {MODEL} in staging to 1 --reason slower")
    assert said(changing, P6) == [("carol", ("ml-engineer",), "approved", "as ml-engineer")]


def test_who_made_it_is_barred_and_told_why(changing: World) -> None:
    changing.say("alice", "withdraw P5")
    version = changing.register([0.5] * 600, trainer="erin@example.org", registered_by="bob")
    changing.say("carol", f"promote {MODEL} {version} to staging")
    assert said(changing, P6) == [
        ("carol", ("ml-engineer",), "asked", ""),
        ("bob", ("validator",), "barred", "bob registered this version"),
        ("erin@example.org (trained this version)", (), "barred", LINKED_TO_NOBODY),
    ]
