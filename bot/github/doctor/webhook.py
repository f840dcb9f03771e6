"""Do GitHub's events reach us? By its own log of deliveries."""

from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus

from bot.diagnosis import Diagnosis, bad, ok, warn
from bot.github.app import GitHubApp
from bot.github.doctor.about_app import AboutApp, AboutHook, Delivered
from bot.github.doctor.asking import said
from bot.github.hook import PATH
from bot.github.refusals import Declined
from bot.settings import ServerSettings
from reports.escaping import plain

LOOKED_AT = 30
"""Deliveries, the newest."""
CONFIG, LOG = "/app/hook/config", "/app/hook/deliveries"
NO_ANSWER = "nobody answers at that address in ten seconds: `mlops serve`, the tunnel or the firewall"
MEANINGS = {
    0: NO_ANSWER,
    301: "GitHub follows no redirects: set server.public_url to where they lead",
    302: "GitHub follows no redirects: a login page may stand before us",
    307: "GitHub follows no redirects: set server.public_url to where they lead",
    308: "GitHub follows no redirects: set server.public_url to where they lead",
    400: "a proxy passes another Host header: add it to server.allowed_hosts",
    401: "the webhook's secret on GitHub and in this server's environment differ",
    403: "something before us lets GitHub not through",
    404: "another address, or a server whose app.yaml has no section github",
    408: "the body arrived too slowly",
    413: "a proxy takes no large bodies: let it take 25 MB",
    415: "the webhook's content type is not application/json",
    502: "the proxy runs and `mlops serve` does not",
    503: "the server could not keep it: look at its logs and at the database",
    504: NO_ANSWER,
}
"""What a status in GitHub's log means for us."""


def look_at_webhook(app: GitHubApp, about: AboutApp, server: ServerSettings) -> Iterator[Diagnosis]:
    """Compare the webhook's settings with ours, and read the log. Raises Unavailable."""
    hook = _hook(app)
    if hook is None or not hook.url:
        todo = f"tick Active at {about.settings_url}{_address(server)}"
        yield bad("the App has no active webhook", todo)
        return
    problems = list(_settings(hook, about, server))
    yield from problems or [ok(f"the webhook delivers JSON to {plain(hook.url)}")]
    yield _deliveries(said(app.requester, list[Delivered], LOG, per_page=LOOKED_AT), about)


def _hook(app: GitHubApp) -> AboutHook | None:
    try:
        return said(app.requester, AboutHook, CONFIG)
    except Declined as declined:
        if declined.status != HTTPStatus.NOT_FOUND:
            raise
        return None


def _address(server: ServerSettings) -> str:
    return "" if server.public_url is None else f", with the webhook URL {server.public_url}{PATH}"


def _settings(hook: AboutHook, about: AboutApp, server: ServerSettings) -> Iterator[Diagnosis]:
    where = f"at {about.settings_url}"
    if server.public_url is None:
        yield warn("server.public_url is not set", f"set it to what comes before {PATH} in {plain(hook.url)}")
    elif hook.url != f"{server.public_url}{PATH}":
        todo = f"set the webhook URL to {server.public_url}{PATH} {where}, or mend server.public_url"
        yield bad(f"the webhook delivers to {plain(hook.url)}", todo)
    if hook.content_type != "json":
        yield bad(f"the webhook's content type is {plain(hook.content_type)}", f"choose application/json {where}")
    if str(hook.insecure_ssl) != "0":
        yield bad("GitHub does not verify our certificate", f"enable SSL verification {where}")


def _deliveries(log: list[Delivered], about: AboutApp) -> Diagnosis:
    where = f"{about.settings_url}/advanced"
    if not log:
        todo = f"start `mlops serve`, then comment on a pull request, or redeliver the ping at {where}"
        return warn("GitHub has delivered nothing yet", todo)
    failed = [one for one in log if not one.arrived]
    if not failed:
        return ok(f"the last {len(log)} deliveries arrived, by GitHub's log" if log[1:] else "the delivery arrived")
    text = f"{len(failed)} of the last {len(log)} deliveries failed ({_reasons(failed)})"
    if log[0].arrived:
        return warn(f"{text}; the newest arrived", f"redeliver at {where}, or leave it: sweeps find what is missing")
    return bad(text, f"mend it, then redeliver at {where}")


def _reasons(failed: list[Delivered]) -> str:
    """Name each status, the most frequent first, and what it means."""
    counted = Counter((one.status_code, one.status) for one in failed)
    return "; ".join(_reason(code, status, times) for (code, status), times in counted.most_common(3))


def _reason(code: int, status: str, times: int) -> str:
    shown = plain(str(code) if code else status)
    meaning = MEANINGS.get(code) or "look at the response there"
    return f"{times} x {shown}: {meaning}"
