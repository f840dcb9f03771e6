"""What does every answer need? The installation, the runner, and the one project or promotion that is meant."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bot.commands import ModelName, PromotionName
from gates.refusal import UserError
from policies.rulebook import Rulebook
from storage.promotions import Promotion
from storage.rulebook_changes import RulebookChange
from workflows.engine import PATIENCE, Runner, drain
from workflows.installation import Installation, Project
from workflows.rulebook import rulebook_for_people


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where answers are made."""

    installation: Installation
    runner: Runner
    pages: str | None = None
    """Where others read our pages, such as https://gatehouse.example.com; None: nowhere but on this machine."""

    def drain(self, *, patience: int = PATIENCE) -> None:
        """Run what is due, and wait for it; up to `patience` seconds for services that sleep."""
        drain(self.installation, self.runner, patience=patience)

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Answer from one moment of every forge, for the body."""
        with ExitStack() as stack:
            for project in self.installation.projects.values():
                stack.enter_context(project.forge.moment())
            yield

    def project(self, name: str | None) -> Project:
        """Return the project that is meant: the only one, where none is named."""
        projects = self.installation.projects
        if name is not None:
            return self.installation.project(name)
        if len(projects) == 1:
            return next(iter(projects.values()))
        raise UserError(f"Which project? There are {', '.join(sorted(projects))}: write PROJECT/MODEL.")

    def project_of(self, model: ModelName) -> Project:
        """Return the project of a model: the one named, or the only one that has it."""
        return self.project(model.project)

    def promotion(self, name: PromotionName) -> Promotion:
        """Return a promotion by its id; `UserError` names the newest when there is none."""
        with self.installation.database.reading() as work:
            found = work.promotions.find(name.number)
            if found is not None and name.project in {None, found.project}:
                return found
            newest = [p.name for project in self.installation.projects for p in work.promotions.all(project)]
        known = f"the newest is {newest[-1]}" if newest else "nothing was ever asked for"
        raise UserError(f"There is no promotion {name}; {known}: mlops status lists them.")

    def change(self, name: PromotionName) -> RulebookChange:
        """Return a rulebook change by its id."""
        with self.installation.database.reading() as work:
            found = work.rulebook_changes.find(name.number)
        if found is None or name.project not in {None, found.project}:
            raise UserError(f"There is no rulebook change {name}: mlops status lists them.")
        return found

    def rulebook(self, project: Project) -> Rulebook:
        """Return the trusted rulebook; its absence is the reply."""
        return rulebook_for_people(self.installation, project)
