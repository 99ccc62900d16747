"""A view of a log that does not fit memory: what rules ask for, kept in temporary files.

The files have no name: they are gone when they are closed, also where the audit is killed.  They
need about as much room as the log's entries and a hundred bytes more for each; set TMPDIR where
the usual folder for temporary files is too small.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import FileIO
from itertools import chain, islice
from typing import Final, Protocol, TypeVar

from ledger.chain import MemoryLog
from ledger.entries import Entry
from ledger.names import Column, Names, own_files
from ledger.view import View

SPILL_FROM = 10_000  # entries; in memory an entry takes some five kilobytes
ENTRIES_KEPT = 16_384  # entries that were asked for lately, twice as many at most: 160 megabytes
ANSWERS_KEPT = 32_768  # answers alike, most of them that there is nothing
SHORT = 4  # entries that an answer has at most which is kept
KEPT_MAX = 4_096  # bytes of an entry that is kept: a hostile log has longer ones
UNWRITTEN_MAX = 1 << 20  # bytes of entries that wait to be written together
NAMES = 4  # of an entry: its subject's, its kind's in the subject, its leaf's, its act's

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Answer = tuple[tuple[Entry, ...], bool]  # newest entries of a kind in a subject; may there be more?

_OF_KIND: Final = 2  # the second of an entry's names, counted from 1


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
        opened.enter_context(_collected_seldom())
        with own_files():
            file = opened.enter_context(tempfile.TemporaryFile(buffering=0))
        yield SpilledView(file, size)


@contextlib.contextmanager
def _collected_seldom() -> Iterator[None]:
    """Look for cycles of objects less often: what a view keeps lives long and has none.

    A quarter of the time of an audit went into looking through it again and again.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
        self._entries: _Lately[int, Entry] = _Lately(ENTRIES_KEPT)
        self._leaves: _Lately[str, Entry] = _Lately(ENTRIES_KEPT)
        self._last: _Lately[str, Entry] = _Lately(ENTRIES_KEPT)
        self._answers: _Lately[tuple[str, str], Answer] = _Lately(ANSWERS_KEPT)

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry from then on."""
        self._append(entry.data)
        leaf, key = entry.leaf.hex(), (entry.kind, entry.subject)
        put = self._names.put
        put(hash(("subject", entry.subject)))
        before = put(hash(("kind", *key)))
        put(hash(("leaf", leaf)))
        put(hash(("act", entry.act_digest)))
        if len(entry.data) > KEPT_MAX:
            self._answers.drop(key)
            self._last.drop(entry.subject)
            return
        self._entries.put(entry.index, entry)
        self._leaves.put(leaf, entry)
        self._last.put(entry.subject, entry)
        answer = self._answers.find(key) if before else ((), False)
        if answer is not None:
            known, more = answer
            self._answers.put(key, ((entry, *known[: SHORT - 1]), more or len(known) == SHORT))

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
        found = self._last.find(subject)
        if found is None:
            number = self._names.newest(hash(("subject", subject)))
            found = next(self._all(number, lambda e: e.subject == subject), None)
            if found and len(found.data) <= KEPT_MAX:
                self._last.put(subject, found)
        return found

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        known, more = self._answers.get((kind, subject)) or self._answer(subject, kind)
        return chain(known, self._older(known[-1])) if more else iter(known)

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""
        found = self._leaves.find(leaf)
        if found is None:
            number = self._names.newest(hash(("leaf", leaf)))
            found = next(self._all(number, lambda e: e.leaf.hex() == leaf), None)
            if found and len(found.data) <= KEPT_MAX:
                self._leaves.put(leaf, found)
        return found

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        number = self._names.newest(hash(("act", digest)))
        return next(self._all(number, lambda e: e.act_digest == digest), None) if number else None

    def _answer(self, subject: str, kind: str) -> Answer:
        """Find the newest entries of a kind in a subject, as many as are kept."""
        lately = self._answers.find((kind, subject))
        if lately:
            return lately
        number = self._names.newest(hash(("kind", kind, subject)))
        found = self._all(number, lambda e: e.kind == kind and e.subject == subject)
        known = tuple(islice(found, SHORT))
        answer = known, len(known) == SHORT
        if all(len(entry.data) <= KEPT_MAX for entry in known):
            self._answers.put((kind, subject), answer)
        return answer

    def _older(self, entry: Entry) -> Iterator[Entry]:
        """Yield the entries of the same kind and subject before one."""
        kind, subject = entry.kind, entry.subject
        number = entry.index * NAMES + _OF_KIND
        fits = lambda e: e.kind == kind and e.subject == subject  # noqa: E731 - as above
        yield from self._all(number, fits, beyond=entry.index)

    def _all(
        self, number: int, fits: Callable[[Entry], bool], beyond: int | None = None
    ) -> Iterator[Entry]:
        """Yield the entries under a name that are really of it, from a number of it backwards."""
        while number:
            place = (number - 1) // NAMES
            if place != beyond:  # two names of one entry may fall together
                entry = self._load(place)
                if fits(entry):
                    yield entry
            beyond, number = place, self._names.before(number)

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
        entry = self._entries.find(place)
        if entry is None:
            entry = Entry.reread(self._read(place), place)
            if len(entry.data) <= KEPT_MAX:
                self._entries.put(place, entry)
        return entry

    def _read(self, place: int) -> bytes:
        start, end = self._starts.numbers[place], self._starts.numbers[place + 1]
        if start >= self._written:
            return bytes(self._unwritten[start - self._written : end - self._written])
        with own_files():
            self._file.seek(start)
            return self._file.read(end - start)


class _Lately(dict[Key, Kept]):
    """What was put lately, and by `find` what was before that: twice `most` in all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._before: dict[Key, Kept] = {}

    def find(self, key: Key) -> Kept | None:
        """Return what was put under a key, and keep it for longer."""
        found = self.get(key)
        if found is None and (found := self._before.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Key, value: Kept) -> None:
        self[key] = value
        if len(self) >= self._most:
            self._before = dict(self)
            self.clear()

    def drop(self, key: Key) -> None:
        self.pop(key, None)
        self._before.pop(key, None)
