"""Is every file known for what it is, whatever it calls itself?"""

import io
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gates.evidence import Evidence, ModelFile
from gates.model_format import SAFE, ModelFormat, recognise, recognise_file
from gates.outcome import Outcome

Build = Callable[..., Evidence]

EVIL = b"cos\nsystem\n(S'true'\ntR."
HIDDEN = b"I1\n0V" + b"x" * 100_000 + b"\n0" + EVIL


class Thing:
    """Something that takes a call to be unpickled."""


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("path", "head", "expected"),
    [
        ("MLmodel", b"artifact_path: model\nflavors:\n", "mlmodel"),
        ("conda.yaml", b"channels:\n- conda-forge\ndependencies:\n", "yaml"),
        ("registered_model_meta", b"model_name: m\n", "yaml"),
        ("requirements.txt", b"scikit-learn==1.9.1\n", "requirements"),
        ("pyproject.toml", b"[project]\n", "toml"),
        ("uv.lock", b"version = 1\n", "toml"),
        ("LICENSE", b"MIT", "text"),
        ("notes.txt", "Grüße".encode()[:-3], "text"),
        ("notes.txt", b"\xff\xfe\x00", "unknown"),
        ("notes.txt", b"\xffabc", "unknown"),
        ("README.md", b"# A model\n", "markdown"),
        ("input_example.json", b'\xef\xbb\xbf {"columns": []}', "json"),
        ("model.json", b"hello", "unknown"),
        ("model.json", b'{"learner":{"attributes":{}}}', "xgboost-json"),
        ("model.ubj", b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner", "xgboost-ubj"),
        ("model.xgb", b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner", "xgboost-ubj"),
        ("model.ubj", b"binf", "unknown"),
        ("data.csv", b"a,b\n1,2\n", "csv"),
        ("example.parquet", b"PAR1\x15\x04", "parquet"),
        ("model.onnx", b"\x08\x08\x12\x07skl2onnx", "onnx"),
        ("model.onnx", b"hello", "unknown"),
        ("model.safetensors", b"\x80\x02\x00\x00\x00\x00\x00\x00" + b'{"w":' + b" " * 640, "safetensors"),
        ("model.cbm", b"CBM1\x00\x00", "catboost"),
        ("model.lgb", b"tree\nversion=v4\n", "lightgbm"),
        ("model.txt", b"tree\nversion=v4\n", "lightgbm"),
        ("model.lgb", b"something\n", "unknown"),
        ("model.skops", b"PK\x03\x04\x14", "skops"),
        ("model.skops", b"hello", "unknown"),
        ("model.zip", b"PK\x03\x04\x14", "archive"),
        ("weights.npz", b"PK\x03\x04\x14", "numpy"),
        ("weights.npy", b"\x93NUMPY\x01", "numpy"),
        ("model.pt", b"PK\x03\x04\x14", "torch"),
        ("model.keras", b"PK\x03\x04\x14", "keras"),
        ("model.h5", b"\x89HDF\r\n\x1a\n", "hdf5"),
        ("model.weights", b"\x89HDF\r\n\x1a\n", "hdf5"),
        ("code/run.py", b"import os\n", "python"),
        ("run.txt", b"#!/bin/sh\n", "python"),
        ("lib.so", b"", "native"),
        ("lib.txt", b"\x7fELF", "native"),
        ("model.gz", b"\x1f\x8b\x08", "compressed"),
        ("model.joblib", b"x\x9c\x00", "joblib"),
        ("model.joblib", pickle.dumps([1]), "joblib"),
        ("model.pkl", b"", "pickle"),
        ("something", b"", "unknown"),
        ("weights.bin", b"\x01\x02", "unknown"),
    ],
)
def test_a_file_is_recognised_by_content_and_name(path: str, head: bytes, expected: str) -> None:
    assert recognise(path, head) == expected


@pytest.mark.parametrize("path", ["model.json", "model.skops", "notes.txt", "MLmodel", "model.cbm", "model.pt", "a.py"])
@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_pickle_is_a_pickle_whatever_its_name_and_protocol(path: str, protocol: int) -> None:
    assert recognise(path, pickle.dumps(Thing(), protocol=protocol)) == "pickle"


@pytest.mark.parametrize(
    "disguised",
    [EVIL, b"I1\n0" * 50 + EVIL, b"CBM1" + b"x" * 64 + EVIL, b"I1\np0\np0\n0" + EVIL, b"N0" * 60],
)
def test_an_old_pickle_in_disguise_is_found(disguised: bytes) -> None:
    assert recognise("notes.txt", disguised) == "pickle"


@pytest.mark.parametrize(
    "text",
    [b"cat\ndog\n", b"channels:\n- x\nR", b"tree", b"(", b"0", b"cab\ndef\n", b".", b"I1\n.", b"", b"J12", b"\x80\x04"],
)
def test_plain_text_is_no_pickle(text: bytes) -> None:
    assert recognise("notes.txt", text) != "pickle"


@given(path=st.sampled_from(["a.txt", "a.json", "a.onnx", "a.skops", "b"]), head=st.binary(max_size=300))
@example(path="a.txt", head=b"\x8a\xff")
def test_every_file_has_a_format(path: str, head: bytes) -> None:
    assert recognise(path, head)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("model.skops", zipped(schema_json=b"{}", a_npy=b"\x93NUMPY"), "skops"),
        ("model.skops", zipped(a_npy=b"\x93NUMPY"), "archive"),
        ("model.skops", zipped(schema_json=b"{}", a_pkl=b""), "pickle"),
        ("model.skops", zipped(schema_json=b"{}", a_npy=pickle.dumps(Thing())), "pickle"),
        ("model.skops", b"PK\x03\x04broken", "unknown"),
        ("model.skops", pickle.dumps([1]), "pickle"),
        ("notes.txt", HIDDEN, "pickle"),
        ("notes.txt", b"hello\n", "text"),
    ],
)
def test_a_file_on_disk_is_looked_into(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    path = tmp_path / "stored"
    path.write_bytes(content)
    assert recognise_file(path, name) == expected


def test_a_pickle_and_python_source_fail_with_what_to_do(evidence_of: Build) -> None:
    files = (
        ModelFile(path="model.pkl", sha256="a", size=1, format="pickle"),
        ModelFile(path="MLmodel", sha256="b", size=1, format="mlmodel"),
        ModelFile(path="x.bin", sha256="c", size=1, format="strange"),
    )
    finding = ModelFormat().check(evidence_of(files=files))
    assert finding.outcome is Outcome.FAIL
    assert finding.summary == (
        "model.pkl is pickle: a pickle runs code when it is loaded; save the model with skops or ONNX. "
        "x.bin is strange: this format is not on the policy's list."
    )
    assert finding.measures[0].value == 2


def test_many_refused_files_are_named_in_short(evidence_of: Build) -> None:
    files = tuple(ModelFile(path=f"{n}.py", sha256="a", size=1, format="python") for n in range(20))
    assert (
        ModelFormat()
        .check(evidence_of(files=files))
        .summary.endswith("Also not allowed: 10.py, 11.py, 12.py, 13.py, 14.py and 5 more.")
    )


def test_allowed_files_pass_and_no_files_are_an_error(evidence_of: Build) -> None:
    finding = ModelFormat().check(evidence_of())
    assert (finding.gate, finding.outcome, finding.summary) == (
        "format",
        Outcome.PASS,
        "All 2 files are allowed: mlmodel, skops.",
    )
    assert ModelFormat().check(evidence_of(files=())).outcome is Outcome.ERROR
    assert ModelFormat(allow=("yaml",)).check(evidence_of()).outcome is Outcome.FAIL


def test_nothing_that_runs_code_is_allowed_by_default() -> None:
    running = {"pickle", "joblib", "torch", "keras", "hdf5", "python", "native", "archive", "compressed", "unknown"}
    assert not running & set(SAFE)
