"""Where does a card go, and do the team's principles reach it without asking anybody again?"""

import pytest
from huggingface_hub import ModelCard

from bot.commands import Card, ModelName
from bot.exchange import ExitCode, Reply, Request, Speaker
from gates.principle_facts import Principle
from tests.hands import on_main, open_by_hand
from tests.world import MODEL, World

PRINCIPLES = b"""\
principles:
  - {principle: fairness, text: Alike are treated alike., gates: [fairness]}
  - {principle: transparency}
"""
CARD = f"models/{MODEL}/MODEL_CARD.md"


def card_in(world: World, surface: str) -> Reply:
    request = Request(
        command=Card(model=ModelName(name=MODEL)),
        speaker=Speaker(platform="embedded", account=None, assurance="asserted"),
        surface=surface,
        message_id=f"card in {surface}",
    )
    return world.house.handle(request, world.told.append)


@pytest.mark.parametrize("surface", ["terminal", "console"])
def test_a_terminal_shows_the_card_as_a_file_holds_it(served: World, surface: str) -> None:
    reply = card_in(served, surface)
    card = ModelCard(reply.text)
    assert card.data.get("pipeline_tag") == "tabular-classification"
    assert card.text.startswith("\n# Model card: churn v1\n")
    assert reply.data["markdown"] == reply.text


@pytest.mark.parametrize("surface", ["github", "slack", "teams"])
def test_where_markdown_is_drawn_the_card_begins_with_its_heading(served: World, surface: str) -> None:
    reply = card_in(served, surface)
    assert reply.text.startswith("# Model card: churn v1\n")
    assert str(reply.data["markdown"]).endswith(f"\n---\n\n{reply.text}")


def with_principles(world: World) -> None:
    """Let main have principles, which grace accepts."""
    open_by_hand(world, "alice", {"policies/principles.yaml": PRINCIPLES}, branch="principles")
    world.say("carol", "sync")
    assert world.say("grace", "approve R1").code is ExitCode.DONE


@pytest.mark.full
def test_new_principles_void_no_approval_and_show_on_the_next_card(served: World) -> None:
    served.promote_through("2", "staging")
    served.say("alice", "promote churn 2 to production")
    assert served.say("bob", "approve P3").code is ExitCode.WAITING
    with_principles(served)
    assert served.say("carol", "approve P3").code is ExitCode.DONE
    assert served.state(3) == "promoted"
    assert b"## Principles\n\n*not provided*\n" in (on_main(served, CARD) or b"")

    served.promote_through("4", "staging")
    served.promote_through("4", "production")
    card = (on_main(served, CARD) or b"").decode()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in card.splitlines() if line.startswith("| ")]
    assert ["fairness", "Alike are treated alike.", "fairness", "✅ pass"] in rows
    assert ["transparency", "—", "—", "*gap: no gate checks it*"] in rows
    evidence = served.installation.evidence.get(str(served.promotion(5).evidence_digest))
    assert evidence.facts.principles == (
        Principle(principle="fairness", text="Alike are treated alike.", gates=("fairness",)),
        Principle(principle="transparency"),
    )


def test_a_retirement_tells_of_the_principles_too(served: World) -> None:
    with_principles(served)
    served.say("alice", "retire churn in staging --reason done")
    evidence = served.installation.evidence.get(str(served.promotion(2).evidence_digest))
    assert [one.principle for one in evidence.facts.principles] == ["fairness", "transparency"]


def test_the_card_on_main_is_read_by_the_hubs_own_reader(served: World) -> None:
    served.promote_through("2", "staging")
    served.promote_through("2", "production")
    card = ModelCard((on_main(served, CARD) or b"").decode())
    assert card.data.get("model_name") == MODEL
    assert card.data.get("metrics")
    assert "# Model card: churn v2" in card.text


def back_in_production(world: World) -> bytes | None:
    """Let v1 serve in production, then v2, then v1 again; return the card of v1's first time there."""
    world.promote_through("1", "production")
    first = on_main(world, CARD)
    world.promote_through("2", "staging")
    world.promote_through("2", "production")
    assert first != on_main(world, CARD)
    return first


@pytest.mark.full
def test_a_rollback_brings_the_card_of_its_version_back(served: World) -> None:
    first = back_in_production(served)
    served.say("carol", "rollback churn in production --reason complaints")
    assert served.state(5) == "promoted"
    assert on_main(served, CARD) == first


@pytest.mark.full
def test_a_rollback_goes_on_where_the_older_evidence_is_lost(served: World) -> None:
    back_in_production(served)
    served.installation.evidence.path(str(served.promotion(2).evidence_digest)).unlink()
    served.say("carol", "rollback churn in production --reason complaints")
    assert served.state(5) == "promoted"
    card = (on_main(served, CARD) or b"").decode()
    assert "# Model card: churn v1" in card
    assert "Metrics: *not provided*" in card
