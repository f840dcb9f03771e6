"""What would keep the GitHub App from working, looked at from the key to the people?"""

from collections.abc import Iterator, Mapping, Sequence

from bot.diagnosis import Diagnosis, bad
from bot.github.app import GitHubApp
from bot.github.doctor.about_app import AboutApp
from bot.github.doctor.about_repository import AboutRepository
from bot.github.doctor.asking import said
from bot.github.doctor.identity import look_at_identity
from bot.github.doctor.installation import look_at_installation
from bot.github.doctor.people import look_at_people
from bot.github.doctor.protection import look_at_protection
from bot.github.doctor.repository import look_at_repository
from bot.github.doctor.secret_strength import look_at_secret
from bot.github.doctor.webhook import look_at_webhook
from bot.github.manners import Clock, Manners
from bot.settings import GitHubSettings, ProjectSettings, Settings, secret
from gates.refusal import Unavailable, UserError
from reports.escaping import plain


def examine_github(
    settings: Settings, *, environment: Mapping[str, str], tokens: Sequence[str], clock: Clock
) -> Iterator[Diagnosis]:
    """Look at everything on GitHub's side, and write nothing; nothing is said where no App is named.

    `tokens` are variables that may hold a person's own token.
    """
    chosen = settings.github
    if chosen is None:
        return
    yield _secret(settings, chosen, environment, tokens)
    try:
        app = _app(chosen, environment, clock)
    except UserError as error:
        yield bad(str(error))
        return
    try:
        yield from _remote(settings, chosen, app, clock)
    except Unavailable as trouble:
        yield bad(plain(trouble))
    finally:
        app.requester.close()


def _remote(settings: Settings, chosen: GitHubSettings, app: GitHubApp, clock: Clock) -> Iterator[Diagnosis]:
    about, identity = look_at_identity(app, chosen.base_url, clock)
    yield identity
    if about is None:
        return
    yield from look_at_webhook(app, about, settings.server)
    for project in settings.projects:
        if project.forge == "github":
            yield from _project(app, about, project)


def _project(app: GitHubApp, about: AboutApp, project: ProjectSettings) -> Iterator[Diagnosis]:
    installation, found = look_at_installation(app, about, project)
    yield from found
    if installation is None:
        return
    requester = app.requester_for(project.repository)
    try:
        repository = said(requester, AboutRepository, f"/repos/{project.repository}")
        yield from look_at_repository(project, repository)
        yield from look_at_protection(requester, project.name, repository, app_id=about.id, slug=about.slug)
        yield from look_at_people(requester, project.name, repository)
    except Unavailable as trouble:
        yield bad(f"{project.name}: {plain(trouble)}")
    finally:
        requester.close()


def _secret(
    settings: Settings, chosen: GitHubSettings, environment: Mapping[str, str], tokens: Sequence[str]
) -> Diagnosis:
    variable = chosen.webhook_secret_variable
    try:
        held = secret(variable, "github.webhook_secret_variable", "the webhook's secret", environment)
    except UserError as error:
        return bad(str(error))
    names = {chosen.private_key_variable, settings.receipts.key_variable, *tokens} - {None, variable}
    others = {name: environment[name] for name in sorted(filter(None, names)) if environment.get(name)}
    return look_at_secret(variable, held, others, "on the App's page")


def _app(chosen: GitHubSettings, environment: Mapping[str, str], clock: Clock) -> GitHubApp:
    """Return the App; asks GitHub nothing yet."""
    key = secret(chosen.private_key_variable, "github.private_key_variable", "the App's private key", environment)
    manners = Manners(
        seconds_between_reads=chosen.seconds_between_reads,
        seconds_between_writes=chosen.seconds_between_writes,
        clock=clock,
    )
    return GitHubApp(chosen.app_id, key, chosen.base_url, manners=manners)
