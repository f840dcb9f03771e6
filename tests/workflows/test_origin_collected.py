"""Does evidence know where the champion comes from, too, and how both were trained?"""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.exchange import Reply
from gates.evidence import Facts
from tests.fakes.registry import FakeRegistry
from tests.world import World
from workflows.learning import MOST_ASKED, MOST_METRICS, MOST_POINTS, curve_of, learning_of, thinned

FALLING = tuple((step, 1 / (1 + step)) for step in range(5))


def facts_of(world: World, reply: Reply) -> Facts:
    return world.installation.evidence.get(str(reply.data["evidence_digest"])).facts


def test_evidence_says_where_both_versions_come_from(served: World) -> None:
    version = served.register(
        {"follows": "x"},
        parameters={"depth": "4"},
        tags={"team": "b"},
        metrics={"loss": 0.2},
        histories={"loss": FALLING},
    )
    facts = facts_of(served, served.say("alice", f"promote churn {version} to staging"))
    assert facts.lineage is not None
    assert (facts.lineage.parameters, facts.lineage.tags) == ({"depth": "4"}, {"team": "b"})
    assert facts.champion_lineage is not None
    assert facts.champion_lineage.run_id == "run-churn-1"
    assert [file.path for file in facts.champion_files] == [file.path for file in facts.files]
    assert facts.learning is not None
    assert [(one.metric, one.who, one.points) for one in facts.learning.curves] == [("loss", "challenger", FALLING)]


def test_a_champion_that_its_registry_has_lost_is_not_known(served: World) -> None:
    served.registry.delete("churn", "1")
    facts = facts_of(served, served.say("alice", "promote churn 2 to staging"))
    assert facts.champion_lineage is None
    assert facts.champion_files
    assert facts.lineage is not None


def registry_with(*histories: dict[str, tuple[tuple[int, float], ...]]) -> FakeRegistry:
    registry = FakeRegistry()
    for one in histories:
        registry.register("m", {}, metrics={name: points[-1][1] for name, points in one.items()}, histories=one)
    return registry


def test_what_both_runs_logged_comes_first_and_the_machine_not_at_all() -> None:
    registry = registry_with(
        {"a": FALLING, "z": FALLING, "system/cpu": FALLING, "once": ((0, 1.0),)}, {"z": FALLING, "once": ((0, 1.0),)}
    )
    both = [("challenger", registry.version("m", "1")), ("champion", registry.version("m", "2"))]
    found = learning_of(registry, both)  # type: ignore[arg-type]  # texts that a type checker takes for any
    assert found is not None
    assert [(one.metric, one.who) for one in found.curves] == [
        ("z", "challenger"), ("z", "champion"), ("a", "challenger"),
    ]  # fmt: skip
    assert found.left_out == ()


def test_of_many_metrics_the_first_are_shown_and_the_others_counted() -> None:
    registry = registry_with({f"m{place:03}": FALLING for place in range(MOST_ASKED + 2)})
    found = learning_of(registry, [("challenger", registry.version("m", "1"))])
    assert found is not None
    assert len(found.curves) == MOST_METRICS
    assert found.left_out == (
        "Of 40 metrics that were logged step by step, the first 12 are shown.",
        "Whether 2 more metrics were logged step by step was not asked.",
    )


def test_runs_with_final_values_only_have_no_curves() -> None:
    registry = registry_with({"accuracy": ((0, 0.9),)})
    assert learning_of(registry, [("challenger", registry.version("m", "1"))]) is None
    assert learning_of(registry, []) is None


def test_a_run_that_diverged_keeps_its_finite_steps_and_counts_the_others() -> None:
    logged = ((0, 1.0), (1, math.nan), (2, math.inf), (3, 1.7976931348623157e308), (4, -0.0))
    curve = curve_of(logged, metric="loss", who="champion")
    assert curve is not None
    assert (curve.points, curve.logged, curve.not_finite) == (((0, 1.0), (4, 0.0)), 5, 3)


@pytest.mark.parametrize(
    ("logged", "points"),
    [
        (((0, 3.0), (0, 2.0), (0, 1.0)), ((0, 3.0), (1, 2.0), (2, 1.0))),
        (((7, 1.0), (8, 5.0), (8, 2.0)), ((7, 1.0), (8, 2.0))),
        (((2**60, 1.0), (0, 1.0), (1, 2.0)), ((0, 1.0), (1, 2.0))),
    ],
    ids=["without-steps", "twice", "beyond-json"],
)
def test_each_step_has_one_value(logged: tuple[tuple[int, float], ...], points: tuple[tuple[int, float], ...]) -> None:
    curve = curve_of(logged, metric="loss", who="challenger")
    assert curve is not None
    assert curve.points == points


@given(values=some.lists(some.floats(-1e300, 1e300), min_size=2, max_size=1_000))
def test_thinning_keeps_both_ends_and_the_extremes_in_order(values: list[float]) -> None:
    points = list(enumerate(values))
    kept = list(thinned(points))
    assert len(kept) <= MOST_POINTS
    assert kept == sorted(set(kept))
    assert set(kept) <= set(points)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    for pick in (min, max):
        assert pick(value for _, value in kept) == pick(values)
