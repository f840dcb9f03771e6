"""How does GitHub describe a repository?"""

from tests.github.standin.accounts import account_json
from tests.github.standin.answers import Json
from tests.github.standin.links import Links, node_id, stamp
from tests.github.standin.repository import ROLES, Repository

TEMPLATES = {
    "archive": "/{archive_format}{/ref}",
    "assignees": "/assignees{/user}",
    "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}",
    "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}",
    "commits": "/commits{/sha}",
    "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}",
    "git_commits": "/git/commits{/sha}",
    "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}",
    "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}",
    "issues": "/issues{/number}",
    "keys": "/keys{/key_id}",
    "labels": "/labels{/name}",
    "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}",
    "pulls": "/pulls{/number}",
    "releases": "/releases{/id}",
    "statuses": "/statuses/{sha}",
    "trees": "/git/trees{/sha}",
}
PLAIN = (
    "contributors",
    "deployments",
    "downloads",
    "events",
    "forks",
    "hooks",
    "languages",
    "merges",
    "stargazers",
    "subscribers",
    "subscription",
    "tags",
    "teams",
)


def minimal_repository_json(links: Links, repository: Repository) -> Json:
    """Describe a repository as other things name it."""
    return {
        "id": repository.id,
        "node_id": node_id("Repository", repository.id),
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": account_json(links, repository.owner),
        "html_url": repository.html,
        "description": None,
        "fork": repository.parent is not None,
        "url": repository.api,
        **{f"{name}_url": f"{repository.api}{template}" for name, template in TEMPLATES.items()},
        **{f"{name}_url": f"{repository.api}/{name}" for name in PLAIN},
    }


def repository_json(links: Links, repository: Repository) -> Json:
    """Describe a repository as it is embedded in pull requests and events."""
    bare = f"{links.html}/{repository.full_name}"
    counts = ("forks_count", "stargazers_count", "watchers_count", "size", "forks", "watchers")
    opened = sum(pull.state == "open" for pull in repository.pulls.values())
    return {
        **minimal_repository_json(links, repository),
        "git_url": f"git://github.com/{repository.full_name}.git",
        "ssh_url": f"git@github.com:{repository.full_name}.git",
        "clone_url": f"{bare}.git",
        "svn_url": bare,
        "mirror_url": None,
        "homepage": None,
        "language": None,
        **dict.fromkeys(counts, 0),
        "default_branch": repository.default_branch,
        "open_issues_count": opened,
        "open_issues": opened,
        "is_template": False,
        "topics": [],
        **dict.fromkeys(("has_issues", "has_projects", "has_wiki", "has_downloads"), True),
        **dict.fromkeys(("has_pages", "has_discussions", "disabled", "web_commit_signoff_required"), False),
        "archived": repository.archived,
        "allow_forking": True,
        "visibility": "private" if repository.private else "public",
        "license": None,
        "pushed_at": stamp(repository.activity[-1].at if repository.activity else repository.created_at),
        "created_at": stamp(repository.created_at),
        "updated_at": stamp(repository.created_at),
    }


def full_repository_json(links: Links, repository: Repository, role: str) -> Json:
    """Describe a repository as the answer to a question about it."""
    levels = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    return {
        **repository_json(links, repository),
        "permissions": {name: ROLES.index(role) >= ROLES.index(level) for name, level in levels.items()},
        "allow_merge_commit": "merge" in repository.allowed_merges,
        "allow_squash_merge": "squash" in repository.allowed_merges,
        "allow_rebase_merge": "rebase" in repository.allowed_merges,
        "allow_auto_merge": False,
        "allow_update_branch": False,
        "delete_branch_on_merge": repository.delete_branch_on_merge,
        "network_count": 0,
        "subscribers_count": 0,
    }
