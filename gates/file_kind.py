"""What do a file's first bytes and its name say it is?"""

from pathlib import PurePosixPath

MAGIC = {
    b"PK\x03\x04": "archive",
    b"PK\x05\x06": "archive",
    b"\x89HDF\r\n\x1a\n": "hdf5",
    b"PAR1": "parquet",
    b"\x93NUMPY": "numpy",
    b"CBM1": "catboost",
    b"\x7fELF": "native",
    b"MZ": "native",
    b"\xcf\xfa\xed\xfe": "native",
    b"\xca\xfe\xba\xbe": "native",
    b"\x1f\x8b": "compressed",
    b"BZh": "compressed",
    b"\xfd7zXZ\x00": "compressed",
    b"(\xb5/\xfd": "compressed",
    b'\x04"M\x18': "compressed",
    b"x\x01": "compressed",
    b"x\x9c": "compressed",
    b"x\xda": "compressed",
    b"#!": "script",
}

NAMES = {
    "mlmodel": "mlmodel",
    "requirements.txt": "requirements",
    "license": "text",
    "registered_model_meta": "yaml",
    ".python-version": "text",
    "uv.lock": "toml",
}

SUFFIXES = {
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".json": "json",
    ".txt": "text",
    ".md": "markdown",
    ".csv": "csv",
    ".tsv": "csv",
    ".lgb": "lightgbm",
    ".py": "python",
    ".pyc": "python",
    ".pyw": "python",
    ".ipynb": "python",
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".dill": "pickle",
    ".joblib": "joblib",
    ".pt": "torch",
    ".pth": "torch",
    ".bin": "unknown",
    ".keras": "keras",
    ".h5": "hdf5",
    ".so": "native",
    ".dll": "native",
    ".dylib": "native",
    ".onnx": "onnx",
    ".ubj": "xgboost-ubj",
    ".xgb": "xgboost-ubj",
}

ARCHIVES = {".skops": "skops", ".pt": "torch", ".pth": "torch", ".keras": "keras", ".npz": "numpy"}
TEXTUAL = frozenset(
    {"mlmodel", "requirements", "yaml", "toml", "json", "text", "markdown", "csv", "lightgbm", "xgboost-json"}
)
RUN = frozenset({"python", "pickle", "joblib", "torch", "keras", "hdf5", "native"})
"""Suffixes that a loader takes at their word, whatever the content."""

SAFETENSORS_HEADER_LIMIT = 100_000_000


def by_content(head: bytes) -> str | None:
    """Name what the first bytes prove, or None when they prove nothing."""
    magic = next((kind for start, kind in MAGIC.items() if head.startswith(start)), None)
    if magic is None and _is_safetensors(head):
        return "safetensors"
    return magic


def by_name(path: str, head: bytes, content: str | None) -> str:
    """Let name and content agree on a format, or say what is worse."""
    name = PurePosixPath(path).name.lower()
    suffix = PurePosixPath(name).suffix
    named = NAMES.get(name) or SUFFIXES.get(suffix, "unknown")
    if content == "pickle":
        return "joblib" if named == "joblib" else "pickle"
    if named in RUN:
        return named
    if content == "archive":
        return ARCHIVES.get(suffix, "archive")
    if content == "script":
        return "python"
    return content if content is not None else _unproven(named, head)


def _unproven(named: str, head: bytes) -> str:
    """Take the name's word only where the content can be what the name says."""
    if named in TEXTUAL:
        return _text(named, head)
    fits = {"onnx": head.startswith(b"\x08"), "xgboost-ubj": head.startswith(b"{")}
    return named if fits.get(named, False) else "unknown"


def _text(named: str, head: bytes) -> str:
    if not _is_text(head):
        return "unknown"
    if named == "json":
        return _json(head)
    if named in {"text", "lightgbm"} and head.startswith(b"tree\n"):
        return "lightgbm"
    return "unknown" if named == "lightgbm" else named


def _json(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in b'{["-0123456789tfn':
        return "unknown"
    return "xgboost-json" if b'"learner"' in head[:256] else "json"


def _is_text(head: bytes) -> bool:
    """Is it UTF-8 without control bytes? The last character may have been cut."""
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _is_safetensors(head: bytes) -> bool:
    """Eight bytes of header length, then the header's JSON (safetensors format, README)."""
    return head[8:9] == b"{" and 0 < int.from_bytes(head[:8], "little") <= SAFETENSORS_HEADER_LIMIT
