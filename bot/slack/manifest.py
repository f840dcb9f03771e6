"""What does our manifest ask of Slack? `manifest/slack.yaml`, in an installed wheel as in a checkout."""

from functools import cache
from importlib import resources
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

NAME = "slack.yaml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Scopes(_Part):
    bot: frozenset[str]


class _OAuth(_Part):
    scopes: _Scopes


class Manifest(_Part):
    """What of the manifest is compared with the app as it is installed."""

    oauth_config: _OAuth

    @property
    def scopes(self) -> frozenset[str]:
        """The bot's scopes."""
        return self.oauth_config.scopes.bot


@cache
def manifest() -> Manifest:
    """Return our own manifest."""
    return Manifest.model_validate(yaml.safe_load(manifest_text()))


def manifest_text() -> str:
    """Return its bytes as they are: a wheel has it beside `bot`'s modules, a checkout in a folder of its own."""
    packed = resources.files("bot").joinpath("manifest", NAME)
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "manifest" / NAME).read_text(encoding="utf-8")
