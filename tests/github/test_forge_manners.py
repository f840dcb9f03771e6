"""Are we a guest whom GitHub would ask again? Pacing, limits, failures, and not asking twice."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.github.app import GitHubApp
from bot.github.manners import Answer, Manners
from bot.github.tally import path_template
from gates.refusal import Unavailable
from tests.github.forge_stage import BRANCH, STAGING, Stage, Time, forge_stage
from workflows.forge import Check, CheckState


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with forge_stage(tmp_path) as opened:
        yield opened


def manners(clock: Time, *, reads: float = 0.0, writes: float = 0.0) -> Manners:
    return Manners(
        seconds_between_reads=reads,
        seconds_between_writes=writes,
        clock=clock.clock,
        sleep=clock.sleep,
        timer=clock.timer,
    )


class TestPace:
    """Requests one after the other."""

    def test_writes_are_a_second_apart_and_reads_less(self) -> None:
        clock = Time(now=1000.0)
        paced = manners(clock, reads=0.25, writes=1.0)
        for verb in ("GET", "GET", "POST", "GET", "PATCH"):
            paced.pace(verb)
        assert clock.slept == [0.25, 0.25, 0.25, 0.75]

    def test_time_that_passed_anyway_is_not_waited_again(self) -> None:
        clock = Time(now=1000.0)
        paced = manners(clock, writes=1.0)
        paced.pace("POST")
        clock.now += 5
        paced.pace("POST")
        assert clock.slept == []

    def test_threads_get_a_turn_each(self) -> None:
        slept: list[float] = []
        paced = Manners(
            seconds_between_reads=1.0,
            seconds_between_writes=1.0,
            clock=lambda: 0,
            sleep=slept.append,
            timer=lambda: 5.0,
        )
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(paced.pace, ["GET"] * 4))
        assert sorted(slept) == [1.0, 2.0, 3.0]


class TestLimits:
    """When GitHub wants peace."""

    @pytest.mark.parametrize("status", [403, 429])
    def test_a_short_secondary_limit_is_waited_for(self, stage: Stage, status: int) -> None:
        stage.forge.main_head()
        stage.github.secondary_limit("git/ref", status=status, retry_after=3)
        assert stage.forge.main_head() == stage.people.head()
        assert stage.time.slept == [3]

    def test_a_write_that_was_put_off_is_made_once(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.secondary_limit("comments", retry_after=1, method="POST")
        stage.forge.put_comment(number, "card", "Hello")
        assert len(stage.people.comments(number)) == 1

    def test_a_long_one_is_left_to_the_engine_and_nothing_more_is_asked_meanwhile(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.secondary_limit("git/ref", retry_after=120)
        with pytest.raises(Unavailable, match=r"GitHub wants no more requests until .* UTC"):
            stage.forge.main_head()
        asked = stage.asked()
        with pytest.raises(Unavailable, match="no more requests"):
            stage.forge.open_pull_requests()
        assert (stage.asked(), stage.time.slept) == (asked, [])
        stage.time.now += 120
        assert stage.forge.main_head() == stage.people.head()

    def test_without_a_time_a_minute_is_kept(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.secondary_limit("git/ref", retry_after=None)
        with pytest.raises(Unavailable):
            stage.forge.main_head()
        assert stage.app.manners.seconds_closed() == 60

    def test_a_limit_that_comes_again_and_again_ends(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.secondary_limit("git/ref", times=9, retry_after=2)
        with pytest.raises(Unavailable, match="put off 4 times"):
            stage.forge.main_head()

    def test_an_empty_quota_is_waited_for_until_its_reset(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.exhaust_rate_limit(1800)
        with pytest.raises(Unavailable, match="no more requests until"):
            stage.forge.main_head()
        assert stage.app.manners.seconds_closed() == 1801
        stage.time.now += 1801
        assert stage.forge.main_head() == stage.people.head()

    def test_a_refusal_for_another_reason_is_no_limit(self) -> None:
        assert not Answer(status=403, headers={}, text='{"message": "Resource not accessible"}').is_limit
        assert Answer(status=403, headers={"x-ratelimit-remaining": "0"}, text="").is_limit
        assert Answer(status=503, headers={"retry-after": "5"}, text="").is_limit
        assert not Answer(status=503, headers={}, text="").is_limit


class TestFailures:
    """When GitHub stumbles."""

    @pytest.mark.parametrize("status", [500, 502, 0])
    def test_a_read_is_repeated_with_growing_pauses(self, stage: Stage, status: int) -> None:
        stage.forge.main_head()
        stage.github.fail("git/ref", status, times=3)
        assert stage.forge.main_head() == stage.people.head()
        assert stage.time.slept == [0.5, 1.0, 2.0]

    def test_after_four_times_it_is_the_engines_turn(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.fail("git/ref", 502, times=9)
        with pytest.raises(
            Unavailable, match=r"GitHub does not carry out GET .*git/ref/heads/main now: it answers 502"
        ):
            stage.forge.main_head()

    def test_a_dead_server_is_named_without_a_traceback_in_the_sentence(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.github.fail("git/ref", 0, times=9)
        with pytest.raises(Unavailable, match=r"the connection failed \(ConnectionError\)"):
            stage.forge.main_head()

    def test_what_may_have_been_done_is_not_done_twice(self, stage: Stage) -> None:
        number = stage.ask()
        stage.github.fail("comments", 502, method="POST", after=True)
        with pytest.raises(Unavailable, match="did not say whether it carried out POST"):
            stage.forge.put_comment(number, "card", "Hello")
        stage.forge.put_comment(number, "card", "Hello")
        assert len(stage.people.comments(number)) == 1

    def test_a_check_whose_answer_was_lost_is_not_written_twice(self, stage: Stage) -> None:
        head = stage.people.push("alice", "fix", {"a": "b"})
        check = Check(name="mlops/format", state=CheckState.SUCCESS, summary="Formats")
        stage.github.fail("check-runs", 0, method="POST", after=True)
        with pytest.raises(Unavailable):
            stage.forge.put_checks(head, [check])
        stage.forge.put_checks(head, [check])
        assert len(stage.people.repository.check_runs) == 1

    def test_something_else_in_githubs_place_is_said_so(self, stage: Stage) -> None:
        with page("<html>Sign in to the wireless network</html>") as url:
            app = GitHubApp(stage.github.app.id, stage.github.app.private_key, url, manners=stage.app.manners)
            with pytest.raises(Unavailable, match=r"no JSON: is something else at github\.base_url"):
                _ = app.slug
            app.requester.close()

    def test_a_repository_that_is_sent_to_another_host_is_not_followed(self, stage: Stage) -> None:
        with page("", status=301, location="https://elsewhere.example/repositories/1") as url:
            app = GitHubApp(stage.github.app.id, stage.github.app.private_key, url, manners=stage.app.manners)
            with pytest.raises(
                Unavailable, match=r"to https://elsewhere\.example/repositories/1: set github\.base_url"
            ):
                _ = app.slug
            app.requester.close()


@contextmanager
def page(text: str, *, status: int = 200, location: str = "") -> Iterator[str]:
    """Serve one page at every address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name for it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class TestQuota:
    """Not asking for what we know."""

    def test_what_did_not_change_costs_nothing(self, stage: Stage) -> None:
        number = stage.ask()
        for _ in range(2):
            stage.forge.put_comment(number, "card", "Hello")
            stage.forge.pull_request(number)
            stage.forge.reviews(number)
        before = stage.github.count()
        for _ in range(3):
            stage.forge.main_head()
            stage.forge.pull_request(number)
            stage.forge.put_comment(number, "card", "Hello")
            stage.forge.reviews(number)
        assert stage.github.count() == before

    def test_what_did_change_is_seen_at_once(self, stage: Stage) -> None:
        number = stage.ask()
        stage.people.rename_pull_request("alice", number, "Another title")
        assert stage.forge.pull_request(number).title == "Another title"

    def test_within_a_moment_the_same_thing_is_asked_once_until_we_write(self, stage: Stage) -> None:
        number = stage.ask()
        with stage.forge.moment():
            stage.forge.pull_request(number)
            asked = stage.asked()
            stage.people.rename_pull_request("alice", number, "Another title")
            assert stage.forge.pull_request(number).title == "Promote churn 2"
            assert stage.asked() == asked
            stage.forge.put_comment(number, "card", "Hello")
            assert stage.forge.pull_request(number).title == "Another title"

    def test_a_moment_within_another_begins_anew_and_ends_it(self, stage: Stage) -> None:
        with stage.forge.moment():
            first = stage.forge.main_head()
            with stage.forge.moment():
                second = stage.people.push("alice", "main", {"a": "b"})
                assert stage.forge.main_head() == second != first
            assert stage.forge.main_head() == second

    def test_git_objects_are_asked_for_once_by_all_processes_together(self, stage: Stage) -> None:
        head = stage.people.push("alice", "main", {"a": "one", "b": "two"})
        for forge in (stage.forge, stage.forge, stage.another()):
            assert forge.files(head, lambda path: path in "ab") == {"a": b"one", "b": b"two"}
        assert len(stage.github.requests_to("git/blobs")) == 2

    def test_what_we_committed_ourselves_is_not_read_back(self, stage: Stage) -> None:
        head = stage.forge.commit(BRANCH, {STAGING: b"x", "models/a": b"y"}, message="m", at=0)
        asked = stage.asked()
        assert stage.forge.files(head, lambda path: path.startswith("models/")) == {STAGING: b"x", "models/a": b"y"}
        assert stage.asked() == asked

    def test_requests_are_counted_by_what_they_ask(self, stage: Stage) -> None:
        stage.forge.main_head()
        stage.forge.main_head()
        assert stage.app.requests == {
            "GET /repos/{owner}/{repo}": 1,
            "GET /repos/{owner}/{repo}/git/ref/heads/{branch}": 1,
            "GET /repos/{owner}/{repo}/git/ref/heads/{branch} (304)": 1,
            "GET /repos/{owner}/{repo}/installation": 1,
            "POST /app/installations/{number}/access_tokens": 1,
        }

    @pytest.mark.parametrize(
        ("path", "template"),
        [
            ("/api/v3/repos/a/b/pulls/12/merge", "/repos/{owner}/{repo}/pulls/{number}/merge"),
            (f"/repos/a/b/compare/{'1' * 40}...{'a' * 40}", "/repos/{owner}/{repo}/compare/{sha}...{sha}"),
            (f"/repos/a/b/commits/{'a' * 40}/check-runs", "/repos/{owner}/{repo}/commits/{sha}/check-runs"),
            ("/repos/a/b/git/refs/heads/mlops/P1-x", "/repos/{owner}/{repo}/git/refs/heads/{branch}"),
            ("/orgs/acme/teams/risk/members", "/orgs/{org}/teams/{team_slug}/members"),
            ("/repositories/5", "/repositories/{number}"),
        ],
    )
    def test_paths_are_named_as_in_githubs_documentation(self, path: str, template: str) -> None:
        assert path_template(path) == template


def test_threads_do_not_get_each_others_answers(stage: Stage) -> None:
    shas = [stage.people.push("alice", f"b{number}", {"file": f"{number}"}) for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        read = list(threads.map(lambda sha: stage.forge.read(sha, "file"), shas))
    assert read == [f"{number}".encode() for number in range(12)]
