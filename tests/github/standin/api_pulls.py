"""The endpoints of pull requests and their reviews."""

from tests.github.standin import merging, pulls, reviews
from tests.github.standin.accounts import Account, account_json, team_json
from tests.github.standin.answers import Answer, ApiError, Json, not_found
from tests.github.standin.calls import Call
from tests.github.standin.commits import commit_json, file_json
from tests.github.standin.history import between, differences, merge_base
from tests.github.standin.pull_view import pull_json, simple_pull_json
from tests.github.standin.pulls import Pull
from tests.github.standin.reviews import review_json
from tests.github.standin.routing import Endpoints

PULLS = Endpoints()
REPO = "/repos/{owner}/{repo}"
ONE = f"{REPO}/pulls/{{pull_number}}"
MOST_COMMITS, MOST_FILES = 250, 3000


def the_pull(call: Call, name: str = "pull_number") -> Pull:
    """Return the pull request that the path names, or refuse."""
    found = call.repository.pulls.get(call.number(name))
    if found is None:
        raise not_found()
    return found


@PULLS.on("GET", f"{REPO}/pulls", "pull_requests:read")
def list_pulls(call: Call) -> Answer:
    """Pull requests, newest first."""
    query = call.request.query
    state, base = query.get("state", "open"), query.get("base")
    found = [
        pull
        for pull in call.repository.pulls.values()
        if state in ("all", pull.state) and base in (None, pull.base) and _has_head(pull, query.get("head"))
    ]
    key = "updated_at" if query.get("sort") == "updated" else "number"
    falling = query.get("direction", "desc" if query.get("sort", "created") == "created" else "asc") == "desc"
    found.sort(key=lambda pull: (getattr(pull, key), pull.number), reverse=falling)
    shown, headers = call.paged(found)
    return Answer(body=[simple_pull_json(call.repository, pull) for pull in shown], headers=headers)


def _has_head(pull: Pull, wanted: str | None) -> bool:
    # GitHub ignores a head without an owner.
    if wanted is None or ":" not in wanted:
        return True
    return pull.head_repository is not None and wanted == f"{pull.head_repository.owner.login}:{pull.head_branch}"


@PULLS.on("POST", f"{REPO}/pulls", "pull_requests:write")
def create_pull(call: Call) -> Answer:
    """Open one."""
    pull = pulls.open_pull(
        call.repository, call.actor, head=call.text("head", resource="PullRequest"), title=call.text("title"),
        base=call.text("base", resource="PullRequest"), body=call.optional("body"),
        draft=call.flag("draft", default=False),
    )  # fmt: skip
    return Answer(body=pull_json(call.repository, pull), status=201)


@PULLS.on("GET", ONE, "pull_requests:read")
def get_pull(call: Call) -> Answer:
    """One pull request, with what a merge would give."""
    return Answer(body=pull_json(call.repository, the_pull(call), looked_at=True))


@PULLS.on("PATCH", ONE, "pull_requests:write")
def update_pull(call: Call) -> Answer:
    """Change title, body, base or state."""
    repository, pull = call.repository, the_pull(call)
    pulls.edit(repository, pull, call.actor, title=call.optional("title"), body=call.optional("body"))
    if call.has("base"):
        pulls.retarget(repository, pull, call.actor, call.text("base"))
    if call.has("state"):
        change = {"closed": pulls.close, "open": pulls.reopen}.get(call.text("state"))
        if change is None:
            raise ApiError(422, "Validation Failed")
        change(repository, pull, call.actor)
    return Answer(body=pull_json(repository, pull))


@PULLS.on("GET", f"{ONE}/commits", "pull_requests:read")
def pull_commits(call: Call) -> Answer:
    """What it adds, oldest first, at most 250."""
    pull = the_pull(call)
    found = between(call.repository.objects, pull.base_sha, pull.head_sha)[:MOST_COMMITS]
    shown, headers = call.paged(found)
    return Answer(body=[commit_json(call.repository, commit) for commit in shown], headers=headers)


@PULLS.on("GET", f"{ONE}/files", "pull_requests:read")
def pull_files(call: Call) -> Answer:
    """The files that differ from where it left its base, at most 3,000."""
    pull, objects = the_pull(call), call.repository.objects
    base = merge_base(objects, pull.base_sha, pull.head_sha)
    found = differences(objects, base, pull.head_sha)[:MOST_FILES] if base else []
    shown, headers = call.paged(found)
    return Answer(body=[file_json(call.repository, pull.head_sha, one) for one in shown], headers=headers)


@PULLS.on("GET", f"{ONE}/merge", "pull_requests:read")
def is_merged(call: Call) -> Answer:
    """Was it merged?"""
    if the_pull(call).merged_at is None:
        raise not_found()
    return Answer(status=204)


@PULLS.on("PUT", f"{ONE}/merge", "contents:write")
def merge_pull(call: Call) -> Answer:
    """Merge it."""
    method = call.text("merge_method", default="merge")
    if method not in merging.NAMES:
        raise ApiError(422, "Validation Failed")
    sha = merging.merge(
        call.repository, the_pull(call), call.actor, method=method, expected=call.optional("sha"),
        title=call.optional("commit_title"), message=call.optional("commit_message"),
    )  # fmt: skip
    return Answer(body={"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


@PULLS.on("GET", f"{ONE}/reviews", "pull_requests:read")
def list_reviews(call: Call) -> Answer:
    """All reviews, oldest first."""
    pull = the_pull(call)
    return call.page([review_json(call.repository, pull, review) for review in pull.reviews.values()])


@PULLS.on("POST", f"{ONE}/reviews", "pull_requests:write")
def create_review(call: Call) -> Answer:
    """Review it."""
    pull, event = the_pull(call), call.text("event", default="COMMENT")
    if event not in reviews.EVENTS:
        raise ApiError(422, "Validation Failed")
    review = reviews.submit(
        call.repository, pull, call.actor, state=reviews.EVENTS[event], body=call.text("body", default=""),
        commit=call.optional("commit_id"),
    )  # fmt: skip
    return Answer(body=review_json(call.repository, pull, review))


@PULLS.on("GET", f"{ONE}/reviews/{{review_id}}", "pull_requests:read")
def get_review(call: Call) -> Answer:
    """One review."""
    pull = the_pull(call)
    return Answer(body=review_json(call.repository, pull, reviews.find_review(pull, call.number("review_id"))))


@PULLS.on("PUT", f"{ONE}/reviews/{{review_id}}", "pull_requests:write")
def update_review(call: Call) -> Answer:
    """Change its text."""
    pull = the_pull(call)
    review = reviews.find_review(pull, call.number("review_id"))
    reviews.edit_review(call.repository, pull, review, call.actor, call.text("body"))
    return Answer(body=review_json(call.repository, pull, review))


@PULLS.on("PUT", f"{ONE}/reviews/{{review_id}}/dismissals", "pull_requests:write")
def dismiss_review(call: Call) -> Answer:
    """Let it no longer count."""
    call.text("message")
    pull = the_pull(call)
    review = reviews.find_review(pull, call.number("review_id"))
    reviews.dismiss(call.repository, pull, review, call.actor)
    return Answer(body=review_json(call.repository, pull, review))


@PULLS.on("GET", f"{ONE}/requested_reviewers", "pull_requests:read")
def list_requested(call: Call) -> Answer:
    """Who is asked for a review now."""
    return Answer(body=_requested(call, the_pull(call)))


def _requested(call: Call, pull: Pull) -> Json:
    links, accounts = call.hub.links, call.hub.accounts
    teams = [team_json(links, accounts.team(call.repository.owner.login, slug)) for slug in pull.requested_teams]
    return {"users": [account_json(links, person) for person in pull.requested], "teams": teams}


@PULLS.on("POST", f"{ONE}/requested_reviewers", "pull_requests:write")
def request_reviewers(call: Call) -> Answer:
    """Ask people and teams."""
    pull = the_pull(call)
    pulls.request_reviewers(call.repository, pull, call.actor, _people(call), call.texts("team_reviewers"))
    return Answer(body=simple_pull_json(call.repository, pull), status=201)


@PULLS.on("DELETE", f"{ONE}/requested_reviewers", "pull_requests:write")
def remove_reviewers(call: Call) -> Answer:
    """Ask people and teams no longer."""
    pull = the_pull(call)
    pulls.remove_reviewers(call.repository, pull, call.actor, _people(call), call.texts("team_reviewers"))
    return Answer(body=simple_pull_json(call.repository, pull))


def _people(call: Call) -> list[Account]:
    try:
        return [call.hub.accounts.find(login) for login in call.texts("reviewers")]
    except ApiError as unknown:
        raise pulls.no_collaborator(call.repository) from unknown
