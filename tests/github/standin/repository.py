"""What is a repository: its names, its branches, and who may do what in it?"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.github.standin.accounts import Account
from tests.github.standin.hub import Hub
from tests.github.standin.objects import GitError, Objects

if TYPE_CHECKING:
    from tests.github.standin.checks import CheckRun, CheckSuite
    from tests.github.standin.comments import Comment
    from tests.github.standin.deployments import Deployment
    from tests.github.standin.protection import Protection
    from tests.github.standin.pulls import Pull
    from tests.github.standin.statuses import Status

ZERO = "0" * 40
ROLES = ("none", "read", "triage", "write", "maintain", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of a repository's activity: who moved which branch, and how."""

    id: int
    ref: str
    before: str
    after: str
    kind: str
    actor: Account
    at: int


@dataclass(slots=True, kw_only=True)
class Repository:
    """One repository."""

    hub: Hub
    id: int
    owner: Account
    name: str
    objects: Objects
    created_at: int
    private: bool = True
    default_branch: str = "main"
    parent: "Repository | None" = None
    former_names: set[str] = field(default_factory=set)
    roles: dict[str, str] = field(default_factory=dict)
    allowed_merges: set[str] = field(default_factory=lambda: {"merge", "squash", "rebase"})
    delete_branch_on_merge: bool = False
    archived: bool = False
    is_protectable: bool = True
    """Has its plan protected branches?"""
    activity: list[Movement] = field(default_factory=list)
    pulls: "dict[int, Pull]" = field(default_factory=dict)
    comments: "dict[int, Comment]" = field(default_factory=dict)
    check_runs: "dict[int, CheckRun]" = field(default_factory=dict)
    check_suites: "dict[int, CheckSuite]" = field(default_factory=dict)
    statuses: "list[Status]" = field(default_factory=list)
    deployments: "dict[int, Deployment]" = field(default_factory=dict)
    label_ids: dict[str, int] = field(default_factory=dict)
    protections: "dict[str, Protection]" = field(default_factory=dict)
    rulesets: "dict[str, Protection]" = field(default_factory=dict)
    unknown_looks: int = 0
    """How often a pull request's mergeability is still being computed."""
    last_number: int = 0
    forks: "dict[str, Repository]" = field(default_factory=dict)
    """By their owner's login."""

    @property
    def full_name(self) -> str:
        """OWNER/NAME."""
        return f"{self.owner.login}/{self.name}"

    @property
    def api(self) -> str:
        """Where the API has it."""
        return f"{self.hub.links.api}/repos/{self.full_name}"

    @property
    def html(self) -> str:
        """Where its pages are."""
        return f"{self.hub.links.html}/{self.full_name}"

    def branch(self, name: str) -> str | None:
        """Return the SHA of a branch."""
        return self.ref(f"refs/heads/{name}")

    def ref(self, name: str) -> str | None:
        """Return the SHA of a full ref name."""
        return self.refs(name).get(name)

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """Return every ref below a prefix."""
        home, packed = self.objects.directory, self.objects.directory / "packed-refs"
        lines = packed.read_text().splitlines() if packed.exists() else []
        found = {line[41:]: line[:40] for line in lines if line[0] not in "#^"}
        found |= {str(path.relative_to(home)): path.read_text().strip() for path in _files(home / prefix)}
        return {name: found[name] for name in sorted(found) if name.startswith(prefix)}

    def write_ref(self, name: str, new: str | None, old: str | None) -> None:
        """Move, make (old None) or remove (new None) a ref; `GitError` if it is elsewhere by now."""
        if new is None:
            self.objects.git("update-ref", "-d", name, old or "")
        else:
            self.objects.git("update-ref", name, new, old or ZERO)

    def resolve(self, name: str) -> str | None:
        """Return the commit that a branch, tag, full ref, SHA or unambiguous beginning of one names."""
        for ref in (name, f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}"):
            if ref.startswith("refs/") and (found := self.ref(ref)):
                return found
        if len(name) == 40 and self.objects.commit(name):
            return name
        return self._short(name)

    def _short(self, name: str) -> str | None:
        if not 4 <= len(name) < 40 or set(name) - set("0123456789abcdef"):
            return None
        try:
            return self.objects.git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").stdout.decode().strip()
        except GitError:
            return None

    def role(self, account: Account) -> str:
        """Return what somebody is here. Who was given nothing else may write."""
        if account.kind == "Bot":
            installed = [one for one in self.hub.installations.values() if one.app.robot == account]
            return "write" if any(one.sees(self.full_name, self.owner.login) for one in installed) else "none"
        return self.roles.get(account.login.lower(), "write")

    def may(self, account: Account, role: str) -> bool:
        """Has somebody at least this role?"""
        return ROLES.index(self.role(account)) >= ROLES.index(role)

    def association(self, account: Account) -> str:
        """Return what GitHub writes beside somebody's name."""
        if account.kind == "Bot":
            return "NONE"
        return "COLLABORATOR" if self.may(account, "triage") else "NONE"


def _files(prefix: Path) -> list[Path]:
    """Return the files whose path begins so; Git's own locks are none."""
    if ".." in prefix.parts:
        return []
    if prefix.is_file():
        return [prefix]
    below = prefix if prefix.is_dir() else prefix.parent
    return [path for path in below.rglob("*") if path.is_file() and path.suffix != ".lock"]


def new_repository(hub: Hub, folder: Path, owner: Account, name: str) -> Repository:
    """Make an empty bare repository."""
    directory = folder / f"{owner.login}+{name}.git"
    _make_bare(directory)
    return Repository(
        hub=hub, id=hub.next_id(), owner=owner, name=name, objects=Objects(directory), created_at=hub.clock()
    )


def new_fork(parent: Repository, owner: Account) -> Repository:
    """Make a fork: its own branches over the same objects, as GitHub keeps them."""
    directory = parent.objects.directory.parent / f"{owner.login}+{parent.name}.git"
    _make_bare(directory)
    (directory / "objects" / "info").rmdir()
    (directory / "objects" / "pack").rmdir()
    (directory / "objects").rmdir()
    (directory / "objects").symlink_to(parent.objects.directory.resolve() / "objects")
    fork = Repository(
        hub=parent.hub,
        id=parent.hub.next_id(),
        owner=owner,
        name=parent.name,
        objects=Objects(directory),
        created_at=parent.hub.clock(),
        private=parent.private,
        parent=parent,
    )
    for ref, sha in parent.refs("refs/heads/").items():
        fork.write_ref(ref, sha, None)
    parent.forks[owner.login.lower()] = fork
    return fork


def _make_bare(directory: Path) -> None:
    for part in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (directory / part).mkdir(parents=True)
    (directory / "HEAD").write_text("ref: refs/heads/main\n")
    (directory / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n[http]\n\treceivepack = true\n"
    )
