"""Which checks stand beside a commit, who wrote them, and what may be written in them?"""

from dataclasses import dataclass, field

from tests.github.standin.accounts import Account
from tests.github.standin.answers import Json, invalid
from tests.github.standin.apps import App, app_json
from tests.github.standin.events import announce
from tests.github.standin.links import node_id, when
from tests.github.standin.pull_reference import pulls_at
from tests.github.standin.repository import ZERO, Repository
from tests.github.standin.repository_view import minimal_repository_json

LONGEST_TEXT = 65_535
MOST_ANNOTATIONS = 50
MOST_ACTIONS = 3
ACTION_LIMITS = {"label": 20, "identifier": 20, "description": 40}


@dataclass(slots=True, kw_only=True)
class CheckSuite:
    """All check runs of one App on one commit."""

    id: int
    app: App
    head_sha: str
    head_branch: str | None
    before: str | None
    created_at: int


@dataclass(slots=True, kw_only=True)
class CheckRun:
    """One check on one commit."""

    id: int
    app: App
    suite: int
    name: str
    head_sha: str
    status: str = "queued"
    conclusion: str | None = None
    started_at: int | None = None
    completed_at: int | None = None
    details_url: str | None = None
    external_id: str = ""
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Json] = field(default_factory=list)
    actions: list[Json] = field(default_factory=list)

    @property
    def passes(self) -> bool:
        """Does it satisfy a branch protection that requires it?"""
        return self.conclusion in ("success", "neutral", "skipped")


def open_suites(repository: Repository, branch: str | None, before: str | None, sha: str, actor: Account) -> None:
    """Ask every App that may write checks for the checks of a pushed commit."""
    for installation in list(repository.hub.installations.values()):
        writes = installation.permissions.get("checks") == "write"
        if writes and installation.sees(repository.full_name, repository.owner.login):
            suite, made = suite_for(repository, installation.app, sha, branch, before)
            if made:
                _announce_suite(repository, suite, "requested", actor)


def suite_for(
    repository: Repository, app: App, sha: str, branch: str | None, before: str | None
) -> tuple[CheckSuite, bool]:
    """Return an App's suite on a commit, and whether it is new."""
    for suite in repository.check_suites.values():
        if (suite.app, suite.head_sha) == (app, sha):
            return suite, False
    suite = CheckSuite(
        id=repository.hub.next_id(),
        app=app,
        head_sha=sha,
        head_branch=branch,
        before=before,
        created_at=repository.hub.clock(),
    )
    repository.check_suites[suite.id] = suite
    return suite, True


def create_run(repository: Repository, app: App, name: str, sha: str) -> CheckRun:
    """Make a check run; its content comes with `update_run`."""
    branch = next(
        (ref.removeprefix("refs/heads/") for ref, at in repository.refs("refs/heads/").items() if at == sha), None
    )
    suite, _ = suite_for(repository, app, sha, branch, None)
    run = CheckRun(
        id=repository.hub.next_id(),
        app=app,
        suite=suite.id,
        name=name,
        head_sha=sha,
        started_at=repository.hub.clock(),
    )
    repository.check_runs[run.id] = run
    return run


def require_output(output: Json, actions: list[Json]) -> None:
    """Refuse a check run that is larger than GitHub takes."""
    for name in ("summary", "text"):
        if len(str(output.get(name) or "")) > LONGEST_TEXT:
            raise invalid(
                f"Only {LONGEST_TEXT} characters are allowed; {len(str(output[name]))} were supplied.",
                resource="CheckRun",
                field_=name,
            )
    annotations = output.get("annotations") or []
    if isinstance(annotations, list) and len(annotations) > MOST_ANNOTATIONS:
        raise invalid(
            f"annotations exceeds a maximum quantity of {MOST_ANNOTATIONS}", resource="CheckRun", field_="annotations"
        )
    if len(actions) > MOST_ACTIONS:
        raise invalid(f"Only {MOST_ACTIONS} actions are allowed.", resource="CheckRun", field_="actions")
    for action in actions:
        for name, limit in ACTION_LIMITS.items():
            if len(str(action.get(name, ""))) > limit:
                raise invalid(f"{name} is too long (maximum is {limit} characters)", resource="CheckRun", field_=name)


