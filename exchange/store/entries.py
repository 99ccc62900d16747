"""The SQL form of `ledger.chain.EntryStore`, on the business transaction's own connection.

Rows are inserted with statements of the drivers' own: through Core each costs several times as
much, through the ORM 17 to 20 times.  SQLite has one writer, so an entry gets its place in the
very transaction.  PostgreSQL has many: there an entry waits, and `exchange.store.sequencing`
places everything that waits in one batch after the commit; what an entry rests on is locked until
then by subject.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Connection, Integer, bindparam, func, select
from sqlmodel import SQLModel

from exchange.store.rows import EntryRow, PlaceRow, WaitingRow
from exchange.store.sequencing import place_entries, read_edge
from ledger.entries import Entry
from ledger.merkle import Edge
from ledger.view import View

_ENTRY: Any = SQLModel.metadata.tables[EntryRow.__tablename__]
_PLACE: Any = SQLModel.metadata.tables[PlaceRow.__tablename__]
_WAITING: Any = SQLModel.metadata.tables[WaitingRow.__tablename__]
# Questions are put together once: that costs more than asking them.
_FOUND: Any = select(_ENTRY.c.body, _PLACE.c.place).join_from(
    _ENTRY, _PLACE, _PLACE.c.entry == _ENTRY.c.id, isouter=True
)
_OF_SUBJECT: Any = _FOUND.where(_ENTRY.c.subject == bindparam("subject"))
_LAST: Any = _OF_SUBJECT.order_by(_ENTRY.c.version.desc()).limit(1)
_OF_KIND: Any = (
    _OF_SUBJECT.where(_ENTRY.c.kind == bindparam("kind"))
    .order_by(_ENTRY.c.version.desc())
    .offset(bindparam("offset", type_=Integer))
    .limit(bindparam("limit", type_=Integer))
)
_BY_LEAF: Any = _FOUND.where(_ENTRY.c.leaf == bindparam("leaf"))
_BY_ACT: Any = _FOUND.where(_ENTRY.c.act == bindparam("act"))
_HOLD: Any = select(func.pg_advisory_xact_lock(bindparam("key", type_=BigInteger)))
_SHARE: Any = select(func.pg_advisory_xact_lock_shared(bindparam("key", type_=BigInteger)))
_ADD_ROW = (
    "INSERT INTO ledger_entry (id, subject, version, kind, act, leaf, body) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_WAIT_ROW = "INSERT INTO ledger_waiting (entry) VALUES (?)"
# Rows go as one array a column, and keys are given in their order.
_ADD = """
INSERT INTO ledger_entry (subject, version, kind, act, leaf, body)
SELECT subject, version, kind, act, leaf, body
FROM unnest(%s::text[], %s::int[], %s::text[], %s::bytea[], %s::text[], %s::bytea[])
    WITH ORDINALITY AS new (subject, version, kind, act, leaf, body, nth)
ORDER BY nth
RETURNING id
"""
_ADD_WAITING = f"WITH added AS ({_ADD}) INSERT INTO ledger_waiting SELECT id FROM added"  # noqa: S608 - constants
_WINDOW = 1_000  # entries read at a time
_NEWEST = 8  # entries of a kind read first; most questions are about the newest one


class SqlEntries:
    """The entries of one log.

    With `inline` an entry gets its place as it is added, under the head's lock.  `added` are
    the leaf hashes of the entries that this transaction has added.
    """

    def __init__(self, connection: Connection, *, inline: bool) -> None:
        self._connection = connection
        self._inline = inline
        self.added: list[bytes] = []

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        return self._one(_LAST, subject=subject)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        offset, limit = 0, _NEWEST
        while True:
            asked = {"subject": subject, "kind": kind, "offset": offset, "limit": limit}
            rows = self._connection.execute(_OF_KIND, asked).all()
            for body, place in rows:
                yield Entry.parse(body, place)
            if len(rows) < limit:
                return
            offset, limit = offset + limit, _WINDOW

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash."""
        return self._one(_BY_LEAF, leaf=leaf)

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        return self._one(_BY_ACT, act=bytes.fromhex(digest))

    def _one(self, query: Any, **asked: str | bytes) -> Entry | None:  # noqa: ANN401 - a select
        row = self._connection.execute(query, asked).first()
        return Entry.parse(row[0], row[1]) if row else None

    def edge(self) -> Edge:
        """Return the tree's right edge over the entries that have a place."""
        return read_edge(self._connection)

    def next_place(self) -> int | None:
        """Return the size of the log where entries are placed at once, else None."""
        return self.edge().size if self._inline else None

    def reserve(self, *subjects: str) -> None:
        """Let nobody else append to these subjects, nor reserve them, till the transaction ends."""
        if self._connection.dialect.name != "sqlite":
            for subject in sorted(subjects):  # in one order, so that two never wait crosswise
                self._connection.execute(_HOLD, {"key": _lock_key(subject)})

    def steady(self, subject: str) -> View:
        """Return a view in which nothing changes until the transaction ends."""
        if self._connection.dialect.name == "sqlite":
            return self  # the transaction holds the one write lock
        return _SteadyEntries(self._connection, subject, inline=self._inline)

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
            (entry.subject, entry.version, entry.kind, _act(entry), leaf.hex(), entry.data)
            for entry, leaf in zip(entries, leaves, strict=True)
        ]
        self.added += leaves
        if not self._inline:
            self._insert_waiting(rows)
            return list(entries)
        edge = read_edge(self._connection, lock=True)
        keys = self._insert(rows)
        place_entries(self._connection, list(zip(keys, leaves, strict=True)), edge)
        return [
            entry if entry.place == place else replace(entry, place=place)
            for place, entry in enumerate(entries, edge.size)
        ]

    def _insert(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[int]:
        """Insert rows of entries and return their keys, which count up in the order of the rows."""
        execute = self._connection.exec_driver_sql
        if self._connection.dialect.name == "postgresql":
            return sorted(execute(_ADD, _columns(rows)).scalars())
        newest = execute("SELECT max(id) FROM ledger_entry").scalar() or 0  # there is one writer
        keys = range(newest + 1, newest + 1 + len(rows))
        execute(_ADD_ROW, [(key, *row) for key, row in zip(keys, rows, strict=True)])
        return keys

    def _insert_waiting(self, rows: Sequence[tuple[Any, ...]]) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.exec_driver_sql(_ADD_WAITING, _columns(rows))
        else:
            keys = [(key,) for key in self._insert(rows)]
            self._connection.exec_driver_sql(_WAIT_ROW, keys)

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

    def __init__(self, connection: Connection, subject: str, *, inline: bool) -> None:
        super().__init__(connection, inline=inline)
        self._held = {subject}
        connection.execute(_HOLD, {"key": _lock_key(subject)})

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject, and keep it the newest."""
        self._hold(subject)
        return super().last(subject)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first, and let none be added."""
        self._hold(subject)
        yield from super().of_kind(subject, kind)

    def _hold(self, subject: str) -> None:
        if subject not in self._held:
            self._connection.execute(_SHARE, {"key": _lock_key(subject)})
            self._held.add(subject)


def _act(entry: Entry) -> bytes:
    """Return the digest of the act as its 32 bytes: as text it would weigh on every entry."""
    return bytes.fromhex(entry.act_digest)


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))


def _lock_key(subject: str) -> int:
    """Return 64 bits of the subject's hash: subjects that share them wait more than they need."""
    return int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8], "big", signed=True)
