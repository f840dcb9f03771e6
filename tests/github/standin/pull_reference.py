"""How do other things name a pull request?"""

from tests.github.standin.answers import Json
from tests.github.standin.repository import Repository


def pulls_at(repository: Repository, sha: str) -> list[Json]:
    """Name the open pull requests of this repository's own branches whose head a commit is; a fork's are left out."""
    return [
        {
            "id": pull.id,
            "number": pull.number,
            "url": f"{repository.api}/pulls/{pull.number}",
            "head": {"ref": pull.head_branch, "sha": pull.head_sha, "repo": _brief(repository)},
            "base": {"ref": pull.base, "sha": pull.base_sha, "repo": _brief(repository)},
        }
        for pull in repository.pulls.values()
        if pull.head_sha == sha and pull.state == "open" and pull.head_repository is repository
    ]


def _brief(repository: Repository) -> Json:
    return {"id": repository.id, "url": repository.api, "name": repository.name}
