"""What do the chats show, by the name of its golden page? Everything that Slack and Teams can be sent."""

from dataclasses import dataclass, replace

from pydantic import JsonValue

from reports import chat_slack, chat_teams
from reports.document import status_document
from reports.overview import (
    events_document,
    overview_document,
    render_events,
    render_overview,
    render_status,
    render_why,
)
from tests.reports.cases import CASES
from tests.reports.overviews import EVENTS, OVERVIEW

Json = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Addresses, as a forge in the web has them."""

    page: str | None = None
    pull_request: str | None = None
    evidence: str | None = None
    card: str | None = None


NOWHERE = Pages()
WEB = Pages(
    page="https://mlops.example/promotions/P4",
    pull_request="https://github.example/loans/models/pull/4",
    evidence="https://github.example/loans/models/blob/4f/models/loan-approval/evidence/production/P4.md",
    card="https://github.example/loans/models/blob/4f/models/loan-approval/MODEL_CARD.md",
)
IN_SLACK = (("carol", "U024BE7LH"), ("frank", None))
IN_TEAMS = (("carol", "8f1c1f5e-0000-4000-8000-5c6d7e8f9a0b"), ("frank", None))
VIEWERS = ("29:1carol", "29:1frank")
SMALL = {name: case for name, case in CASES.items() if name != "many_groups"}
PASSED, BLOCKED = CASES["passed"], CASES["blocked"]
STATUS = (render_status(BLOCKED), status_document(BLOCKED))
ANSWERS: dict[str, tuple[str, Json]] = {
    "status": STATUS,
    "why": (render_why(BLOCKED), status_document(BLOCKED)),
    "overview": (render_overview(OVERVIEW), overview_document(OVERVIEW)),
    "history": (render_events("History of loan-approval", EVENTS), {"events": events_document(EVENTS)}),
    "refused": ("There is no churn v8; the latest is v7: promote churn 7 to production", {}),
}
CHANGED = "The champion changed from v0 (1b2c3d4e5f60) to v1 (0787b0b14e53)."
KEPT = '{"promotion":"P4"}'

MESSAGES: dict[str, chat_slack.SlackMessage] = {
    **{
        name: chat_slack.message(case, mentions=IN_SLACK if case.waits else (), links=WEB)
        for name, case in SMALL.items()
    },
    "many_groups": chat_slack.message(CASES["many_groups"], links=NOWHERE, tables=False),
}
VIEWS: dict[str, Json] = {
    "approve": chat_slack.approve_modal(PASSED, approves=True, private_metadata=KEPT),
    "reject": chat_slack.approve_modal(CASES["rollback"], approves=False, private_metadata=KEPT),
    "changed": chat_slack.changed_modal(CASES["asked_again"], what=CHANGED),
    "told": chat_slack.told_modal("You cannot decide", "alice asked for it.\nWho may decide: carol, frank."),
    "details": chat_slack.details_modal(PASSED, links=WEB),
    "promote": chat_slack.promote_modal(),
    "promote_begun": chat_slack.promote_modal(
        model="loan-approval", version="2", reason="why not", problem="Which environment?", private_metadata=KEPT
    ),
    "home": chat_slack.home(
        person="carol", waiting=[PASSED], asked=[BLOCKED], changes=OVERVIEW.changes, serving=OVERVIEW.lanes
    ),
    "home_empty": chat_slack.home(person="carol", waiting=[], asked=[], changes=[], serving=[]),
    "home_stranger": chat_slack.home(person=None, waiting=[], asked=[], changes=[], serving=OVERVIEW.lanes),
}
CARDS: dict[str, Json] = {
    **{
        name: chat_teams.card(case, mentions=IN_TEAMS if case.waits else (), links=WEB, refreshed=VIEWERS)
        for name, case in SMALL.items()
    },
    "passed.decider": chat_teams.card(PASSED, mentions=IN_TEAMS, links=WEB, viewer="decider", refreshed=VIEWERS),
    "many_groups": chat_teams.card(CASES["many_groups"], links=NOWHERE),
    "approve": chat_teams.reason_card(PASSED, approves=True),
    "reject": chat_teams.reason_card(replace(PASSED, champion=None, evidence=None), approves=False),
    "changed": chat_teams.changed_card(CASES["asked_again"], what=CHANGED),
    "refused": chat_teams.refused_card(PASSED, why="alice asked for it. Who may decide: carol, frank."),
    "promote": chat_teams.promote_card(models=["loan-approval", "churn"], versions=[], environments=["staging"]),
    "promote_begun": chat_teams.promote_card(
        models=["loan-approval", "churn"],
        versions=["3", "2"],
        environments=["staging", "production"],
        model="churn",
        version="4",
        reason="why not",
        problem="Which environment?",
    ),
    **{f"answer.{name}": chat_teams.answer_card(*answer) for name, answer in ANSWERS.items()},
    "line": chat_teams.line_card("P4 waits for you since yesterday.", mentions=IN_TEAMS),
}
