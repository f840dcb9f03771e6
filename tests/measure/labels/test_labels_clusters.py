"""Do counts come from rows as they should, and clusters widen intervals as much as they must?"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest

from gates.measure.classes import Codes
from gates.measure.estimated import Estimated
from gates.measure.labels.cells import cells_of
from gates.measure.labels.clusters import designs
from gates.measure.labels.estimates import estimates
from gates.measure.labels.influence import influence
from gates.measure.prepared import Prepared
from gates.measure.preparing.asked import Answer, Asked
from gates.measure.preparing.prepare import prepare
from gates.measure.scan.engine import Engine, opened
from gates.measure.scan.source import Held

ROWS = 3000
SOME = ("accuracy", "f1", "matthews_corrcoef")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Open one engine for all tests here."""
    with opened(threads=2) as engine:
        yield engine


def columns(seed: int = 3, *, together: bool = True) -> dict[str, Codes]:
    """Return rows of which those of one person are labelled and answered alike, or not."""
    random = np.random.default_rng(seed)
    person = random.integers(0, 150, ROWS)
    luck = random.random((150, 3))[person] if together else random.random((ROWS, 3))
    truth = (luck[:, 0] < 0.4).astype(np.int64)
    said = [np.where(luck[:, at] < quality, truth, 1 - truth) for at, quality in ((1, 0.8), (2, 0.75))]
    return {"person": person, "y": truth, "new": said[0], "old": said[1]}


def prepared(engine: Engine, name: str, rows: dict[str, Codes], *, cluster: str | None = None) -> Prepared:
    view = engine.view(name, Held(name=name, rows=pa.table(rows)))
    asked = Asked(
        task=None, label="y", challenger=Answer(prediction="new"), champion=Answer(prediction="old"), cluster=cluster
    )
    return prepare(engine, view, asked)


def test_the_design_effect_is_that_of_the_clusters_sums(engine: Engine) -> None:
    rows = columns()
    of = prepared(engine, "effect", rows, cluster="person")
    cells = cells_of(of)
    slopes = {name: influence(name, cells) for name in ("accuracy", "f1", "cohen_kappa")}
    found = designs(of, cells, slopes)
    place = {key: at for at, key in enumerate(zip(cells.label, *cells.said, strict=True))}
    row_cells = np.array([place[key] for key in zip(rows["y"], rows["new"], rows["old"], strict=True)])
    sizes = np.bincount(rows["person"])
    for name, some in slopes.items():
        sums = np.bincount(rows["person"], weights=some[row_cells])
        strongest = float((some**2).max())
        mean_size = float((sizes**2).sum() / ROWS)
        clusters = len(sizes)
        together = clusters / (clusters - 1) * float((sums**2).sum()) + mean_size * strongest
        alone = float((cells.counts * some**2).sum()) + strongest
        assert found[name].factor == pytest.approx(np.sqrt(together / alone), rel=1e-6)
        assert found[name].degrees == pytest.approx(ROWS / mean_size - 1)


def error_of(found: Estimated | str) -> float:
    assert not isinstance(found, str)
    assert found.standard_error is not None
    return found.standard_error


def test_rows_that_share_their_luck_say_less(engine: Engine) -> None:
    alike = estimates(prepared(engine, "alike", columns(), cluster="person"), SOME)
    alone = estimates(prepared(engine, "alone", columns()), SOME)
    apart = estimates(prepared(engine, "apart", columns(together=False), cluster="person"), SOME)
    apart_alone = estimates(prepared(engine, "apart alone", columns(together=False)), SOME)
    for name in SOME:
        errors = [error_of(found[name]) for found in (alike, alone, apart, apart_alone)]
        assert errors[0] > 3 * errors[1]
        assert errors[2] == pytest.approx(errors[3], rel=0.25)


def test_the_order_of_rows_and_the_threads_change_nothing(engine: Engine) -> None:
    rows = columns()
    order = np.random.default_rng(0).permutation(ROWS)
    shuffled = {name: column[order] for name, column in rows.items()}
    first = estimates(prepared(engine, "first", rows, cluster="person"), SOME)
    with opened(threads=1) as other:
        assert first == estimates(prepared(other, "other", shuffled, cluster="person"), SOME)


def test_a_metric_does_not_depend_on_what_else_is_asked(engine: Engine) -> None:
    of = prepared(engine, "asked", columns())
    together = estimates(of, SOME)
    for name in ("f1", "accuracy"):
        assert estimates(of, (name, "roc_auc")) == {name: together[name]}
    assert estimates(of, ("roc_auc",)) == {}


def test_few_clusters_are_too_few_however_many_rows_they_have(engine: Engine) -> None:
    rows = columns()
    rows["person"] = rows["person"] % 9
    found = estimates(prepared(engine, "few", rows, cluster="person"), ("accuracy",))["accuracy"]
    assert not isinstance(found, str)
    assert (found.difference, found.effective) == (None, 9)
    assert found.too_few.startswith("9 clusters; intervals of accuracy hold from ")


def test_more_cells_than_can_be_drawn_have_normal_intervals(engine: Engine) -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, 60, 40_000)
    said = [np.where(random.random(40_000) < 0.7, truth, random.integers(0, 60, 40_000)) for _ in range(2)]
    view = engine.view("many classes", Held(name="many", rows=pa.table({"y": truth, "new": said[0], "old": said[1]})))
    asked = Asked(task="multiclass-classification", label="y", challenger=Answer(prediction="new"),
                  champion=Answer(prediction="old"))  # fmt: skip
    found = estimates(prepare(engine, view, asked), ("accuracy",))["accuracy"]
    assert not isinstance(found, str)
    right = [(some == truth).astype(np.float64) for some in said]
    assert found.standard_error == pytest.approx((right[0] - right[1]).std() / np.sqrt(40_000), rel=1e-3)
