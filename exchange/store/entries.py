"""The SQL form of `ledger.chain.EntryStore`, on the business transaction's own connection.

A subject is read once in a transaction, since every
act asks many things of the same few.  SQLite has one writer, so an entry gets its place in the
very transaction.  PostgreSQL has many: there an entry waits, and `exchange.store.sequencing`
places everything that waits in one batch after the commit; what an entry rests on is locked until
then by subject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select, text
from sqlmodel import SQLModel

from exchange.store.rows import EntryRow, PlaceRow, WaitingRow
from exchange.store.sequencing import place_entries, read_edge
from exchange.store.statements import Statement, insert_rows
from ledger.entries import Entry
from ledger.merkle import Edge
from ledger.view import View

_ENTRY: Any = SQLModel.metadata.tables[EntryRow.__tablename__]
_PLACE: Any = SQLModel.metadata.tables[PlaceRow.__tablename__]
_WAITING: Any = SQLModel.metadata.tables[WaitingRow.__tablename__]
_FOUND: Any = select(_ENTRY.c.body, _PLACE.c.place).join_from(
    _ENTRY, _PLACE, _PLACE.c.entry == _ENTRY.c.id, isouter=True
)
_ROW: Any = select(_ENTRY.c.kind, _ENTRY.c.leaf, _ENTRY.c.body, _PLACE.c.place).join_from(
    _ENTRY, _PLACE, _PLACE.c.entry == _ENTRY.c.id, isouter=True
)
_NEWEST_FIRST: Any = _ROW.where(_ENTRY.c.subject == bindparam("subject")).order_by(
    _ENTRY.c.version.desc()
)
_STORY = Statement(_NEWEST_FIRST.limit(bindparam("limit")))
_OF_KIND = Statement(
    _NEWEST_FIRST.where(_ENTRY.c.kind == bindparam("kind"))
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_BY_LEAF = Statement(_ROW.where(_ENTRY.c.leaf == bindparam("asked")))
_BY_ACT = Statement(_ROW.where(_ENTRY.c.act == bindparam("asked")))
_HOLD = Statement(select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger))))
_SHARE = Statement(select(func.pg_advisory_xact_lock_shared(bindparam("key", type_=BigInteger))))
_ACCOUNT, _CROWD_KEY = "account", bindparam("crowd", type_=BigInteger)
_HOLD_ONE = Statement(  # of a crowd: whoever takes it whole waits, and is waited for
    select(
        func.pg_advisory_xact_lock_shared(_CROWD_KEY),
        func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)),
    )
)
_SHARE_ONE = Statement(
    select(
        func.pg_advisory_xact_lock_shared(_CROWD_KEY),
        func.pg_advisory_xact_lock_shared(bindparam("key", type_=BigInteger)),
    )
)
_LAST_KEY = Statement(select(func.max(_ENTRY.c.id)))
_ADD_ROW = Statement(insert(_ENTRY))
_ADD_ONE = Statement(insert(_ENTRY).returning(_ENTRY.c.id))
_WAIT_ROW = Statement(insert(_WAITING))
# Over PostgreSQL rows go as one array a column, and keys are given in their order.
_ADD_ARRAYS = """
INSERT INTO ledger_entry (subject, version, kind, act, leaf, body)
SELECT subject, version, kind, act, leaf, body
FROM unnest(
    CAST(:subject AS text[]), CAST(:version AS int[]), CAST(:kind AS text[]),
    CAST(:act AS bytea[]), CAST(:leaf AS text[]), CAST(:body AS bytea[])
) WITH ORDINALITY AS new (subject, version, kind, act, leaf, body, nth)
ORDER BY nth
RETURNING id
"""
_ADD = Statement(text(_ADD_ARRAYS))
_ADD_WAITING = Statement(
    text(f"WITH added AS ({_ADD_ARRAYS}) INSERT INTO ledger_waiting SELECT id FROM added")  # noqa: S608 - constants
)
_TOLD = ("subject", "version", "kind", "act", "leaf", "body")
_WINDOW = 1_000  # entries read at a time
_NEWEST = 8  # entries of a kind read first; most questions are about the newest one
# Accounts that are locked one by one.  A settlement cycle takes them by the thousand, and a server
# has room for some thousands of locks in all (max_locks_per_transaction), so it takes them whole.
_CROWD_MIN = 256
_STORY_MAX = 40  # entries of a subject that are read whole; of a longer one, kind by kind

# The same bytes are always the same entry, and those of the house and of its merchants are asked
# for by every act.
_parsed = lru_cache(maxsize=1_024)(Entry.parse)


@dataclass(slots=True)
class _Kept:
    """A row of an entry, read into one when somebody asks for it."""

    kind: str
    leaf: str
    body: bytes
    place: int | None
    _entry: Entry | None = None

    @classmethod
    def of(cls, entry: Entry, leaf: str) -> Self:
        return cls(entry.kind, leaf, entry.data, entry.place, entry)

    def entry(self) -> Entry:
        if self._entry is None:
            self._entry = _parsed(self.body, self.place)
        return self._entry


class _Known:
    """What a transaction has read of the log, while nobody can have changed it.

    `stories` are whole subjects, newest first, None for one that is too long; `single` are entries
    by the question and the leaf hash or act asked for, and `absent` what there was none for.
    `held` are the subjects that are locked, `owned` those that are locked exclusively; `crowded`
    says that every account is.
    """

    def __init__(self) -> None:
        self.stories: dict[str, list[_Kept] | None] = {}
        self.single: dict[tuple[Statement, str], _Kept] = {}
        self.absent: set[tuple[Statement, str]] = set()
        self.held: set[str] = set()
        self.owned: set[str] = set()
        self.crowded = False

    def holds(self, subject: str) -> bool:
        """Whether nobody else can append to a subject."""
        return subject in self.held or (self.crowded and _of_crowd(subject))

    def owns(self, subject: str) -> bool:
        """Whether nobody else can append to a subject or hold it."""
        return subject in self.owned or (self.crowded and _of_crowd(subject))

    def lock_crowd(self) -> None:
        """Forget what may have changed before all accounts were locked."""
        for subject in [each for each in self.stories if _of_crowd(each)]:
            if subject not in self.held:
                del self.stories[subject]
        self.absent.clear()
        self.crowded = True

    def lock(self, subject: str, *, exclusively: bool) -> None:
        """Forget what may have changed before the subject was locked."""
        if subject not in self.held:
            self.stories.pop(subject, None)
            self.absent.clear()
        self.held.add(subject)
        if exclusively:
            self.owned.add(subject)

    def forget(self) -> None:
        """Read anew, after entries were added of which nobody knows here."""
        self.stories.clear()
        self.absent.clear()

    def add(self, entry: Entry, leaf: str) -> None:
        """Know an entry that this transaction has added."""
        kept = _Kept.of(entry, leaf)
        story = self.stories.get(entry.subject)
        if story is not None:
            story.insert(0, kept)
        self.single |= {(_BY_LEAF, leaf): kept, (_BY_ACT, entry.act_digest): kept}
        self.absent.clear()


class SqlEntries:
    """The entries of one log.

    With `inline` an entry gets its place as it is added, under the head's lock.  `added` are
    the leaf hashes of the entries that this transaction has added.
    """

    def __init__(
        self, connection: Connection, *, inline: bool, known: _Known | None = None
    ) -> None:
        self._connection = connection
        self._inline = inline
        self._known = known or _Known()
        self._alone = connection.dialect.name == "sqlite"  # one writer at a time
        self._edge: Edge | None = None  # where one writes at a time, and so nobody moves it on
        self.added: list[bytes] = []

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        story = self._story(subject)
        if story is None:
            story = self._rows(_STORY, subject=subject, limit=1)
        return story[0].entry() if story else None

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        story = self._story(subject)
        if story is not None:
            return (kept.entry() for kept in tuple(story) if kept.kind == kind)
        return self._long_story(subject, kind)

    def _long_story(self, subject: str, kind: str) -> Iterator[Entry]:
        offset, limit = 0, _NEWEST
        while True:
            rows = self._rows(_OF_KIND, subject=subject, kind=kind, limit=limit, offset=offset)
            for kept in rows:
                yield kept.entry()
            if len(rows) < limit:
                return
            offset, limit = offset + limit, _WINDOW

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash."""
        return self._one(_BY_LEAF, leaf, leaf)

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        return self._one(_BY_ACT, digest, bytes.fromhex(digest))

    def _story(self, subject: str) -> list[_Kept] | None:
        """Return a subject's entries, newest first, or None where they are too many."""
        stories = self._known.stories
        if subject not in stories:
            rows = self._rows(_STORY, subject=subject, limit=_STORY_MAX + 1)
            stories[subject] = rows if len(rows) <= _STORY_MAX else None
            self._known.single |= {(_BY_LEAF, kept.leaf): kept for kept in rows}
        return stories[subject]

    def _one(self, query: Statement, name: str, asked: str | bytes) -> Entry | None:
        known, key = self._known, (query, name)
        if key not in known.single and key not in known.absent:
            found = self._rows(query, asked=asked)
            known.single.update((key, kept) for kept in found)
            known.absent.update([] if found else [key])
        kept = known.single.get(key)
        return kept.entry() if kept else None

    def _rows(self, query: Statement, **asked: str | bytes | int) -> list[_Kept]:
        return [_Kept(*row) for row in query.rows(self._connection, asked)]

    def edge(self) -> Edge:
        """Return the tree's right edge over the entries that have a place."""
        edge = self._edge or read_edge(self._connection)
        if self._alone:
            self._edge = edge
        return edge

    def next_place(self) -> int | None:
        """Return the size of the log where entries are placed at once, else None."""
        return self.edge().size if self._inline else None

    def reserve(self, *subjects: str) -> None:
        """Let nobody else append to these subjects, nor reserve them, till the transaction ends.

        Where they are many accounts, all accounts are reserved.
        """
        if self._alone:
            return
        if sum(map(_of_crowd, subjects)) >= _CROWD_MIN and not self._known.crowded:
            _HOLD.rows(self._connection, {"key": _lock_key(_ACCOUNT)})
            self._known.lock_crowd()
        for subject in sorted(subjects):  # in one order, so that two never wait crosswise
            self._own(subject)

    def steady(self, subject: str) -> View:
        """Return a view in which nothing changes until the transaction ends."""
        if self._alone:
            return self  # the transaction holds the one write lock
        self._own(subject)
        return _SteadyEntries(self._connection, inline=self._inline, known=self._known)

    def _own(self, subject: str) -> None:
        """Lock a subject exclusively, until the transaction ends."""
        if not self._known.owns(subject):
            self._lock(subject, alone=_HOLD, of_crowd=_HOLD_ONE)
            self._known.lock(subject, exclusively=True)

    def _lock(self, subject: str, *, alone: Statement, of_crowd: Statement) -> None:
        asked = {"key": _lock_key(subject)}
        if _of_crowd(subject):
            of_crowd.rows(self._connection, asked | {"crowd": _lock_key(_ACCOUNT)})
        else:
            alone.rows(self._connection, asked)

    def add(self, entry: Entry) -> Entry:
        """Insert the entry; place it, or leave it waiting for its place."""
        return self.add_all([entry])[0]

    def add_all(self, entries: Sequence[Entry]) -> list[Entry]:
        """Insert entries in their order; place them, or leave them waiting for their places.

        An entry of a subject that has the version already is an `IntegrityError`, and then the
        transaction must be rolled back.
        """
        if not entries:
            return []
        leaves = [entry.leaf for entry in entries]
        rows = [
            {
                "subject": entry.subject,
                "version": entry.version,
                "kind": entry.kind,
                # As its 32 bytes: as text it would weigh on every entry.
                "act": bytes.fromhex(entry.act_digest),
                "leaf": leaf.hex(),
                "body": entry.data,
            }
            for entry, leaf in zip(entries, leaves, strict=True)
        ]
        self.added += leaves
        if self._inline:
            edge = self._edge or read_edge(self._connection, lock=True)
            keys = self._insert(rows)
            moved = place_entries(self._connection, list(zip(keys, leaves, strict=True)), edge)
            if self._edge:
                self._edge = moved
            entries = [
                entry if entry.place == place else replace(entry, place=place)
                for place, entry in enumerate(entries, edge.size)
            ]
        else:
            self._insert_waiting(rows)
        for entry, leaf in zip(entries, leaves, strict=True):
            self._known.add(entry, leaf.hex())
        return list(entries)

    def add_rows(self, told: Sequence[tuple[Any, ...]]) -> None:
        """Insert entries as rows of the table, in their order; place them, or leave them waiting.

        A row is subject, version, kind, digest of the act, leaf hash in hex and bytes; whoever
        made it answers for its fields and for its bytes being one.
        """
        if not told:
            return
        leaves = [bytes.fromhex(row[4]) for row in told]
        self.added += leaves
        if self._inline:
            edge = self._edge or read_edge(self._connection, lock=True)
            keys = self._insert_told(told)
            moved = place_entries(self._connection, list(zip(keys, leaves, strict=True)), edge)
            if self._edge:
                self._edge = moved
        else:
            self._insert_waiting([dict(zip(_TOLD, row, strict=True)) for row in told])
        self._known.forget()

    def _insert_told(self, told: Sequence[tuple[Any, ...]]) -> Sequence[int]:
        if not self._alone:
            return self._insert([dict(zip(_TOLD, row, strict=True)) for row in told])
        newest = _LAST_KEY.value(self._connection) or 0
        keys = range(newest + 1, newest + 1 + len(told))
        rows = [(key, *row) for key, row in zip(keys, told, strict=True)]
        insert_rows(self._connection, _ENTRY.name, ("id", *_TOLD), rows)
        return keys

    def _insert(self, rows: Sequence[dict[str, Any]]) -> Sequence[int]:
        """Insert rows of entries and return their keys, which count up in the order of the rows."""
        connection = self._connection
        if not self._alone:
            return sorted(key for (key,) in _ADD.rows(connection, _columns(rows)))
        if len(rows) == 1:
            return [_ADD_ONE.value(connection, rows[0])]
        newest = _LAST_KEY.value(connection) or 0
        keys = range(newest + 1, newest + 1 + len(rows))
        keyed = [{"id": key, **row} for key, row in zip(keys, rows, strict=True)]
        _ADD_ROW.change_each(connection, keyed)
        return keys

    def _insert_waiting(self, rows: Sequence[dict[str, Any]]) -> None:
        if not self._alone:
            _ADD_WAITING.change(self._connection, _columns(rows))
        else:
            keys = [{"entry": key} for key in self._insert(rows)]
            _WAIT_ROW.change_each(self._connection, keys)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield placed entries in order, a window at a time."""
        while True:
            rows = self._connection.execute(
                _FOUND.where(_PLACE.c.place >= start).order_by(_PLACE.c.place).limit(_WINDOW)
            ).all()
            for body, place in rows:
                yield Entry.parse(body, place)
            if len(rows) < _WINDOW:
                return
            start += _WINDOW

    def waiting(self) -> Iterator[Entry]:
        """Yield the entries that wait for their place, in the order in which they will get it."""
        waiting = _FOUND.join(_WAITING, _WAITING.c.entry == _ENTRY.c.id)
        for body, _ in self._connection.execute(waiting.order_by(_ENTRY.c.id)).all():
            yield Entry.parse(body, None)


class _SteadyEntries(SqlEntries):
    """The same entries under locks by subject, which end with the transaction.

    The lock of the subject that is appended to is exclusive and taken first, those of subjects
    that are read are shared.  So of two transactions where one rests on what the other changes,
    the second starts reading when the first has committed, and its entry has the later key.
    """

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject, and keep it the newest."""
        self._hold(subject)
        return super().last(subject)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first, and let none be added."""
        self._hold(subject)
        return super().of_kind(subject, kind)

    def _hold(self, subject: str) -> None:
        if not self._known.holds(subject):
            self._lock(subject, alone=_SHARE, of_crowd=_SHARE_ONE)
            self._known.lock(subject, exclusively=False)


def _columns(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def _of_crowd(subject: str) -> bool:
    return subject.startswith("account/")


def _lock_key(subject: str) -> int:
    """Return 64 bits of the subject's hash: subjects that share them wait more than they need."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big", signed=True)
