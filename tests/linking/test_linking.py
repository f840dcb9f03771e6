"""A chat account becomes a person's: by a code typed on the other side, and by the governors' word."""

import pytest

from bot.exchange import ExitCode, Reply
from gates.refusal import UserError
from tests.linking.talk import BOB, CODES, EVE, TEAMS_BOB, Talk
from tests.world import PEOPLE
from workflows.forge import PullRequestState
from workflows.link_code import LIVES, code_hash

ASKED = """\
Your code is K7MQ-2XPA. It works once, for ten minutes, and is for your eyes only.
  Next: type it in a terminal or a pull request, with your account of embedded: link K7MQ-2XPA"""
TIED = """\
embedded bob and slack T01ABC/U02BOB are both bob, as a code has shown; it holds once a governor accepts it.
R1 is waiting: rulebook change in pull request 1.
  Who: erin, grace. Next: mlops approve R1"""
LINKED = PEOPLE.replace("git: bob@example.org", "git: bob@example.org, slack: T01ABC/U02BOB")


def works_not(reply: Reply) -> bool:
    return reply.code is ExitCode.REFUSED and reply.text.startswith("That code does not work here.")


def test_asked_for_in_a_chat_and_typed_at_the_forge(talk: Talk) -> None:
    asked = talk.slack(BOB, "link")
    assert (asked.text, asked.code) == (ASKED, ExitCode.DONE)
    assert asked.data == {"code": "K7MQ2XPA", "private": True}
    tied = talk.forge("bob", "link k7mq-2xpa")
    assert (tied.text, tied.code) == (TIED, ExitCode.WAITING)
    assert tied.data["accounts"] == {"embedded": "bob", "slack": BOB}
    assert talk.people() == PEOPLE


def test_asked_for_at_the_forge_and_typed_in_a_chat(talk: Talk) -> None:
    asked = talk.forge("bob", "link")
    assert asked.text.endswith(
        "  Next: type it in slack or teams, from the account that is to be yours: link K7MQ-2XPA\n  You are bob here."
    )
    assert talk.slack(BOB, "link K7MQ-2XPA").text == TIED
    assert talk.change(1).author == "bob"


def test_once_a_governor_accepts_it_the_chat_account_is_the_person(linked: Talk) -> None:
    assert linked.forge("erin", "approve R1").code is ExitCode.DONE
    assert linked.people() == LINKED
    assert linked.slack(BOB, "link").text == (
        "slack T01ABC/U02BOB is bob already, by policies/people.yaml. There is nothing to do."
    )
    assert "You are bob here, with slack T01ABC/U02BOB." in linked.forge("bob", "link").text


def test_until_then_it_may_look_and_not_act(linked: Talk) -> None:
    assert linked.slack(BOB, "status").code is ExitCode.DONE
    refused = linked.slack(BOB, "approve R1")
    assert refused.text == (
        f"The account {BOB} is linked to no person, so it may look and not act: say link here, and type the code that "
        "you get with your forge's account (mlops link CODE)."
    )


def test_a_governor_does_not_decide_about_their_own_link(talk: Talk) -> None:
    talk.slack(BOB, "link")
    tied = talk.forge("grace", "link K7MQ-2XPA")
    assert "Who: erin. Next" in tied.text
    refused = talk.forge("grace", "approve R1")
    assert refused.text == "Grace wrote this change. Who may decide: erin, with mlops approve R1."


def test_who_reviews_it_reads_both_accounts_and_what_follows(linked: Talk) -> None:
    pull_request = linked.world.forge.pull_request(1)
    assert pull_request.title == "Link slack T01ABC/U02BOB to bob"
    page = (linked.world.repository / "pulls" / "1.json").read_text()
    assert "slack: T01ABC/U02BOB" in page
    assert "embedded: bob" in page
    assert "what the slack account says counts as bob's word" in page


