"""What does a person find in App Home? What waits for them, what they asked for, and what serves where."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from bot.house.window import Window
from bot.slack.members import Members
from bot.slack.web_api import Done, WebApi, said
from gates.refusal import Unavailable, UserError
from reports import chat_slack

PLATFORM = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Publishes App Home; runs in a thread of the lookout."""

    api: WebApi
    members: Members
    window: Callable[[], Window]

    def publish(self, team: str, user: str) -> None:
        """Show a person their Home as it is now. Raises UserError and Unavailable."""
        said(Done, self.api.asking.views_publish, user_id=user, view=self._view(team, user))

    def _view(self, team: str, user: str) -> dict[str, JsonValue]:
        try:
            window = self.window()
            guest = self.members.is_guest(team, user)
            seen = [project for project in window.projects if not guest or window.guests_may_look(project, None)]
            return _home(window, seen, f"{team}/{user}")
        except (UserError, Unavailable) as trouble:
            return _only_words(str(trouble))


def _home(window: Window, projects: list[str], account: str) -> dict[str, JsonValue]:
    persons = {project: window.person(project, PLATFORM, account) for project in projects}
    logins = [(project, person.login) for project, person in persons.items() if person is not None]
    return chat_slack.home(
        person=next((login for _, login in logins), None),
        waiting=[report for project, login in logins for report in window.inbox(project, login)],
        asked=[report for project, login in logins for report in window.asked_by(project, login)],
        changes=[change for project, login in logins for change in window.changes(project, login)],
        serving=[lane for project in projects for lane in window.serving(project)],
    )


def _only_words(text: str) -> dict[str, JsonValue]:
    return {"type": "home", "blocks": list(chat_slack.answer(text, {}))}
