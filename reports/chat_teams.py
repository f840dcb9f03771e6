"""What does Teams show? All of it by name: cards for promotions, questions and answers, in adaptive cards 1.5."""

from reports.chat_teams_answer import answer_card, line_card
from reports.chat_teams_asking import changed_card, promote_card, reason_card, refused_card
from reports.chat_teams_card import Viewer, card

__all__ = [
    "Viewer",
    "answer_card",
    "card",
    "changed_card",
    "line_card",
    "promote_card",
    "reason_card",
    "refused_card",
]