def test_the_ledger_keeps_who_linked_what_and_how_surely(linked: Talk) -> None:
    kinds = [entry.kind for entry in linked.entries("R1")]
    assert kinds == ["rulebook_proposed", "link_proposed", "rulebook_read"]
    assert linked.entries("R1")[1].body == {
        "person": "bob",
        "platform": "slack",
        "account": BOB,
        "forge": "embedded",
        "forge_account": "bob",
        "assurance": "asserted",
        "typed_on": "embedded",
        "message": "terminal:m1",
    }


def test_a_code_is_kept_as_a_hash_alone(talk: Talk) -> None:
    talk.slack(BOB, "link")
    kept = (talk.world.folder / "gatehouse.db").read_bytes()
    for written in ("K7MQ2XPA", "K7MQ-2XPA", "k7mq2xpa"):
        assert written.encode() not in kept
    with talk.world.installation.database.reading() as work:
        assert work.link_codes.find(code_hash("K7MQ2XPA"), talk.world.clock()) is not None


def test_a_wrong_an_old_a_used_and_a_replaced_code_have_one_answer(talk: Talk) -> None:
    talk.slack(BOB, "link")
    wrong = talk.forge("bob", "link ZZZZ-ZZZZ")
    assert works_not(wrong)
    talk.slack(BOB, "link")
    assert talk.forge("bob", f"link {CODES[0]}") == wrong
    talk.world.clock.now += LIVES
    assert talk.forge("bob", f"link {CODES[1]}") == wrong
    talk.slack(BOB, "link")
    assert talk.forge("bob", f"link {CODES[2]}").code is ExitCode.WAITING
    assert talk.forge("carol", f"link {CODES[2]}") == wrong
    assert talk.changes() == 1


def test_a_code_works_for_ten_minutes(talk: Talk) -> None:
    talk.slack(BOB, "link")
    talk.world.clock.now += LIVES - 1
    assert talk.forge("bob", f"link {CODES[0]}").code is ExitCode.WAITING


def test_after_five_wrong_codes_even_the_right_one_does_not_work_for_ten_minutes(talk: Talk) -> None:
    talk.slack(BOB, "link")
    for _ in range(5):
        assert works_not(talk.forge("bob", "link ZZZZ-ZZZZ"))
    assert works_not(talk.forge("bob", f"link {CODES[0]}"))
    talk.world.clock.now += LIVES
    talk.slack(BOB, "link")
    assert talk.forge("bob", f"link {CODES[1]}").code is ExitCode.WAITING


def test_four_wrong_codes_are_forgiven_and_others_guesses_are_not_ours(talk: Talk) -> None:
    talk.slack(BOB, "link")
    for _ in range(4):
        talk.forge("bob", "link ZZZZ-ZZZZ")
    for _ in range(6):
        talk.forge("carol", "link ZZZZ-ZZZZ")
    assert talk.forge("bob", f"link {CODES[0]}").code is ExitCode.WAITING


def test_on_the_same_side_a_code_works_for_nobody(talk: Talk) -> None:
    talk.slack(BOB, "link")
    assert talk.slack(BOB, f"link {CODES[0]}").text == (
        "You asked for this code here, as slack T01ABC/U02BOB: type it in a terminal or a pull request, with your "
        "account of embedded."
    )
    assert works_not(talk.slack(EVE, f"link {CODES[0]}"))
    assert works_not(talk.teams(TEAMS_BOB, f"link {CODES[0]}"))
    talk.forge("carol", "link")
    assert works_not(talk.forge("bob", f"link {CODES[1]}"))
    assert talk.forge("bob", f"link {CODES[0]}").code is ExitCode.WAITING


def test_an_account_that_nobody_knows_on_the_forge_links_nothing(talk: Talk) -> None:
    talk.slack(BOB, "link")
    known = talk.forge("mallory", f"link {CODES[0]}")
    assert known.code is ExitCode.REFUSED
    assert known.text == (
        "embedded mallory is linked to no person, so there is nobody to link another account to: first give a person "
        "of policies/people.yaml `accounts: {embedded: mallory}` in a pull request."
    )
    assert talk.forge("mallory", "link ZZZZ-ZZZZ") == known
    assert talk.forge("mallory", "link") == known


