"""What does the board say in words of its own?"""

from bot.house.window import News
from reports.escaping import terminal
from reports.overview import Event
from reports.rendering import words


def told(event: Event) -> str:
    """Return an entry of the ledger as one line, worded as `audit` words it."""
    kind = words(event.kind)
    return f"{kind}: {terminal(event.text)}" if event.text else kind


def asks(news: News) -> str:
    """Return what those hear who can decide; their names follow."""
    return f"{news.report.id} waits for a decision: {news.report.asks}. Who can decide:"


def reminds(news: News) -> str:
    """Return what a person hears who has not decided yet."""
    report = news.report
    where = f" {news.links.pull_request}" if news.links.pull_request else ""
    return (
        f"{report.id} still waits for a decision, which can be yours: {report.asks}, asked for by {report.requester}."
        f" Next: mlops approve {report.id}, or mlops why {report.id}.{where}"
    )


def nowhere(news: News, platform: str) -> str:
    """Return what the log says of a promotion that no channel is named for."""
    report = news.report
    return (
        f"{report.id} is told nowhere on {platform}: app.yaml names no channel there for {report.model} in "
        f"{report.environment} (projects, {report.project}, channels: default)."
    )
