"""Does Spark, in local mode, give the very numbers that DuckDB gives, for what measuring asks?"""
# ruff: noqa: S608 - the SQL is made of names of these tests

import shutil
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from pydantic import BaseModel

from gates.measure.drift.asked import DriftAsked
from gates.measure.drift.drift import drift
from gates.measure.groups.measuring import group_metrics
from gates.measure.labels.estimates import estimates as of_labels
from gates.measure.numbers.estimates import estimates as of_numbers
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.quality.asked import QualityAsked
from gates.measure.quality.measuring import quality
from gates.measure.scan.dialect import finest, fixed, name, number, text, within
from gates.measure.scan.engine import Engine, Kind, View
from gates.measure.scan.source import Csv, Files, Held
from gates.measure.scan.spark import SparkEngine
from gates.measure.scan.values import values_of
from gates.measure.scores.estimating import estimates as of_scores
from gates.measure.unusable import UnusableError
from gates.refusal import UserError

pytestmark = [pytest.mark.full, pytest.mark.timeout(900), pytest.mark.filterwarnings("ignore")]
ROWS = 4_000
INPUTS = 12_000
TALE = 'it\'s "\N{SNOWMAN}" \\n'


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    """An engine on Spark in this machine's own process."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: uv pip install pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    local = {"ui.enabled": "false", "driver.host": "127.0.0.1", "driver.bindAddress": "127.0.0.1"}
    builder = sql.SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", 3)
    for setting, value in local.items():
        builder = builder.config(f"spark.{setting}", value)
    session = builder.getOrCreate()
    yield SparkEngine(session)
    session.stop()


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers of two models to one question, with ties, gaps, NaN, groups and people who come more than once."""
    random = np.random.default_rng(7)
    label = random.random(ROWS) < 0.3
    scores = {who: np.round(np.clip(0.3 + 0.3 * label + random.normal(0, 0.2, ROWS), 0, 1), 3) for who in "ab"}
    races = pa.array(["white", "black", TALE, None]).take(pa.array(random.integers(0, 4, ROWS)))
    y = 10.0 * label + random.normal(size=ROWS)
    columns = {
        "y": pa.array(np.where(label, "yes", "no")),
        **{who: pa.array(np.where(score > 0.5, "yes", "no")) for who, score in scores.items()},
        **{f"score {who}": pa.array(score) for who, score in scores.items()},
        "race": races,
        "old": pa.array(random.random(ROWS) < 0.2),
        "person": pa.array(random.integers(0, 900, ROWS)),
        "amount": pa.array(y, mask=random.random(ROWS) < 0.01),
        **{f"amount {who}": pa.array(y + random.normal(0, 0.4, ROWS)) for who in "ab"},
        "odd": pa.array(np.where(random.random(ROWS) < 0.1, np.nan, y)),
        "huge": pa.array(random.integers(2**62, 2**63 - 1, ROWS)),
    }
    path = tmp_path_factory.mktemp("spark") / "scored.parquet"
    parquet.write_table(pa.table(columns), path, row_group_size=1_000)
    return path


def _asked(**more: Any) -> Asked:  # noqa: ANN401 - fields of Asked
    given: dict[str, Any] = {
        "task": "binary-classification",
        "label": "y",
        "challenger": Answer(prediction="b", score="score b"),
        "champion": Answer(prediction="a", score="score a"),
        "positive": "yes",
    }
    return Asked(**{**given, **more})


REGRESSION = _asked(
    task="regression",
    label="amount",
    challenger=Answer(prediction="amount b"),
    champion=Answer(prediction="amount a"),
    positive=None,
)
LABELS = ("accuracy", "balanced_accuracy", "precision", "recall", "f1", "matthews_corrcoef")
SCORES = ("roc_auc", "average_precision", "log_loss", "brier_score", "expected_calibration_error")
NUMBERS = ("mean_absolute_error", "root_mean_squared_error", "r2", "mean_error")
WORK: Mapping[str, tuple[Asked, Callable[[Prepared], object]]] = {
    "labels": (_asked(), lambda prepared: of_labels(prepared, LABELS)),
    "labels by person": (_asked(cluster="person"), lambda prepared: of_labels(prepared, LABELS)),
    "scores": (_asked(), lambda prepared: of_scores(prepared, SCORES)),
    "numbers": (REGRESSION, lambda prepared: of_numbers(prepared, NUMBERS)),
    "groups": (
        _asked(by=(("race",), ("race", "old"))),
        lambda prepared: group_metrics(prepared, ("race", "race,old"), ("recall", "accuracy", "selection_rate")),
    ),
}


