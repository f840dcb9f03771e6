"""What is a file, by how it begins: Parquet, CSV, or nothing that holds a table?"""

import gzip
from io import BufferedIOBase
from pathlib import Path

from gates.refusal import UserError

PARQUET = b"PAR1"
GZIP = b"\x1f\x8b"
HEAD = 4096
OTHERS = {
    b"SQLite format 3": "is an SQLite database: write sqlite:///{path}#TABLE.",
    b"PK\x03\x04": "is a zip archive or an Excel workbook: save its table as Parquet or CSV.",
    b"ARROW1": "is an Arrow file: save it as Parquet.",
    b"\x89HDF": "is an HDF5 file: save its table as Parquet or CSV.",
    b"{": "looks like JSON: save its rows as Parquet or CSV.",
    b"[": "looks like JSON: save its rows as Parquet or CSV.",
}


def is_parquet(path: Path) -> bool:
    """Return whether a file says it is Parquet; otherwise it may be CSV. `UserError` for what is neither."""
    head = _head(path)
    if not head:
        raise UserError(f"{path} is empty: give a Parquet or CSV file with a header and rows.")
    if head.startswith(PARQUET):
        return True
    for magic, what in OTHERS.items():
        if head.startswith(magic):
            raise UserError(f"{path} {what.format(path=path)}")
    if b"\x00" in head and not head.startswith(GZIP):
        raise UserError(f"{path} is neither Parquet nor CSV in UTF-8.")
    return False


def opened_text(path: Path) -> BufferedIOBase:
    """Open a CSV file to read its bytes, unpacked where it is packed by gzip."""
    with path.open("rb") as stream:
        packed = stream.read(len(GZIP)) == GZIP
    return gzip.open(path) if packed else path.open("rb")


def _head(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UserError(f"{path} is a folder: name a Parquet or CSV file.")
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}: give the path of a Parquet or CSV file.") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
