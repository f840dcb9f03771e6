"""What does a server need to hear GitHub: the route of the webhook, and the ears behind it?"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.github.conversation import Conversation, Door
from bot.github.ears import Clock, Ears, Letterbox
from bot.github.hook import Hook
from bot.github.repositories import Repositories
from bot.github.voice import Voice
from bot.settings import Settings, secret
from gates.refusal import Unavailable, UserError
from storage.database import Database

if TYPE_CHECKING:
    from starlette.routing import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How GitHub is spoken to."""

    voices: Mapping[str, Voice]
    """By project."""
    repositories: Callable[[], Repositories]
    """As far as they are known now."""


@dataclass(slots=True, kw_only=True)
class GitHubSurface:
    """Hears from the moment the server listens; works once the house is open, and sweeps when told."""

    contact: Contact
    hook: Hook
    letterbox: Letterbox
    write_down: Callable[[BaseException], str]
    _ears: Ears | None = field(default=None, init=False)

    @property
    def routes(self) -> "tuple[Route, ...]":
        """Return what the web server is to answer."""
        return (self.hook.route(),)

    @contextmanager
    def working(self, door: Door) -> Iterator[None]:
        """Work through what is heard, for the body."""
        conversation = Conversation(
            door=door, voices=self.contact.voices, database=self.letterbox.database, clock=self.letterbox.clock
        )
        self._ears = Ears(conversation=conversation, letterbox=self.letterbox, write_down=self.write_down)
        with self._ears.listening():
            yield

    def sweep(self) -> None:
        """Look in every project for what no delivery told; one that fails does not keep the others waiting."""
        failures = []
        for project in self.contact.voices:
            try:
                if self._ears is not None:
                    self._ears.sweep(project)
            except (UserError, Unavailable) as error:
                failures.append(f"{project}: {error}")
        if failures:
            raise Unavailable(" ".join(failures))


@contextmanager
def github_surface(
    settings: Settings, contact: Contact, *, clock: Clock, write_down: Callable[[BaseException], str]
) -> Iterator[GitHubSurface]:
    """Make ready to hear; `UserError` when the section or the webhook's secret is missing. Opens nothing yet."""
    if settings.github is None:
        raise UserError("app.yaml has no section github.")
    variable = settings.github.webhook_secret_variable
    key = secret(variable, "github.webhook_secret_variable", "the webhook's secret")
    with closing(Database(settings.database_url)) as database:
        letterbox = Letterbox(database=database, clock=clock)
        hook = Hook(
            secret=key,
            app_id=settings.github.app_id,
            repositories=contact.repositories,
            keep=letterbox.keep,
        )
        yield GitHubSurface(contact=contact, hook=hook, letterbox=letterbox, write_down=write_down)
