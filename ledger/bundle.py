"""Export bundles: a log as files that anyone can check offline.

The layout is that of C2SP tlog-tiles: ``checkpoint``, ``tile/<L>/<N>[.p/<W>]`` and
``tile/entries/<N>[.p/<W>]``, with the log's verifier key in ``vkey`` and, beside them, the
stored records that entries name by digest in ``records/<SHA-256>``, older checkpoints in
``history/<size>``, and what people read first in ``report.txt``.
"""

from __future__ import annotations

import contextlib
import os
import stat
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from ledger.checkpoint import parse_body
from ledger.entries import Entry
from ledger.errors import BadProof, Unreadable
from ledger.growth import TILE, Growth
from ledger.merkle import leaf_hash, root_of
from ledger.note import Note
from ledger.report import LogReport

__all__ = [
    "FILE_MAX",
    "TILE",
    "Fetch",
    "fetch_hashes",
    "fetch_tile",
    "levels",
    "read_entries",
    "read_file",
    "read_hashes",
    "read_tile",
    "split_entries",
    "stored_entries",
    "tile_path",
    "write_bundle",
    "write_tiles",
]

FILE_MAX = TILE * (2 + 65_535)  # bytes a full bundle of entries can have at most

Fetch = Callable[[str], bytes]  # the bytes of a file by its name, or Unreadable


def tile_path(level: str, number: int, width: int) -> str:
    """Return ``tile/<level>/<number>`` in groups of three digits, ``.p/<width>`` if partial."""
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    path = f"tile/{level}/{'/'.join(reversed(groups))}"
    return path if width == TILE else f"{path}.p/{width}"


def write_bundle(
    folder: Path,
    entries: Iterable[Entry],
    *,
    note: bytes,
    vkey: str,
    records: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    history: Iterable[bytes] = (),
) -> list[Path]:
    """Write a bundle into a new or empty folder; the checkpoint last, so it is whole or absent.

    `vkey` is the log's verifier key; of a log that had several, all, one a line, the newest first.
    Entries, records and the older notes of `history` are taken one by one and need not fit memory.
    Entries that do not lead to the root of `note` raise `BadProof`, and there is no checkpoint.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Unreadable(f"{folder}: the folder is not empty")
    checkpoint = parse_body(Note.parse(note).body)
    told = LogReport()
    written: list[Path] = []

    def write(name: str, data: bytes) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)

    tree = write_tiles(write, (told.take(entry).data for entry in entries))
    for digest, data in records.items() if isinstance(records, Mapping) else records:
        write(f"records/{digest}", data)
    for older in history:
        write(f"history/{parse_body(Note.parse(older).body).size}", older)
    write("report.txt", told.text(checkpoint, vkey.partition("\n")[0]).encode())
    write("vkey", f"{vkey}\n".encode())
    if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
        raise BadProof(
            f"{tree.size} entries do not lead to the root of the checkpoint of {checkpoint.size}"
        )
    write("checkpoint", note)
    return written


def write_tiles(write: Callable[[str, bytes], None], bodies: Iterable[bytes]) -> Growth:
    """Write entries tiles and tiles of hashes as they fill; returns the tree that they make."""
    tree = Growth()
    block: list[bytes] = []

    def flush() -> None:
        name = tile_path("entries", tree.size // TILE, len(block))
        write(name, b"".join(struct.pack(">H", len(body)) + body for body in block))
        for level, number, hashes in tree.add(b"".join(map(leaf_hash, block))):
            write(tile_path(str(level), number, TILE), hashes)
        block.clear()

    for body in bodies:
        block.append(body)
        if len(block) == TILE:
            flush()
    if block:
        flush()
    for level, number, hashes in tree.open_tiles():
        write(tile_path(str(level), number, len(hashes) // 32), hashes)
    return tree


def levels(leaves: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """Yield the hashes of each tile level: leaves, then roots of full blocks of 256, and so on."""
    while leaves:
        yield leaves
        full = len(leaves) // TILE
        leaves = [root_of(leaves[n * TILE : (n + 1) * TILE]) for n in range(full)]


def read_file(folder: Path, name: str) -> bytes:
    """Read one file of a bundle, or raise `Unreadable` naming it."""
    path = folder / name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe or a device would never end
            raise Unreadable(f"{name}: not a regular file")
        if status.st_size > FILE_MAX:
            raise Unreadable(f"{name}: larger than a bundle's file can be")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{name}: {os.strerror(error.errno or 0)}") from error


def fetch_tile(fetch: Fetch, level: str, number: int, width: int) -> tuple[str, bytes]:
    """Return a tile's name and bytes; a full tile may stand in for a partial one."""
    name, full = tile_path(level, number, width), tile_path(level, number, TILE)
    try:
        return name, fetch(name)
    except Unreadable:
        with contextlib.suppress(Unreadable):
            return full, fetch(full)
        raise


def fetch_hashes(fetch: Fetch, level: int, number: int, width: int) -> tuple[str, bytes]:
    """Return the name of a tile of hashes and its first `width` hashes, 32 bytes each."""
    name, data = fetch_tile(fetch, str(level), number, width)
    held = width if name == tile_path(str(level), number, width) else TILE
    if len(data) != held * 32:
        raise Unreadable(f"{name}: {len(data)} bytes are not {held} hashes of 32")
    return name, data[: width * 32]


def read_tile(folder: Path, level: str, number: int, width: int) -> tuple[str, bytes]:
    """Return the name and bytes of a bundle's tile, or of the full one that stands in."""
    return fetch_tile(partial(read_file, folder), level, number, width)


def read_entries(folder: Path, number: int, width: int) -> tuple[str, list[bytes]]:
    """Return the name of an entries tile and its first `width` entries."""
    name, data = read_tile(folder, "entries", number, width)
    held = width if name == tile_path("entries", number, width) else TILE
    return name, split_entries(data, name, held)[:width]


def stored_entries(folder: Path, size: int) -> Iterator[Entry]:
    """Yield the first `size` entries of a bundle; an entry that cannot be read raises."""
    for start in range(0, size, TILE):
        _, held = read_entries(folder, start // TILE, min(TILE, size - start))
        for offset, data in enumerate(held):
            yield Entry.parse(data, start + offset)


def read_hashes(folder: Path, level: int, number: int, width: int) -> tuple[str, list[bytes]]:
    """Return the name of a tile of hashes and its first `width` hashes."""
    name, data = fetch_hashes(partial(read_file, folder), level, number, width)
    return name, [data[at : at + 32] for at in range(0, len(data), 32)]


def split_entries(data: bytes, name: str, count: int) -> list[bytes]:
    """Cut an entries tile at its length prefixes, or raise `Unreadable` where they do not fit.

    The tile holds `count` entries and nothing after them.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < count:
        if at + 2 > len(data):
            raise Unreadable(f"{name}: cut off inside a length after entry {len(entries)}")
        (length,) = struct.unpack_from(">H", data, at)
        if at + 2 + length > len(data):
            raise Unreadable(f"{name}: entry {len(entries)} of the tile is cut off")
        entries.append(data[at + 2 : at + 2 + length])
        at += 2 + length
    if len(entries) < count:
        raise Unreadable(f"{name}: holds {len(entries)} entries of {count}")
    if at < len(data):
        raise Unreadable(f"{name}: goes on after its {count} entries")
    return entries
