"""A tree that grows a tile at a time, in the memory of one open tile a level.

Who writes a bundle and who audits one both take the leaf hashes tile by tile: every full row of
256 hashes leads to one hash of the level above (C2SP tlog-tiles), and what is not full yet is the
tree's right edge.  Roots of smaller sizes are to be had while the edge passes them, not later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ledger.errors import BadProof
from ledger.merkle import fold, perfect_spans, row_above

TILE = 256  # hashes or entries in a full tile, as C2SP fixes it
ROW = TILE * 32  # bytes of a full tile of hashes

Tile = tuple[int, int, bytes]  # level, number and hashes


@dataclass(slots=True)
class Growth:
    """The right edge of a tree as its open tiles; `size` is the number of leaves."""

    size: int = 0
    _rows: list[bytearray] = field(default_factory=lambda: [bytearray()])

    def add(self, leaves: bytes) -> list[Tile]:
        """Take the leaf hashes of the next tile and return the tiles that this fills.

        Only the last tile of a tree may be less than full: more after it raises `BadProof`.
        """
        if self._rows[0] or not 32 <= len(leaves) <= ROW or len(leaves) % 32:
            raise BadProof(f"{len(leaves)} bytes are no tile of hashes after {self.size} leaves")
        self._rows[0] += leaves
        self.size += len(leaves) // 32
        full: list[Tile] = []
        level = 0
        while len(self._rows[level]) == ROW:
            hashes = bytes(self._rows[level])
            full.append((level, (self.size >> (8 * (level + 1))) - 1, hashes))
            self._rows[level].clear()
            level += 1
            if level == len(self._rows):
                self._rows.append(bytearray())
            self._rows[level] += _top(hashes)
        return full

    def open_tiles(self) -> Iterator[Tile]:
        """Yield the tiles that are not full and not empty, from the lowest level."""
        for level, row in enumerate(self._rows):
            if row:
                yield level, self.size >> (8 * (level + 1)), bytes(row)

    def root(self, more: bytes = b"") -> bytes:
        """Return the tree's root; with `more`, as it would be with these leaf hashes added."""
        rows = [*reversed(self._rows), more]
        return fold([peak for row in rows for peak in _peaks(bytes(row))])


def _top(hashes: bytes) -> bytes:
    """Return the root over a full tile."""
    while len(hashes) > 32:
        hashes = row_above(hashes)
    return hashes


def _peaks(hashes: bytes) -> Iterator[bytes]:
    """Yield the roots of the perfect subtrees over a row of hashes, left to right."""
    rows = [hashes]
    while len(rows[-1]) > 32:
        rows.append(row_above(rows[-1]))
    for height, place in perfect_spans(0, len(hashes) // 32):
        yield rows[height][place * 32 : place * 32 + 32]
