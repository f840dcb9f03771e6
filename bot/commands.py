"""What can be asked of Gatehouse? One frozen value for each command, the same from every surface."""

from dataclasses import dataclass
from typing import Literal

from bot.commands_measure import (
    MeasureCompare,
    MeasureDrift,
    MeasureExplain,
    MeasureFairness,
    MeasureQuality,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelName:
    """A model as people write it: `churn`, or `PROJECT/churn` where there are several projects."""

    name: str
    project: str | None = None

    def __str__(self) -> str:
        """Write it as it is typed."""
        return f"{self.project}/{self.name}" if self.project else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionName:
    """What a decision is about: promotion `P12`, or `R3`, a change of the rulebook."""

    number: int
    letter: Literal["P", "R"] = "P"
    project: str | None = None

    def __str__(self) -> str:
        """Write it as the ledger, the branches and the people do, without the project."""
        return f"{self.letter}{self.number}"

    @property
    def is_rulebook_change(self) -> bool:
        """Is this a change of the rulebook, and not of what serves?"""
        return self.letter == "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promote:
    """Ask for a version to become the champion of an environment."""

    model: ModelName
    version: str
    environment: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Approve the evidence as it is now."""

    promotion: PromotionName
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Reject it for good."""

    promotion: PromotionName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Take back one's own request."""

    promotion: PromotionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Recheck:
    """Measure and judge once more."""

    promotion: PromotionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollback:
    """Bring a former champion back; the previous one when no version is named."""

    model: ModelName
    environment: str
    reason: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retire:
    """Let nothing serve in an environment any more."""

    model: ModelName
    environment: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Converge one environment, or all of them, to what was authorised."""

    model: ModelName | None = None
    environment: str | None = None
    restore: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrain:
    """Start the training of a new version."""

    model: ModelName
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How do things stand: everywhere, for one model, or for one promotion?"""

    about: ModelName | PromotionName | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What holds a promotion up, and who can do what next?"""

    promotion: PromotionName


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What happened to a model?"""

    model: ModelName


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """Measure a version against another, or the champion; a new pair costs a look at the evaluation data."""

    model: ModelName
    version: str
    other_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Show the model card."""

    model: ModelName
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Show the trail of one promotion."""

    promotion: PromotionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Do today's inputs still look like those that the model was judged on?"""

    model: ModelName
    environment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Tie a chat account to a person: ask for a code, or use the one that the other side was given."""

    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Explain the commands, or one of them by its words."""

    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Serve:
    """Hold the installation and answer for it until stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Talk with Gatehouse line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Play the story on real data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """Look for what would keep Gatehouse from working here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """Create an empty workspace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerify:
    """Check the whole trail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExport:
    """Write the ledger to a file."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsPackage:
    """Write the app package that is uploaded to Teams."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCheck:
    """Look for mistakes in a rulebook: in a folder, or on main."""

    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyExplain:
    """Say in words which rules apply."""

    model: ModelName
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySimulate:
    """Say what the rulebook in a folder would change."""

    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookTrust:
    """Accept the first rulebook, by the commit on main that holds it."""

    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseUpgrade:
    """Bring the database to this release's schema."""


SharedCommand = (
    Promote | Approve | Reject | Withdraw | Recheck | Rollback | Retire | Sync | Retrain | Status | Why | History
    | Compare | Card | Audit | Drift | Link | Help | RulebookTrust
)  # fmt: skip
"""What the house answers."""

LocalCommand = (
    Serve | Console | Demo | Doctor | Init | AuditVerify | AuditExport | PolicyCheck | PolicyExplain | PolicySimulate
    | TeamsPackage | DatabaseUpgrade | MeasureCompare | MeasureFairness | MeasureDrift | MeasureQuality | MeasureExplain
)  # fmt: skip
"""What a terminal does itself, on the machine it runs on."""

Command = SharedCommand | LocalCommand
