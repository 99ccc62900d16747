"""Sequencing: entries that were committed get their places in the log.

A batch is one transaction: places, full tiles and the head.  The head is replaced by
compare-and-swap and a place is a primary key, so two sequencers cannot fork the log; the head's
lock only keeps them from trying.  Entries are placed in the order of their keys: an entry that
rests on another was inserted after the other had committed, so its key is greater, and a snapshot
that holds it holds the other as well.
"""

from __future__ import annotations

import logging
import struct
import threading
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    delete,
    exists,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from exchange.errors import Broken
from exchange.store.rows import EntryRow, HeadRow, PlaceRow, TileRow, WaitingRow
from exchange.store.statements import Statement, insert_rows
from ledger.bundle import TILE, tile_path
from ledger.errors import LedgerError, Unreadable
from ledger.merkle import Edge, row_above

_log = logging.getLogger(__name__)
_ENTRY: Any = SQLModel.metadata.tables[EntryRow.__tablename__]
_HEAD: Any = SQLModel.metadata.tables[HeadRow.__tablename__]
_PLACE: Any = SQLModel.metadata.tables[PlaceRow.__tablename__]
_TILE: Any = SQLModel.metadata.tables[TileRow.__tablename__]
_WAITING: Any = SQLModel.metadata.tables[WaitingRow.__tablename__]
_BATCH: Final = 2_000  # entries placed in one transaction

_UNWAIT = Statement(
    delete(_WAITING).where(exists().where(_PLACE.c.entry == _WAITING.c.entry).correlate(_WAITING))
)
_MOVE = Statement(
    update(_HEAD)
    .where(_HEAD.c.id == 1, _HEAD.c.size == bindparam("was"))
    .values(size=bindparam("becomes"), edge=bindparam("hashes"))
)
# All three in one round trip.
_PLACE_AND_MOVE = Statement(
    text(
        """
WITH placed AS (
    INSERT INTO ledger_place (place, entry)
    SELECT :was + nth - 1, key
    FROM unnest(CAST(:entries AS bigint[])) WITH ORDINALITY AS new (key, nth)
), unwaited AS (
    DELETE FROM ledger_waiting WHERE entry = ANY(CAST(:entries AS bigint[]))
)
UPDATE ledger_head SET size = :becomes, edge = :hashes WHERE id = 1 AND size = :was
"""
    )
)


def _leaf(rows: Any) -> Any:  # noqa: ANN401 - a table with entries' keys, and an expression
    """Look the leaf hash of each row up by its key: a join may read all entries."""
    return select(_ENTRY.c.leaf).where(_ENTRY.c.id == rows.c.entry).scalar_subquery()


_EDGE = Statement(select(_HEAD.c.size, _HEAD.c.edge))
_LOCKED_EDGE = Statement(select(_HEAD.c.size, _HEAD.c.edge).with_for_update())
_NEXT = Statement(
    select(_WAITING.c.entry, _leaf(_WAITING)).order_by(_WAITING.c.entry).limit(_BATCH)
)
_LEAVES: Any = (
    select(_leaf(_PLACE))
    .where(_PLACE.c.place >= bindparam("start"), _PLACE.c.place < bindparam("end"))
    .order_by(_PLACE.c.place)
)
_ROOTS: Any = (
    select(_TILE.c.root)
    .where(
        _TILE.c.level == bindparam("level"),
        _TILE.c.number >= bindparam("start"),
        _TILE.c.number < bindparam("end"),
    )
    .order_by(_TILE.c.number)
)
_STORED: Any = select(_TILE.c.data).where(
    _TILE.c.level == bindparam("level"), _TILE.c.number == bindparam("number")
)


