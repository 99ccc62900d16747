"""The SQL form of `ledger.chain.EntryStore`, on the business transaction's own connection.

Core inserts alone: through the ORM each append costs 17 to 20 times as much.  The head is
replaced by compare-and-swap and the position is a primary key, so two writers cannot fork.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from sqlalchemy import Connection, insert, select, update
from sqlmodel import SQLModel

from exchange.errors import Broken
from exchange.store.rows import EntryRow, HeadRow
from ledger.entries import Entry
from ledger.errors import LedgerError
from ledger.merkle import Edge

_ENTRY: Any = SQLModel.metadata.tables[EntryRow.__tablename__]
_HEAD: Any = SQLModel.metadata.tables[HeadRow.__tablename__]
_HEAD_ID = 1


class SqlEntries:
    """The entries of one log in the tables ``ledger_entry`` and ``ledger_head``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        query = (
            select(_ENTRY.c.body, _ENTRY.c.position)
            .where(_ENTRY.c.subject == subject)
            .order_by(_ENTRY.c.version.desc())
            .limit(1)
        )
        return self._one(query)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        query = (
            select(_ENTRY.c.body, _ENTRY.c.position)
            .where(_ENTRY.c.subject == subject, _ENTRY.c.kind == kind)
            .order_by(_ENTRY.c.position.desc())
        )
        with self._connection.execute(query) as rows:
            for body, position in rows:
                yield Entry.parse(body, position)

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash."""
        return self._one(select(_ENTRY.c.body, _ENTRY.c.position).where(_ENTRY.c.leaf == leaf))

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        return self._one(select(_ENTRY.c.body, _ENTRY.c.position).where(_ENTRY.c.act == digest))

    def _one(self, query: Any) -> Entry | None:  # noqa: ANN401 - a select
        row = self._connection.execute(query).first()
        return Entry.parse(row[0], row[1]) if row else None

    def edge(self) -> Edge:
        """Return the tree's right edge."""
        row = self._connection.execute(select(_HEAD.c.size, _HEAD.c.edge)).first()
        if row is None:
            return Edge()
        hashes = tuple(row.edge[at : at + 32] for at in range(0, len(row.edge), 32))
        try:
            return Edge(row.size, hashes)
        except LedgerError as error:
            raise Broken(f"the head of the log is damaged: {error}") from error

    def next_place(self) -> int:
        """Return the size of the log: one writer at a time holds the transaction."""
        return self.edge().size

    def steady(self, subject: str) -> Self:  # noqa: ARG002 - there is one writer
        """Return this very store."""
        return self

    def add(self, entry: Entry) -> Entry:
        """Insert the entry and swap the head, or raise `Broken` if the head has moved."""
        edge = self.edge().appended(entry.leaf)
        data = b"".join(edge.hashes)
        if entry.index == 0:
            self._connection.execute(insert(_HEAD).values(id=_HEAD_ID, size=1, edge=data))
        else:
            swapped = self._connection.execute(
                update(_HEAD)
                .where(_HEAD.c.id == _HEAD_ID, _HEAD.c.size == entry.index)
                .values(size=edge.size, edge=data)
            )
            if swapped.rowcount != 1:
                raise Broken(f"the head is not at {entry.index}: another writer moved it")
        self._connection.execute(
            insert(_ENTRY).values(
                position=entry.index,
                subject=entry.subject,
                version=entry.version,
                kind=entry.kind,
                act=entry.signed.act.digest,
                leaf=entry.leaf.hex(),
                body=entry.data,
            )
        )
        return entry

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield entries in order of position, a window at a time."""
        window = 1_000
        while True:
            query = (
                select(_ENTRY.c.body, _ENTRY.c.position)
                .where(_ENTRY.c.position >= start)
                .order_by(_ENTRY.c.position)
                .limit(window)
            )
            rows = self._connection.execute(query).all()
            for body, position in rows:
                yield Entry.parse(body, position)
            if len(rows) < window:
                return
            start += window
