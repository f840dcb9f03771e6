"""What does the embedded forge remember of one pull request?"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.local_forge.refs import is_bots
from gates.refusal import UserError
from workflows.forge import Check, PullRequest, PullRequestState


class Record(BaseModel):
    """One pull request as its JSON file holds it; `observe` compares it with the branches before anyone sees it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    branch: str
    title: str
    body: str = ""
    author: str | None
    """The account that opened it; None when only the branch was found."""
    state: PullRequestState = PullRequestState.OPEN
    head: str
    base: str
    """Where the branch left main, as long as it was open."""
    heads: tuple[str, ...]
    """Every head it ever had, the present one last: a check may arrive late for an earlier one."""
    merge_commit: str | None = None
    pushers: tuple[str, ...] = ()
    """Accounts, sorted: asserted by whoever pushed."""
    addresses: tuple[str, ...] = ()
    """E-mail addresses of the commits it ever had, sorted."""
    checks: dict[str, dict[str, Check]] = {}
    """By head and name."""
    comments: dict[str, str] = {}
    """By marker, in the order of writing."""
    closing: str = ""

    @property
    def is_open(self) -> bool:
        """Is it neither merged nor closed?"""
        return self.state is PullRequestState.OPEN

    def with_head(self, head: str) -> "Record":
        """Follow the branch to another head."""
        return self.model_copy(update={"head": head, "heads": (*self.heads, head)})

    def with_pusher(self, pusher: str) -> "Record":
        """Remember who pushed; the first pusher of a pull request that nobody claimed is its author."""
        author = pusher if self.author is None and not self.pushers else self.author
        return self.model_copy(update={"author": author, "pushers": tuple(sorted({*self.pushers, pusher}))})

    def with_addresses(self, found: frozenset[str]) -> "Record":
        """Remember whose commits the branch holds."""
        return self.model_copy(update={"addresses": tuple(sorted(found.union(self.addresses)))})

    def with_check(self, head: str, check: Check) -> "Record":
        """Write a check on one head."""
        own = {**self.checks.get(head, {}), check.name: check}
        return self.model_copy(update={"checks": {**self.checks, head: own}})

    def with_comment(self, marker: str, text: str) -> "Record":
        """Write or replace the comment of that marker."""
        return self.model_copy(update={"comments": {**self.comments, marker: text}})

    def merged(self, merge_commit: str) -> "Record":
        """End as merged."""
        return self.model_copy(update={"state": PullRequestState.MERGED, "merge_commit": merge_commit})

    def closed(self) -> "Record":
        """End without a merge."""
        return self.model_copy(update={"state": PullRequestState.CLOSED})

    def seen_at(self, url: str) -> PullRequest:
        """Return it as the port shows it."""
        return PullRequest(
            number=self.number,
            url=url,
            title=self.title,
            branch=self.branch,
            head=self.head,
            author=self.author,
            state=self.state,
            merge_commit=self.merge_commit,
            contributors=frozenset((*self.pushers, *self.addresses)),
            ours=is_bots(self.branch),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new pull request is opened with."""

    branch: str
    title: str
    author: str | None
    body: str = ""
    pushers: tuple[str, ...] = ()


def parse_record(text: bytes, where: str) -> Record:
    """Read a record; a damaged file stops the forge, for guessing could approve something."""
    try:
        return Record.model_validate_json(text)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UserError(
            f"{where} is damaged ({place}: {first['msg']}): put back a backup of it; its pull request cannot be judged."
        ) from wrong
