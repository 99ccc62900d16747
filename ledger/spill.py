"""A view of a log that does not fit memory: what rules ask for, kept in temporary files.

The files have no name: they are gone when they are closed, also where the audit is killed.  They
need about as much room as the log's entries and a hundred bytes more for each; set TMPDIR where
the usual folder for temporary files is too small.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import FileIO
from typing import Final, Protocol

from ledger.chain import MemoryLog
from ledger.entries import Entry
from ledger.names import Column, Names, own_files
from ledger.view import View

SPILL_FROM = 10_000  # entries; in memory an entry takes some five kilobytes
ENTRIES_KEPT = 16_384  # entries that were asked for last, some 80 megabytes
KEPT_MAX = 2_048  # bytes of an entry that is kept: a hostile log has longer ones
UNWRITTEN_MAX = 1 << 20  # bytes of entries that wait to be written together
NAMES = 4  # of an entry: its subject's, its kind's in the subject, its leaf's, its act's

_NOTHING: Final[tuple[Entry, ...]] = ()


class GrowingView(View, Protocol):
    """A view to which an audit adds each entry after it was checked."""

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry from then on."""

    def is_new(self, text: str) -> bool:
        """Whether this text is handed in for the first time."""


@dataclass(slots=True)
class WholeView(MemoryLog):
    """A growing view in memory, for logs that fit."""

    _met: set[str] = field(default_factory=set)

    def is_new(self, text: str) -> bool:
        """Whether this text is handed in for the first time."""
        new = text not in self._met
        self._met.add(text)
        return new


@contextlib.contextmanager
def growing_view(size: int, *, spill_from: int = SPILL_FROM) -> Iterator[GrowingView]:
    """Open a view for a log of that size; one that cannot be written raises `Unreadable`."""
    if size < spill_from:
        yield WholeView()
        return
    with contextlib.ExitStack() as opened:
        with own_files():
            file = opened.enter_context(tempfile.TemporaryFile(buffering=0))
        yield SpilledView(file, size)


class SpilledView:
    """A growing view whose entries stand in a file, which is the caller's to close.

    Holds the entries of a log from its first on; `size` is how many are expected.
    """

    def __init__(self, file: FileIO, size: int) -> None:
        self._file = file
        self._starts = Column("Q", size + 1)  # where in the file each entry begins, and they end
        self._unwritten = bytearray()
        self._written = 0  # bytes of the file
        self._held = 0
        self._names = Names(NAMES * size)
        self._texts = Names(size // 4)
        self._key = secrets.token_bytes(32)
        self._entries = _Recent(ENTRIES_KEPT)

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry from then on."""
        self._append(entry.data)
        put = self._names.put
        put(hash(("subject", entry.subject)))
        put(hash(("kind", entry.kind, entry.subject)))
        put(hash(("leaf", entry.leaf.hex())))
        put(hash(("act", entry.act_digest)))
        self._keep(entry.index, entry)

    def is_new(self, text: str) -> bool:
        """Whether this text is handed in for the first time.

        Told by 64 bits under a key that nobody knows.
        """
        digest = hashlib.blake2b(text.encode(), digest_size=8, key=self._key).digest()
        name = int.from_bytes(digest, signed=True)
        new = not self._texts.newest(name)
        if new:
            self._texts.put(name)
        return new

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        number = self._names.newest(hash(("subject", subject)))
        return self._first(number, lambda e: e.subject == subject) if number else None

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        number = self._names.newest(hash(("kind", kind, subject)))
        if not number:
            return iter(_NOTHING)  # as most answers are
        return self._all(number, lambda e: e.kind == kind and e.subject == subject)

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""
        number = self._names.newest(hash(("leaf", leaf)))
        return self._first(number, lambda e: e.leaf.hex() == leaf) if number else None

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        number = self._names.newest(hash(("act", digest)))
        return self._first(number, lambda e: e.act_digest == digest) if number else None

    def _first(self, number: int, fits: Callable[[Entry], bool]) -> Entry | None:
        return next(self._all(number, fits), None)

    def _all(self, number: int, fits: Callable[[Entry], bool]) -> Iterator[Entry]:
        """Yield the entries under a name that are really of it, from a number of it backwards."""
        before = None
        while number:
            place = (number - 1) // NAMES
            if place != before:  # two names of one entry may fall together
                entry = self._load(place)
                if fits(entry):
                    yield entry
            before, number = place, self._names.before(number)

    def _append(self, data: bytes) -> None:
        self._unwritten += data
        self._held += 1
        if self._held == len(self._starts):
            self._starts.widen(2 * self._held)
        self._starts.numbers[self._held] = self._written + len(self._unwritten)
        if len(self._unwritten) >= UNWRITTEN_MAX:
            with own_files():
                self._file.seek(self._written)
                left = bytes(self._unwritten)
                while left:
                    left = left[self._file.write(left) :]
            self._written += len(self._unwritten)
            self._unwritten.clear()

    def _load(self, place: int) -> Entry:
        entry = self._entries.get(place)
        if entry is None:
            entry = Entry.reread(self._read(place), place)
            self._keep(place, entry)
        return entry

    def _read(self, place: int) -> bytes:
        start, end = self._starts.numbers[place], self._starts.numbers[place + 1]
        if start >= self._written:
            return bytes(self._unwritten[start - self._written : end - self._written])
        with own_files():
            self._file.seek(start)
            return self._file.read(end - start)

    def _keep(self, place: int, entry: Entry) -> None:
        if len(entry.data) <= KEPT_MAX:
            self._entries.put(place, entry)


class _Recent:
    """The entries that were put or asked for last, by place."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[int, Entry] = OrderedDict()

    def get(self, place: int) -> Entry | None:
        entry = self._kept.get(place)
        if entry is not None:
            self._kept.move_to_end(place)
        return entry

    def put(self, place: int, entry: Entry) -> None:
        self._kept[place] = entry
        self._kept.move_to_end(place)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
