"""Does sync notice what somebody does to an alias or a version in the registry, once, and mend what can be mended?"""

import pytest

from bot.exchange import ExitCode
from tests.hands import entries
from tests.world import MODEL, START, World

STAGING = f"default/{MODEL}/staging"
MOVED = "the alias staging of churn points to {found}, and {wanted} was authorised; somebody moved it by hand."


def alarms(world: World) -> list[str]:
    """Return what the ledger tells of alarms in churn's staging lane."""
    return [str(entry.body["detail"]) for entry in entries(world, STAGING) if entry.kind == "alarm"]


def test_an_untouched_world_is_in_order(served: World) -> None:
    reply = served.say("carol", "sync")
    assert (reply.code, reply.text.splitlines()) == (
        ExitCode.DONE,
        [
            "In order: what serves is what was authorised.",
            "  churn in staging: v1",
            "  churn in production: nothing",
        ],
    )
    assert reply.data == {
        "in_order": True,
        "lanes": [
            {"model": MODEL, "environment": name, "champion": champion, "frozen": "", "detail": "", "since": None}
            for name, champion in (("staging", "1"), ("production", None))
        ],
        "alarms": [],
        "found": [],
    }
    assert entries(served, STAGING) == ()


@pytest.mark.parametrize(
    ("to", "environment", "found", "wanted"),
    [("2", "staging", "v2", "v1"), (None, "staging", "nothing", "v1"), ("2", "production", "v2", "nothing")],
    ids=["moved", "removed", "set where nothing was ever promoted"],
)
def test_an_alias_that_somebody_moves_freezes_the_lane_until_it_is_restored(
    served: World, to: str | None, environment: str, found: str, wanted: str
) -> None:
    before = served.registry.alias(MODEL, environment)
    served.registry.set_alias(MODEL, environment, to)
    detail = MOVED.format(found=found, wanted=wanted).replace("staging", environment)

    reply = served.say("carol", f"sync churn in {environment}")
    assert (reply.code, reply.text.splitlines()) == (
        ExitCode.REFUSED,
        [
            "ALARM: 1 of 1 lanes is frozen.",
            f"  churn in {environment}: FROZEN: {detail} Next: mlops sync churn in {environment} --restore",
        ],
    )
    assert reply.data["in_order"] is False
    assert reply.data["lanes"] == [
        {
            "model": MODEL,
            "environment": environment,
            "champion": "1" if environment == "staging" else None,
            "frozen": "out_of_band",
            "detail": detail,
            "since": START,
        }
    ]

    reply = served.say("carol", f"sync churn in {environment} --restore")
    assert (reply.code, reply.text.splitlines()[0]) == (
        ExitCode.DONE,
        "Restored: what serves is what was authorised.",
    )
    assert served.registry.alias(MODEL, environment) == before
    assert served.say("carol", "sync").code is ExitCode.DONE


