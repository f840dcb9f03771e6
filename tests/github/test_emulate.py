"""Does the stand-in behave as a GitHub that nobody here wrote does, where that one can judge?

The same story is played by PyGithub against both. What emulate cannot judge is left out: what a merge holds, which
files a pull request changes, whether its head follows its branch, how reviews are counted, and with which number a
merge is refused (it says 422 where GitHub's documentation says 405 and 409; the stand-in's own tests hold it to those).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from gidgethub import sansio
from github import Auth, Github, GithubException, GithubIntegration, InputGitTreeElement
from github.Repository import Repository

from bot.github.app import GitHubApp
from bot.github.forge import GitHubForge
from bot.github.manners import Manners
from tests.github.deliveries import hook_of
from tests.github.standin.apps import EVENTS, PERMISSIONS, private_key
from tests.github.standin.emulated import emulated
from tests.github.standin.hook import HookServer, hook_server
from tests.github.standin.server import github_standin
from workflows.forge import Button, Check, CheckState

pytestmark = pytest.mark.full

APP, INSTALLATION, SECRET = 1001, 5001, "a webhook secret of good length"
REFS = "/repos/acme/models/git/refs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One GitHub with an App, an organisation, a private repository and alice, who may write."""

    url: str
    key: str
    alice: str
    hook: HookServer

    def person(self) -> Repository:
        """Return the repository as alice sees it."""
        return self._open(Auth.Token(self.alice))

    def app(self) -> GithubIntegration:
        """Return the App by its own signature."""
        return GithubIntegration(auth=Auth.AppAuth(APP, self.key), base_url=self.url)

    def bot(self, permissions: dict[str, str] | None = None) -> Repository:
        """Return the repository as the App's installation sees it."""
        auth = Auth.AppAuth(APP, self.key).get_installation_auth(INSTALLATION, permissions or dict(PERMISSIONS))
        return self._open(auth)

    def _open(self, auth: Auth.Auth) -> Repository:
        github = Github(base_url=self.url, auth=auth, retry=None, seconds_between_requests=0, seconds_between_writes=0)
        return github.get_repo("acme/models")


@contextmanager
def emulate(hook: HookServer) -> Iterator[Stage]:
    app = {
        "app_id": APP, "slug": "gatehouse", "name": "Gatehouse", "private_key": private_key("gatehouse"),
        "permissions": dict(PERMISSIONS), "events": list(EVENTS), "webhook_url": hook.url, "webhook_secret": SECRET,
        "installations": [{"installation_id": INSTALLATION, "account": "acme", "repository_selection": "all"}],
    }  # fmt: skip
    github = {
        "users": [{"login": "alice", "email": "alice@example.org"}],
        "orgs": [{"login": "acme", "members": [{"login": "alice", "role": "admin"}]}],
        "repos": [{"owner": "acme", "name": "models", "private": True}],
        "apps": [app],
    }
    seed = {"github": github, "tokens": {"alice-token": {"login": "alice", "scopes": ["repo"]}}}
    with emulated(seed) as url:
        yield Stage(url=url, key=private_key("gatehouse"), alice="alice-token", hook=hook)


@contextmanager
def standin(hook: HookServer, folder: Path) -> Iterator[Stage]:
    with github_standin(folder) as github:
        github.repository("acme/models")
        github.deliver_to(hook.url)
        yield Stage(url=github.url, key=github.app.private_key, alice=github.token_of("alice"), hook=hook)