@pytest.mark.parametrize("work", WORK)
def test_measuring_gives_the_same_on_both(work: str, spark: SparkEngine, engine: Engine, scored: Path) -> None:
    asked, measure = WORK[work]
    found = [
        measure(prepare(some, some.view(f"the rows {work}", Files(paths=(scored,)), said="the rows"), asked))
        for some in (engine, spark)
    ]
    assert found[0]
    assert str(found[0]) == str(found[1])


def _inputs(seed: int, shift: float) -> pa.Table:
    """Rows of all kinds of columns: with gaps, NaN and infinities, huge integers, long texts and many, and times."""
    random = np.random.default_rng(seed)
    label, day = random.random(INPUTS) < 0.3, random.integers(19_000, 19_900, INPUTS)
    moments = (random.integers(0, 10**9, INPUTS) + 1_700_000_000) * 1_000_000
    columns = {
        "id": pa.array(np.arange(INPUTS) + seed * 10),
        "y": pa.array(np.where(label, "yes", "no")),
        "said": pa.array(np.where(random.random(INPUTS) < 0.3, "yes", "no")),
        "score": pa.array(np.clip(0.3 + 0.3 * label + random.normal(0, 0.2, INPUTS), 0, 1)),
        "x": pa.array(random.normal(shift, 1, INPUTS)),
        "odd": pa.array(np.where(random.random(INPUTS) < 0.1, np.nan, random.normal(size=INPUTS))),
        "infinite": pa.array(np.where(random.random(INPUTS) < 0.01, np.inf, random.exponential(size=INPUTS))),
        "small": pa.array(random.integers(0, 9, INPUTS), mask=random.random(INPUTS) < 0.02),
        "huge": pa.array(random.integers(2**62, 2**63 - 1, INPUTS)),
        "race": pa.array(["white", "black", TALE, None]).take(pa.array(random.integers(0, 4, INPUTS))),
        "many": pa.array([f"v{place}" for place in random.integers(0, 30_000, INPUTS)]),
        "long": pa.array(["ab c" * 70 + str(place) for place in random.integers(0, 40, INPUTS)]),
        "blank": pa.array(["", "  ", "7", " 3.5 "]).take(pa.array(random.integers(0, 4, INPUTS))),
        "old": pa.array(random.random(INPUTS) < 0.2 + shift / 10),
        "moment": pa.array(moments, pa.timestamp("us")),
        "day": pa.array(day, pa.int32()).cast(pa.date32()),
        "constant": pa.array([1.5] * INPUTS),
    }
    return pa.table(columns)


DRIFT = DriftAsked(label="y", prediction="said", score="score", positive="yes", by=("race",))
CHECKS = QualityAsked(label="y", id="id", time="moment", answers=("said", "score"))
LOOKS: Mapping[str, Callable[[Engine, View, View], BaseModel]] = {
    "drift": lambda engine, before, now: drift(engine, before, now, DRIFT),
    "quality": lambda engine, before, now: quality(engine, now, before, CHECKS),
}


@pytest.mark.parametrize("look", LOOKS)
def test_looking_at_inputs_gives_the_same_on_both(
    look: str, spark: SparkEngine, engine: Engine, tmp_path: Path
) -> None:
    for side, seed, shift in (("before", 1, 0.0), ("now", 2, 0.7)):
        parquet.write_table(_inputs(seed, shift), tmp_path / f"{side}.parquet", row_group_size=5_000)
    found = []
    for some in (engine, spark):
        views = [
            some.view(f"{side} {look}", Files(paths=(tmp_path / f"{side}.parquet",)), said=side)
            for side in ("before", "now")
        ]
        found.append(LOOKS[look](some, *views))
    assert found[0] == found[1]
    assert found[0].model_dump_json() == found[1].model_dump_json()


