"""Does each promotion go to the channel that its model, its environment or the default names?"""

from dataclasses import replace

import pytest

from bot.chat.routing import Routing
from bot.commands import PromotionName
from bot.settings import ChannelSettings
from reports.report import Report
from tests.chat.chat_world import chats_around
from tests.hands import Saved

CHANNELS = {
    "default": ChannelSettings(slack="C0DEFAULT", teams="19:default"),
    "production": ChannelSettings(slack="C0PRODUCTION"),
    "credit": ChannelSettings(teams="19:credit"),
}


@pytest.fixture(scope="module")
def report(saved_waiting: Saved, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What there is to tell about P1."""
    with chats_around(saved_waiting.again(tmp_path_factory.mktemp("routing") / "installation")) as chats:
        return chats.door.window().report(PromotionName(number=1))


@pytest.mark.parametrize(
    ("environment", "named", "slack", "teams"),
    [
        ("staging", "", "C0DEFAULT", "19:default"),
        ("production", "", "C0PRODUCTION", "19:default"),
        ("staging", "credit", "C0DEFAULT", "19:credit"),
        ("production", "credit", "C0PRODUCTION", "19:credit"),
        ("production", "C0OWN123", "C0OWN123", "19:default"),
        ("production", "#churn-news", "#churn-news", "19:default"),
        ("production", "19:own@thread.tacv2", "C0PRODUCTION", "19:own@thread.tacv2"),
        ("staging", "credits", "C0DEFAULT", "19:default"),
        ("staging", "@channel", "C0DEFAULT", "19:default"),
        ("staging", "#a <!channel>", "C0DEFAULT", "19:default"),
    ],
)
def test_the_nearest_channel_is_taken(report: Report, environment: str, named: str, slack: str, teams: str) -> None:
    routing = Routing({"default": CHANNELS})
    told = replace(report, environment=environment)
    assert routing.channel("slack", told, named) == slack
    assert routing.channel("teams", told, named) == teams


def test_without_a_channel_it_goes_nowhere(report: Report) -> None:
    assert Routing({}).channel("slack", report, "") is None
    assert Routing({"default": {"staging": ChannelSettings(teams="19:x")}}).channel("slack", report, "") is None
    assert Routing({"other": CHANNELS}).channel("slack", report, "") is None
