"""Which one hash stands for the whole ledger?

The Merkle tree hash of RFC 6962, section 2.1: a leaf is SHA-256(0x00 || entry), a node SHA-256(0x01 || left || right),
and the empty tree is SHA-256 of nothing.
"""

import hashlib
from collections.abc import Iterable


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of one entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees joined."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows leaf by leaf and keeps only its complete subtrees: one hash for each bit of its size."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        """Start with these leaf hashes."""
        self._subtrees: list[bytes] = []
        self.size = 0
        for leaf in leaves:
            self.append(leaf)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; equal neighbours join, as a binary counter carries."""
        subtree = leaf
        carried = self.size
        while carried & 1:
            subtree = node_hash(self._subtrees.pop(), subtree)
            carried >>= 1
        self._subtrees.append(subtree)
        self.size += 1

    def root(self) -> bytes:
        """Return the tree hash of all leaves so far; smaller subtrees stand to the right."""
        if not self._subtrees:
            return hashlib.sha256().digest()
        *larger, root = self._subtrees
        for subtree in reversed(larger):
            root = node_hash(subtree, root)
        return root


def tree_hash(leaves: Iterable[bytes]) -> bytes:
    """Return the Merkle tree hash of these leaf hashes."""
    return Frontier(leaves).root()
