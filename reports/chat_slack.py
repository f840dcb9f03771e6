"""What does Slack show? All of it by name: messages, windows, Home and answers, as Slack's Web API takes them."""

from reports.chat_slack_answer import Spoken, answer, spoken_answer, spoken_line
from reports.chat_slack_home import home
from reports.chat_slack_message import EVENT, SlackMessage, message, reference
from reports.chat_slack_modals import (
    APPROVE,
    PROMOTE,
    REJECT,
    approve_modal,
    changed_modal,
    details_modal,
    promote_modal,
    told_modal,
)
from reports.escaping import mrkdwn as escape

__all__ = [
    "APPROVE",
    "EVENT",
    "PROMOTE",
    "REJECT",
    "SlackMessage",
    "Spoken",
    "answer",
    "approve_modal",
    "changed_modal",
    "details_modal",
    "escape",
    "home",
    "message",
    "promote_modal",
    "reference",
    "spoken_answer",
    "spoken_line",
    "told_modal",
]
