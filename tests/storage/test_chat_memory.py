"""Is what the chats need remembered: what they show, how they are spoken to, and codes that work once?"""

from dataclasses import replace

from storage.database import Database
from storage.link_codes import LinkCode
from storage.posts import PostRow

P12 = PostRow(platform="slack", promotion="P12", project="shop", channel="C0GENERAL")
CODE = LinkCode(platform="slack", account="T01/U0BOB", project="shop", expires_at=2**40)


def test_a_post_is_written_again_and_again_and_read_as_it_was(database: Database) -> None:
    shown = replace(
        P12,
        message="C0GENERAL/17.2",
        digest="d" * 64,
        told_seq=341,
        asked_about="e" * 64,
        mentioned=("bob", "carol"),
        reminded=("bob",),
        due_at=2**40,
        attempts=3,
        problem="Slack does not answer.",
    )
    with database.transaction() as work:
        assert work.posts.get("slack", "P12") is None
        work.posts.save(P12)
        work.posts.save(replace(P12, platform="teams"))
        assert work.posts.save(shown) == shown
    with database.reading() as work:
        assert work.posts.get("slack", "P12") == shown
        assert work.posts.get("teams", "P12") == replace(P12, platform="teams")


def test_what_is_due_comes_in_order_and_the_rest_waits_for_news(database: Database) -> None:
    with database.transaction() as work:
        for promotion, due in (("P1", None), ("P2", 30), ("P3", 10), ("P4", 31)):
            work.posts.save(replace(P12, promotion=promotion, due_at=due))
        assert [row.promotion for row in work.posts.due("slack", 30)] == ["P3", "P2"]
        assert (work.posts.next_due("slack"), work.posts.next_due("teams")) == (10, None)


def test_a_message_leads_back_to_its_promotion_unless_it_could_be_two(database: Database) -> None:
    with database.transaction() as work:
        work.posts.save(replace(P12, message="m1"))
        work.posts.save(replace(P12, promotion="P13", message="m2"))
        assert work.posts.of_message("slack", "m1") == replace(P12, message="m1")
        assert work.posts.of_message("teams", "m1") is None
        work.posts.save(replace(P12, promotion="P14", message="m1", channel="C0OTHER"))
        assert work.posts.of_message("slack", "m1") is None


def test_a_conversation_is_kept_as_it_was_given_last(database: Database) -> None:
    with database.transaction() as work:
        assert work.conversations.get("teams", "user:t/o") is None
        assert work.conversations.put("teams", "user:t/o", {"id": "1"}, 10)
        assert not work.conversations.put("teams", "user:t/o", {"id": "1"}, 20)
        assert work.conversations.put("teams", "user:t/o", {"id": "2"}, 30)
        work.conversations.put("teams", "channel:19:x", {"id": "3"}, 30)
        work.conversations.put("teams", "user%t", {"id": "4"}, 30)
    with database.transaction() as work:
        assert work.conversations.get("teams", "user:t/o") == {"id": "2"}
        assert work.conversations.keys("teams", "user:") == ("user:t/o",)
        assert work.conversations.keys("teams", "user%") == ("user%t",)
        assert work.conversations.keys("teams") == ("channel:19:x", "user%t", "user:t/o")
        work.conversations.forget("teams", "user:t/o")
        assert work.conversations.get("teams", "user:t/o") is None


def test_a_code_works_once(database: Database) -> None:
    with database.transaction() as work:
        work.link_codes.make("h1", CODE)
        assert work.link_codes.find("h1", 100) == CODE
        assert work.link_codes.take("h1", 100) == CODE
        assert work.link_codes.take("h1", 100) is None
        assert work.link_codes.find("h1", 100) is None


def test_a_code_works_until_it_expires(database: Database) -> None:
    with database.transaction() as work:
        work.link_codes.make("h1", replace(CODE, expires_at=600))
        assert work.link_codes.find("h1", 599) is not None
        assert work.link_codes.find("h1", 600) is None
        assert work.link_codes.take("h1", 600) is None


def test_a_newer_code_of_the_same_account_is_the_only_one(database: Database) -> None:
    with database.transaction() as work:
        work.link_codes.make("h1", CODE)
        work.link_codes.make("other", replace(CODE, account="T01/U0CAROL"))
        work.link_codes.make("h2", CODE)
        assert [work.link_codes.find(code, 1) is None for code in ("h1", "h2", "other")] == [True, False, False]


def test_wrong_guesses_are_counted_for_the_account_that_makes_them_and_forgotten(database: Database) -> None:
    with database.transaction() as work:
        for count in (1, 2, 3):
            assert work.link_codes.missed("slack", "mallory", now=10, forgotten_at=610) == count
        assert work.link_codes.tries("slack", "mallory", 609) == 3
        assert work.link_codes.tries("slack", "bob", 609) == 0
        assert work.link_codes.tries("teams", "mallory", 609) == 0
        assert work.link_codes.tries("slack", "mallory", 610) == 0
        assert work.link_codes.missed("slack", "mallory", now=610, forgotten_at=1_210) == 1


def test_what_has_expired_is_dropped(database: Database) -> None:
    with database.transaction() as work:
        work.link_codes.make("old", replace(CODE, expires_at=600))
        work.link_codes.make("new", replace(CODE, account="another", expires_at=601))
        work.link_codes.missed("slack", "old", now=1, forgotten_at=600)
        work.link_codes.missed("slack", "new", now=1, forgotten_at=601)
        work.link_codes.forget(600)
    with database.reading() as work:
        assert work.link_codes.find("new", 0) is not None
        assert work.link_codes.find("old", 0) is None
        assert [work.link_codes.tries("slack", account, 0) for account in ("old", "new")] == [0, 1]
