"""Which button of which card was used, and what was typed beside it?"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from bot.chat.heard import promotion_named
from bot.commands import PromotionName
from bot.teams.activity import MalformedError

LONGEST = 300
LONGEST_REASON = 4_000


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class About(_Said):
    """What stands on a promotion's card, and what was typed into it."""

    promotion: str = Field(min_length=2, max_length=LONGEST)
    project: str = Field(max_length=LONGEST)
    digest: str = Field(default="", max_length=LONGEST)
    reason: str = Field(default="", max_length=LONGEST_REASON)
    confirmed: bool = False
    """Was the question for the reason answered, or is it still to be asked?"""

    @property
    def name(self) -> PromotionName:
        """Return the promotion; UserError when that is no name."""
        return promotion_named(self.promotion, self.project)


class Filled(_Said):
    """What somebody filled in who asks for a promotion."""

    model: str = Field(min_length=1, max_length=LONGEST)
    version: str = Field(min_length=1, max_length=LONGEST)
    environment: str = Field(min_length=1, max_length=LONGEST)
    reason: str = Field(default="", max_length=LONGEST_REASON)

    @property
    def words(self) -> str:
        """Return the command that it stands for."""
        words = f"promote {_word(self.model)} {_word(self.version)} to {_word(self.environment)}"
        reason = " ".join(self.reason.split())
        return f"{words} --reason {reason}" if reason else words


Verb = Literal["approve", "reject", "details", "recheck", "refresh", "promote"]


class _Action(_Said):
    verb: Verb
    data: dict[str, JsonValue] = Field(default_factory=dict)


class _Value(_Said):
    action: _Action


class _Used(_Said):
    value: _Value


def used(value: JsonValue) -> tuple[Verb, About | Filled]:
    """Return which button was used and what with; MalformedError when it is none of ours."""
    try:
        action = _Used.model_validate({"value": value}).value.action
        form = Filled if action.verb == "promote" else About
        return action.verb, form.model_validate(action.data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise MalformedError(f"This is no button of ours: {first['msg']}.") from error


def _word(text: str) -> str:
    """Return a value as one word of a command."""
    return text if len(text.split()) == 1 and '"' not in text else f'"{" ".join(text.split())}"'
