"""How does GitHub describe a pull request, in answers and in events?"""

from typing import TYPE_CHECKING

from tests.github.standin.accounts import Account, account_json, team_json
from tests.github.standin.answers import Json
from tests.github.standin.events import announce
from tests.github.standin.history import between, differences, merge_base
from tests.github.standin.labels import label_json
from tests.github.standin.links import node_id, stamp, when
from tests.github.standin.mergeability import merge_state, trial_merge
from tests.github.standin.repository import Repository
from tests.github.standin.repository_view import repository_json

if TYPE_CHECKING:
    from tests.github.standin.pulls import Pull


def announce_pull(
    repository: Repository, pull: "Pull", action: str, actor: Account, more: dict[str, object] | None = None
) -> None:
    """Tell of a pull request."""
    told = {
        name: account_json(repository.hub.links, value) if isinstance(value, Account) else value
        for name, value in (more or {}).items()
    }
    body = {"action": action, "number": pull.number, "pull_request": pull_json(repository, pull), **told}
    announce(repository, "pull_request", actor, body)


def pull_json(repository: Repository, pull: "Pull", *, looked_at: bool = False) -> Json:
    """Describe a pull request fully. A look at it uses up one of the times that mergeability is unknown."""
    if looked_at and pull.state == "open" and repository.unknown_looks:
        repository.unknown_looks -= 1
        known = False
    else:
        known = pull.state == "open" and looked_at
    base = merge_base(repository.objects, pull.base_sha, pull.head_sha)
    commits = between(repository.objects, pull.base_sha, pull.head_sha)
    changed = differences(repository.objects, base, pull.head_sha) if base else []
    links = repository.hub.links
    return {
        **simple_pull_json(repository, pull),
        "merge_commit_sha": pull.merge_commit or (trial_merge(repository, pull) if known else None),
        "merged": pull.merged_at is not None,
        "mergeable": trial_merge(repository, pull) is not None if known else None,
        "rebaseable": trial_merge(repository, pull) is not None if known else None,
        "mergeable_state": merge_state(repository, pull) if known else "unknown",
        "merged_by": account_json(links, pull.merged_by) if pull.merged_by else None,
        "comments": sum(comment.number == pull.number for comment in repository.comments.values()),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": len(commits),
        "additions": sum(one.additions for one in changed),
        "deletions": sum(one.deletions for one in changed),
        "changed_files": len(changed),
    }


def simple_pull_json(repository: Repository, pull: "Pull") -> Json:
    """Describe a pull request as lists do."""
    links = repository.hub.links
    api, html = f"{repository.api}/pulls/{pull.number}", f"{repository.html}/pull/{pull.number}"
    issue = f"{repository.api}/issues/{pull.number}"
    statuses = f"{repository.api}/statuses/{pull.head_sha}"
    teams = [repository.hub.accounts.team(repository.owner.login, slug) for slug in pull.requested_teams]
    addresses = {
        "self": api,
        "html": html,
        "issue": issue,
        "comments": f"{issue}/comments",
        "review_comments": f"{api}/comments",
        "review_comment": f"{repository.api}/pulls/comments{{/number}}",
        "commits": f"{api}/commits",
        "statuses": statuses,
    }
    return {
        "url": api,
        "id": pull.id,
        "node_id": node_id("PullRequest", pull.id),
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue,
        "number": pull.number,
        "state": pull.state,
        "locked": False,
        "title": pull.title,
        "user": account_json(links, pull.author),
        "body": pull.body,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": when(pull.closed_at),
        "merged_at": when(pull.merged_at),
        "merge_commit_sha": pull.merge_commit,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [account_json(links, person) for person in pull.requested],
        "requested_teams": [team_json(links, team) for team in teams],
        "labels": [label_json(repository, name) for name in pull.labels],
        "milestone": None,
        "draft": pull.draft,
        "commits_url": addresses["commits"],
        "review_comments_url": addresses["review_comments"],
        "review_comment_url": addresses["review_comment"],
        "comments_url": addresses["comments"],
        "statuses_url": statuses,
        "head": _end(pull.head_repository, pull.head_branch, pull.head_sha),
        "base": _end(repository, pull.base, pull.base_sha),
        "_links": {name: {"href": href} for name, href in addresses.items()},
        "author_association": repository.association(pull.author),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def _end(repository: Repository | None, branch: str, sha: str) -> Json:
    if repository is None:
        return {"label": f"unknown:{branch}", "ref": branch, "sha": sha, "user": None, "repo": None}
    links = repository.hub.links
    return {
        "label": f"{repository.owner.login}:{branch}",
        "ref": branch,
        "sha": sha,
        "user": account_json(links, repository.owner),
        "repo": repository_json(links, repository),
    }


def issue_json(repository: Repository, pull: "Pull") -> Json:
    """Describe the issue that every pull request also is."""
    links = repository.hub.links
    api, html = f"{repository.api}/issues/{pull.number}", f"{repository.html}/pull/{pull.number}"
    return {
        "url": api,
        "repository_url": repository.api,
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": html,
        "id": pull.id + 500_000_000,
        "node_id": node_id("PullRequest", pull.id),
        "number": pull.number,
        "title": pull.title,
        "user": account_json(links, pull.author),
        "labels": [label_json(repository, name) for name in pull.labels],
        "state": pull.state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": sum(comment.number == pull.number for comment in repository.comments.values()),
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": when(pull.closed_at),
        "author_association": repository.association(pull.author),
        "active_lock_reason": None,
        "draft": pull.draft,
        "pull_request": {
            "url": f"{repository.api}/pulls/{pull.number}",
            "html_url": html,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            "merged_at": when(pull.merged_at),
        },
        "body": pull.body,
        "reactions": no_reactions(f"{api}/reactions"),
        "timeline_url": f"{api}/timeline",
        "performed_via_github_app": None,
        "state_reason": None,
    }


def no_reactions(url: str) -> Json:
    """Describe that nobody reacted."""
    return {"url": url, "total_count": 0, **dict.fromkeys(REACTIONS, 0)}


REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
