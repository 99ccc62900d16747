"""Integrity in one pass and flat memory: entries, leaf hashes, every tile, root, older roots.

One entries tile is held at a time, and the tree's right edge.  Whether an entry was changed or a
tile of hashes is known only when the root is: places that differ are kept until then.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ledger.bundle import fetch_hashes, read_entries, read_file, tile_path
from ledger.checkpoint import Checkpoint
from ledger.entries import Entry
from ledger.errors import LedgerError, Unreadable
from ledger.findings import FINDINGS_MAX, AuditReport, Progress
from ledger.growth import TILE, Growth, Tile
from ledger.history import Older


@dataclass(slots=True)
class Intact:
    """What the pass learned of the entries, for those who read them again.

    Entries from `until` on cannot be read, and `changed` is the first that was changed.  `seals`
    has 32 bytes a tile, by which a tile that changes in the meantime is recognised.
    """

    until: int
    changed: int | None = None
    seals: bytearray = field(default_factory=bytearray)


def tiles_of(size: int) -> range:
    """Return the numbers of the entries tiles of a log."""
    return range((size + TILE - 1) // TILE)


def width_of(number: int, size: int) -> int:
    """Return how many entries a tile of a log holds."""
    return min(TILE, size - number * TILE)


def leaves_of(entries: list[bytes]) -> bytes:
    """Return the leaf hashes in a row."""
    sha256 = hashlib.sha256  # this line decides how fast an audit is
    return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])


def seal(leaves: bytes) -> bytes:
    """Return 32 bytes that stand for a row of leaf hashes."""
    return hashlib.sha256(leaves).digest()


class IntegrityWalk:
    """One pass over a bundle's entries and tiles."""

    def __init__(
        self, folder: Path, checkpoint: Checkpoint, report: AuditReport, read: set[str]
    ) -> None:
        self._folder = folder
        self._checkpoint = checkpoint
        self._report = report
        self._read = read
        self._growth = Growth()
        self._intact = Intact(checkpoint.size)
        # Where tiles are not what was computed: level, name, first hash, and a hint for people.
        self._leaf_tiles: list[tuple[str, int, int, str]] = []
        self._upper_tiles: list[tuple[str, int]] = []
        self._more = 0

    def run(self, older: Older, progress: Progress) -> Intact:
        """Compare everything with the root, and report."""
        size = self._checkpoint.size
        whole = True
        for number in tiles_of(size):
            leaves = self._leaves(number)
            if leaves is None:
                words = f"the tree was checked up to entry {number * TILE} of {size}"
                self._report.remarks.append(words)
                whole = False
                break
            older.pass_by(self._growth, leaves)
            self._intact.seals += seal(leaves)
            self._compare(self._growth.add(leaves))
            progress("integrity", self._growth.size, size)
        if whole:
            older.pass_by(self._growth)
            self._compare(list(self._growth.open_tiles()))
        right = whole and self._growth.root() == self._checkpoint.root
        self._judge(right=right, whole=whole)
        older.finish(right=right)
        return self._intact

    def _leaves(self, number: int) -> bytes | None:
        """Return a tile's leaf hashes, of its entries if possible, else as the tile has them."""
        size = self._checkpoint.size
        start, width = number * TILE, width_of(number, size)
        entries: list[bytes] | None = None
        try:
            name, entries = read_entries(self._folder, number, width)
            self._note_read(name, tile_path("entries", number, width))
            self._report.entries += width
        except Unreadable as error:
            self._report.find(str(error).split(":")[0], None, "tile", str(error))
            self._intact.until = min(self._intact.until, start)
        held = self._hashes(0, number, width)
        if entries is None:
            return held[1] if held else None
        leaves = leaves_of(entries)
        if held and held[1] != leaves:
            offset = first_difference(held[1], leaves)
            if len(self._leaf_tiles) < FINDINGS_MAX:
                self._leaf_tiles.append((held[0], start + offset, offset, _hint(entries[offset])))
            else:
                self._more += 1
        return leaves

    def _compare(self, tiles: list[Tile]) -> None:
        """Compare tiles above the leaves with those of the bundle."""
        for level, number, hashes in tiles:
            held = self._hashes(level, number, len(hashes) // 32) if level else None
            if held and held[1] != hashes and len(self._upper_tiles) < FINDINGS_MAX:
                self._upper_tiles.append((held[0], first_difference(held[1], hashes)))

    def _hashes(self, level: int, number: int, width: int) -> tuple[str, bytes] | None:
        fetch = partial(read_file, self._folder)
        try:
            name, hashes = fetch_hashes(fetch, level, number, width)
        except Unreadable as error:
            self._report.find(str(error).split(":")[0], None, "tile", str(error))
            return None
        self._note_read(name, tile_path(str(level), number, width))
        return name, hashes

    def _note_read(self, name: str, expected: str) -> None:
        self._read.add(name)
        if name != expected:
            words = "what it holds beyond the checkpoint's size was not checked"
            self._report.remarks.append(f"{name} stands in for {expected}: {words}")

    def _judge(self, *, right: bool, whole: bool) -> None:
        """Say of each difference what was changed: under a right root the tile, else the entry."""
        report = self._report
        if whole and not right:
            for _, index, _, hint in self._leaf_tiles:
                words = f"entry {index} is not the entry that was recorded{hint}"
                report.find(f"tile/entries, entry {index}", index, "leaf", words)
            self._intact.changed = min((place[1] for place in self._leaf_tiles), default=None)
        else:
            for name, _, offset, _ in self._leaf_tiles:
                words = f"hash {offset} of the tile is not that of its entries"
                report.find(name, None, "tile", words)
        if right or not self._leaf_tiles:  # else they follow from the leaves
            for name, offset in self._upper_tiles:
                words = f"hash {offset} of the tile is not that of its entries"
                report.find(name, None, "tile", words)
        if whole and not right:
            words = f"the entries do not lead to the root that {self._checkpoint.origin} signed"
            report.find("checkpoint", None, "root", words)
        report.more += self._more


def first_difference(row: bytes, other: bytes) -> int:
    """Return the place of the first hash in which two rows differ."""
    return next(
        at // 32 for at in range(0, len(row), 32) if row[at : at + 32] != other[at : at + 32]
    )


def _hint(entry: bytes) -> str:
    try:
        parsed = Entry.parse(entry, 0)
    except LedgerError:
        return ""
    return f" ({parsed.kind} of {parsed.subject})"[:200]
