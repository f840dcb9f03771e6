"""What does Slack ask in a window of its own: a reason, what to promote, or nothing, when it only tells?

https://docs.slack.dev/surfaces/modals: titles and buttons take 24 characters, private metadata 3,000.
"""

from pydantic import JsonValue

from reports.chat_asked import Fact, decided_about
from reports.chat_content import Links
from reports.chat_rendering import render_object
from reports.chat_slack_message import Blocks, promotion_blocks
from reports.chat_text import shortened, shown, units
from reports.escaping import plain
from reports.report import Report

APPROVE, REJECT, PROMOTE, TOLD = "gatehouse_approve", "gatehouse_reject", "gatehouse_promote", "gatehouse_told"
"""`callback_id` of each modal; what was typed is in the state under `reason`, `model`, `version`, `environment`."""
LONGEST_TITLE = 24
LONGEST_OPTION = 75
LONGEST_REASON = 2_000
LONGEST_METADATA = 3_000

View = dict[str, JsonValue]


def approve_modal(report: Report, *, approves: bool, private_metadata: str) -> View:
    """Return the question before a decision: what it is about, and why; a rejection needs a reason."""
    verb = "Approve" if approves else "Reject"
    return _modal(
        title=f"{verb} {report.id}",
        private_metadata=private_metadata,
        callback=APPROVE if approves else REJECT,
        asks=verb,
        facts=decided_about(report),
        reason_label="Reason" if approves else "Reason, for whoever asked",
        reason_optional=approves,
    )


def changed_modal(report: Report, *, what: str) -> View:
    """Return what is said instead of deciding, when the subject changed meanwhile: what, and what it is about now."""
    told = (
        "Nothing was decided: this changed after the message you saw.",
        shown(what, 1_000),
        "Look at it as it is now, and decide on the message in the channel.",
    )
    return _modal(title=f"{report.id} has changed", told=told, facts=decided_about(report))


def told_modal(title: str, text: str) -> View:
    """Return one that only tells, such as why somebody cannot decide."""
    return _modal(title=title, told=tuple(shortened(line, 1_000) for line in text.splitlines() if line.strip())[:20])


def details_modal(report: Report, *, links: Links) -> View:
    """Return a promotion as its message has it, for one person; a modal takes no table."""
    blocks: Blocks = promotion_blocks(report, links=links, buttons=False, tables=False)
    return {**_modal(title=f"{report.id} in detail"), "blocks": list(blocks)}


def promote_modal(
    *,
    model: str = "",
    version: str = "",
    environment: str = "",
    reason: str = "",
    problem: str = "",
    private_metadata: str = "",
) -> View:
    """Return the question what to promote, with what is known already filled in; `problem` says why it is asked."""
    return render_object(
        "slack_promote.json.j2",
        callback=PROMOTE,
        private_metadata=_kept(private_metadata),
        problem=shortened(problem, 1_000),
        model=_option(model),
        version=_option(version),
        environment=_option(environment),
        reason=shortened(reason, LONGEST_REASON),
    )


def _modal(
    *,
    title: str,
    private_metadata: str = "",
    callback: str = TOLD,
    asks: str = "",
    told: tuple[str, ...] = (),
    facts: tuple[Fact, ...] = (),
    reason_label: str = "",
    reason_optional: bool = True,
) -> View:
    return render_object(
        "slack_modal.json.j2",
        title=shortened(title, LONGEST_TITLE),
        private_metadata=_kept(private_metadata),
        callback=callback,
        asks=asks,
        told=told,
        facts=facts,
        reason_label=reason_label,
        reason_optional=reason_optional,
    )


def _kept(private_metadata: str) -> str:
    long = units(private_metadata)
    if long > LONGEST_METADATA:
        raise ValueError(f"A modal keeps at most {LONGEST_METADATA} characters; this would be {long}.")
    return private_metadata


def _option(word: str) -> str:
    """Return a word that can be filled in as it is: an option that reads otherwise would promote something else."""
    return word if word and word == plain(word) and units(word) <= LONGEST_OPTION else ""
