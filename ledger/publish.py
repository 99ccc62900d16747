"""Publishing: a log's checkpoint and tiles as files that any C2SP client reads.

A checkpoint's files are placed in the order in which others rely on them: full and partial
tiles, the note in ``history/<size>``, and ``checkpoint`` last.  So a publication that was cut
off anywhere is that of the checkpoint before, and a rerun completes it.  Every tile is checked
against the note before it is written, and a tile that stands there is never changed.

The folder is also the memory outside the store: `check_publication` compares the two, and a
store that was restored from an older backup is refused before it can sign a second history.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import struct
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol, Self

from ledger.bundle import TILE, read_file, split_entries, tile_path
from ledger.checkpoint import Checkpoint, VerifierKey, parse_body
from ledger.cosignature import verify_lines
from ledger.durable import Placing
from ledger.errors import (
    BadNote,
    BadProof,
    Forked,
    InUse,
    NothingPublished,
    RolledBack,
    Unreadable,
)
from ledger.merkle import leaf_hash, root_of
from ledger.note import Note, from_decimal
from ledger.succession import format_vkeys
from ledger.tiles import HEIGHT, TileSource, TileTree

RECOVERY = (
    "Signing now would fork the log. (1) Restore a backup, or replay the write-ahead log, that "
    "holds at least {size} entries. (2) If there is none: this log is closed at the published "
    "checkpoint of {size}; open a new exchange, of another origin, that commits to it "
    "(docs/operations.md)"
)


class LogSource(TileSource, Protocol):
    """A log that can be read tile by tile, hashes and entries, as the files have them."""

    def read_entries(self, number: int, width: int) -> bytes:
        """Return the first `width` entries of a tile, each after its length in two bytes."""


class ListedLog:
    """A `LogSource` over entries in memory: for tests, simulations and small logs."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self._entries = entries
        self._levels = [[leaf_hash(data) for data in entries]]

    def read_entries(self, number: int, width: int) -> bytes:
        """Return the first `width` entries of a tile, each after its length."""
        held = self._entries[number * TILE : number * TILE + width]
        return b"".join(struct.pack(">H", len(data)) + data for data in held)

    def read(self, level: int, number: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile."""
        while len(self._levels) <= level:
            below = self._levels[-1]
            full = range(0, len(below) // TILE * TILE, TILE)
            self._levels.append([root_of(below[at : at + TILE]) for at in full])
        return b"".join(self._levels[level][number * TILE : number * TILE + width])


def verify_log(note: bytes, keys: Collection[VerifierKey]) -> Checkpoint:
    """Return the checkpoint that one of the log's keys signed, or raise `BadNote`.

    While a key is being rotated a log has two.
    """
    opened = Note.parse(note)
    checkpoint = parse_body(opened.body)
    signed, _ = verify_lines(opened, checkpoint, keys)
    if not any(key.name == checkpoint.origin for key in signed):
        raise BadNote(f"no key known for {checkpoint.origin} has signed this checkpoint")
    return checkpoint


def published_note(folder: Path) -> bytes | None:
    """Return the note in ``checkpoint``, or None where nothing was published."""
    try:
        return read_file(folder, "checkpoint")
    except Unreadable:
        if (folder / "checkpoint").exists():
            raise
        return None


def published_checkpoint(folder: Path, keys: Collection[VerifierKey]) -> Checkpoint | None:
    """Return the largest checkpoint that others may have seen, or None where there is none.

    That is ``checkpoint``, or a later one in ``history/`` whose publication was cut off.  One that
    no key of the log signed raises `BadNote`.
    """
    note = published_note(folder)
    found = [verify_log(note, keys)] if note is not None else []
    size = max(_history(folder), default=-1)
    if size > (found[0].size if found else -1):
        newest = verify_log(read_file(folder, f"history/{size}"), keys)
        if newest.size != size:
            raise BadNote(f"history/{size} is the checkpoint of size {newest.size}")
        return newest
    return found[0] if found else None


def _history(folder: Path) -> Iterator[int]:
    with contextlib.suppress(FileNotFoundError):
        for entry in os.scandir(folder / "history"):
            with contextlib.suppress(ValueError):
                yield from_decimal(entry.name)


def require_continues(
    published: Checkpoint, size: int, root_at: Callable[[int], bytes], *, by: str = "the store"
) -> None:
    """Raise unless a log of that size begins with the published checkpoint.

    `RolledBack` where it has fewer entries, `Forked` where its first entries are others; both say
    how to recover.
    """
    if size < published.size:
        raise RolledBack(
            f"{published.size} entries of {published.origin} were published, and {by} has {size}: "
            "it is older than what others have seen, such as a restored backup. "
            + RECOVERY.format(size=published.size)
        )
    if (root := root_at(published.size)) != published.root:
        raise Forked(
            f"the first {published.size} entries of {published.origin} were published with root "
            f"{published.root.hex()}, and in {by}, which has {size}, they have root {root.hex()}: "
            "entries were changed, or this is another history of the log. "
            + RECOVERY.format(size=published.size)
        )


def check_publication(
    folder: Path,
    keys: Collection[VerifierKey],
    *,
    size: int,
    root_at: Callable[[int], bytes],
    signed: int | None,
    accept_empty: bool = False,
) -> Checkpoint | None:
    """Return what is published, once the store is known to continue it; None for nothing yet.

    `size` and `root_at` are those of the store, `signed` is the largest size that it has a signed
    checkpoint of.  A folder that lags behind is fine.  One that has nothing although checkpoints
    were signed raises `NothingPublished`, unless somebody has said to accept it; a store that does
    not continue it raises `RolledBack` or `Forked`.
    """
    published = published_checkpoint(folder, keys)
    if published is not None:
        require_continues(published, size, root_at)
    elif signed is not None and not accept_empty:
        raise NothingPublished(
            f"{folder} holds no checkpoint, and the store has signed one of {signed} entries: the "
            "folder that tells whether the store was restored from an older backup is gone. "
            "Mount or restore it; or, if the store is known to be the newest there ever was, "
            "begin a new one with `guapai publish --accept-empty`"
        )
    return published


class Publisher:
    """The one process that publishes into a folder, which must exist; a second is `InUse`.

    `patience` is how many seconds it waits for another one to end.  What is not `lasting` may be
    lost with the machine's power: of a log that nobody relies on.
    """

    def __init__(
        self,
        folder: Path,
        keys: Collection[VerifierKey],
        *,
        patience: float = 0.0,
        lasting: bool = True,
    ) -> None:
        if not folder.is_dir():
            raise Unreadable(f"{folder}: not a folder; make it once, for a log that is new")
        self.folder = folder
        self.keys = tuple(keys)
        self._placing = Placing(folder, lasting=lasting)
        self._lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        end = time.monotonic() + patience
        while not _locks(self._lock):
            if time.monotonic() >= end:
                os.close(self._lock)
                raise InUse(f"{folder}: another process publishes here")
            time.sleep(0.05)
        try:  # read once: nobody else writes here now, and the history may be long
            self._newest = published_checkpoint(folder, self.keys)
        except BaseException:
            os.close(self._lock)
            raise

    def close(self) -> None:
        """Let others publish."""
        os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def note(self) -> bytes | None:
        """Return the note that is published, with the cosignatures it has; None for none yet."""
        return published_note(self.folder)

    def publish(self, log: LogSource, note: bytes) -> Checkpoint:
        """Publish the files of a note that the log signed, from where the last run ended.

        Constant work for each tile that is new.  A note of the published size changes nothing.
        Raises `RolledBack` or `Forked` for a log that does not continue what is published, and
        `BadProof` naming a tile of the log that does not lead to the note's root; then the
        publication is as it was.
        """
        shown = verify_log(note, self.keys)
        newest, held = self._newest, self.note()
        done = verify_log(held, self.keys).size if held is not None else None
        if newest and shown.size < newest.size:
            require_continues(newest, shown.size, lambda _: b"")
        tree = TileTree(log, shown)
        if newest:
            require_continues(newest, shown.size, tree.root)
        if done == shown.size:
            return shown
        for level, number, width in new_tiles(done or 0, shown.size):
            if level == 0:
                self._place_entries(log, tree, number, width)
            self._place(tile_path(str(level), number, width), tree.tile(level, number))
        signed = next(key for key in self.keys if verify_lines(Note.parse(note), shown, [key])[0])
        known = self.keys[self.keys.index(signed) :]  # newer ones are declared beyond this size
        if _held(self.folder / "vkey") != (vkey := format_vkeys(known)):
            self._placing.place("vkey", vkey)
        self._placing.settle()
        if _held(self.folder / f"history/{shown.size}") is None:
            self._placing.place(f"history/{shown.size}", note)
        self._placing.settle()
        self._newest = shown
        self._placing.place("checkpoint", note)
        self._placing.settle()
        self._remove_partial(done or 0, shown.size)
        return shown

    def publish_cosigned(self, note: bytes) -> bool:
        """Replace ``checkpoint`` by the same one with more cosignatures; False if it has moved on.

        Who collects cosignatures has verified them: here the log's own is.
        """
        held = self.note()
        if held is None or Note.parse(held).body != Note.parse(note).body:
            return False
        verify_log(note, self.keys)
        self._replace("checkpoint", note)
        return True

    def publish_witnessed(self, note: bytes) -> None:
        """Keep in ``witnessed`` the newest note that has its quorum, apart from ``checkpoint``.

        A log that grows while its witnesses answer has a newer checkpoint already.
        """
        shown = verify_log(note, self.keys)
        held = _held(self.folder / "witnessed")
        if held is None or parse_body(Note.parse(held).body).size <= shown.size:
            self._replace("witnessed", note)

    def keep(self, name: str, data: bytes) -> None:
        """Place another file of the log: its policy, its witnesses' standing, evidence."""
        self._replace(name, data)

    def _replace(self, name: str, data: bytes) -> None:
        if _held(self.folder / name) != data:
            self._placing.place(name, data)
        self._placing.settle()

    def _place_entries(self, log: LogSource, tree: TileTree, number: int, width: int) -> None:
        name = tile_path("entries", number, width)
        data = log.read_entries(number, width)
        signed = tree.tile(0, number)
        for offset, entry in enumerate(split_entries(data, name, width)):
            if leaf_hash(entry) != signed[offset * 32 : offset * 32 + 32]:
                raise BadProof(f"{name}: entry {number * TILE + offset} is not what was recorded")
        self._place(name, data)

    def _place(self, name: str, data: bytes) -> None:
        held = _held(self.folder / name)
        if held is None:
            self._placing.place(name, data)
        elif held != data:
            raise Forked(
                f"{name}: the published tile differs from the log's, and what is published is "
                "never changed: compare it with a copy that somebody else has"
            )

    def _remove_partial(self, old: int, new: int) -> None:
        """Remove partial tiles that neither this checkpoint nor the one before it needs.

        Of a tile that is full now none is needed: clients take the full one.  A failure leaves
        files that harm nobody.
        """
        levels = ["entries", *map(str, range((old.bit_length() + HEIGHT - 1) // HEIGHT))]
        for name in levels:
            up = HEIGHT * int(name) if name.isdigit() else 0
            number, width = divmod(old >> up, TILE)
            folder = (self.folder / tile_path(name, number, 1)).parent
            with contextlib.suppress(OSError):
                if (new >> up) // TILE > number:
                    shutil.rmtree(folder)
                    continue
                for path in folder.iterdir():
                    if path.name not in {str(width), str((new >> up) % TILE)}:
                        path.unlink()


def new_tiles(old: int, new: int) -> Iterator[tuple[int, int, int]]:
    """Yield level, number and width of each tile that a tree of `new` has and one of `old` not."""
    for level in range((new.bit_length() + HEIGHT - 1) // HEIGHT):
        before, hashes = old >> (HEIGHT * level), new >> (HEIGHT * level)
        if before == hashes:
            continue
        for number in range(before // TILE, hashes // TILE):
            yield level, number, TILE
        if hashes % TILE:
            yield level, hashes // TILE, hashes % TILE


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _held(path: Path) -> bytes | None:
    try:
        return read_file(path.parent, path.name)
    except Unreadable:
        if os.path.lexists(path):
            raise
        return None