def test_whoever_does_not_say_who_they_are_gets_no_code(talk: Talk) -> None:
    with pytest.raises(UserError, match="Say who you are"):
        talk.forge(None, "link")


def test_an_account_of_another_platform_is_on_no_side(talk: Talk) -> None:
    refused = talk.hear("link", "github", "bob", "terminal")
    assert refused.text == (
        "bob is said to be of github, which is no platform of this installation: speak with your account of embedded "
        "or slack or teams."
    )


def test_where_everybody_reads_the_answer_no_code_is_given(talk: Talk) -> None:
    refused = talk.hear("link", "embedded", "bob", "github")
    assert refused.code is ExitCode.REFUSED
    assert refused.text.startswith("A code is for your eyes only, and everybody reads this. Say link in slack or teams")


def test_with_one_platform_alone_there_is_nothing_to_link(talk: Talk) -> None:
    alone = Talk(talk.world, chats=())
    for words in ("link", f"link {CODES[0]}"):
        assert alone.forge("bob", words).text == (
            "Only one platform is set up here, embedded, so there is no account to link it with: app.yaml has neither "
            "`slack` nor `teams`."
        )


def test_the_same_message_heard_twice_is_one_link(talk: Talk) -> None:
    talk.slack(BOB, "link")
    first = talk.forge("bob", f"link {CODES[0]}", message_id="m1")
    assert talk.forge("bob", f"link {CODES[0]}", message_id="m1") == first
    assert works_not(talk.forge("bob", f"link {CODES[0]}", message_id="m2"))
    assert talk.changes() == 1


def test_while_a_link_waits_nobody_begins_another_for_the_same_account(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.forge("carol", "link")
    waiting = talk.slack(BOB, f"link {CODES[0]}")
    assert talk.slack(BOB, "link").text == waiting.text
    assert talk.slack(BOB, f"link {CODES[1]}").text == (
        "slack T01ABC/U02BOB belongs to bob or is about to, and an account is one person's: it cannot be carol's too. "
        "Take it from there first, in a pull request that changes policies/people.yaml."
    )
    talk.forge("bob", "link")
    assert talk.slack(BOB, f"link {CODES[2]}").text == waiting.text
    assert talk.changes() == 1


def test_an_account_that_is_somebodys_does_not_become_anothers(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    talk.forge("erin", "approve R1")
    talk.forge("carol", "link")
    refused = talk.slack(BOB, f"link {CODES[1]}")
    assert (refused.code, "belongs to bob" in refused.text) == (ExitCode.REFUSED, True)
    talk.forge("bob", "link")
    assert talk.slack(BOB, f"link {CODES[2]}").text.startswith("slack T01ABC/U02BOB is bob already")
    assert talk.changes() == 1


def test_a_person_has_accounts_on_several_chats_and_more_than_one_on_each(talk: Talk) -> None:
    for number, (platform, account) in enumerate((("slack", BOB), ("teams", TEAMS_BOB), ("slack", EVE))):
        talk.forge("bob", "link")
        talk.hear(f"link {CODES[number]}", platform, account, platform)
        assert talk.forge("erin", f"approve R{number + 1}").code is ExitCode.DONE
    assert f"slack: [{BOB}, {EVE}], teams: {TEAMS_BOB}" in talk.people()


def test_a_rejected_link_is_over_and_may_be_asked_for_again(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    talk.forge("erin", "reject R1 --reason 'who is that?'")
    assert talk.world.forge.pull_request(1).state is PullRequestState.CLOSED
    talk.forge("bob", "link")
    assert talk.slack(BOB, f"link {CODES[1]}").data["changes"]
    assert talk.change(2).state == "waiting"


def test_sweeps_leave_a_link_as_it_is(talk: Talk) -> None:
    talk.forge("bob", "link")
    talk.slack(BOB, f"link {CODES[0]}")
    talk.house.tick(talk.world.clock())
    assert (talk.changes(), talk.change(1).state) == (1, "waiting")
    talk.forge("erin", "approve R1")
    talk.house.tick(talk.world.clock())
    assert talk.forge("carol", "sync").data["in_order"] is True
