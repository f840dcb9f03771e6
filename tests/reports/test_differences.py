"""What differs from the champion is told; what is the same is not, and what nobody knows is said."""

from dataclasses import replace
from typing import Any

import pytest

from gates.evidence import Evidence
from reports.differences import Differences, differences, told_seconds, told_size
from reports.latency import Latency
from reports.rendering import link
from tests.reports.cases import CASES
from tests.reports.loan_evidence import AFTER, BEFORE, CRASH, FILES, PROMOTE, RETIRE, THOROUGH

PULL = "https://github.example/lending/models/pull/4"
AZURE = "https://dev.azure.example/org/team/_git/models"
COMMITS = f"{'1f' * 20}...{'2e' * 20}"


def of(evidence: Evidence, url: str | None = PULL, **facts: object) -> Differences:
    found = differences(
        evidence.model_copy(update={"facts": evidence.facts.model_copy(update=facts)}),
        pull_request_url=url,
        latency=None,
    )
    assert found is not None
    return found


def test_only_what_is_not_the_same_is_told() -> None:
    found = of(THOROUGH)
    assert [one.name for one in found.parameters] == ["C", "features"]
    assert found.sentence == (
        "Differs from v1 in the training data, the source commit, 2 parameters, size (1.1 MB to 142.8 kB)."
    )
    same = of(THOROUGH, champion_lineage=AFTER, champion_files=FILES)
    assert (same.data, same.code, same.parameters, same.size) == (None, None, (), None)
    assert same.sentence == "Run and files are like those of v1."


def test_what_nobody_knows_of_the_champion_is_said() -> None:
    assert of(PROMOTE).sentence == "Not known of v1: its run and its files."


@pytest.mark.parametrize("evidence", [RETIRE, CRASH])
def test_without_two_versions_nothing_differs(evidence: Evidence) -> None:
    assert differences(evidence, pull_request_url=PULL, latency=None) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (PULL, f"https://github.example/lending/models/compare/{COMMITS}"),
        (
            f"{AZURE}/pullrequest/7",
            f"{AZURE}/branchCompare?baseVersion=GC{'1f' * 20}&targetVersion=GC{'2e' * 20}&_a=files",
        ),
        ("/srv/demo/.gatehouse/repo.git/pulls/4.md", None),
        (None, None),
    ],
)
def test_the_forge_shows_the_code_between_two_of_its_own_commits(address: str | None, shown: str | None) -> None:
    code = of(THOROUGH, address).code
    assert code is not None
    assert code.url == shown


@pytest.mark.parametrize(
    "other",
    [
        {"source_commit": "main; rm -rf /"},
        {"source_commit": None},
        {"source_author": None},
    ],
)
def test_commits_that_are_not_known_to_be_the_repositorys_own_have_no_link(other: dict[str, Any]) -> None:
    code = of(THOROUGH, champion_lineage=BEFORE.model_copy(update=other)).code
    assert code is not None
    assert code.url is None


def test_many_parameters_are_cut_and_the_rest_is_counted() -> None:
    many = BEFORE.model_copy(update={"parameters": {f"p{n:03}": "1" for n in range(100)}})
    found = of(THOROUGH, champion_lineage=many)
    assert (len(found.parameters), found.more_parameters) == (30, 72)
    assert "102 parameters" in found.sentence


def test_tags_of_the_platform_say_nothing_of_the_model() -> None:
    tags = {"license": "MIT", "mlflow.user": "alice", "gatehouse.registered_by": "x"}
    found = of(THOROUGH, lineage=AFTER.model_copy(update={"tags": tags}))
    assert [one.name for one in found.tags] == ["license"]


def test_latency_is_told_beside_the_evidence_and_never_in_it() -> None:
    report = CASES["thorough"]
    assert report.differs is not None
    assert report.differs.sentence.endswith("983 rows answered in 12.3 ms instead of 10.1 ms.")
    alone = replace(report, latency=Latency(rows=983, challenger=2.5, champion=None))
    assert alone.differs is not None
    assert "answered" not in alone.differs.sentence
    assert Latency(rows=1, challenger=2.5, champion=0.0).times == ""


def test_sizes_and_times_have_the_unit_that_fits() -> None:
    assert [told_size(size) for size in (0, 999, 1_000, 12_345_678, 5_000_000_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "12.3 MB",
        "5,000.0 GB",
    ]
    assert [told_seconds(one) for one in (None, 0.0004, 0.25, 61.5)] == [
        "not measured",
        "0.4 ms",
        "250.0 ms",
        "61.50 s",
    ]


@pytest.mark.parametrize(
    "address", [None, "", "/srv/x", "javascript:alert(1)", "https://x.example/a)b", "https://x.example/[a]"]
)
def test_what_is_not_plainly_an_address_is_no_link(address: str | None) -> None:
    assert link(address, "diff") == ""
