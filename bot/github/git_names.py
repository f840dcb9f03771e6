"""What does Git call a file or a tree? The digest of its bytes, which we can compute ourselves."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

FULL_SHA = re.compile(r"[0-9a-f]{40}")
PLAIN_FILE, FOLDER, SUBMODULE = "100644", "40000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path in a tree: its mode and the name of its content."""

    mode: str
    sha: str

    @property
    def is_file(self) -> bool:
        """Has it bytes? A submodule has none here."""
        return self.mode != SUBMODULE


Tree = Mapping[str, Entry]
"""All paths of a tree but its folders."""


def blob_sha(content: bytes) -> str:
    """Return the name that Git gives to a file's bytes."""
    return _named("blob", content)


def tree_sha(tree: Tree) -> str:
    """Return the name that Git gives to a tree of these paths."""
    here: dict[str, Entry] = {}
    below: dict[str, dict[str, Entry]] = {}
    for path, entry in tree.items():
        first, inside, rest = path.partition("/")
        if inside:
            below.setdefault(first, {})[rest] = entry
        else:
            here[first] = entry
    here |= {name: Entry(FOLDER, tree_sha(entries)) for name, entries in below.items()}
    lines = (f"{here[name].mode} {name}\0".encode() + bytes.fromhex(here[name].sha) for name in _in_order(here))
    return _named("tree", b"".join(lines))


def _in_order(entries: Tree) -> list[str]:
    """Git sorts a folder as if its name ended with a slash."""
    return sorted(entries, key=lambda name: (name + "/" if entries[name].mode == FOLDER else name).encode())


def _named(kind: str, content: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
