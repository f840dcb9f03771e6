"""Which pull requests are there, and what is true of them now?

The records remember; the branches decide. Every look compares the two, so that a push whose hook died, a branch
deleted by hand or merged past the bot shows as what it is. Callers hold `folder.held()`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.local_forge.folder import Folder
from bot.local_forge.git import Git
from bot.local_forge.history import addresses, adds_something, arrival, first_summary, merge_base
from bot.local_forge.page import TITLE_LENGTH, plain, render_page
from bot.local_forge.record import Opening, Record
from bot.local_forge.refs import BRANCHES, Move, branch_ref, is_bots, is_main, main_of, move, pull_ref, read_refs
from bot.local_forge.trees import changed
from gates.refusal import Unavailable, UserError
from workflows.forge import PullRequest


@dataclass(frozen=True, slots=True)
class PullRequests:
    """All pull requests of one repository."""

    git: Git
    folder: Folder

    def get(self, number: int) -> Record:
        """Return one as it is now; `UserError` when there is none."""
        record = self.folder.read(number)
        if record is None:
            known = self.folder.numbers()
            there = f"the latest is {known[-1]}" if known else "there is none yet"
            raise UserError(f"There is no pull request {number} in {self.git.directory}; {there}.")
        return self._look(record, read_refs(self.git))

    def all(self) -> tuple[Record, ...]:
        """Return every one as it is now, by number."""
        refs = read_refs(self.git)
        return tuple(self._look(record, refs) for record in self.folder.records())

    def open_of(self, branch: str) -> Record | None:
        """Return the branch's open one, or None."""
        refs = read_refs(self.git)
        own = [self._look(record, refs) for record in self.folder.records() if record.branch == branch]
        return next((record for record in own if record.is_open), None)

    def merged_of(self, branch: str, head: str) -> Record | None:
        """Return the one by which the branch's present head was merged, or None."""
        own = [record for record in self.folder.records() if (record.branch, record.head) == (branch, head)]
        return next((record for record in own if record.merge_commit), None)

    def discover(self) -> None:
        """Open one for each branch of people's that changes something and has none: its push was not heard."""
        refs = read_refs(self.git)
        known = self.all()
        open_branches = {record.branch for record in known if record.is_open}
        ended = {(record.branch, record.head) for record in known if not record.is_open}
        for ref, head in refs.items():
            branch = ref.removeprefix(BRANCHES)
            if not ref.startswith(BRANCHES) or is_main(branch) or is_bots(branch):
                continue
            if branch in open_branches or (branch, head) in ended:
                continue
            if adds_something(self.git, main_of(self.git, refs), head):
                self.open(Opening(branch=branch, title=self.title_of(branch, head), author=None))

    def open(self, opening: Opening) -> Record:
        """Open one under the next free number; the branch must add something to main."""
        refs = read_refs(self.git)
        main, head = main_of(self.git, refs), refs.get(branch_ref(opening.branch))
        if head is None:
            raise UserError(f"There is no branch {plain(opening.branch)} to open a pull request from: push it first.")
        if not adds_something(self.git, main, head):
            raise UserError(f"{plain(opening.branch)} holds nothing that main lacks: commit a change to it first.")
        record = Record(
            number=max([*self.folder.numbers(), 0]) + 1,
            branch=opening.branch,
            title=opening.title,
            body=opening.body,
            author=opening.author,
            head=head,
            base=str(merge_base(self.git, main, head)),
            heads=(head,),
            pushers=opening.pushers,
        )
        return self.keep(record.with_addresses(addresses(self.git, main, head)), refs)

    def keep(self, record: Record, refs: Mapping[str, str]) -> Record:
        """Write the record, then the ref that keeps its commits, then its page; each only if it differs."""
        self.folder.write(record)
        ref = pull_ref(record.number)
        if refs.get(ref) != record.head:
            follow = Move(ref, refs.get(ref), record.head)
            if not move(self.git, [follow], reason=f"pull request {record.number}"):
                raise Unavailable(f"{ref} was moved by someone else in {self.git.directory}: try again.")
        self.folder.show(record.number, render_page(record, changed(self.git, record.base, record.head)))
        return record

    def seen(self, record: Record) -> PullRequest:
        """Return the record as the port shows it."""
        return record.seen_at(str(self.folder.page(record.number)))

    def title_of(self, branch: str, head: str) -> str:
        """Return the title of one that a push opens."""
        summary = plain(first_summary(self.git, main_of(self.git, read_refs(self.git)), head))
        return (summary or plain(branch))[:TITLE_LENGTH]

    def _look(self, record: Record, refs: Mapping[str, str]) -> Record:
        """Compare with the branches and write down what changed."""
        now = self._observe(record, refs) if record.is_open else record
        settled = now == record and refs.get(pull_ref(record.number)) == record.head
        return record if settled and self.folder.page(record.number).exists() else self.keep(now, refs)

    def _observe(self, record: Record, refs: Mapping[str, str]) -> Record:
        main, head = main_of(self.git, refs), refs.get(branch_ref(record.branch))
        base = merge_base(self.git, main, record.head)
        if base == record.head:
            return record.merged(arrival(self.git, main, record.head))
        if head is None:
            return record.closed()
        if head == record.head:
            return record if base in (None, record.base) else record.model_copy(update={"base": base})
        return self._follow(record, main, head)

    def _follow(self, record: Record, main: str, head: str) -> Record:
        """Follow a branch that moved; one that was set back to main has given up."""
        base = merge_base(self.git, main, head)
        if base == head:
            return record.closed()
        found = addresses(self.git, main, head)
        return record.with_head(head).with_addresses(found).model_copy(update={"base": base or record.base})
