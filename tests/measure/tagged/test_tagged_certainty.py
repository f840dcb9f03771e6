"""How sure are metrics of sets where hardly anything is told, or nothing differs?"""

import numpy as np
import pytest

from gates.measure.estimated import Estimated
from tests.measure.tagged.set_rows import ENTITIES, LABELS, measured, texts
from tools.calibration.numbers import simulated
from tools.calibration.study import Study
from tools.calibration.tagged import LABELS as SHARES
from tools.calibration.tagged import populations, studies


def known(found: dict[str, Estimated | str], name: str) -> Estimated:
    some = found[name]
    assert isinstance(some, Estimated), some
    return some


def test_a_precision_of_few_entities_is_as_unsure_as_those_few_though_documents_are_many() -> None:
    rows = texts([["B-PER"]] * 20 + [["O"]] * 380)
    found = measured(ENTITIES, {"label": rows, "challenger": rows, "champion": rows}, "entity_precision")
    precision = known(found, "entity_precision")
    assert precision.challenger_interval is not None
    assert precision.challenger_interval[0] < 1 - 3 / 20
    assert precision.difference is not None
    assert precision.difference.lower(0.05) < -2.9 / 20
    assert precision.difference.upper(0.05) > 2.9 / 20


def test_a_simulated_mean_of_f1_is_productions() -> None:
    macro = next(one for one in populations() if one.name == "f1_macro" and one.equal is False)
    rows = macro.parts.reshape(len(macro.parts), 5, len(SHARES)).astype(bool)
    names = np.array([f"l{place}" for place in range(len(SHARES))])
    columns = {
        name: texts([names[row].tolist() for row in rows[:, place]])
        for name, place in (("label", 4), ("challenger", 2), ("champion", 3))
    }
    found = known(measured(LABELS, columns, "f1_macro"), "f1_macro")
    assert found.champion is not None
    assert found.challenger - found.champion == pytest.approx(macro.value(macro.parts.mean(0)), rel=1e-9)


@pytest.mark.parametrize("name", ["entity_f1", "f1_macro"])
def test_intervals_of_sets_hold(name: str) -> None:
    population = next(one for one in populations() if one.name == name)
    assert _held(simulated(population, 500, 200, np.random.default_rng(6)))


@pytest.mark.full
def test_all_intervals_of_sets_hold() -> None:
    assert [study for study in studies(quick=True) if not _held(study)] == []


def _held(study: Study) -> bool:
    covered, alarmed = study.share(study.covered), study.share(study.false_alarm)
    return (covered is None or covered >= 0.935 - 4 * (study.error(study.covered) or 0)) and (
        alarmed is None or alarmed <= 0.05 + 4 * (study.error(study.false_alarm) or 0)
    )
