"""Is the ledger's root the Merkle tree hash of RFC 6962?"""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.merkle import Frontier, leaf_hash, tree_hash

# The test vectors of the Certificate Transparency reference implementation of RFC 6962.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def recursive_tree_hash(entries: Sequence[bytes]) -> bytes:
    """Section 2.1 of RFC 6962, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    left, right = recursive_tree_hash(entries[:split]), recursive_tree_hash(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_is_the_one_that_certificate_transparency_publishes(size: int) -> None:
    assert tree_hash(map(leaf_hash, ENTRIES[:size])).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_equals_the_recursion_of_the_rfc(entries: list[bytes]) -> None:
    assert tree_hash(map(leaf_hash, entries)) == recursive_tree_hash(entries)


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_a_growing_tree_has_at_every_size_the_root_of_that_many_entries(entries: list[bytes]) -> None:
    tree = Frontier()
    for size, entry in enumerate(entries, start=1):
        tree.append(leaf_hash(entry))
        assert (tree.size, tree.root()) == (size, recursive_tree_hash(entries[:size]))
