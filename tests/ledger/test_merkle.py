from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import BadProof
from ledger.merkle import (
    EMPTY_ROOT,
    Edge,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The vectors of certificate-transparency (merkletree/merkle_tree_test.go).
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
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
LEAVES = [leaf_hash(bytes([number])) for number in range(130)]


def naive(leaves: list[bytes]) -> bytes:
    """Compute the root as RFC 6962 section 2.1 states it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + naive(leaves[:split]) + naive(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(text)) for text in INPUTS[:size]]
    assert root_of(leaves).hex() == ROOTS[size]


def test_roots_and_edges_of_every_size_up_to_130_are_those_of_the_definition() -> None:
    edge = Edge()
    assert edge.root == EMPTY_ROOT == root_of([])
    for size, leaf in enumerate(LEAVES):
        edge = edge.appended(leaf)
        assert edge.size == size + 1
        assert edge.root == root_of(LEAVES[: size + 1]) == naive(LEAVES[: size + 1])


@pytest.mark.parametrize(("size", "count"), [(0, 1), (1, 0), (3, 1), (4, 2)])
def test_an_edge_has_a_hash_for_each_perfect_subtree(size: int, count: int) -> None:
    with pytest.raises(BadProof, match=f"an edge of {size} leaves"):
        Edge(size, (bytes(32),) * count)


def test_every_inclusion_proof_of_small_trees_verifies_and_no_other_does() -> None:
    for size in range(1, 18):
        root = root_of(LEAVES[:size])
        proofs = [inclusion_proof(LEAVES[:size], index) for index in range(size)]
        for index, proof in enumerate(proofs):
            verify_inclusion(LEAVES[index], index, size, proof, root)
            for other in range(size):
                if other != index:
                    with pytest.raises(BadProof):
                        verify_inclusion(LEAVES[index], other, size, proof, root)
            wrong = [
                proof[:-1],
                (*proof, bytes(32)),
                (bytes(32), *proof),
                proof[::-1] if len(set(proof)) > 1 else (*proof, proof[0] if proof else root),
            ]
            for bad in wrong if proof else wrong[1:3]:
                with pytest.raises(BadProof):
                    verify_inclusion(LEAVES[index], index, size, bad, root)


def test_every_consistency_proof_of_small_trees_verifies_and_no_other_does() -> None:
    for new in range(1, 18):
        for old in range(1, new + 1):
            roots = root_of(LEAVES[:old]), root_of(LEAVES[:new])
            proof = consistency_proof(LEAVES[:new], old)
            verify_consistency(old, new, *roots, proof)
            wrong = [(*proof, bytes(32)), (bytes(32), *proof)]
            wrong += [proof[:-1], proof[1:]] if proof else []
            for bad in wrong:
                with pytest.raises(BadProof):
                    verify_consistency(old, new, *roots, bad)
            for bad_roots in ((bytes(32), roots[1]), (roots[0], bytes(32))):
                with pytest.raises(BadProof):
                    verify_consistency(old, new, *bad_roots, proof)


def test_a_rewritten_history_is_a_fork() -> None:
    rewritten = [*LEAVES[:3], leaf_hash(b"forged"), *LEAVES[4:9]]
    for old in range(4, 9):
        proof = consistency_proof(rewritten, old)
        with pytest.raises(BadProof, match="forked"):
            verify_consistency(old, 9, root_of(LEAVES[:old]), root_of(rewritten), proof)
    with pytest.raises(BadProof, match="two different roots of size 9"):
        verify_consistency(9, 9, root_of(LEAVES[:9]), root_of(rewritten), ())


@given(st.integers(1, 130), st.data())
def test_any_bit_of_an_inclusion_proof_matters(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(LEAVES[:size], index), root_of(LEAVES[:size])
    verify_inclusion(LEAVES[index], index, size, proof, root)
    parts = [LEAVES[index], *proof, root]
    place = data.draw(st.integers(0, len(parts) * 256 - 1))
    part = bytearray(parts[place // 256])
    part[place % 256 // 8] ^= 1 << place % 8
    parts[place // 256] = bytes(part)
    with pytest.raises(BadProof):
        verify_inclusion(parts[0], index, size, parts[1:-1], parts[-1])


@given(st.integers(1, 130), st.integers(1, 130))
def test_consistency_between_any_sizes(one: int, two: int) -> None:
    old, new = sorted((one, two))
    proof = consistency_proof(LEAVES[:new], old)
    verify_consistency(old, new, root_of(LEAVES[:old]), root_of(LEAVES[:new]), proof)


def test_places_and_sizes_outside_the_tree() -> None:
    for index in (-1, 3):
        with pytest.raises(BadProof, match="no leaf"):
            inclusion_proof(LEAVES[:3], index)
        with pytest.raises(BadProof, match="no leaf"):
            verify_inclusion(LEAVES[0], index, 3, (), bytes(32))
    for old in (0, 4):
        with pytest.raises(BadProof, match="no consistency"):
            consistency_proof(LEAVES[:3], old)
        with pytest.raises(BadProof, match="no consistency"):
            verify_consistency(old, 3, bytes(32), bytes(32), ())
    with pytest.raises(BadProof, match="the proof is empty"):
        verify_consistency(3, 5, bytes(32), bytes(32), ())


def test_hashes_of_another_length_are_no_proof() -> None:
    left, right = LEAVES[:2]
    root = root_of([left, right])
    verify_inclusion(left, 0, 2, [right], root)
    with pytest.raises(BadProof, match="hashes of 32 bytes"):
        verify_inclusion(left + right[:1], 0, 2, [right[1:]], root)
    with pytest.raises(BadProof, match="hashes of 32 bytes"):
        verify_consistency(1, 2, left + right[:1], root, [right[1:]])


def test_proofs_have_a_hash_a_level() -> None:
    sizes = [len(inclusion_proof(LEAVES[: 2**n], 0)) for n in range(8)]
    assert all(more - less == 1 for less, more in pairwise(sizes))


def test_an_edge_takes_many_leaves_at_once() -> None:
    edge = Edge().extended(LEAVES[:5]).extended(LEAVES[5:7])
    assert edge.size == 7
    assert edge.root == naive(LEAVES[:7])
    assert edge.extended([]) == edge


@given(before=st.integers(0, 70), more=st.integers(0, 60))
def test_many_leaves_at_once_are_as_one_after_another(before: int, more: int) -> None:
    edge = Edge()
    for leaf in LEAVES[:before]:
        edge = edge.appended(leaf)
    one_by_one = edge
    for leaf in LEAVES[before : before + more]:
        one_by_one = one_by_one.appended(leaf)
    assert edge.extended(LEAVES[before : before + more]) == one_by_one
