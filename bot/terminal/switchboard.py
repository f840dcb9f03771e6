"""Who answers this command: a running server, or this process?

A server that holds the installation answers everything. Otherwise this process opens the house for one command; if the
command acts, it holds the installation meanwhile. Looking does not wait for anyone.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from bot.exchange import House, Progress, Reply, Request
from bot.grammar.usage import acts
from bot.settings import Settings
from bot.terminal import wire
from bot.terminal.lock import HeldError, InstallationLock
from bot.terminal.socket_client import NobodyListensError, ask, ask_names
from gates.refusal import Unavailable, UserError

OpenHouse = Callable[[Settings], AbstractContextManager[House]]
PATIENCE = 30.0
"""Seconds that an acting command waits for another one to finish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switchboard:
    """Connects one terminal with whoever answers for the installation."""

    settings: Settings
    open_house: OpenHouse
    patience: float = PATIENCE
    token: str | None = None
    """The person's own token of the forge, where they speak by that."""

    def answer(self, words: Sequence[str], request: Request, progress: Progress) -> Reply:
        """Answer a request; `words` is the same command as it was written, for a server to read."""
        self._require_workspace()
        if server := self._server():
            try:
                return ask(server, _question(words, request, self.token), progress)
            except NobodyListensError:
                pass  # it is about to end; the lock says when
        if acts(request.command):
            return self._act(words, request, progress)
        with self.open_house(self.settings) as house:
            return house.handle(request, progress)

    def names(self, kind: str) -> Sequence[str]:
        """Return the names of a kind, for completion."""
        try:
            if server := self._server():
                return ask_names(server, kind)
            with self.open_house(self.settings) as house:
                return house.names(kind)
        except (NobodyListensError, UserError, Unavailable):
            return ()

    def _act(self, words: Sequence[str], request: Request, progress: Progress) -> Reply:
        """Hold the installation, then act; a server that started meanwhile is asked instead."""
        try:
            with self._held(words, progress), self.open_house(self.settings) as house:
                return house.handle(request, progress)
        except HeldError as held:
            if not held.holder.socket:
                raise Unavailable(
                    f"This installation is held by {held.holder}, and one command acts at a time."
                    " Ask again when it has ended."
                ) from held
            return self._ask_server(held.holder.socket, words, request, progress)

    @contextmanager
    def _held(self, words: Sequence[str], progress: Progress) -> Iterator[None]:
        """Hold the installation for the body; whoever is waited for is named."""
        holder = self._lock.holder()
        if holder is not None and not holder.socket:
            progress(f"Waiting for {holder} to end.")
        with self._lock.hold(_title(words), patience=self.patience):
            yield

    def _ask_server(self, server: str, words: Sequence[str], request: Request, progress: Progress) -> Reply:
        try:
            return ask(server, _question(words, request, self.token), progress)
        except NobodyListensError as error:
            raise Unavailable(
                f"A server holds this installation, but does not answer at {server}. Stop it and try again."
            ) from error

    def _server(self) -> str | None:
        """Return where a running server listens."""
        holder = self._lock.holder()
        return holder.socket if holder else None

    @property
    def _lock(self) -> InstallationLock:
        return InstallationLock(self.settings.workspace)

    def _require_workspace(self) -> None:
        workspace = self.settings.workspace
        if not workspace.is_dir():
            raise UserError(
                f"There is no workspace at {workspace}. Play the demonstration with `mlops demo`, create an empty one"
                " with `mlops init`, or go to the folder that has it."
            )


def _title(words: Sequence[str]) -> str:
    """Name a command for others who wait for it: without its reason, which may be long."""
    end = words.index("--reason") if "--reason" in words else len(words)
    return " ".join(["mlops", *words[:end]])


def _question(words: Sequence[str], request: Request, token: str | None) -> wire.Ask:
    return wire.Ask(
        words=tuple(words),
        login=None if token else request.speaker.account,
        token=token,
        surface="console" if request.surface == "console" else "terminal",
        message_id=request.message_id,
    )
