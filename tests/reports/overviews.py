"""Which overviews and trails do the faces tell of?"""

from reports.overview import ChangeLine, Event, LaneLine, Overview
from tests.reports.cases import CASES, MORNING

OVERVIEW = Overview(
    project="default",
    rulebook="",
    lanes=(
        LaneLine(
            model="loan-approval",
            environment="staging",
            champion="2",
            promotion="P3",
            url="http://127.0.0.1:8800",
            frozen="",
        ),
        LaneLine(
            model="loan-approval",
            environment="production",
            champion="1",
            promotion="P2",
            url=None,
            frozen="main's commit 0f7e8aaa729c (just use v3 already) was not authorised.",
        ),
        LaneLine(
            model="churn",
            environment="staging",
            champion=None,
            promotion=None,
            url=None,
            frozen="the alias staging of churn points to v3",
        ),
    ),
    open=(CASES["passed"], CASES["blocked"], CASES["evaluating"]),
    changes=(
        ChangeLine(
            id="R1",
            state="waiting",
            problem="",
            author="erin",
            pull_request=8,
            url="pulls/8.md",
            who=("grace", "heidi"),
        ),
        ChangeLine(
            id="R2",
            state="blocked",
            problem="policies/lending.yaml:4: `limit` must be a number.",
            author="mallory",
            pull_request=9,
            url="pulls/9.md",
            who=("grace",),
        ),
        ChangeLine(id="R3", state="waiting", problem="", author="grace", pull_request=10, url="pulls/10.md", who=()),
    ),
)
NOTHING = Overview(project="default", rulebook="", lanes=(), open=(), changes=())
EVENTS = (
    Event(seq=3, at=MORNING, kind="requested", subject="P4", text="alice asks to promote v2 to production"),
    Event(seq=12, at=MORNING + 60, kind="subject_changed", subject="P4", text=""),
    Event(seq=1_042, at=MORNING + 120, kind="alarm", subject="default/loan-approval/staging", text="frozen"),
)
