"""The Merkle tree of RFC 6962 section 2.1: roots, inclusion and consistency proofs.

Leaf and node hashes are SHA-256 with the prefixes 0x00 and 0x01.  `Edge` appends in O(log n)
from the perfect subtrees on the right edge; the proofs here work from a list of leaf hashes.
Verification follows RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import BadProof

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Edge:
    """The right edge of a tree: its size and the roots of its perfect subtrees, left to right."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise BadProof(f"an edge of {self.size} leaves has {self.size.bit_count()} hashes")

    def appended(self, leaf: bytes) -> Edge:
        """Return the edge with one more leaf hash."""
        hashes, size = [*self.hashes, leaf], self.size
        while size & 1:
            right, left = hashes.pop(), hashes.pop()
            hashes.append(node_hash(left, right))
            size >>= 1
        return Edge(self.size + 1, tuple(hashes))

    @property
    def root(self) -> bytes:
        """The tree's root; of an empty tree, SHA-256 of nothing."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in one pass."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) & 1 else []
        level = [*map(node_hash, level[::2], level[1::2]), *odd]
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf `index`, nearest sibling first."""
    if not 0 <= index < len(leaves):
        raise BadProof(f"no leaf {index} in a tree of {len(leaves)}")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), root_of(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split]))


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `BadProof` unless `proof` leads from the leaf at `index` to `root`."""
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    _require_hashes(leaf, *proof)
    node, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or result != root:
        raise BadProof(f"entry {index} does not lead to the root of size {size}")


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """Return the proof that the first `old_size` leaves are a prefix of all of them."""
    if not 0 < old_size <= len(leaves):
        raise BadProof(f"no consistency from {old_size} to {len(leaves)}")
    return _subproof(leaves, old_size, complete=True)


def _subproof(leaves: Sequence[bytes], old: int, *, complete: bool) -> tuple[bytes, ...]:
    if old == len(leaves):
        return () if complete else (root_of(leaves),)
    split = _split(len(leaves))
    if old <= split:
        return (*_subproof(leaves[:split], old, complete=complete), root_of(leaves[split:]))
    return (*_subproof(leaves[split:], old - split, complete=False), root_of(leaves[:split]))


def verify_consistency(  # noqa: C901 - RFC 9162 states it as one algorithm
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `BadProof` unless the tree of `new_size` only appends to that of `old_size`."""
    if not 0 < old_size <= new_size:
        raise BadProof(f"no consistency from {old_size} to {new_size}")
    _require_hashes(old_root, new_root, *proof)
    if old_size == new_size:
        if proof or old_root != new_root:
            raise BadProof(f"two different roots of size {old_size}: the log was forked")
        return
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise BadProof("the proof is empty")
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    if last != 0 or old != old_root or new != new_root:
        raise BadProof(f"size {new_size} does not continue size {old_size}: the log was forked")


def _require_hashes(*hashes: bytes) -> None:
    if any(len(item) != 32 for item in hashes):
        raise BadProof("a proof is made of hashes of 32 bytes")


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
