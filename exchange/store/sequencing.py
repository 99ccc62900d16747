"""Sequencing: entries that were committed get their places in the log.

A batch is one transaction: places, full tiles and the head.  The head is replaced by
compare-and-swap and a place is a primary key, so two sequencers cannot fork the log; the lock
only keeps them from trying.  Entries are placed in the order of their keys: an entry that rests
on another was inserted after the other had committed, so its key is greater, and a snapshot that
holds it holds the other as well.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlmodel import SQLModel

from exchange.errors import Broken
from exchange.store.rows import EntryRow, HeadRow, PlaceRow, TileRow, WaitingRow
from ledger.bundle import TILE, tile_path
from ledger.errors import LedgerError, Unreadable
from ledger.merkle import Edge, row_above

_ENTRY: Any = SQLModel.metadata.tables[EntryRow.__tablename__]
_HEAD: Any = SQLModel.metadata.tables[HeadRow.__tablename__]
_PLACE: Any = SQLModel.metadata.tables[PlaceRow.__tablename__]
_TILE: Any = SQLModel.metadata.tables[TileRow.__tablename__]
_WAITING: Any = SQLModel.metadata.tables[WaitingRow.__tablename__]
_PLACED: Any = select(_ENTRY.c.leaf).join_from(_PLACE, _ENTRY, _PLACE.c.entry == _ENTRY.c.id)
_HEAD_ID: Final = 1
_BATCH: Final = 2_000  # entries placed in one transaction
_LOCK: Final = 0x67756170_61690001  # the sequencer's; subjects' are hashes


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

    def _batch(self) -> int:
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            rows = connection.execute(
                select(_ENTRY.c.id, _ENTRY.c.leaf)
                .join_from(_WAITING, _ENTRY, _WAITING.c.entry == _ENTRY.c.id)
                .order_by(_ENTRY.c.id)
                .limit(_BATCH)
            ).all()
            if not rows:
                return 0
            place_entries(connection, [(key, bytes.fromhex(leaf)) for key, leaf in rows])
            connection.execute(
                delete(_WAITING).where(_WAITING.c.entry.in_([key for key, _ in rows]))
            )
        return len(rows)


def read_edge(connection: Connection) -> Edge:
    """Return the tree's right edge, or raise `Broken` for a head that is none."""
    row = connection.execute(select(_HEAD.c.size, _HEAD.c.edge)).first()
    if row is None:
        return Edge()
    hashes = tuple(row.edge[at : at + 32] for at in range(0, len(row.edge), 32))
    try:
        return Edge(row.size, hashes)
    except LedgerError as error:
        raise Broken(f"the head of the log is damaged: {error}") from error


def place_entries(connection: Connection, entries: Sequence[tuple[int, bytes]]) -> None:
    """Give entries, by key and leaf hash, the next places; raise `Broken` if the head moves."""
    edge = read_edge(connection)
    start = edge.size
    for _, leaf in entries:
        edge = edge.appended(leaf)
    places = [{"place": start + at, "entry": key} for at, (key, _) in enumerate(entries)]
    connection.execute(insert(_PLACE), places)
    _complete_tiles(connection, start, edge.size)
    head = {"size": edge.size, "edge": b"".join(edge.hashes)}
    if start == 0:
        connection.execute(insert(_HEAD).values(id=_HEAD_ID, **head))
        return
    swapped = connection.execute(
        update(_HEAD).where(_HEAD.c.id == _HEAD_ID, _HEAD.c.size == start).values(**head)
    )
    if swapped.rowcount != 1:
        raise Broken(f"the head is not at {start}: another writer moved it")


def _complete_tiles(connection: Connection, start: int, size: int) -> None:
    """Store the tiles that were not full at `start` entries and are at `size`."""
    level = 0
    while (first := start >> 8 * (level + 1)) < (last := size >> 8 * (level + 1)):
        for number in range(first, last):
            row = data = _from_below(connection, level, number)
            while len(row) > 32:
                row = row_above(row)
            values = {"level": level, "number": number, "root": row, "data": data}
            connection.execute(insert(_TILE).values(**values))
        level += 1


def _from_below(connection: Connection, level: int, number: int) -> bytes:
    """Return the hashes there are for a tile: leaf hashes, or the roots of full tiles below."""
    start, end = number * TILE, (number + 1) * TILE
    if level == 0:
        of = _PLACED.where(_PLACE.c.place >= start, _PLACE.c.place < end)
        leaves = connection.execute(of.order_by(_PLACE.c.place)).scalars()
        return b"".join(bytes.fromhex(leaf) for leaf in leaves)
    roots = (
        select(_TILE.c.root)
        .where(_TILE.c.level == level - 1, _TILE.c.number >= start, _TILE.c.number < end)
        .order_by(_TILE.c.number)
    )
    return b"".join(connection.execute(roots).scalars())


class SqlTiles:
    """The log as the files of C2SP tlog-tiles, out of the tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, level: int, number: int, width: int) -> bytes:
        """Return the first `width` hashes of a tile, or raise `Unreadable`."""
        stored = select(_TILE.c.data).where(_TILE.c.level == level, _TILE.c.number == number)
        data = self._connection.execute(stored).scalar()
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
