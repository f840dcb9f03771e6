"""Is whoever says or presses something in a chat answered, once, and does nothing happen that they did not see?"""

from dataclasses import replace

import pytest

from bot.chat.heard import from_json, promotion_named, to_json
from bot.chat.letterbox import only_looks
from bot.exchange import ExitCode
from gates.refusal import Unavailable, UserError
from tests.chat.chat_world import ChatWorld, account, chats_around, world_with_people_in_chats
from tests.hands import Saved
from tests.world import POLICY

WORDS = ("promote churn 1 to staging", "status", "nonsense", "", "approve P1", "approve", "link", "help")


def test_what_is_heard_is_kept_as_json(waiting: ChatWorld) -> None:
    for heard in (waiting.typed("bob", "why P1"), waiting.decided("bob", "P1"), waiting.rechecked("bob", "P1")):
        assert from_json(to_json(heard)) == heard


@pytest.mark.parametrize("name", ["", "P", "Q1", "P1x", "P-1", "P" + "9" * 30, "R٣"])
def test_a_button_that_names_no_promotion_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="There is no promotion"):
        promotion_named(name)


def test_whoever_only_looks_waits_behind_nobody(waiting: ChatWorld) -> None:
    looking = [words for words in WORDS if only_looks(waiting.typed("bob", words))]
    assert looking == ["status", "nonsense", "", "approve", "help"]
    assert not only_looks(waiting.typed("bob", "approve", thread="m1"))
    assert not only_looks(waiting.decided("bob", "P1"))


def test_a_promotion_asked_for_in_a_chat_is_as_good_as_any(quiet: ChatWorld) -> None:
    answer = quiet.say("alice", "promote churn 1 to staging --reason better")
    assert (answer.code, answer.private) == (ExitCode.WAITING, False)
    assert answer.text.startswith("P1 is waiting: promote churn 1 to staging")
    promotion = quiet.world.promotion(1)
    assert (promotion.requester, promotion.requester_account) == ("alice", account("alice"))
    assert (promotion.surface, promotion.assurance) == ("slack", "platform")
    assert quiet.say("alice", "approve P1").text.startswith("Alice asked for this promotion")


def test_an_approval_by_button_is_the_persons_own_with_their_reason(pair: ChatWorld) -> None:
    answer = pair.press("bob", "P2", reason="numbers hold\nfor  every group")
    assert (answer.code, answer.private) == (ExitCode.WAITING, True)
    assert answer.text.startswith("P2 is waiting: promote churn 1 to production")
    (decision,) = pair.world.house.window().report(promotion_named("P2")).decisions
    assert (decision.person, decision.surface, decision.assurance) == ("bob", "slack", "platform")
    assert decision.reason == "numbers hold for every group"


def test_a_rejection_needs_a_reason_that_others_can_read(waiting: ChatWorld) -> None:
    answer = waiting.press("bob", "P1", approves=False)
    assert answer.code is ExitCode.WRONG_USAGE
    assert answer.text.startswith("reject needs a reason that others can read later")
    assert waiting.press("bob", "P1", approves=False, reason="--restore").code is ExitCode.DONE
    assert waiting.world.state(1) == "rejected"


def test_a_button_beside_what_has_changed_decides_nothing_and_says_what_changed(changed: ChatWorld) -> None:
    seen, now = evidence_shown(changed)
    answer = changed.press("bob", "P1", digest=seen)
    assert answer.text == (
        f"P1 has changed since it was shown to you ({seen[:12]}, now {now[:12]}), so nothing was decided. "
        "The target changed from fake to another. Look at it as it is now, and decide again."
    )
    assert (answer.code, changed.world.state(1)) == (ExitCode.REFUSED, "waiting")
    assert changed.press("bob", "P1").code is ExitCode.DONE


def evidence_shown(chats: ChatWorld) -> list[str]:
    """Return the digests that P1 was shown with, in order."""
    with chats.world.installation.database.reading() as work:
        return [str(one.body["evidence_digest"]) for one in work.ledger.of("P1") if one.kind == "evidence"]


def test_a_button_with_a_digest_of_somebodys_own_decides_nothing(waiting: ChatWorld) -> None:
    for digest in ("0" * 64, "nonsense", "../../secret"):
        answer = waiting.press("bob", "P1", digest=digest)
        assert "nothing was decided. What was shown is not known here." in answer.text
    assert waiting.world.state(1) == "waiting"


def test_words_mean_what_is_now_unless_written_before_it_was_shown(changed: ChatWorld) -> None:
    changed.hear(replace(changed.typed("bob", "approve P1"), at=changed.world.clock() - 60))
    assert "was written before what P1 is about now" in changed.heard_on("slack").text
    assert changed.world.state(1) == "waiting"


def test_a_re_run_button_measures_again(waiting: ChatWorld) -> None:
    waiting.hear(waiting.rechecked("alice", "P1"))
    assert waiting.heard_on("slack").text.startswith("P1 is waiting")
    assert "recheck" in waiting.world.ledger("P1")


