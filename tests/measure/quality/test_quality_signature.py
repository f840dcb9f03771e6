"""Is a model's signature read from what MLflow writes, and refused by name otherwise?"""

import json
from pathlib import Path

import pytest

from gates.measure.quality import Field, Signature, read_signature
from gates.refusal import UserError

INPUTS = [
    {"type": "long", "name": "age", "required": True},
    {"type": "string", "name": "city", "required": False},
    {"type": "array", "items": {"type": "double"}, "name": "history"},
    {"type": "double"},
    {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}, "name": "image"},
]
FIELDS = (
    Field(name="age", type="long"),
    Field(name="city", type="string", required=False),
    Field(name="history", type="array"),
    Field(name="image", type="any"),
)


def test_an_mlmodel_file_or_its_folder_or_json_is_read(tmp_path: Path) -> None:
    written = json.dumps(json.dumps(INPUTS))
    (tmp_path / "MLmodel").write_text(f"flavors: {{}}\nsignature:\n  inputs: {written}\n  outputs: null\n")
    assert read_signature(tmp_path).inputs == FIELDS
    assert read_signature(tmp_path / "MLmodel").inputs == FIELDS
    (tmp_path / "signature.json").write_text(json.dumps({"inputs": INPUTS}))
    assert read_signature(tmp_path / "signature.json").inputs == FIELDS


@pytest.mark.full  # MLflow takes seconds to import
def test_what_mlflow_itself_infers_is_read() -> None:
    import warnings  # noqa: PLC0415 - beside its only use

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow.types.schema import ColSpec, Schema  # noqa: PLC0415 - heavy; only here is it needed

        schema = Schema([ColSpec("long", "age"), ColSpec("string", "city", required=False)])
    assert Signature.of({"inputs": schema.to_json()}).inputs == FIELDS[:2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("flavors: {}", "holds no signature: log the model with one"),
        ("signature: null", "holds no signature"),
        ("signature: {inputs: '[{'}", "inputs are not JSON"),
        ("signature: {inputs: '5'}", "inputs are no list of columns"),
        ("- 1", "is no MLmodel file"),
        ("a: [", "cannot be read as an MLmodel file"),
    ],
)
def test_what_is_no_signature_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "MLmodel").write_text(text)
    with pytest.raises(UserError, match=said):
        read_signature(tmp_path)


def test_a_missing_file_is_refused_and_no_inputs_are_none(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no MLmodel file"):
        read_signature(tmp_path / "nowhere")
    assert Signature.of({"inputs": None}).inputs == ()
