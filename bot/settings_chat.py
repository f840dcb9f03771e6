"""What did the operator choose for Slack?"""

from typing import Annotated

from pydantic import Field

from bot.settings_values import BaseUrl, Section, Variable

SlashCommand = Annotated[str, Field(pattern=r"^/[a-z0-9_-]{1,31}$")]
"""As Slack allows it: a slash, small letters, digits, `-` and `_`, at most 32 characters."""


class SlackSettings(Section):
    """The Slack app that this installation is."""

    bot_token_variable: Variable = "SLACK_BOT_TOKEN"  # noqa: S105 - a variable's name, not a secret
    """Environment variable with the bot user's token, `xoxb-...`."""
    signing_secret_variable: Variable = "SLACK_SIGNING_SECRET"  # noqa: S105 - as above
    """Environment variable with the secret that Slack signs its requests with."""
    app_token_variable: Variable | None = None
    """Environment variable with an app-level token, `xapp-...`. Set: Socket Mode, and no public address is needed."""
    base_url: BaseUrl = "https://slack.com/api"
    """Of the Web API."""
    command: SlashCommand = "/mlops"
    """What people type, as the app's page on api.slack.com has it."""

    @property
    def socket_mode(self) -> bool:
        """Do we call Slack, instead of Slack us?"""
        return self.app_token_variable is not None
