"""What is the name of this content?"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

CHUNK = 1 << 20


def bytes_digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces so that size does not matter."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def tree_digest(files: Mapping[str, str]) -> str:
    r"""Return the SHA-256 of the sorted list of paths and SHA-256s, one `path\0sha256\n` a file.

    Sorted by the UTF-8 bytes of the path, so that every machine agrees. This is the digest of a model version and of
    a rulebook.
    """
    lines = (f"{path}\0{sha256}\n".encode() for path, sha256 in files.items())
    return bytes_digest(b"".join(sorted(lines)))