def test_an_alarm_is_written_down_once_however_often_one_looks(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    for _ in range(3):
        assert served.say("carol", "sync").code is ExitCode.REFUSED
        served.house.tick(served.clock())
    assert alarms(served) == [MOVED.format(found="v2", wanted="v1")]


def test_the_sweep_of_the_server_notices_it_too(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.house.tick(served.clock())
    assert alarms(served) == [MOVED.format(found="v2", wanted="v1")]


def test_what_else_happens_in_a_frozen_lane_is_another_alarm(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.say("carol", "sync")
    served.registry.alter(MODEL, "1", {"MLmodel": b"other"})
    reply = served.say("carol", "sync churn in staging")
    assert [detail.split(":")[0] for detail in alarms(served)] == [
        MOVED.format(found="v2", wanted="v1"),
        "the files of the champion churn v1 were altered",
    ]
    assert all(detail in reply.text for detail in alarms(served))


def test_a_frozen_lane_shows_in_status_and_history_and_refuses_promotions(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.say("carol", "sync")
    detail = MOVED.format(found="v2", wanted="v1")

    for words in ("status", "status churn"):
        reply = served.say(None, words)
        assert f"FROZEN: {detail} Next: mlops sync churn in staging --restore" in reply.text
        lanes = reply.data["lanes"]
        assert isinstance(lanes, list)
        assert [lane["frozen"] for lane in lanes if isinstance(lane, dict)] == [detail]
    assert f"alarm: {detail}" in served.say(None, "history churn").text

    reply = served.say("alice", "promote churn 2 to staging")
    assert (reply.code, reply.text) == (
        ExitCode.REFUSED,
        f"churn in staging is frozen: {detail} Next: mlops sync churn in staging --restore.",
    )


def test_a_restore_is_written_down_with_who_and_what(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.say("carol", "sync")
    served.say("carol", "sync churn in staging --restore")
    restored = entries(served, STAGING)[-1]
    assert (restored.kind, restored.body) == (
        "restored",
        {
            "by": "carol",
            "alias_found": "2",
            "alias_set": "1",
            "was": MOVED.format(found="v2", wanted="v1"),
            "let_be": "",
            "left": "",
        },
    )
    assert "restored: carol" in served.say(None, "history churn").text


def test_restoring_at_once_leaves_the_alarm_in_the_ledger_all_the_same(served: World) -> None:
    served.registry.set_alias(MODEL, "staging", "2")
    served.say("carol", "sync churn in staging --restore")
    assert [entry.kind for entry in entries(served, STAGING)] == ["alarm", "restored"]


def test_restoring_what_is_in_order_writes_nothing(served: World) -> None:
    reply = served.say("carol", "sync churn in staging --restore")
    assert (reply.code, reply.text.splitlines()[0]) == (
        ExitCode.DONE,
        "In order: what serves is what was authorised.",
    )
    assert entries(served, STAGING) == ()


def test_altered_files_freeze_the_lane_until_they_are_put_back(served: World) -> None:
    before = served.registry._models[MODEL].files["1"]  # noqa: SLF001 - somebody kept a copy
    served.registry.alter(MODEL, "1", {**before, "MLmodel": b"other"})
    champion = served.promotion(1).digest
    assert champion is not None
    assert f"altered: {champion[:12]} was authorised, they are " in served.say("carol", "sync churn in staging").text

    reply = served.say("carol", "sync churn in staging --restore")
    assert reply.code is ExitCode.REFUSED
    assert f"(our copy: {served.folder}/files/" in reply.text
    assert "or a rollback" in reply.text

    served.registry.alter(MODEL, "1", before)
    assert served.say("carol", "sync").code is ExitCode.REFUSED
    assert served.say("carol", "sync churn in staging --restore").code is ExitCode.DONE
    assert len(alarms(served)) == 1


def test_a_version_that_was_altered_goes_on_serving_from_our_own_copy(served: World) -> None:
    champion = served.promotion(1).digest
    served.registry.alter(MODEL, "1", {"MLmodel": b"other"})
    served.say("carol", "sync")
    serving = served.target.serving(served.project.slot(MODEL, "staging"))
    assert serving is not None
    assert (serving.version.digest, serving.healthy) == (champion, True)


def test_a_rollback_leaves_an_altered_version_behind(lived_in: World) -> None:
    lived_in.registry.alter(MODEL, "2", {"MLmodel": b"other"})
    lived_in.say("carol", "sync")
    reply = lived_in.say("carol", "rollback churn in staging --reason altered")
    assert reply.code is ExitCode.DONE
    assert lived_in.registry.alias(MODEL, "staging") == "1"
    assert lived_in.say("carol", "sync").code is ExitCode.REFUSED  # it thaws on a person's word only
    assert lived_in.say("carol", "sync churn in staging --restore").code is ExitCode.DONE


DELETED = "the champion churn v{} was deleted from the registry; it goes on serving from our own copy."


def test_a_deleted_champion_freezes_the_lane_and_a_rollback_is_the_way_out(lived_in: World) -> None:
    lived_in.registry.delete(MODEL, "2")
    assert DELETED.format(2) in lived_in.say("carol", "sync churn in staging").text
    assert lived_in.say("carol", "rollback churn in staging --reason deleted").code is ExitCode.DONE
    assert lived_in.say("carol", "sync churn in staging --restore").code is ExitCode.DONE


@pytest.mark.full
def test_a_restore_lets_a_deleted_champion_be_so_that_its_successor_may_come(served: World) -> None:
    served.registry.delete(MODEL, "1")
    served.say("carol", "sync")
    reply = served.say("carol", "sync churn in staging --restore")
    assert (reply.code, reply.text.splitlines()) == (
        ExitCode.DONE,
        [
            "Restored: what serves is what was authorised.",
            "  churn in staging: v1",
            f"  {DELETED.format(1).capitalize().replace('V1', 'v1')}",
        ],
    )
    assert served.say("carol", "sync").code is ExitCode.DONE
    assert alarms(served) == [DELETED.format(1)]
    assert served.promote_through("2", "staging").code is ExitCode.DONE


def test_an_alias_set_beside_a_deleted_champion_is_noticed(served: World) -> None:
    served.registry.delete(MODEL, "1")
    served.say("carol", "sync churn in staging --restore")
    served.registry.set_alias(MODEL, "staging", "2")
    assert "points to v2, and nothing was authorised" in served.say("carol", "sync").text
