"""In which format is each file of a model version, and does reading it run code?

The `format` gate has a list of what may come in, not of what may not: an unknown format is a finding. A file is judged
by its first bytes before its name, because a loader does not look at names.
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from pydantic import Field

from gates.conclusion import Conclusion, finding, one
from gates.evidence import Evidence, ModelFile
from gates.file_kind import by_content, by_name
from gates.outcome import Finding, Measure, Outcome
from gates.pickled import is_pickle
from gates.values import Value
from gates.wording import listed

HEAD = 1 << 16
"""How many first bytes of a file `recognise` should be shown, at least; fewer only if the file is shorter."""

SAFE = (
    "mlmodel",
    "requirements",
    "yaml",
    "toml",
    "json",
    "text",
    "markdown",
    "csv",
    "parquet",
    "skops",
    "onnx",
    "safetensors",
    "xgboost-json",
    "xgboost-ubj",
    "lightgbm",
    "catboost",
)
"""Formats that are read, not run. skops is on it because its loader refuses types it does not trust."""

ADVICE = {
    "pickle": "a pickle runs code when it is loaded; save the model with skops or ONNX",
    "joblib": "joblib files are pickles, which run code when they are loaded; save the model with skops or ONNX",
    "torch": "PyTorch files hold pickles, which run code when they are loaded; save safetensors or ONNX",
    "keras": "Keras files can hold code in Lambda layers; save ONNX",
    "hdf5": "Keras files can hold code in Lambda layers; save ONNX",
    "python": "Python source is run when the model is loaded; log a model that needs no code of its own",
    "native": "a native library is run when it is loaded; leave it to the recorded requirements",
    "numpy": "NumPy files can hold pickles; save the arrays as safetensors or Parquet",
    "archive": "what is inside an archive cannot be seen; save its files one by one",
    "compressed": "what is inside a compressed file cannot be seen; save it uncompressed",
    "unknown": "its format is not known; save the model with skops, ONNX or safetensors",
}


class ModelFormat(Value):
    """Every file of the version must be in a format that is on the list."""

    gate: Literal["format"] = "format"
    allow: tuple[str, ...] = Field(default=SAFE, min_length=1)
    """Names of formats that may come in, as `recognise` gives them."""

    @property
    def name(self) -> str:
        """The check's name beside the pull request."""
        return "format"

    def check(self, evidence: Evidence) -> Finding:
        """Fail for each file whose format is not on the list."""
        files = evidence.facts.files
        if not files:
            return one(self.name, Outcome.ERROR, "The version has no files that could be looked at.")
        refused = [file for file in files if file.format not in self.allow]
        measure = Measure(name="files not allowed", value=float(len(refused)), limit=0.0, limit_is="most")
        if refused:
            return finding(self.name, [*map(_refusal, refused[:10]), _rest(refused[10:], measure)])
        formats = tuple(sorted({file.format for file in files}))
        return one(self.name, Outcome.PASS, f"All {len(files)} files are allowed: {listed(formats, most=8)}.", measure)


def _refusal(file: ModelFile) -> Conclusion:
    advice = ADVICE.get(file.format, "this format is not on the policy's list")
    return Conclusion(outcome=Outcome.FAIL, sentence=f"{file.path} is {file.format}: {advice}.")


def _rest(files: list[ModelFile], measure: Measure) -> Conclusion:
    paths = tuple(file.path for file in files)
    sentence = f"Also not allowed: {listed(paths)}." if paths else ""
    return Conclusion(outcome=Outcome.FAIL if paths else Outcome.PASS, sentence=sentence, measures=(measure,))


def recognise(path: str, head: bytes) -> str:
    """Name a file's format by its first bytes and its path; `unknown` when they say nothing or disagree.

    `head` is the first `HEAD` bytes, or all of a shorter file. Of an archive only the outside is seen this way:
    `recognise_file` looks inside, and to the end.
    """
    pickled = is_pickle(io.BytesIO(head))
    return by_name(path, head, "pickle" if pickled else by_content(head))


def recognise_file(path: Path, relative: str) -> str:
    """Name the format of a file on disk; a skops file must hold a schema and no pickle."""
    with path.open("rb") as stream:
        if is_pickle(stream):
            return by_name(relative, b"", "pickle")
        stream.seek(0)
        found = recognise(relative, stream.read(HEAD))
    return _archive(path) if found == "skops" else found


def _archive(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "schema.json" not in names:
                return "archive"
            return "pickle" if any(_holds_pickle(archive, name) for name in names) else "skops"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        return "unknown"


def _holds_pickle(archive: zipfile.ZipFile, name: str) -> bool:
    if name.endswith((".pkl", ".pickle", ".joblib")):
        return True
    with archive.open(name) as member:
        return is_pickle(io.BytesIO(member.read(HEAD)))