class Sequencer:
    """Places what waits, in one batch for all threads that wait at the same time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._counter = threading.Lock()
        self._asked = 0
        self._done = 0

    def settle(self) -> None:
        """Return once everything that was committed before the call has its place.

        One thread works for all that have come by then; the others find it done.
        """
        with self._counter:
            self._asked += 1
            mine = self._asked
        with self._turn:
            if self._done >= mine:
                return
            with self._counter:
                upto = self._asked
            while self._batch() == _BATCH:
                pass
            self._done = upto

    def try_settle(self) -> bool:
        """Settle, or say in the log why not: what was committed stays so, and waits for others."""
        try:
            self.settle()
        except (DatabaseError, Broken):
            _log.exception("entries were committed and could not be placed")
            return False
        return True

    def _batch(self) -> int:
        with self._engine.begin() as connection:
            edge = read_edge(connection, lock=True)
            rows = _NEXT.rows(connection)
            if rows:
                entries = [(key, bytes.fromhex(leaf)) for key, leaf in rows]
                place_entries(connection, entries, edge)
                if connection.dialect.name == "sqlite":
                    _UNWAIT.change(connection)
        return len(rows)


def read_edge(connection: Connection, *, lock: bool = False) -> Edge:
    """Return the tree's right edge, or raise `Broken` for a head that is none.

    With `lock` nobody else moves it before the transaction ends, and what they did is seen.
    """
    rows = (_LOCKED_EDGE if lock else _EDGE).rows(connection)
    if not rows:
        return Edge()
    size, edge = rows[0]
    hashes = tuple(edge[at : at + 32] for at in range(0, len(edge), 32))
    if len(edge) % 32:
        raise Broken("the head of the log is damaged: a part of a hash is missing")
    try:
        return Edge(size, hashes)
    except LedgerError as error:
        raise Broken(f"the head of the log is damaged: {error}") from error


def place_entries(connection: Connection, entries: Sequence[tuple[int, bytes]], edge: Edge) -> Edge:
    """Give entries, by key and leaf hash, the next places after `edge`; return the edge after them.

    Raises `Broken` if the head is not there.
    """
    keys, leaves = [key for key, _ in entries], [leaf for _, leaf in entries]
    size, moved = edge.size, edge.extended(leaves)
    head = {"was": size, "becomes": moved.size, "hashes": b"".join(moved.hashes)}
    if size == 0:
        connection.execute(insert(_HEAD).values(id=1, size=0, edge=b""))
    if connection.dialect.name == "postgresql":
        swapped = _PLACE_AND_MOVE.change(connection, head | {"entries": keys})
    else:
        insert_rows(connection, _PLACE.name, ("place", "entry"), list(enumerate(keys, size)))
        swapped = _MOVE.change(connection, head)
    if swapped != 1:
        raise Broken(f"the head is not at {size}: another writer moved it")
    _complete_tiles(connection, size, leaves)
    return moved


def _complete_tiles(connection: Connection, start: int, leaves: Sequence[bytes]) -> None:
    """Store the tiles that `leaves`, placed from `start` on, have filled."""
    level, size = 0, start + len(leaves)
    while (first := start >> 8 * (level + 1)) < (last := size >> 8 * (level + 1)):
        for number in range(first, last):
            if level or number * TILE < start:
                data = _from_below(connection, level, number)
            else:
                at = number * TILE - start
                data = b"".join(leaves[at : at + TILE])
            row = data
            while len(row) > 32:
                row = row_above(row)
            values = {"level": level, "number": number, "root": row, "data": data}
            connection.execute(insert(_TILE).values(**values))
        level += 1


def _from_below(connection: Connection, level: int, number: int) -> bytes:
    """Return the hashes there are for a tile: leaf hashes, or the roots of full tiles below."""
    span = {"start": number * TILE, "end": (number + 1) * TILE}
    if level == 0:
        leaves = connection.execute(_LEAVES, span).scalars()
        return b"".join(bytes.fromhex(leaf) for leaf in leaves)
    return b"".join(connection.execute(_ROOTS, {"level": level - 1, **span}).scalars())


class SqlTiles:
    """The log as the files of C2SP tlog-tiles, out of the tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, level: int, number: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile, or raise `Unreadable`."""
        data = None
        if width == TILE:
            data = self._connection.execute(_STORED, {"level": level, "number": number}).scalar()
        if data is None:
            data = _from_below(self._connection, level, number)
        if len(data) < width * 32:
            name = tile_path(str(level), number, width)
            raise Unreadable(f"{name}: the store has {len(data) // 32} hashes of {width}")
        return bytes(data[: width * 32])

    def read_entries(self, number: int, width: int) -> bytes:
        """Return the first `width` entries of a tile, each after its length in two bytes."""
        start = number * TILE
        bodies = (
            select(_ENTRY.c.body)
            .join_from(_PLACE, _ENTRY, _PLACE.c.entry == _ENTRY.c.id)
            .where(_PLACE.c.place >= start, _PLACE.c.place < start + width)
            .order_by(_PLACE.c.place)
        )
        found = self._connection.execute(bodies).scalars().all()
        if len(found) < width:
            name = tile_path("entries", number, width)
            raise Unreadable(f"{name}: the store has {len(found)} entries of {width}")
        return b"".join(struct.pack(">H", len(body)) + body for body in found)