def test_an_account_that_nobody_knows_may_look_and_is_told_how_to_be_known(waiting: ChatWorld) -> None:
    assert waiting.say("mallory", "why P1").text.startswith("P1 is waiting")
    answer = waiting.press("mallory", "P1")
    assert (answer.code, answer.private) == (ExitCode.REFUSED, True)
    assert f"The account {account('mallory')} is linked to no person" in answer.text
    assert "link" in answer.text
    assert waiting.world.ledger("P1")[-1] == "decision_refused"


def test_who_may_not_decide_hears_why_and_who_can_and_only_they_hear_it(waiting: ChatWorld) -> None:
    answer = waiting.press("carol", "P1")
    assert answer.private
    assert answer.text == (
        "Carol has no role that this policy asks for (validator). Who may decide: bob, with mlops approve P1."
    )


def test_in_a_promotions_thread_its_name_may_be_left_out(pair: ChatWorld) -> None:
    pair.converge()
    thread = pair.the("P2").name
    assert pair.say("bob", "why", thread=thread).text.startswith("P2 is waiting")
    assert pair.say("bob", "why", thread="m99").code is ExitCode.WRONG_USAGE
    assert pair.say("bob", "approve --reason fine", thread=thread).code is ExitCode.WAITING
    assert pair.world.ledger("P2")[-1] == "approved"


def test_words_that_are_no_command_are_answered_with_what_was_probably_meant(waiting: ChatWorld) -> None:
    answer = waiting.say("bob", "aprove P1")
    assert (answer.code, answer.private) == (ExitCode.WRONG_USAGE, True)
    assert answer.text == "There is no command 'aprove'. Did you mean approve?"
    assert "works in a terminal only" in waiting.say("bob", "db upgrade").text


def test_an_answer_that_is_lost_is_given_again_and_nothing_done_twice(quiet: ChatWorld) -> None:
    quiet.slack.troubles["answer"] = Unavailable("slack does not answer.")
    quiet.hear(quiet.typed("alice", "promote churn 1 to staging"))
    assert (quiet.slack.answers, quiet.world.state(1)) == ([], "waiting")
    del quiet.slack.troubles["answer"]
    quiet.world.clock.now += 10
    again = quiet.restarted()
    again.act()
    ((origin, answer),) = again.slack.answers
    assert origin == {"to": "alice"}
    assert answer.text.startswith("P1 is waiting")
    with again.world.installation.database.reading() as work:
        assert len(work.promotions.all("default")) == 1


def test_what_is_told_twice_is_answered_once(pair: ChatWorld) -> None:
    box = pair.letterbox()
    assert box.keep("click-1", pair.decided("bob", "P2"))
    assert not box.keep("click-1", pair.decided("bob", "P2"))
    pair.act()
    assert not box.keep("click-1", pair.decided("bob", "P2"))
    pair.act()
    assert len(pair.slack.answers) == 1


def test_a_code_to_link_with_is_for_one_pair_of_eyes_and_no_database(waiting: ChatWorld) -> None:
    answer = waiting.say("mallory", "link")
    assert answer.private
    with waiting.world.installation.database.reading() as work:
        assert work.messages.seen("slack", "k0") is None
    waiting.say("alice", "withdraw P1")
    with waiting.world.installation.database.reading() as work:
        assert work.messages.seen("slack", "k1") is not None


def test_a_bug_is_named_to_whoever_asked(waiting: ChatWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(type(waiting.world.house), "handle", broken)
    answer = waiting.press("bob", "P1")
    assert answer.text == "Something went wrong inside Gatehouse: bug-00000001. It is written down there."
    assert (answer.code, answer.private) == (ExitCode.UNAVAILABLE, True)
    waiting.bugs.clear()


GUESTS_MAY_NOT = (
    "Guests and people of other organisations act on nothing here, and look only at models whose policies say "
    "guests_may_look: true."
)


def test_a_guest_sees_nothing_and_does_not_learn_what_there_is(waiting: ChatWorld) -> None:
    for words in ("status", "status churn", "why P1", "why P99", "card nothing", "why R1", "history a/b", "link"):
        assert waiting.say("bob", words, guest=True).text == GUESTS_MAY_NOT


def test_a_guest_decides_nothing_even_where_they_may_look(
    saved_quiet: Saved, tmp_path_factory: pytest.TempPathFactory
) -> None:
    del saved_quiet
    folder = tmp_path_factory.mktemp("guests") / "w"
    open_policy = f"{POLICY}guests_may_look: true\n"
    with (
        world_with_people_in_chats(folder, rules={"policies/churn.yaml": open_policy}) as world,
        chats_around(world) as chats,
    ):
        world.say("alice", "promote churn 1 to staging")
        for words in ("status", "status churn", "why P1", "card churn", "help"):
            assert GUESTS_MAY_NOT not in chats.say("visitor", words, guest=True).text
        assert chats.say("visitor", "why P99", guest=True).text == GUESTS_MAY_NOT
        assert chats.say("bob", "approve P1", guest=True).text == GUESTS_MAY_NOT
        chats.hear(chats.decided("bob", "P1", guest=True))
        assert chats.heard_on("slack").text == GUESTS_MAY_NOT
        assert world.state(1) == "waiting"
