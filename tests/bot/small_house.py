"""A small house for the surfaces' tests: it remembers what it heard, and answers in one line.

It stands where `bot.app.open_house` puts the real one. What it answers is chosen by the model's or person's name, so
that a test can ask for each way a command may end.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.commands import Approve, Promote, PromotionName, Status
from bot.exchange import ExitCode, Notice, Progress, Reply, Request
from bot.house.window import Window
from bot.settings import Settings
from gates.refusal import Unavailable, UserError


@dataclass(slots=True, kw_only=True)
class SmallHouse:
    """Implements `bot.exchange.House`."""

    heard: list[Request] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    ticks: list[int] = field(default_factory=list)
    opened: int = 0
    closed: int = 0
    rulebook: Mapping[str, bytes] = field(default_factory=dict)
    on_tick: Callable[[int], None] | None = None
    on_handle: Callable[[Request], None] | None = None
    is_ready: bool = True
    guard: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, request: Request, progress: Progress) -> Reply:  # noqa: C901 - one case for each way to end
        self.heard.append(request)
        if self.on_handle is not None:
            self.on_handle(request)
        who = request.speaker.account or "nobody"
        match request.command:
            case Promote(model=model) if model.name == "broken":
                raise ZeroDivisionError("a bug")
            case Promote(model=model) if model.name == "asleep":
                raise Unavailable("The registry does not answer; try again in a minute.")
            case Promote(model=model) if model.name == "unknown":
                raise UserError("There is no model unknown; the nearest is churn.")
            case Promote(model=model, version=version, environment=environment):
                progress(f"Fetching {model} {version}")
                text = f"waiting: P1 promotes {model} {version} to {environment} for {who}."
                return Reply(text=text, code=ExitCode.WAITING, data={"id": "P1", "state": "waiting"})
            case Approve(promotion=promotion) if who == "alice":
                return Reply(text=f"refused: {promotion} is your own.", code=ExitCode.REFUSED, data={"id": "P1"})
            case Approve(promotion=promotion, reason=reason):
                return Reply(text=f"approved: {promotion} by {who}, {reason or 'no reason'}.", code=ExitCode.DONE)
            case Status(about=None):
                return Reply(text="Nothing is open.", code=ExitCode.DONE, data={"open": []})
            case command:
                return Reply(text=f"{who}: {type(command).__name__}", code=ExitCode.DONE)

    def notice(self, notice: Notice) -> None:
        self.notices.append(notice)

    def named(self, project: str, pull_request: int) -> PromotionName | None:
        return PromotionName(number=pull_request, project=project) if pull_request < 100 else None

    def tick(self, now: int) -> None:
        self.ticks.append(now)
        if self.on_tick is not None:
            self.on_tick(now)

    def ready(self) -> tuple[bool, dict[str, JsonValue]]:
        return self.is_ready, {"registry": "answers" if self.is_ready else "does not answer"}

    def names(self, kind: str) -> Sequence[str]:
        return {"MODEL": ("churn", "loan-approval"), "PROMOTION": ("P1",), "ENVIRONMENT": ("staging",)}.get(kind, ())

    def window(self) -> Window:
        raise LookupError("The small house has no window.")

    def rulebook_files(self, project: str | None) -> Mapping[str, bytes]:
        del project
        return self.rulebook

    @contextmanager
    def open(self, settings: Settings) -> Iterator["SmallHouse"]:
        del settings
        with self.guard:
            self.opened += 1
        try:
            yield self
        finally:
            with self.guard:
                self.closed += 1
