"""Does GitHub take us for the App that app.yaml names, and do our clocks agree?"""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.app import GitHubApp
from bot.github.doctor.about_app import AboutApp
from bot.github.doctor.asking import read
from bot.github.manners import Clock
from bot.github.refusals import Declined
from reports.escaping import plain

PATH = "/app"
TOLERATED = 30
"""Seconds between two clocks; a signature is dated back by a minute, and is refused beyond that."""
SECONDS = 10.0
MINUTE = 60
SET_CLOCK = "set this machine's clock by the network (timedatectl set-ntp true)"


def look_at_identity(app: GitHubApp, base_url: str, clock: Clock) -> tuple[AboutApp | None, Diagnosis]:
    """Ask GitHub who we are; None when it does not take our signature. Raises Unavailable."""
    try:
        headers, document = app.requester.requestJsonAndCheck("GET", PATH)
    except Declined as declined:
        return None, _refused(app.id, declined, _seconds_ahead(_date_at(base_url), clock()))
    about = read(AboutApp, document, PATH)
    if about.id != app.id:
        text = f"the private key is of App {about.id} ({plain(about.slug)}), and github.app_id says {app.id}"
        return None, bad(text, "mend the one or the other")
    ahead = _seconds_ahead(headers.get("date"), clock())
    if ahead is not None and abs(ahead) > TOLERATED:
        return about, warn(f"this machine's clock is {_apart(ahead)} GitHub's; signatures soon fail", SET_CLOCK)
    return about, ok(f"GitHub takes us for its App {about.id}, {plain(about.slug)}")


def _refused(app_id: int, declined: Declined, ahead: int | None) -> Diagnosis:
    if ahead is not None and abs(ahead) > TOLERATED:
        return bad(f"GitHub refuses our signature: this machine's clock is {_apart(ahead)} its own", SET_CLOCK)
    if declined.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        text = f"GitHub does not take the private key for App {app_id} ({declined.status}: {declined.words})"
        return bad(text, "compare github.app_id and github.base_url with the App's page, or make a new key there")
    return bad(f"GitHub does not say who we are ({declined.status}: {declined.words})", "look at githubstatus.com")


def _date_at(base_url: str) -> str | None:
    """Return the date of any answer; the clocks are compared by it."""
    import httpx  # noqa: PLC0415 - only a refused signature needs it

    try:
        date: str | None = httpx.get(base_url, timeout=SECONDS).headers.get("date")
    except httpx.HTTPError:
        return None
    return date


def _seconds_ahead(date: str | None, now: int) -> int | None:
    """Return how far our clock is ahead of the other one; None when nobody knows."""
    try:
        told: datetime = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    return now - int(told.timestamp())


def _apart(ahead: int) -> str:
    size = abs(ahead)
    shown = f"{size} seconds" if size < 2 * MINUTE else f"{round(size / MINUTE)} minutes"
    return f"{shown} {'ahead of' if ahead > 0 else 'behind'}"
