"""What does a person find in App Home, and in the selects of the promote modal?"""

from tests.slack.driver import user
from tests.slack.stage import Stage, texts, wait_for
from tests.slack.standin.workspace import Json


def opened(stage: Stage, login: str, *, tab: str = "home") -> str:
    """Open App Home, and return what is shown there."""
    event: Json = {"type": "app_home_opened", "user": user(login), "channel": "D1", "tab": tab}
    assert stage.driver.event(event).status_code == 200
    stage.idle()
    return texts(stage.slack.space.homes.get(user(login)))


def test_home_lists_what_waits_for_you_what_you_asked_for_and_what_serves(waiting: Stage) -> None:
    bob, alice = opened(waiting, "bob"), opened(waiting, "alice")
    assert "P1 is waiting" in bob.partition("You asked for")[0]
    assert "P1 is waiting" in alice.partition("You asked for")[2]
    assert "P1 is waiting" not in alice.partition("You asked for")[0]
    assert "What serves where" in bob


def test_home_of_somebody_who_is_linked_to_nobody_says_so(waiting: Stage) -> None:
    assert "belongs to no person" in opened(waiting, "mallory")


def test_a_guest_sees_nothing_that_the_policy_does_not_let_them_see(waiting: Stage) -> None:
    assert "P1" not in opened(waiting, "gus")


def test_the_messages_tab_is_no_home(waiting: Stage) -> None:
    assert opened(waiting, "bob", tab="messages") == "null"


def test_a_button_in_home_opens_its_window_and_the_answer_comes_directly(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("bob", "approve", waiting.button(message, "approve"), channel="")
    waiting.driver.submit("bob", waiting.view(), {"reason": "fine"})
    waiting.act()
    assert waiting.chat.world.state(1) == "promoted"
    direct = next(one for one in waiting.slack.space.channels.values() if one.person == "U0BOB")
    assert len(direct.messages) == 1


def test_who_cannot_decide_is_told_in_a_window_where_there_is_no_channel(waiting: Stage) -> None:
    message = waiting.shown()
    waiting.driver.press("carol", "approve", waiting.button(message, "approve"), channel="")
    view = waiting.view()
    assert ("submit" in view, "bob" in texts(view)) == (False, True)


def test_home_offers_to_promote(stage: Stage) -> None:
    stage.driver.press("alice", "promote", "promote", channel="")
    assert stage.view()["callback_id"] == "gatehouse_promote"


def test_selects_offer_what_the_registry_has_by_what_was_typed(stage: Stage) -> None:
    table = stage.chat.world.registry
    assert table.models()
    assert stage.driver.suggest("alice", "model", "CHU", {}) == ["churn"]
    assert stage.driver.suggest("alice", "model", "nothing like it", {}) == []
    assert stage.driver.suggest("alice", "version", "", {"model": "churn"}) == ["1"]
    assert stage.driver.suggest("alice", "version", "", {}) == []
    assert stage.driver.suggest("alice", "environment", "", {"model": "churn"}) == ["staging", "production"]
    assert stage.driver.suggest("alice", "environment", "prod", {}) == ["production"]


def test_selects_offer_nothing_while_the_house_does_not_say(stage: Stage) -> None:
    assert stage.driver.suggest("alice", "version", "", {"model": "no such/model/name"}) == []
    assert stage.driver.suggest("alice", "version", "", {"model": "nowhere/churn"}) == []


def test_opening_home_twice_shows_it_as_it_is_then(waiting: Stage) -> None:
    before = opened(waiting, "bob")
    waiting.chat.world.say("bob", "approve P1")
    after = opened(waiting, "bob")
    wait_for(lambda: waiting.slack.space.called("views.publish") == 2)
    assert ("P1 is waiting" in before, "P1 is waiting" in after) == (True, False)
