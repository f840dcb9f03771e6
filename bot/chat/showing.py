"""How does one promotion come to be shown on one platform as it is now?

Step by step, each written down once it is done: its message, what is new in its thread, those who are asked, those who
are reminded. A step that fails leaves the rest for later, in the same order; a step that was done is not done again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.chat import words
from bot.chat.mentions import account_of, mentions
from bot.chat.platform import Line, MessageGoneError, Platform, Post
from bot.chat.routing import Routing
from bot.commands import PromotionName
from bot.house.window import News, Window
from gates.refusal import Unavailable, UserError
from storage.posts import PostRow

logger = logging.getLogger(__name__)
Save = Callable[[PostRow], PostRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """Brings one platform to show promotions as they are."""

    platform: Platform
    window: Window
    routing: Routing
    save: Save
    """Writes a row down when it differs, and returns it."""

    def show(self, name: PromotionName, row: PostRow, now: int) -> PostRow:
        """Show a promotion as it is now, and return its row. Raises UserError and Unavailable, between two steps."""
        news = self.window.news(name)
        row = self._asked_anew(row, news)
        row = self._message(row, news)
        if row.message is None:
            return replace(row, due_at=None)
        row = self._thread(name, row)
        row = self._ask(row, news)
        return self._remind(row, news, now)

    def _asked_anew(self, row: PostRow, news: News) -> PostRow:
        """Forget whom we asked about other evidence than there is now."""
        evidence = news.report.evidence_digest or row.asked_about
        if not news.deciders or evidence == row.asked_about:
            return row
        return replace(row, asked_about=evidence, mentioned=(), reminded=())

    def _message(self, row: PostRow, news: News) -> PostRow:
        """Post the message, find it, or edit it; none of these when it shows the same already."""
        if row.message is None:
            row = self._posted(row, news)
        post = self._post(news)
        if row.message is None or row.digest == post.digest:
            return self.save(row)
        try:
            self.platform.edit(row.channel, row.message, post)
        except MessageGoneError as gone:
            logger.warning("The message of %s cannot be edited: %s", row.promotion, gone)
            return self._replaced(row, news)
        return self.save(replace(row, digest=post.digest))

    def _posted(self, row: PostRow, news: News) -> PostRow:
        """Post the message. That we are about to is written down first: then it is looked for before another is."""
        channel = self.routing.channel(self.platform.name, news.report, news.channel)
        if channel is None:
            return self._nowhere(row, news)
        found = self.platform.find(channel, row.promotion, None) if row.channel == channel else None
        if found is not None:
            return self.save(replace(row, message=found, digest=""))
        row = self.save(replace(row, channel=channel, problem=""))
        message = self.platform.post(channel, self._post(news, quiet=row.mentioned))
        asked = (*row.mentioned, *news.deciders) if news.notify.mention else row.mentioned
        mentioned = tuple(dict.fromkeys(asked))
        return self.save(replace(row, message=message, digest=self._post(news).digest, mentioned=mentioned))

    def _replaced(self, row: PostRow, news: News) -> PostRow:
        """Post another message, with the whole thread, in place of one that cannot be edited, unless there is one."""
        if row.channel == self.routing.channel(self.platform.name, news.report, news.channel):
            found = self.platform.find(row.channel, row.promotion, None)
            if found not in {None, row.message}:
                return self.save(replace(row, message=found, digest=""))
        return self._posted(self.save(replace(row, channel="", message=None, digest="", told_seq=0)), news)

    def _nowhere(self, row: PostRow, news: News) -> PostRow:
        """Note that it has no channel, and say so once."""
        problem = words.nowhere(news, self.platform.name)
        if row.problem != problem:
            logger.warning("%s", problem)
        return self.save(replace(row, channel="", problem=problem))

    def _post(self, news: News, *, quiet: tuple[str, ...] = ()) -> Post:
        """Return what the message shows; the `quiet` were notified before, and are named only."""
        shown = mentions(self.platform.name, news, news.deciders, quiet=quiet)
        return Post(report=news.report, mentions=shown, links=news.links)

    def _thread(self, name: PromotionName, row: PostRow) -> PostRow:
        """Add what the ledger has told since, one line after the other."""
        for place, event in enumerate(self.window.lines(name, row.told_seq)):
            line = Line(
                key=f"{row.promotion}:{event.seq}", text=words.told(event), at=event.at, perhaps_there=place == 0
            )
            self.platform.add(row.channel, row.message or "", line)
            row = self.save(replace(row, told_seq=event.seq))
        return row

    def _ask(self, row: PostRow, news: News) -> PostRow:
        """Mention those who can decide and were not mentioned yet, where everybody sees it."""
        fresh = tuple(login for login in news.deciders if login not in row.mentioned)
        if not fresh or not news.notify.mention:
            return row
        line = Line(
            key=f"{row.promotion}:asks:{row.asked_about[:12]}:{len(row.mentioned)}",
            text=words.asks(news),
            at=news.waiting_since or news.report.created_at,
            mentions=mentions(self.platform.name, news, fresh),
            perhaps_there=True,
        )
        self.platform.add(row.channel, row.message or "", line)
        return self.save(replace(row, mentioned=(*row.mentioned, *fresh)))

    def _remind(self, row: PostRow, news: News, now: int) -> PostRow:
        """Remind those who have waited long enough; return the row with the time of the next reminder."""
        late = [login for login in news.deciders if login not in row.reminded]
        when = reminded_at(news)
        if when is None or not late or now < when:
            return replace(row, due_at=when if late else None)
        asleep: Unavailable | None = None
        for login in late:
            try:
                self._write_to(login, row, news)
            except Unavailable as error:  # one who cannot be reached now keeps nobody else waiting
                asleep = error
            else:
                row = self.save(replace(row, reminded=(*row.reminded, login)))
        if asleep is not None:
            raise asleep
        return replace(row, due_at=None)

    def _write_to(self, login: str, row: PostRow, news: News) -> None:
        account = account_of(self.platform.name, news, login)
        if account is None:
            return
        key = f"{row.promotion}:reminds:{row.asked_about[:12]}:{login}"
        try:
            self.platform.direct(account, key, words.reminds(news))
        except UserError as problem:
            logger.warning("%s cannot be reminded of %s on %s: %s", login, row.promotion, self.platform.name, problem)


def reminded_at(news: News) -> int | None:
    """Return when those who can decide are reminded; None: never."""
    if news.waiting_since is None or news.notify.remind_after is None or not news.deciders:
        return None
    return news.waiting_since + news.notify.remind_after
