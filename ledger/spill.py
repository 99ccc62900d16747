"""A view of a log that does not fit memory: what rules ask for, kept in a temporary database.

The database is SQLite's own temporary kind: a file without a name, which is gone when it is
closed, also where the audit is killed.  It needs about as much room as the log's entries; set
SQLITE_TMPDIR where the usual folder for temporary files is too small.  Names are kept as the
first eight bytes of a hash, and what is found under one is compared before it is believed.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from ledger.chain import MemoryLog
from ledger.entries import Entry
from ledger.errors import Unreadable
from ledger.view import View

SPILL_FROM = 10_000  # entries; in memory an entry takes some five kilobytes
ENTRIES_KEPT = 512  # entries that were asked for last, some three megabytes; more gain nothing
KEPT_MAX = 2_048  # bytes of an entry that is kept: a hostile log has longer ones
NAMES_KEPT = 16_384  # subjects whose newest entry is known without asking the database

Kept = TypeVar("Kept")

_NOWHERE = -1
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE entry (place INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE found (name INTEGER, place INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID;
CREATE TABLE met (text BLOB PRIMARY KEY) WITHOUT ROWID;
BEGIN;
"""


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
    with contextlib.closing(sqlite3.connect("", isolation_level=None)) as database:
        try:
            yield SpilledView(database)
        except sqlite3.Error as error:
            raise Unreadable(f"the audit's own temporary file: {error}") from error


class SpilledView:
    """A growing view whose entries stand in a database, which is the caller's to close."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._database.executescript(_SCHEMA)
        self._entries: _Recent[Entry] = _Recent(ENTRIES_KEPT)
        self._newest: _Recent[int] = _Recent(NAMES_KEPT)

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry from then on."""
        place = entry.index
        self._database.execute("INSERT INTO entry VALUES (?, ?)", (place, entry.data))
        of_subject = _name("subject", entry.subject)
        of_kind = _name("kind", entry.kind, entry.subject)
        names = (
            of_subject,
            of_kind,
            _name("leaf", entry.leaf.hex()),
            _name("act", entry.signed.act.digest),
        )
        self._database.executemany(
            "INSERT OR IGNORE INTO found VALUES (?, ?)", [(name, place) for name in names]
        )
        self._keep(place, entry)
        self._newest.put(of_subject, place)
        self._newest.put(of_kind, place)

    def is_new(self, text: str) -> bool:
        """Whether this text is handed in for the first time."""
        done = self._database.execute("INSERT OR IGNORE INTO met VALUES (?)", (text.encode(),))
        return done.rowcount == 1

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        name = _name("subject", subject)
        return next(self._of(name, lambda e: e.subject == subject, self._top(name)), None)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        name = _name("kind", kind, subject)
        return self._of(name, lambda e: (e.kind, e.subject) == (kind, subject), self._top(name))

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""
        name = _name("leaf", leaf)
        return next(self._of(name, lambda e: e.leaf.hex() == leaf, self._place(name)), None)

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        name = _name("act", digest)
        return next(
            self._of(name, lambda e: e.signed.act.digest == digest, self._place(name)), None
        )

    def _of(self, name: int, fits: Callable[[Entry], bool], place: int) -> Iterator[Entry]:
        """Yield the entries under a name that are really of it, from a place backwards."""
        while place != _NOWHERE:
            entry = self._load(place)
            if fits(entry):
                yield entry
            place = self._place(name, place)

    def _top(self, name: int) -> int:
        """Return the newest place under the name of a subject, which rules ask for often."""
        place = self._newest.get(name)
        if place is None:
            place = self._place(name)
            self._newest.put(name, place)
        return place

    def _place(self, name: int, before: int = 2**63 - 1) -> int:
        query = "SELECT max(place) FROM found WHERE name = ? AND place < ?"
        (place,) = self._database.execute(query, (name, before)).fetchone()
        return _NOWHERE if place is None else int(place)

    def _load(self, place: int) -> Entry:
        entry = self._entries.get(place)
        if entry is None:
            query = "SELECT data FROM entry WHERE place = ?"
            (data,) = self._database.execute(query, (place,)).fetchone()
            entry = Entry.parse(data, place)
            self._keep(place, entry)
        return entry

    def _keep(self, place: int, entry: Entry) -> None:
        if len(entry.data) <= KEPT_MAX:
            self._entries.put(place, entry)


class _Recent(Generic[Kept]):
    """What was put or asked for last, by number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[int, Kept] = OrderedDict()

    def get(self, number: int) -> Kept | None:
        if number in self._kept:
            self._kept.move_to_end(number)
        return self._kept.get(number)

    def put(self, number: int, value: Kept) -> None:
        self._kept[number] = value
        self._kept.move_to_end(number)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _name(*parts: str) -> int:
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
