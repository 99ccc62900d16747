"""The Merkle tree of RFC 6962 section 2.1: roots, inclusion and consistency proofs.

Leaf and node hashes are SHA-256 with the prefixes 0x00 and 0x01.  `Edge` appends in O(log n)
from the perfect subtrees on the right edge.  Which subtrees make a proof is decided once, in
`inclusion_spans` and `consistency_spans`: the proofs here hash them from a list of leaf hashes,
those of `ledger.tiles` look them up.  Verification follows RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.errors import BadProof

EMPTY_ROOT = hashlib.sha256(b"").digest()
Span = tuple[int, int]  # the leaves from the first number up to, and not including, the second


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def row_above(row: bytes) -> bytes:
    """Hash a row of nodes, 32 bytes each, in pairs; a last odd one has no parent yet."""
    pairs = range(0, len(row) - 63, 64)
    return b"".join([hashlib.sha256(b"\x01" + row[at : at + 64]).digest() for at in pairs])


def fold(peaks: Sequence[bytes]) -> bytes:
    """Return the root over perfect subtrees that get smaller from left to right."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for left in reversed(peaks[:-1]):
        root = node_hash(left, root)
    return root


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

    def extended(self, leaves: Sequence[bytes]) -> Edge:
        """Return the edge with more leaf hashes, a row of the tree at a time."""
        old, size, row = list(self.hashes), self.size, b"".join(leaves)
        hashes: list[bytes] = []
        while old or row:
            if size & 1:
                row = old.pop() + row
            if len(row) & 32:  # an odd one stays on the edge
                hashes.append(row[-32:])
            row, size = row_above(row), size >> 1
        return Edge(self.size + len(leaves), tuple(reversed(hashes)))

    @property
    def root(self) -> bytes:
        """The tree's root; of an empty tree, SHA-256 of nothing."""
        return fold(self.hashes)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes, in one pass."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        odd = level[-1:] if len(level) & 1 else []
        level = [*map(node_hash, level[::2], level[1::2]), *odd]
    return level[0]


def inclusion_spans(size: int, index: int) -> list[Span]:
    """Return the subtrees that make the audit path of leaf `index`, nearest sibling first."""
    if not 0 <= index < size:
        raise BadProof(f"no leaf {index} in a tree of {size}")
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(size: int, old_size: int) -> list[Span]:
    """Return the subtrees that prove the first `old_size` leaves to be a prefix of `size`."""
    if not 0 < old_size <= size:
        raise BadProof(f"no consistency from {old_size} to {size}")
    spans: list[Span] = []
    start, end = 0, size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:  # else the verifier has the old root itself
        spans.append((start, end))
    return spans[::-1]


def perfect_spans(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield height and place of each perfect subtree of a span, left to right."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the audit path of leaf `index`, nearest sibling first."""
    spans = inclusion_spans(len(leaves), index)
    return tuple(root_of(leaves[start:end]) for start, end in spans)


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
    spans = consistency_spans(len(leaves), old_size)
    return tuple(root_of(leaves[start:end]) for start, end in spans)


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