QUERIES = (
    f"SELECT race, count(*) AS n FROM {{0}} WHERE race = {text(TALE)} GROUP BY race",
    f"SELECT race, old, sum({fixed(name('score a'), 60)}) AS total FROM {{0}} GROUP BY race, old",
    f"SELECT sum({fixed(number('odd'), finest(100.0, ROWS))}) AS total, count({number('odd')}) AS there FROM {{0}}",
    "SELECT sum(CAST(huge AS HUGEINT)) AS total, min(huge) AS low, max(huge) AS high FROM {0}",
    "SELECT count(*) FILTER (WHERE odd > 1) AS above, count(*) FILTER (WHERE isnan(odd)) AS nan FROM {0}",
    "SELECT count(*) AS above FROM {0} WHERE odd > 1",
    "SELECT odd FROM {0} WHERE odd > 9.5 OR isnan(odd)",
    "SELECT CAST(floor(odd * -0.7) AS INTEGER) AS bin, count(*) AS n FROM {0} WHERE isfinite(odd) GROUP BY 1",
    f"SELECT {within('race', [text(TALE), text('black')])} AS known, count(*) AS n FROM {{0}} GROUP BY 1",
    "SELECT y, rank() OVER (ORDER BY person) AS place FROM {0} WHERE person < 5",
)


@pytest.mark.parametrize("query", QUERIES)
def test_small_tables_are_the_same_on_both(query: str, spark: SparkEngine, engine: Engine, scored: Path) -> None:
    read = []
    for some in (engine, spark):
        view = some.view('the "best" rows', Files(paths=(scored,)))
        read.append([{key: _plain(value) for key, value in row.items()} for row in _rows(some, query, view.name)])
    assert read[0]
    assert str(read[0]) == str(read[1])


def _rows(engine: Engine, query: str, view: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = engine.reduce(query.format(view)).to_pylist()
    return rows


def _plain(value: object) -> object:
    """Return a whole number as such: the engines widen their integers in other ways."""
    return int(value) if isinstance(value, Decimal) else value


def test_doubles_of_any_size_become_the_same_integers_on_both(spark: SparkEngine, engine: Engine) -> None:
    random = np.random.default_rng(3)
    sizes = random.choice([-1.0, 1.0], 2_000) * 2.0 ** random.uniform(-3, 119, 2_000)
    edges = [0.0, -0.0, 0.5, -0.5, 2.0**53, 2.0**63, -(2.0**63), 2.0**106, -(2.0**106) - 1.0, 9e18, -9e18]
    read = []
    for some in (engine, spark):
        view = some.view("sizes", Held(name="frame", rows=pa.table({"x": np.concatenate([sizes, edges])})))
        rows = _rows(some, f"SELECT {fixed('x', 3)} AS units, count(*) AS n FROM {{0}} GROUP BY 1", view.name)
        read.append([(int(row["units"]), row["n"]) for row in rows])
    assert read[0] == read[1]


def test_columns_are_of_the_same_kinds_on_both(spark: SparkEngine, engine: Engine, scored: Path) -> None:
    found = [some.view("kinds", Files(paths=(scored,))) for some in (engine, spark)]
    assert dict(found[0].columns) == dict(found[1].columns)
    assert found[1].column("old").kind is Kind.TRUTH
    assert values_of(engine, found[0], "race", most=5) == values_of(spark, found[1], "race", most=5)


@pytest.mark.parametrize("kept", [False, True])
def test_derived_rows_are_the_same_on_both(kept: bool, spark: SparkEngine, engine: Engine, scored: Path) -> None:  # noqa: FBT001 - pytest's
    found = []
    for some in (engine, spark):
        rows = some.view(f"whole {kept}", Files(paths=(scored,)))
        few = some.derive(f"few {kept}", f"SELECT person, y FROM {rows.name} WHERE person < 9", kept=kept)
        found.append((few.rows, _rows(some, "SELECT y, count(*) AS n FROM {0} GROUP BY y", few.name)))
    assert found[0] == found[1]


def test_what_overflows_or_cannot_be_read_is_refused_by_both(
    spark: SparkEngine, engine: Engine, tmp_path: Path
) -> None:
    for some in (engine, spark):
        view = some.view("v", Held(name="frame", rows=pa.table({"x": [1.0, 1e300]})))
        with pytest.raises(UnusableError, match="too large or infinite"):
            some.reduce(f"SELECT sum({fixed('x', 20)}) AS total FROM {view.name}")
    with pytest.raises(UserError, match=r"none.parquet cannot be read"):
        spark.view("none", Files(paths=(tmp_path / "none.parquet",)))
    with pytest.raises(UserError, match=r"a.csv cannot be read by Spark here: give it Parquet files."):
        spark.view("csv", Csv(paths=(tmp_path / "a.csv",)))
