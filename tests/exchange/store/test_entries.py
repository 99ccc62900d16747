"""Entries in a store: many at once are as one after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from exchange.store import schema
from exchange.store.engine import open_engine
from exchange.store.entries import _STORY_MAX, SqlEntries
from exchange.store.sequencing import Sequencer, SqlTiles, _complete_tiles
from ledger.bundle import TILE
from ledger.checkpoint import Checkpoint
from ledger.entries import Entry
from ledger.errors import Unreadable
from ledger.merkle import leaf_hash, root_of, verify_inclusion
from ledger.tiles import TileTree
from tests.ledger.floor import ORIGIN, full_history
from tests.postgresql import drop_database, new_database

HISTORY = tuple(full_history().log.entries())
STORES = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.slow),
]


@pytest.fixture(params=STORES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    database = new_database() if request.param == "postgresql" else tmp_path / "store.sqlite3"
    opened = open_engine(database, writing=True)
    schema.migrate(opened)
    yield opened
    opened.dispose()
    if isinstance(database, str):
        drop_database(database)


def count(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        of = SQLModel.metadata.tables[table]
        return int(connection.execute(select(func.count()).select_from(of)).scalar_one())


def stored(engine: Engine) -> list[Entry]:
    with engine.connect() as connection:
        return list(SqlEntries(connection, inline=True).entries())


def many(size: int) -> list[Entry]:
    """Return more entries than the history has: those of its first subject, again and again."""
    first = HISTORY[0]
    return [
        Entry.compose(
            replace(first.signed, act=replace(first.signed.act, nonce=f"{number:032x}")),
            index=None,
            actor=first.actor,
            subject=f"participant/{number}",
            prev=None,
            refs=(),
            time=first.time,
        )
        for number in range(size)
    ]


def chained(length: int) -> list[Entry]:
    """Return entries of one subject, each after the one before."""
    first = HISTORY[0]
    entries: list[Entry] = []
    for number in range(length):
        entries.append(
            Entry.compose(
                replace(first.signed, act=replace(first.signed.act, nonce=f"{number:032x}")),
                index=None,
                actor=first.actor,
                subject="participant/0",
                prev=entries[-1] if entries else None,
                refs=(),
                time=first.time,
            )
        )
    return entries


def test_many_entries_are_stored_in_their_order(engine: Engine) -> None:
    with engine.begin() as connection:
        added = SqlEntries(connection, inline=True).add_all(HISTORY)
    assert added == list(HISTORY)
    assert stored(engine) == list(HISTORY)
    with engine.connect() as connection:
        entries = SqlEntries(connection, inline=True)
        assert entries.edge().root == root_of([entry.leaf for entry in HISTORY])
        assert entries.act_entry(HISTORY[9].signed.act.digest) == HISTORY[9]
        assert entries.by_leaf(HISTORY[9].leaf.hex()) == HISTORY[9]


def test_many_at_once_are_as_one_after_another(engine: Engine, tmp_path: Path) -> None:
    other = open_engine(tmp_path / "other.sqlite3", writing=True)
    schema.migrate(other)
    entries = many(TILE + 20)
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=True)
        placed = store.add_all(entries[:7]) + store.add_all(entries[7:])
    for entry in entries:
        with other.begin() as connection:
            SqlEntries(connection, inline=True).add(entry)
    assert [entry.place for entry in placed] == list(range(TILE + 20))
    assert stored(engine) == stored(other) == placed
    with engine.connect() as one, other.connect() as another:
        assert SqlTiles(one).read(0, 0, TILE) == SqlTiles(another).read(0, 0, TILE)
    other.dispose()


def test_nothing_added_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        assert SqlEntries(connection, inline=True).add_all([]) == []
    assert count(engine, "ledger_head") == 0


def test_many_entries_wait_for_their_places(engine: Engine) -> None:
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=True)
        store.add_all(HISTORY[:2])
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=False)
        waiting = [replace(entry, place=None) for entry in HISTORY[2:]]
        assert store.add_all(waiting) == waiting
        assert store.added == [entry.leaf for entry in waiting]
    assert (len(stored(engine)), count(engine, "ledger_waiting")) == (2, len(waiting))
    Sequencer(engine).settle()
    assert stored(engine) == list(HISTORY)
    assert count(engine, "ledger_waiting") == 0


def test_of_many_entries_all_are_stored_or_none(engine: Engine) -> None:
    with (
        pytest.raises(IntegrityError),
        engine.begin() as connection,
    ):
        SqlEntries(connection, inline=True).add_all([*HISTORY, HISTORY[3]])
    assert stored(engine) == []
    assert count(engine, "ledger_head") == 0


@pytest.mark.parametrize("parts", [(TILE, 1), (TILE - 1, 3 * TILE), (10, TILE - 10, TILE)])
def test_tiles_fill_however_entries_come(engine: Engine, parts: tuple[int, ...]) -> None:
    entries = many(sum(parts))
    at = 0
    for part in parts:
        with engine.begin() as connection:
            SqlEntries(connection, inline=True).add_all(entries[at : at + part])
        at += part
    leaves = [entry.leaf for entry in entries]
    assert count(engine, "ledger_tile") == sum(parts) // TILE
    with engine.connect() as connection:
        tree = TileTree(SqlTiles(connection), Checkpoint(ORIGIN, len(leaves), root_of(leaves)))
        for index in (0, TILE - 1, len(leaves) - 1):
            path = tree.inclusion_proof(index)
            verify_inclusion(leaves[index], index, len(leaves), path, root_of(leaves))
        with pytest.raises(Unreadable, match="the store has"):
            SqlTiles(connection).read(0, len(leaves) // TILE, TILE)


def test_a_tile_above_is_stored_when_256_below_it_are(engine: Engine) -> None:
    leaves = [leaf_hash(bytes([number % 251])) for number in range(TILE * TILE)]
    some = 250 * TILE
    with engine.begin() as connection:
        _complete_tiles(connection, 0, leaves[:some])
        _complete_tiles(connection, some, leaves[some:])
    assert count(engine, "ledger_tile") == TILE + 1
    with engine.connect() as connection:
        tree = TileTree(SqlTiles(connection), Checkpoint(ORIGIN, len(leaves), root_of(leaves)))
        path = tree.inclusion_proof(40_000)
        verify_inclusion(leaves[40_000], 40_000, len(leaves), path, root_of(leaves))


def story(entries: SqlEntries, subject: str, kind: str) -> list[int]:
    return [entry.version for entry in entries.of_kind(subject, kind)]


@pytest.mark.parametrize("length", [3, _STORY_MAX, _STORY_MAX + 1, 3 * _STORY_MAX])
def test_a_subject_read_before_is_read_with_what_was_added_since(
    engine: Engine, length: int
) -> None:
    entries, subject = chained(length + 1), "participant/0"
    with engine.begin() as connection:
        *before, last = entries
        placed = SqlEntries(connection, inline=True).add_all(before)
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=True)
        assert store.last("participant/nobody") is None
        assert store.by_leaf(last.leaf.hex()) is store.act_entry(last.act_digest) is None
        assert store.last(subject) == placed[-1]
        newest_first = list(range(length, 0, -1))
        assert story(store, subject, last.kind) == newest_first
        assert story(store, subject, "participant.admitted") == []
        added = store.add(last)
        assert store.last(subject) == added
        assert story(store, subject, last.kind) == [length + 1, *newest_first]
        assert store.by_leaf(last.leaf.hex()) == store.act_entry(last.act_digest) == added


def test_a_digest_of_an_act_is_no_leaf_hash_of_an_entry(engine: Engine) -> None:
    entry = HISTORY[0]
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=True)
        store.add(entry)
        assert store.act_entry(entry.act_digest) == entry
        assert store.by_leaf(entry.act_digest) is None
        assert store.act_entry(entry.leaf.hex()) is None


@pytest.mark.slow
@pytest.mark.parametrize("steady", [True, False])
def test_what_was_read_before_a_lock_is_read_again_under_it(*, steady: bool) -> None:
    database = new_database()
    opened = open_engine(database, writing=True)
    schema.migrate(opened)
    first, second, third = chained(3)
    subject = first.subject
    try:
        with opened.begin() as one:
            mine = SqlEntries(one, inline=False)
            assert mine.last(subject) is mine.act_entry(first.act_digest) is None
            with opened.begin() as another:
                SqlEntries(another, inline=False).add_all([first, second])
            assert mine.last(subject) is None
            view = mine.steady(subject) if steady else mine
            if not steady:
                mine.reserve(subject)
            for seen in (view, mine):
                assert (seen.last(subject), seen.act_entry(first.act_digest)) == (second, first)
            mine.add(third)
            assert (mine.last(subject), view.last(subject)) == (third, third)
    finally:
        opened.dispose()
        drop_database(database)
