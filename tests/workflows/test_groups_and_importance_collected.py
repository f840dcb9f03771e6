"""Are combined groups, dependent rows, and what the answers rest on measured where the rulebook asks, and only then?"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bot.exchange import Reply
from gates.evidence import Facts
from tests.hands import change_rules
from tests.world import Table, World, evaluation_table, new_world, rulebook

PINNED = b"sensitive_features: [group]\n"
CROSSED = b"sensitive_features: [group, sex]\nintersections: [[group, sex]]\ncluster: person\n"
GATES = "    gates: &gates\n"
ASKED = f"    evaluation: {{importance: true}}\n{GATES}"


def facts_of(world: World, reply: Reply) -> Facts:
    return world.installation.evidence.get(str(reply.data["evidence_digest"])).facts


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[World, Table]]:
    """A world whose rows have a sex, too, and come in pairs of one person."""
    path = tmp_path / "evaluation" / "churn.parquet"
    table = evaluation_table(path)
    rows = parquet.read_table(path)
    columns = {name: rows.column(name) for name in rows.column_names}
    columns |= {"sex": ["f", "m", "m", "f", "f"] * 120, "person": [f"p{place // 2}" for place in range(600)]}
    parquet.write_table(pa.table(columns), path)
    rules = rulebook(tmp_path)
    entry = rules["models/churn/model.yaml"]
    assert PINNED in entry
    with new_world(tmp_path, rules=rules | {"models/churn/model.yaml": entry.replace(PINNED, CROSSED)}) as world:
        yield world, table


def test_combined_groups_are_measured_and_rows_of_one_person_count_as_one(crowd: tuple[World, Table]) -> None:
    world, table = crowd
    world.register(table.scores(0.5))
    reply = world.say("alice", "promote churn 1 to staging")
    facts = facts_of(world, reply)
    assert facts.problems == ()
    assert {group.feature for group in facts.groups} == {"group", "sex", "group,sex"}
    assert {one.criterion for one in facts.criteria if one.feature == "group,sex"} == {
        "equal_opportunity_difference",
        "equal_opportunity_ratio",
    }
    assert "of group,sex=" in str(reply.data["verdict"])
    assert facts.treatment is not None
    assert {one.feature for one in facts.treatment.numbers} == {"group", "sex", "group,sex"}
    assert {one.metric for one in facts.groups} == {"true_positive_rate"}  # more is told, and no more is judged
    assert {one.metric for one in facts.treatment.numbers} >= {"selection_rate", "false_negative_rate"}
    assert world.scorer.shown["1"] == ("x", "group", "sex")
    assert next(one for one in facts.metrics if one.metric == "balanced_accuracy").effective <= 300


def test_what_the_answers_rest_on_is_measured_where_the_policy_asks(served: World) -> None:
    change_rules(served, "policies/churn.yaml", GATES, ASKED)
    version = served.register({"follows": "x"})
    found = facts_of(served, served.say("alice", f"promote churn {version} to staging")).importance
    assert found is not None
    assert (found.problem, found.metric, found.rows, found.scored) == ("", "roc_auc", 600, 6_600)
    everyone = {one.feature: one for one in found.features if one.group is None}
    assert set(everyone) == {"x", "group"}
    assert everyone["group"].drop == 0
    assert everyone["x"].drop != 0
    assert {one.group for one in found.features} == {None, "small", "large"}


def test_a_version_that_cannot_be_asked_again_is_told_and_stops_nothing(served: World) -> None:
    change_rules(served, "policies/churn.yaml", GATES, ASKED)
    reply = served.say("alice", "promote churn 2 to staging")
    found = facts_of(served, reply).importance
    assert found is not None
    assert found.problem == "the model gave 600 answers; expected 6,600, one for each row."
    assert reply.data["state"] == "waiting"


def test_without_being_asked_no_further_process_is_spent(served: World) -> None:
    before = served.scorer.scored["2"]
    assert facts_of(served, served.say("alice", "promote churn 2 to staging")).importance is None
    assert served.scorer.scored["2"] == before + 1