@pytest.fixture(params=["emulate", "stand-in"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    with hook_server() as hook, emulate(hook) if request.param == "emulate" else standin(hook, tmp_path) as stage:
        yield stage


def refusal(error: pytest.ExceptionInfo[GithubException]) -> int:
    return error.value.status


def commit(repository: Repository, path: str, text: str) -> str:
    base = repository.get_git_commit(repository.get_git_ref("heads/main").object.sha)
    blob = repository.create_git_blob(text, "utf-8")
    entry = InputGitTreeElement(path, "100644", "blob", sha=blob.sha)
    tree = repository.create_git_tree([entry], base_tree=repository.get_git_tree(base.tree.sha))
    return repository.create_git_commit("Promote churn 7", tree, [base]).sha


def events(hook: HookServer, wanted: set[str]) -> set[str]:
    """Wait until all of the wanted events came; each must carry a good signature."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        heard = {sansio.Event.from_http(headers, body, secret=SECRET).event for headers, body in list(hook.heard)}
        if wanted <= heard:
            break
        time.sleep(0.02)
    return heard & wanted


def test_an_app_is_known_by_its_signature_and_finds_its_installation(stage: Stage) -> None:
    with stage.app() as app:
        assert app.get_app().slug == "gatehouse"
        assert app.get_repo_installation("acme", "models").id == INSTALLATION
        assert [one.id for one in app.get_installations()] == [INSTALLATION]


def test_a_signature_by_another_key_is_refused(stage: Stage) -> None:
    forged = GithubIntegration(auth=Auth.AppAuth(APP, private_key("somebody else")), base_url=stage.url)
    with forged as app, pytest.raises(GithubException) as error:
        app.get_app()
    assert refusal(error) == 401


def test_a_token_with_fewer_permissions_may_do_less(stage: Stage) -> None:
    repository = stage.bot({"contents": "read", "metadata": "read"})
    assert repository.private is True
    head = repository.get_git_ref("heads/main").object.sha
    with pytest.raises(GithubException) as error:
        repository.create_git_ref("refs/heads/x", head)
    assert refusal(error) == 403


def test_nobody_sees_a_private_repository(stage: Stage) -> None:
    anonymous = Github(base_url=stage.url, retry=None)
    with anonymous as github, pytest.raises(GithubException) as error:
        github.get_repo("acme/models")
    assert refusal(error) in {401, 404}  # GitHub says 404, so as not to tell what there is; emulate says 401


def test_a_commit_made_of_objects_is_read_back(stage: Stage) -> None:
    bot = stage.bot()
    sha = commit(bot, "models/churn/staging.yaml", "version: '7'\n")
    bot.create_git_ref("refs/heads/mlops/P1-churn", sha)
    content = bot.get_contents("models/churn/staging.yaml", ref="mlops/P1-churn")
    assert not isinstance(content, list)
    assert content.decoded_content == b"version: '7'\n"
    paths = {entry.path for entry in bot.get_git_tree(sha, recursive=True).tree}
    assert {"README.md", "models/churn/staging.yaml"} <= paths
    assert bot.get_git_commit(sha).message == "Promote churn 7"
    bot.requester.requestJsonAndCheck("DELETE", f"{REFS}/heads/mlops/P1-churn")
    with pytest.raises(GithubException) as error:
        bot.get_git_ref("heads/mlops/P1-churn")
    assert refusal(error) == 404


def test_a_branch_is_made_once_and_not_moved_backwards(stage: Stage) -> None:
    bot = stage.bot()
    main = bot.get_git_ref("heads/main").object.sha
    sha = commit(bot, "x", "1")
    bot.create_git_ref("refs/heads/x", sha)
    with pytest.raises(GithubException) as again:
        bot.create_git_ref("refs/heads/x", sha)
    with pytest.raises(GithubException) as backwards:
        bot.requester.requestJsonAndCheck("PATCH", f"{REFS}/heads/x", input={"sha": main})
    assert (refusal(again), refusal(backwards)) == (422, 422)


def test_a_pull_request_is_opened_labelled_commented_reviewed_and_merged(stage: Stage) -> None:
    bot = stage.bot()
    sha = commit(bot, "x", "1")
    bot.create_git_ref("refs/heads/x", sha)
    pull = bot.create_pull(base="main", head="x", title="Promote churn 7", body="b")
    assert (pull.state, pull.merged, pull.head.sha, pull.user.login) == ("open", False, sha, "gatehouse[bot]")
    comment = pull.create_issue_comment("hello")
    comment.edit("hello again")
    review = stage.person().get_pull(pull.number).create_review(event="APPROVE", body="fine")
    assert [one.body for one in pull.get_issue_comments()] == ["hello again"]
    assert [(one.user.login, one.state, one.commit_id) for one in pull.get_reviews()] == [("alice", "APPROVED", sha)]
    review.dismiss("out of date")
    assert [one.state for one in pull.get_reviews()] == ["DISMISSED"]
    with pytest.raises(GithubException):
        pull.merge(sha="0" * 40)
    merged = pull.merge(sha=sha, merge_method="merge")
    assert (merged.merged, bot.get_pull(pull.number).merged) == (True, True)
    assert bot.get_git_ref("heads/main").object.sha == merged.sha
    with pytest.raises(GithubException):
        pull.merge()


def test_a_check_run_is_written_found_and_changed(stage: Stage) -> None:
    bot = stage.bot()
    sha = commit(bot, "x", "1")
    bot.create_git_ref("refs/heads/x", sha)
    output: dict[str, str | list[dict[str, str | int]]] = {"title": "t", "summary": "s"}
    run = bot.create_check_run("mlops/promotion", sha, status="in_progress", output=output)
    run.edit(status="completed", conclusion="success", output=output)
    found = list(bot.get_commit(sha).get_check_runs(check_name="mlops/promotion"))
    assert [(one.name, one.status, one.conclusion) for one in found] == [("mlops/promotion", "completed", "success")]


def test_what_happens_is_told_by_signed_events(stage: Stage) -> None:
    bot = stage.bot()
    bot.create_git_ref("refs/heads/x", commit(bot, "x", "1"))
    pull = bot.create_pull(base="main", head="x", title="t", body="b")
    pull.create_issue_comment("hello")
    stage.person().get_pull(pull.number).create_review(event="APPROVE", body="fine")
    wanted = {"pull_request", "issue_comment", "pull_request_review"}
    assert events(stage.hook, wanted) == wanted


def test_our_own_adapter_opens_checks_and_comments_and_our_hook_hears_of_it(stage: Stage, tmp_path: Path) -> None:
    app = GitHubApp(APP, stage.key, stage.url, manners=quick_manners())
    forge = GitHubForge(app, "acme/models", folder=tmp_path / "forge")
    head = forge.commit("mlops/P1-churn-7", {"models/churn/staging.yaml": b"version: '7'\n"}, message="Ask", at=0)
    pull = forge.open_pull_request("mlops/P1-churn-7", title="Promote churn 7", body="Why", author="alice")
    state = CheckState.WAITING
    forge.put_checks(head, [Check(name="mlops/promotion", state=state, summary="It waits.", buttons=(Button.APPROVE,))])
    for text in ("It waits.", "It is promoted."):
        forge.put_comment(pull.number, "<!-- gatehouse:promotion -->", text)
    seen = stage.person()
    (run,), (comment,) = seen.get_commit(head).get_check_runs(), seen.get_pull(pull.number).get_issue_comments()
    assert (pull.head, pull.ours, run.conclusion, run.output.title) == (head, True, "action_required", "It waits.")
    assert comment.body.endswith("It is promoted.")
    assert forge.read(head, "models/churn/staging.yaml") == b"version: '7'\n"
    assert heard_by_our_hook(stage.hook, {"pull_request"}) == {"pull_request"}


def quick_manners() -> Manners:
    """Return a pace without pauses: neither of the two has a limit."""
    return Manners(seconds_between_reads=0, seconds_between_writes=0, clock=lambda: int(time.time()))


def heard_by_our_hook(server: HookServer, wanted: set[str]) -> set[str]:
    """Let our own webhook judge what was delivered; return the wanted events that it took."""
    events(server, wanted)
    hook, _ = hook_of(names=("acme/models",), app_id=APP)
    taken = set()
    for headers, body in list(server.heard):
        if headers["x-github-event"] in wanted and replace(hook, secret=SECRET).judge(headers, body)[0] == 202:
            taken.add(headers["x-github-event"])
    return taken
