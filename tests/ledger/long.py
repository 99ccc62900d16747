"""A valid log of some six hundred entries, made once: three tiles, and a second level."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from ledger.bundle import write_bundle, write_tiles
from ledger.checkpoint import Checkpoint, sign
from ledger.entries import Entry
from ledger.growth import Growth
from ledger.merkle import node_hash, root_of
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, Floor

SIZE = 620


@functools.cache
def long_log() -> tuple[Entry, ...]:
    """Return entries that keep every rule: the history's opening, then deposits."""
    floor = Floor().open()
    while floor.log.edge().size < SIZE:
        floor.do("account.deposited")
    return tuple(floor.log.entries())


@functools.cache
def leaves() -> tuple[bytes, ...]:
    return tuple(entry.leaf for entry in long_log())


@functools.cache
def note_of(size: int) -> bytes:
    """Return the checkpoint that the log signed when it was of that size."""
    return sign(Checkpoint(ORIGIN, size, root_of(leaves()[:size])), ORIGIN, LOG_KEY)


def naive_root(hashes: Sequence[bytes]) -> bytes:
    """Compute the root by the words of RFC 6962 section 2.1 alone."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def write_long(
    folder: Path, size: int = SIZE, history: Sequence[int] = (), note: bytes | None = None
) -> Path:
    """Write the log, as far as it had grown to a size, with these older checkpoints."""
    write_bundle(
        folder,
        long_log()[:size],
        note=note or note_of(size),
        vkey=str(VKEY),
        records={},
        history=map(note_of, history),
    )
    return folder


def write_tall(folder: Path, size: int) -> Growth:
    """Write tiles over entries that are numbers alone, for trees too tall for real entries."""

    def put(name: str, data: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    tree = write_tiles(put, (str(number).encode() for number in range(size)))
    put("checkpoint", sign(Checkpoint(ORIGIN, size, tree.root()), ORIGIN, LOG_KEY))
    return tree
