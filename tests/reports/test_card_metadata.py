"""Hugging Face's own reader takes the front matter of every card, whatever a name holds."""

import re
import unicodedata

import pytest
import yaml
from huggingface_hub import EvalResult, ModelCard, ModelCardData
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from gates.evidence import Evidence, Facts, Lineage, MetricComparison, ModelFile
from gates.metric import METRICS
from gates.outcome import Verdict
from reports.card import render_card
from reports.card_licences import LICENCES
from reports.card_metadata import LONGEST_VALUE, front_matter_of, metadata_of
from reports.card_metadata import METRICS as IDS
from tests.reports.anything import evidences, words
from tests.reports.card_evidence import CLASSES, ERRORS, SUPPLIED
from tests.reports.loan_evidence import BARE, CRASH, DATA, ENTRY, FACTS, PROMOTE, RETIRE, ROLLBACK, THOROUGH, subject
from tests.reports.nasty import NASTY, nasty_evidence

NOTHING = Verdict(findings=())
EVERY = (PROMOTE, THOROUGH, SUPPLIED, CLASSES, ERRORS, CRASH, ROLLBACK, RETIRE, BARE)


def card_of(evidence: Evidence) -> ModelCard:
    return ModelCard(render_card(evidence, NOTHING, front_matter=True))


def fields_of(card: ModelCard) -> dict[str, JsonValue]:
    fields: dict[str, JsonValue] = card.data.to_dict()  # type: ignore[no-untyped-call] # huggingface_hub has no type there
    return fields


def data_of(card: ModelCard) -> ModelCardData:
    assert isinstance(card.data, ModelCardData)
    return card.data


def with_facts(evidence: Evidence, **facts: object) -> Evidence:
    return evidence.model_copy(update={"facts": evidence.facts.model_copy(update=facts)})


def tagged(**tags: str) -> Evidence:
    return with_facts(PROMOTE, lineage=Lineage(tags=tags))


@pytest.mark.parametrize("evidence", EVERY)
def test_the_hubs_reader_finds_metadata_and_text(evidence: Evidence) -> None:
    card = card_of(evidence)
    assert fields_of(card) == metadata_of(evidence)
    assert card.text.strip() == render_card(evidence, NOTHING).strip()


@pytest.mark.parametrize("evidence", EVERY)
def test_what_the_hubs_writer_makes_of_it_says_the_same(evidence: Evidence) -> None:
    card = card_of(evidence)
    again = ModelCard(str(card))
    assert fields_of(again) == fields_of(card)
    assert data_of(again).eval_results == data_of(card).eval_results
    assert again.text.strip() == card.text.strip()


def test_results_are_those_of_the_facts() -> None:
    data = data_of(card_of(PROMOTE))
    assert data.model_name == "loan-approval"
    assert data.eval_results == [
        EvalResult(
            task_type="tabular-classification",
            task_name="binary-classification",
            dataset_type="evaluation/loanapp.parquet",
            dataset_name="evaluation/loanapp.parquet, version 1",
            dataset_revision=DATA,
            metric_type=name,
            metric_name=name,
            metric_value=value,
        )
        for name, value in (("roc_auc", 0.842361603804), ("brier_score", 0.0672489449292))
    ]


def test_metrics_have_the_hubs_ids_and_our_names() -> None:
    results = data_of(card_of(CLASSES)).eval_results or []
    assert [(one.metric_type, one.metric_name, one.metric_args) for one in results] == [
        ("accuracy", "accuracy", None),
        ("f1", "f1_macro", {"average": "macro"}),
        ("roc_auc", "roc_auc_ovr", {"multi_class": "ovr"}),
        ("matthews_correlation", "matthews_corrcoef", None),
        ("expected_calibration_error", "expected_calibration_error", None),
    ]
    assert data_of(card_of(ERRORS)).pipeline_tag == "tabular-regression"
    assert data_of(card_of(ERRORS)).metrics == ["mae"]
    assert set(IDS) <= set(METRICS)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Apache-2.0", {"license": "apache-2.0"}),
        ("openrail++", {"license": "openrail++"}),
        ("Acme Model Licence v1.0!", {"license": "other", "license_name": "acme-model-licence-v1.0"}),
        ("c++ only", {"license": "other", "license_name": "c---only"}),
        ("許可", {"license": "other"}),
        ("x" * 1_000, {"license": "other", "license_name": "x" * LONGEST_VALUE}),
        ("\x00\u202e", {}),
        ("", {}),
    ],
)
def test_a_licence_is_an_id_of_the_hub_or_other_with_a_name(written: str, found: dict[str, str]) -> None:
    metadata = metadata_of(tagged(license=written))
    assert {field: value for field, value in metadata.items() if field.startswith("license")} == found


def test_a_licence_that_nobody_gave_is_left_out() -> None:
    assert not {"license", "license_name"} & set(metadata_of(PROMOTE))
    assert metadata_of(tagged(licence="mit"))["license"] == "mit"
    assert metadata_of(with_facts(SUPPLIED, lineage=None))["license"] == "cc-by-4.0"
    assert {"apache-2.0", "mit", "cc-by-4.0"} <= LICENCES


