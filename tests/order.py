"""Is main in order again, what were the alarms, and who puts it back?"""

from bot.exchange import ExitCode, Reply
from storage.ledger import Entry
from tests.hands import entries, on_main
from tests.world import World
from workflows.alarms import open_alarms

MAIN = "main of default"


def alarms(world: World) -> list[Entry]:
    return [entry for entry in entries(world, MAIN) if entry.kind == "alarm"]


def frozen(world: World) -> list[str]:
    """Return the environments of churn that are frozen."""
    with world.installation.database.reading() as work:
        return [state.lane.environment for state in work.lanes.all("default") if state.frozen]


def restore(world: World, environment: str = "staging") -> Reply:
    return world.say("carol", f"sync churn in {environment} --restore")


def expect_in_order(world: World) -> None:
    """Nothing is strange, main asks for the champions, and looking again adds nothing."""
    size = len(entries(world, MAIN))
    reply = world.say("carol", "sync")
    assert (reply.code, reply.data["in_order"], reply.data["alarms"]) == (ExitCode.DONE, True, [])
    assert len(entries(world, MAIN)) == size
    with world.installation.database.reading() as work:
        states = work.lanes.all("default")
        assert open_alarms(work, "default") == []
    for state in states:
        present = on_main(world, f"models/{state.lane.model}/{state.lane.environment}.yaml")
        wanted = None
        if state.champion is not None:
            wanted = (
                f"model: {state.lane.model}\nenvironment: {state.lane.environment}\n"
                f"version: '{state.champion.version}'\ndigest: {state.champion.digest}\n"
            )
        assert (None if present is None else present.decode()) == wanted
