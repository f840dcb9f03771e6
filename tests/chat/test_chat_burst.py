"""Do two hundred clicks at once end as the same clicks would one after the other?"""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.chat.heard import Decided
from bot.chat.letterbox import Letterbox
from tests.chat.chat_world import ChatWorld, account, chats_around, world_with_people_in_chats
from tests.chat.platform_standin import PlatformStandin
from tests.world import PEOPLE, POLICY

VALIDATORS = tuple(f"v{number}" for number in range(10))
WANTED = 8
CLICKS = 200
EACH = 3
PATIENCE = 60


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[ChatWorld]:
    """P1 waits for eight of ten validators, who all sit before a chat; half of them before each."""
    accounts = "".join(
        f"  {login}: {{roles: [validator], accounts: {{slack: {account(login)}, teams: {account(login, 'teams')}}}}}\n"
        for login in VALIDATORS
    )
    rules = {
        "policies/people.yaml": PEOPLE + accounts,
        "policies/churn.yaml": POLICY.replace("approvals: [{role: validator}]\n", f"approvals: {wanted()}\n", 1),
    }
    platforms = PlatformStandin(), PlatformStandin(name="teams", searchable=False)
    with world_with_people_in_chats(tmp_path / "w", rules=rules) as world, chats_around(world, *platforms) as chats:
        world.say("alice", "promote churn 1 to staging")
        assert world.state(1) == "waiting"
        yield chats


def wanted() -> str:
    return f"[{{role: validator, count: {WANTED}}}]"


def clicks(chats: ChatWorld) -> list[tuple[str, Decided]]:
    """Return two hundred deliveries: everyone clicks three times, and each click is delivered again and again."""
    told = []
    for number in range(CLICKS):
        person, click = number % len(VALIDATORS), (number // len(VALIDATORS)) % EACH
        platform = "slack" if person % 2 else "teams"
        heard = chats.decided(VALIDATORS[person], "P1", platform=platform, reason=f"click {click}")
        told.append((f"{VALIDATORS[person]}:{click}", heard))
    return told


@pytest.mark.full
def test_two_hundred_clicks_are_one_decision_for_each_person(crowd: ChatWorld) -> None:
    surface = crowd.surface()
    answered = threading.Semaphore(0)
    for platform in crowd.platforms:
        platform.meanwhile = lambda call: answered.release() if call == "answer" else None

    def deliver(one: tuple[str, Decided]) -> bool:
        key, heard = one
        box: Letterbox = surface.letterboxes[heard.platform]
        return box.keep(key, heard)

    with surface.working(crowd.door), ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(deliver, clicks(crowd)))
        distinct = len(VALIDATORS) * EACH
        assert sum(kept) == distinct
        for _ in range(distinct):
            assert answered.acquire(timeout=PATIENCE)
    crowd.converge()

    assert crowd.world.state(1) == "promoted"
    report = crowd.the().post.report
    assert report.state == "promoted"
    counting = Counter(line.person for line in report.decisions if line.counts)
    assert len(counting) == WANTED
    assert set(counting.values()) == {1}
    for platform in crowd.platforms:
        message = platform.the("P1")
        assert message.post.report == report
        told = [int(line.key.split(":")[1]) for line in message.thread if not line.mentions]
        assert told == sorted(set(told))
        assert len(platform.answers) == distinct // 2
    promoted = [answer for platform in crowd.platforms for _, answer in platform.answers if "error" not in answer.data]
    assert len(promoted) == WANTED