def test_languages_are_codes_and_nothing_else() -> None:
    assert metadata_of(SUPPLIED)["language"] == ["en", "es"]
    assert metadata_of(with_facts(SUPPLIED, lineage=None))["language"] == ["en"]
    assert data_of(card_of(tagged(language="no"))).language == ["no"]
    assert "language" not in metadata_of(tagged(language="English"))


def files(*formats: str) -> tuple[ModelFile, ...]:
    return tuple(ModelFile(path=f"{at}", sha256="a", size=1, format=name) for at, name in enumerate(formats))


@pytest.mark.parametrize(
    ("formats", "library", "tags"),
    [
        (("skops", "mlmodel", "requirements"), "sklearn", ["skops"]),
        (("xgboost-json", "xgboost-ubj"), "xgboost", ["xgboost-json", "xgboost-ubj"]),
        (("skops", "onnx"), None, ["onnx", "skops"]),
        (("safetensors",), None, ["safetensors"]),
        (("safetensors", "onnx"), None, ["onnx", "safetensors"]),
        (("yaml",), None, []),
    ],
)
def test_a_library_is_named_where_the_files_leave_no_doubt(
    formats: tuple[str, ...], library: str | None, tags: list[str]
) -> None:
    metadata = metadata_of(with_facts(PROMOTE, files=files(*formats), lineage=None))
    assert metadata.get("library_name") == library
    assert metadata["tags"] == ["binary-classification", *tags]


def test_a_versions_tag_names_its_library() -> None:
    assert metadata_of(tagged(library_name="autogluon"))["library_name"] == "autogluon"


LACKING = {
    "a task": Evidence(subject=subject(entry={}), facts=FACTS),
    "a task that is known": Evidence(subject=subject(entry={**ENTRY, "task": "guessing"}), facts=FACTS),
    "data": with_facts(PROMOTE, data=None),
    "a value": with_facts(PROMOTE, metrics=(MetricComparison(metric="r2", challenger=None),)),
    "a name that shows": Evidence(subject=subject().model_copy(update={"model": "\u200b"}), facts=FACTS),
    "a metric's name": with_facts(PROMOTE, metrics=(MetricComparison(metric="\u202e", challenger=1.0),)),
    "everything": Evidence(subject=subject(entry={}), facts=Facts()),
}


@pytest.mark.parametrize("evidence", LACKING.values(), ids=LACKING)
def test_results_lacking_what_the_hub_requires_are_left_out(evidence: Evidence) -> None:
    assert "model-index" not in metadata_of(evidence)
    assert data_of(card_of(evidence)).eval_results is None


def front(card: str) -> str:
    """Return what stands between the first rule and the next one."""
    found = re.match(r"---\n([\S\s]*?)\n---\n", card)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("text", NASTY, ids=lambda text: ascii(text[:24]))
@pytest.mark.parametrize("task", ["binary-classification", "regression", None])
def test_no_text_leaves_the_front_matter_or_breaks_it(text: str, task: str | None) -> None:
    evidence = nasty_evidence(text)
    if task is not None:
        entry = {**evidence.subject.entry, "task": task}
        evidence = evidence.model_copy(update={"subject": evidence.subject.model_copy(update={"entry": entry})})
    card = render_card(evidence, NOTHING, front_matter=True)
    assert yaml.safe_load(front(card)) == metadata_of(evidence)
    assert card.removeprefix(f"---\n{front(card)}\n---\n\n") == render_card(evidence, NOTHING)
    assert fields_of(card_of(evidence)) == metadata_of(evidence)
    assert max(map(len, front(card).splitlines())) < 2 * LONGEST_VALUE + 100
    letters = set(front(card)) - {"\n"}
    assert not {unicodedata.category(letter) for letter in letters} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(evidence=evidences)
def test_the_front_matter_always_parses_back_to_what_it_says(evidence: Evidence) -> None:
    text = front_matter_of(evidence)
    assert text == front_matter_of(evidence)
    assert yaml.safe_load(front(text)) == metadata_of(evidence)


@given(
    name=words | st.text(st.characters(), max_size=40),
    value=st.floats(allow_nan=False, allow_infinity=False),
    uri=st.sampled_from(["---", "1e3", "0o17", "null", "yes", "1:30", "- a", "{a: b}", "!!python/none", "a: b # c"])
    | words,
)
def test_results_come_back_as_they_were_measured(name: str, value: float, uri: str) -> None:
    data = FACTS.data
    assert data is not None
    metric = MetricComparison(metric=name, challenger=value)
    evidence = with_facts(PROMOTE, metrics=(metric,), data=data.model_copy(update={"uri": uri, "version": uri}))
    metadata = metadata_of(evidence)
    card = card_of(evidence)
    assert fields_of(card) == metadata
    if "model-index" in metadata:
        (result,) = data_of(card).eval_results or []
        assert (result.metric_value, type(result.dataset_type)) == (value, str)
