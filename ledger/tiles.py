"""Proofs from tiles: the tree of a checkpoint, read a tile at a time and checked as it is read.

`TileTree` needs a checkpoint whose signature was verified and a source of tiles that nobody
needs to trust.  The tiles on the right edge must lead to the checkpoint's root before anything
else is read; every other tile must lead to its hash in the tile above.  So no proof is made of a
hash that the log did not sign, and a tile that was changed is named.  What is not looked at is
not checked: a proof says nothing about tiles that it does not pass through.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

from ledger.bundle import TILE, Fetch, fetch_hashes, read_file, tile_path
from ledger.checkpoint import Checkpoint
from ledger.errors import BadProof, Unreadable
from ledger.merkle import (
    Span,
    consistency_spans,
    fold,
    inclusion_spans,
    perfect_spans,
    row_above,
)

HEIGHT = 8  # of a tile: 2^8 hashes
CACHED = 64  # tiles kept; with the nodes inside they take 1 MB, and one proof reads under 16

Rows = tuple[bytes, ...]  # a tile's hashes and, above them, what they hash to


class TileSource(Protocol):
    """Where tiles come from; they are checked, so the source need not be trusted."""

    def read(self, level: int, number: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile, 32 bytes each, or raise `Unreadable`."""


@dataclass(frozen=True, slots=True)
class FetchedTiles:
    """Tiles behind a function that returns the bytes of ``tile/<L>/<N>[.p/<W>]``.

    `fetch` raises `Unreadable` for what is not there; then a full tile stands in for a partial one.
    """

    fetch: Fetch

    def read(self, level: int, number: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile."""
        return fetch_hashes(self.fetch, level, number, width)[1]


def folder_tiles(folder: Path) -> FetchedTiles:
    """Return the tiles of a bundle's folder."""
    return FetchedTiles(partial(read_file, folder))


class TileTree:
    """The tree under one checkpoint; opening it reads the right edge, a tile a level.

    Proofs are those of `ledger.merkle`, for the checkpoint's size and for any smaller one.
    All methods raise `BadProof` naming a tile that was changed, `Unreadable` one that is missing.
    """

    def __init__(self, source: TileSource, checkpoint: Checkpoint, *, cached: int = CACHED) -> None:
        self.checkpoint = checkpoint
        self._source = source
        self._full = lru_cache(maxsize=cached)(self._read_full)
        self._edge: dict[int, Rows] = {}
        for level in range((checkpoint.size.bit_length() + HEIGHT - 1) // HEIGHT):
            if width := self._hashes(level) % TILE:
                self._edge[level] = self._read(level, self._hashes(level) // TILE, width)
        if self._root((0, checkpoint.size)) != checkpoint.root:
            raise BadProof(
                f"{self._wrong_edge()}: does not lead to the root of size {checkpoint.size} "
                f"that {checkpoint.origin} signed"
            )

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash of an entry."""
        if not 0 <= index < self.checkpoint.size:
            raise BadProof(f"no leaf {index} in a tree of {self.checkpoint.size}")
        return self._node(0, index)

    def tile(self, level: int, number: int) -> bytes:
        """Return the hashes of a tile: all 256, or on the edge those that there are."""
        hashes = self._hashes(level)
        if not 0 <= number * TILE < hashes:
            name = tile_path(str(level), number, TILE)
            raise BadProof(f"no {name} in a tree of {self.checkpoint.size}")
        on_edge = number == hashes // TILE
        return (self._edge[level] if on_edge else self._full(level, number))[0]

    def root(self, size: int) -> bytes:
        """Return the root that the tree had when it was of that size."""
        return self._root((0, self._within(size)))

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the audit path of leaf `index`, nearest sibling first."""
        return tuple(map(self._root, inclusion_spans(self._within(size), index)))

    def consistency_proof(self, old_size: int, size: int | None = None) -> tuple[bytes, ...]:
        """Return the proof that the first `old_size` leaves are a prefix."""
        return tuple(map(self._root, consistency_spans(self._within(size), old_size)))

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.checkpoint.size
        if not 0 <= size <= self.checkpoint.size:
            raise BadProof(f"no tree of {size} under a checkpoint of {self.checkpoint.size}")
        return size

    def _hashes(self, level: int) -> int:
        """Return how many hashes a level has in tiles."""
        return self.checkpoint.size >> (HEIGHT * level)

    def _root(self, span: Span) -> bytes:
        return fold([self._node(height, place) for height, place in perfect_spans(*span)])

    def _node(self, height: int, place: int) -> bytes:
        """Return the root of the perfect subtree at that place of its row."""
        level, up = divmod(height, HEIGHT)
        number, offset = divmod(place, TILE >> up)
        on_edge = number == self._hashes(level) // TILE
        rows = self._edge[level] if on_edge else self._full(level, number)
        return rows[up][offset * 32 : offset * 32 + 32]

    def _read(self, level: int, number: int, width: int) -> Rows:
        data = self._source.read(level, number, width)
        if len(data) != width * 32:
            name = tile_path(str(level), number, width)
            raise Unreadable(f"{name}: {len(data)} bytes are not {width} hashes of 32")
        rows = [data]
        while len(rows[-1]) > 32:
            rows.append(row_above(rows[-1]))
        return tuple(rows)

    def _read_full(self, level: int, number: int) -> Rows:
        rows = self._read(level, number, TILE)
        if rows[HEIGHT] != self._node(HEIGHT * (level + 1), number):
            above = self._path(level + 1, number // TILE)
            raise BadProof(
                f"{self._path(level, number)}: does not lead to hash {number % TILE} of {above}"
            )
        return rows

    def _path(self, level: int, number: int) -> str:
        width = min(TILE, self._hashes(level) - number * TILE)
        return tile_path(str(level), number, width)

    def _wrong_edge(self) -> str:
        """Name the tile of the edge that differs from those below it, else the lowest.

        The lowest has no tile below: it was changed, or all are those of another checkpoint.
        """
        for level, rows in sorted(self._edge.items(), reverse=True):
            first = self._hashes(level) // TILE * TILE
            for offset in range(len(rows[0]) // 32 if level else 0):
                try:
                    below = self._read(level - 1, first + offset, TILE)[HEIGHT]
                except Unreadable:
                    continue
                if below != rows[0][offset * 32 : offset * 32 + 32]:
                    return self._path(level, first // TILE)
        lowest = min(self._edge, default=None)
        if lowest is None:
            return "checkpoint"
        return self._path(lowest, self._hashes(lowest) // TILE)
