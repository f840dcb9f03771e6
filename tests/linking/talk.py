"""People who speak from a chat and from the forge, in one installation."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.exchange import Reply, Request, Speaker
from bot.grammar.parse import Context, parse
from bot.house.desk import Desk
from bot.house.house import OpenHouse
from bot.house.linking import Linking
from bot.house.telling import Telling
from storage.ledger import Entry
from storage.rulebook_changes import RulebookChange
from tests.world import World
from workflows.engine import InlineRunner

BOB, EVE = "T01ABC/U02BOB", "T01ABC/U06EVE"
"""Accounts in Slack, of people whom nobody has linked yet."""
TEAMS_BOB = "0f8fad5b-d9cb-469f-a165-70867728950e/7c9e6679-7425-40de-944b-e07fc1f90ae7"
CODES = ("K7MQ2XPA", "ABCD2345", "WXYZ6789", "GGGGHHHH", "22223333", "55556666")
PEOPLE_FILE = "policies/people.yaml"


@dataclass(slots=True)
class Talk:
    """A world whose house knows Slack and Teams; codes come in a known order."""

    world: World
    platform: str = "embedded"
    chats: tuple[str, ...] = ("slack", "teams")
    codes: Iterator[str] = field(default_factory=lambda: iter(CODES))
    said: int = 0

    def __post_init__(self) -> None:
        """Open the house on the world's installation."""
        installation = self.world.installation
        desk = Desk(installation=installation, runner=InlineRunner(installation=installation))
        self.house = OpenHouse(desk, Telling(), Linking(chats=self.chats, new_code=lambda: next(self.codes)))

    house: OpenHouse = field(init=False)

    def slack(self, account: str, words: str, *, message_id: str | None = None) -> Reply:
        """Type something in Slack."""
        return self.hear(words, "slack", account, "slack", message_id=message_id)

    def teams(self, account: str, words: str) -> Reply:
        """Type something in Teams."""
        return self.hear(words, "teams", account, "teams")

    def forge(self, login: str | None, words: str, *, message_id: str | None = None) -> Reply:
        """Type something in a terminal."""
        return self.hear(words, self.platform, login, "terminal", message_id=message_id)

    def hear(
        self, words: str, platform: str, account: str | None, surface: str, *, message_id: str | None = None
    ) -> Reply:
        """Let an account say something somewhere."""
        self.said += 1
        assurance = "asserted" if platform == "embedded" else "platform"
        request = Request(
            command=parse(words, context=Context(surface=surface)),
            speaker=Speaker(platform=platform, account=account, assurance=assurance),
            surface=surface,
            message_id=message_id or f"talk-{self.said}",
        )
        return self.house.handle(request, self.world.told.append)

    def people(self) -> str:
        """Return people.yaml as main has it."""
        forge = self.world.project.forge
        return (forge.read(forge.main_head(), PEOPLE_FILE) or b"").decode()

    def change(self, number: int) -> RulebookChange:
        """Return a rulebook change as it is stored."""
        with self.world.installation.database.reading() as work:
            found = work.rulebook_changes.find(number)
        assert found is not None
        return found

    def changes(self) -> int:
        """Return how many rulebook changes there are."""
        with self.world.installation.database.reading() as work:
            return len(work.rulebook_changes.all("default"))

    def entries(self, subject: str) -> tuple[Entry, ...]:
        """Return the ledger's entries about "R1"."""
        with self.world.installation.database.reading() as work:
            return work.ledger.of(subject)
