"""In which channel is a promotion told?

Where its model.yaml says; failing that, in the environment's channel; failing that, in the default one. A model.yaml
names an entry of `channels` in app.yaml, or a channel of a platform as the platform does.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.settings import ChannelSettings, Settings
from reports.report import Report

DEFAULT = "default"
IDS: Mapping[str, re.Pattern[str]] = {
    "slack": re.compile(r"[CG][A-Z0-9]{5,30}|#[^\s#@<>]{1,80}"),
    "teams": re.compile(r"19:[^\s]{1,200}"),
}
"""What a platform's own names of channels look like."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The channels of every project."""

    channels: Mapping[str, Mapping[str, ChannelSettings]]
    """Project to name to channels."""

    def channel(self, platform: str, report: Report, named: str) -> str | None:
        """Return the channel on a platform; `named` is what model.yaml says. None: it is told nowhere there."""
        return next(filter(None, self._wanted(platform, report, named)), None)

    def _wanted(self, platform: str, report: Report, named: str) -> Iterator[str | None]:
        """Yield what may be the channel, the nearest first."""
        known = self.channels.get(report.project, {})
        if named and named not in known and IDS[platform].fullmatch(named):
            yield named
        for name in (named, report.environment, DEFAULT):
            if name in known:
                yield _on(platform, known[name])


def routing_of(settings: Settings) -> Routing:
    """Return the channels that app.yaml names."""
    return Routing({project.name: project.channels for project in settings.projects})


def _on(platform: str, channels: ChannelSettings) -> str | None:
    return channels.slack if platform == "slack" else channels.teams
