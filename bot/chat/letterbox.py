"""Where is what was said in a chat kept until it is acted on?

In one of two boxes: what acts waits for its turn, and may take as long as a model takes to score; whoever only looks
does not stand in line behind it.
"""

from dataclasses import dataclass

from bot import ears
from bot.chat.heard import Heard, Typed, to_json
from bot.ears import Clock
from bot.grammar.parse import Context, parse
from bot.grammar.usage import acts
from gates.refusal import UserError
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterbox:
    """Keeps what was heard on one platform; may be used from any thread."""

    acting: ears.Letterbox
    looking: ears.Letterbox

    def keep(self, key: str, heard: Heard) -> bool:
        """Keep one thing that was heard; False when its key is known. Whatever it raises means that it is not kept."""
        box = self.looking if only_looks(heard) else self.acting
        return box.put({key: to_json(heard)})

    @property
    def boxes(self) -> tuple[ears.Letterbox, ears.Letterbox]:
        """Return both."""
        return self.acting, self.looking


def letterbox(platform: str, database: Database, clock: Clock) -> Letterbox:
    """Return the letterbox of a platform."""
    return Letterbox(
        acting=ears.Letterbox(surface=platform, database=database, clock=clock),
        looking=ears.Letterbox(surface=f"{platform}:looks", database=database, clock=clock),
    )


def only_looks(heard: Heard) -> bool:
    """Does this change nothing, whoever said it? What is no command changes nothing either."""
    if not isinstance(heard, Typed):
        return False
    try:
        return not acts(parse(heard.words, context=Context(surface=heard.platform)))
    except UserError:
        return not heard.thread  # in a promotion's thread it may be one: PROMOTION may be left out there