def latest_runs(repository: Repository, sha: str) -> list[CheckRun]:
    """Return the newest run of each App and name on a commit."""
    newest = {(run.app.id, run.name): run for run in repository.check_runs.values() if run.head_sha == sha}
    return sorted(newest.values(), key=lambda run: -run.id)


def announce_run(repository: Repository, run: CheckRun, action: str, actor: Account, more: Json | None = None) -> None:
    """Tell of a check run; what asks for work is told to its own App alone."""
    body = {"action": action, "check_run": run_json(repository, run, inside_event=True), **(more or {})}
    asks = action in ("rerequested", "requested_action")
    announce(repository, "check_run", actor, body, only=run.app if asks else None)


def rerequest_suite(repository: Repository, suite: CheckSuite, actor: Account) -> None:
    """Ask an App to run all its checks again."""
    _announce_suite(repository, suite, "rerequested", actor)


def _announce_suite(repository: Repository, suite: CheckSuite, action: str, actor: Account) -> None:
    described = suite_json(repository, suite)
    del described["repository"]
    body: Json = {"action": action, "check_suite": {**described, "rerequestable": True, "runs_rerequestable": True}}
    announce(repository, "check_suite", actor, body, only=suite.app)


def run_json(repository: Repository, run: CheckRun, *, inside_event: bool = False) -> Json:
    """Describe a check run."""
    api = f"{repository.api}/check-runs/{run.id}"
    suite: Json = {"id": run.suite}
    if inside_event:
        whole = suite_json(repository, repository.check_suites[run.suite])
        suite = {
            name: whole[name]
            for name in whole
            if name not in ("repository", "head_commit", "latest_check_runs_count", "check_runs_url")
        }
    return {
        "id": run.id,
        "name": run.name,
        "node_id": node_id("CheckRun", run.id),
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": api,
        "html_url": f"{repository.html}/runs/{run.id}",
        "details_url": run.details_url or f"{repository.html}/runs/{run.id}",
        "status": run.status,
        "conclusion": run.conclusion,
        "started_at": when(run.started_at),
        "completed_at": when(run.completed_at),
        "output": {
            "title": run.title,
            "summary": run.summary,
            "text": run.text,
            "annotations_count": len(run.annotations),
            "annotations_url": f"{api}/annotations",
        },
        "check_suite": suite,
        "app": app_json(repository.hub.links, run.app),
        "pull_requests": pulls_at(repository, run.head_sha),
    }


def suite_json(repository: Repository, suite: CheckSuite) -> Json:
    """Describe a check suite."""
    runs = [run for run in latest_runs(repository, suite.head_sha) if run.suite == suite.id]
    done = bool(runs) and all(run.status == "completed" for run in runs)
    status = "completed" if done else "in_progress" if runs else "queued"
    good = all(run.passes for run in runs)
    api = f"{repository.api}/check-suites/{suite.id}"
    return {
        "id": suite.id,
        "node_id": node_id("CheckSuite", suite.id),
        "head_branch": suite.head_branch,
        "head_sha": suite.head_sha,
        "status": status,
        "conclusion": ("success" if good else "failure") if done else None,
        "url": api,
        "before": suite.before or ZERO,
        "after": suite.head_sha,
        "pull_requests": pulls_at(repository, suite.head_sha),
        "app": app_json(repository.hub.links, suite.app),
        "created_at": when(suite.created_at),
        "updated_at": when(suite.created_at),
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{api}/check-runs",
        "head_commit": head_commit_json(repository, suite.head_sha),
        "repository": minimal_repository_json(repository.hub.links, repository),
    }


def head_commit_json(repository: Repository, sha: str) -> Json:
    """Describe a commit briefly."""
    commit = repository.objects.commit(sha)
    if commit is None:
        return {}
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": when(commit.committer.at),
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }
