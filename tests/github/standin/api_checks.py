"""The endpoints of check runs, check suites and commit statuses."""

from datetime import datetime

from tests.github.standin.answers import Answer, ApiError, forbidden, invalid, not_found
from tests.github.standin.api_repository import resolved
from tests.github.standin.apps import App
from tests.github.standin.calls import Call, as_json
from tests.github.standin.checks import (
    CheckRun,
    CheckSuite,
    announce_run,
    create_run,
    latest_runs,
    require_output,
    rerequest_suite,
    run_json,
    suite_json,
)
from tests.github.standin.routing import Endpoints
from tests.github.standin.statuses import add_status, combined_json, latest_statuses, status_json

CHECKS = Endpoints()
REPO = "/repos/{owner}/{repo}"
RUN = f"{REPO}/check-runs/{{check_run_id}}"
CONCLUSIONS = ("action_required", "cancelled", "failure", "neutral", "success", "skipped", "timed_out")


@CHECKS.on("POST", f"{REPO}/check-runs", "checks:write")
def create_check_run(call: Call) -> Answer:
    """Write a new check run."""
    name, sha = call.text("name", resource="CheckRun"), call.text("head_sha", resource="CheckRun")
    if call.repository.objects.commit(sha) is None:
        raise ApiError(422, f"No commit found for SHA: {sha}")
    _require(call)
    run = create_run(call.repository, _app(call), name, sha)
    _write(call, run)
    announce_run(call.repository, run, "created", call.actor)
    return Answer(body=run_json(call.repository, run), status=201)


@CHECKS.on("PATCH", RUN, "checks:write")
def update_check_run(call: Call) -> Answer:
    """Change a check run; annotations are added, everything else is replaced."""
    run = _run(call)
    if run.app != _app(call):
        raise forbidden(
            f"Invalid app_id `{_app(call).id}` - check run can only be modified by the GitHub App that created it."
        )
    _require(call)
    before = run.status
    _write(call, run)
    if run.status == "completed" != before:
        announce_run(call.repository, run, "completed", call.actor)
    return Answer(body=run_json(call.repository, run))


def _app(call: Call) -> App:
    if call.app is None:
        raise forbidden("You must authenticate via a GitHub App.")
    return call.app


def _require(call: Call) -> None:
    output = call.mapping("output")
    require_output(output, [as_json(action) for action in call.listed("actions")])
    if output and not ("title" in output and "summary" in output) and call.request.method == "POST":
        raise ApiError(422, 'Invalid request.\n\n"title", "summary" weren\'t supplied.')
    if call.has("conclusion") and call.text("conclusion") not in CONCLUSIONS:
        raise invalid("conclusion is not included in the list", resource="CheckRun", field_="conclusion")
    if call.optional("status") == "completed" and not call.has("conclusion"):
        raise ApiError(422, "Invalid request.\n\nFor 'allOf/0', \"conclusion\" wasn't supplied.")


def _write(call: Call, run: CheckRun) -> None:
    output = call.mapping("output")
    run.name = call.text("name", default=run.name)
    run.status = "completed" if call.has("conclusion") else call.text("status", default=run.status)
    run.conclusion = call.optional("conclusion") if run.status == "completed" else None
    run.completed_at = _when(call, "completed_at") or call.hub.clock() if run.status == "completed" else None
    run.started_at = _when(call, "started_at") or run.started_at
    run.details_url = call.optional("details_url") or run.details_url
    run.external_id = call.text("external_id", default=run.external_id)
    for name in ("title", "summary", "text"):
        if name in output:
            setattr(run, name, output[name] if output[name] is None else str(output[name]))
    listed = output.get("annotations") or []
    run.annotations += [as_json(one) for one in listed] if isinstance(listed, list) else []
    if "actions" in call.body:
        run.actions = [as_json(action) for action in call.listed("actions")]


def _when(call: Call, name: str) -> int | None:
    text = call.optional(name)
    return int(datetime.fromisoformat(text).timestamp()) if text else None


def _run(call: Call) -> CheckRun:
    found = call.repository.check_runs.get(call.number("check_run_id"))
    if found is None:
        raise not_found()
    return found


@CHECKS.on("GET", RUN, "checks:read")
def get_check_run(call: Call) -> Answer:
    """One check run."""
    return Answer(body=run_json(call.repository, _run(call)))


@CHECKS.on("GET", f"{RUN}/annotations", "checks:read")
def list_annotations(call: Call) -> Answer:
    """What a check run says about lines of files."""
    run = _run(call)
    usual = {"start_column": None, "end_column": None, "title": None, "raw_details": None}
    blob = f"{call.repository.api}/git/blobs"
    return call.page([{**usual, **one, "blob_href": f"{blob}/{run.head_sha}"} for one in run.annotations])


@CHECKS.on("GET", f"{REPO}/commits/{{ref}}/check-runs", "checks:read")
def list_check_runs(call: Call) -> Answer:
    """The check runs of a commit, only the newest of each name unless all are asked for."""
    query, sha = call.request.query, resolved(call, call.path_text("ref")).sha
    latest = query.get("filter", "latest") == "latest"
    every = [run for run in call.repository.check_runs.values() if run.head_sha == sha]
    found = [
        run
        for run in (latest_runs(call.repository, sha) if latest else sorted(every, key=lambda run: -run.id))
        if query.get("check_name") in (None, run.name)
        and query.get("app_id") in (None, str(run.app.id))
        and query.get("status") in (None, run.status)
    ]
    shown, headers = call.paged(found)
    body = {"total_count": len(found), "check_runs": [run_json(call.repository, run) for run in shown]}
    return Answer(body=body, headers=headers)


@CHECKS.on("GET", f"{REPO}/commits/{{ref}}/check-suites", "checks:read")
def list_check_suites(call: Call) -> Answer:
    """The check suites of a commit."""
    sha = resolved(call, call.path_text("ref")).sha
    found = [suite for suite in call.repository.check_suites.values() if suite.head_sha == sha]
    wanted = call.request.query.get("app_id")
    found = [suite for suite in found if wanted in (None, str(suite.app.id))]
    shown, headers = call.paged(found)
    body = {"total_count": len(found), "check_suites": [suite_json(call.repository, suite) for suite in shown]}
    return Answer(body=body, headers=headers)


def _suite(call: Call) -> CheckSuite:
    found = call.repository.check_suites.get(call.number("check_suite_id"))
    if found is None:
        raise not_found()
    return found


@CHECKS.on("GET", f"{REPO}/check-suites/{{check_suite_id}}", "checks:read")
def get_check_suite(call: Call) -> Answer:
    """One check suite."""
    return Answer(body=suite_json(call.repository, _suite(call)))


@CHECKS.on("GET", f"{REPO}/check-suites/{{check_suite_id}}/check-runs", "checks:read")
def list_suite_runs(call: Call) -> Answer:
    """The check runs of a suite."""
    suite = _suite(call)
    found = [run for run in latest_runs(call.repository, suite.head_sha) if run.suite == suite.id]
    shown, headers = call.paged(found)
    body = {"total_count": len(found), "check_runs": [run_json(call.repository, run) for run in shown]}
    return Answer(body=body, headers=headers)


@CHECKS.on("POST", f"{REPO}/check-suites/{{check_suite_id}}/rerequest", "checks:write")
def rerequest_check_suite(call: Call) -> Answer:
    """Ask for all of it again."""
    rerequest_suite(call.repository, _suite(call), call.actor)
    return Answer(body={}, status=201)


@CHECKS.on("POST", f"{REPO}/statuses/{{sha}}", "statuses:write")
def create_status(call: Call) -> Answer:
    """Write a commit status."""
    status = add_status(
        call.repository, call.actor, call.values["sha"], state=call.text("state", resource="Status"),
        context=call.text("context", default="default"), description=call.optional("description"),
        target_url=call.optional("target_url"),
    )  # fmt: skip
    return Answer(body=status_json(call.hub.links, call.repository, status), status=201)


@CHECKS.on("GET", f"{REPO}/commits/{{ref}}/statuses", "statuses:read")
def list_statuses(call: Call) -> Answer:
    """Every status ever written for a commit, newest first."""
    sha = resolved(call, call.path_text("ref")).sha
    found = [status for status in reversed(call.repository.statuses) if status.sha == sha]
    return call.page([status_json(call.hub.links, call.repository, status) for status in found])


@CHECKS.on("GET", f"{REPO}/commits/{{ref}}/status", "statuses:read")
def combined_status(call: Call) -> Answer:
    """The newest status of each context, and what they say together."""
    sha = resolved(call, call.path_text("ref")).sha
    shown, headers = call.paged(latest_statuses(call.repository, sha))
    return Answer(body=combined_json(call.hub.links, call.repository, sha, list(shown)), headers=headers)
