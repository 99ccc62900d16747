"""The digest of rows is that of its definition, and stays it."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import replace

import duckdb
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.inspection import digest
from exchange.inspection.reader import SQL_TYPES, Column
from exchange.profile import ColumnType

Cell = int | float | str | dt.datetime | bool | None
Row = tuple[Cell, ...]

COLUMNS = tuple(Column(each.value, each) for each in ColumnType)
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - instants of a table are in UTC
INSTANTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1))  # noqa: DTZ001 - the same
CELLS = {
    ColumnType.INTEGER: st.integers(-(2**63), 2**63 - 1),
    ColumnType.DECIMAL: st.floats(allow_nan=False, allow_infinity=False),
    ColumnType.TEXT: st.text(st.characters(codec="utf-8"), max_size=12),
    ColumnType.TIMESTAMP: INSTANTS,
    ColumnType.BOOLEAN: st.booleans(),
}
ROWS = st.lists(st.tuples(*(st.none() | CELLS[each.type] for each in COLUMNS)), max_size=8)


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def _filled(connection: DuckDBPyConnection, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    made = ", ".join(f"c{i} {SQL_TYPES[each.type]}" for i, each in enumerate(columns))
    connection.execute(f"CREATE OR REPLACE TABLE cells ({made})")
    if rows:
        places = ", ".join("?" for _ in columns)
        connection.executemany(f"INSERT INTO cells VALUES ({places})", rows)  # noqa: S608 - places


def _microseconds(moment: dt.datetime) -> int:
    return (moment - EPOCH) // dt.timedelta(microseconds=1)


def _key(cell: Cell) -> bytes:
    """Return what a cell adds to the key of its row, as the definition of the digest says."""
    match cell:
        case None:
            return b"\2"
        case bool():
            return bytes([1, cell])
        case str():
            return b"\1" + bytes(byte + 1 for byte in cell.encode()) + b"\0"
        case float():
            bits = int.from_bytes(struct.pack(">d", cell + 0.0), "big")  # -0.0 is 0.0
            turned = bits ^ (2**64 - 1 if bits >> 63 else 1 << 63)
            return b"\1" + turned.to_bytes(8, "big")
        case _:
            whole = cell if isinstance(cell, int) else _microseconds(cell)
            return b"\1" + (whole + 2**63).to_bytes(8, "big")


def _digest(rows: Sequence[Row]) -> str:
    keys = [b"".join(map(_key, (*row, ""))) for row in rows]
    # The engine reads an MD5 with its lowest byte first.
    total = sum(int.from_bytes(hashlib.md5(key).digest(), "little") for key in keys)  # noqa: S324 - no secret
    return hashlib.sha256(f"{len(rows)}:{total % 2**128:032x}".encode()).hexdigest()


@settings(deadline=None)
@given(ROWS)
@example(
    [(-1, -0.0, "a\0\1", EPOCH, True), (None, None, "", None, None), (0, 1e-320, "站", None, 0)]
)
def test_the_digest_is_that_of_the_definition(
    engine: DuckDBPyConnection, rows: Sequence[Row]
) -> None:
    types = tuple(ColumnType)
    assert types == tuple(each.type for each in COLUMNS)
    typed = [
        tuple(bool(cell) if kind is ColumnType.BOOLEAN and cell is not None else cell
              for cell, kind in zip(row, types, strict=True))
        for row in rows
    ]  # fmt: skip
    _filled(engine, COLUMNS, typed)
    found = digest.count_rows(engine, COLUMNS)
    assert (found.rows, found.digest) == (len(rows), _digest(typed))
    keys = {tuple(map(_key, row)) for row in typed}
    assert found.duplicates == len(rows) - len(keys)


def test_the_digest_of_one_narrow_column_is_one_of_bytes(engine: DuckDBPyConnection) -> None:
    columns = (Column("ok", ColumnType.BOOLEAN),)
    _filled(engine, columns, [(True,), (None,), (True,)])
    found = digest.count_rows(engine, columns)
    assert (found.rows, found.duplicates, found.present) == (3, 1, (2,))
    assert found.digest == _digest([(True,), (None,), (True,)])


def test_a_digest_is_the_same_for_ever(engine: DuckDBPyConnection) -> None:
    """Digests are stored: a release of the engine that made others has to fail here."""
    row = (-9223372036854775808, -1.5, "深度 m", dt.datetime(2026, 1, 5, 8, 0, 0, 1), False)  # noqa: DTZ001
    columns = tuple(
        Column(each, kind)
        for each, kind in zip("iftws", (
            ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.TEXT, ColumnType.TIMESTAMP,
            ColumnType.BOOLEAN,
        ), strict=True)
    )  # fmt: skip
    _filled(engine, columns, [row])
    assert (
        digest.count_rows(engine, columns).digest
        == "04b4e7b73dd21842e67ae46e6b5e37ec44a4f55357b61a8e08e5eb9c0bdb7eda"
    )


@pytest.mark.parametrize("keys", [0, 1 << 20], ids=["many rows", "few rows"])
@pytest.mark.parametrize("width", [3, 63, 64, 70])
def test_what_is_asked_on_the_way_is_what_queries_say(
    engine: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, keys: int, width: int
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", keys)
    columns = [Column("n", ColumnType.INTEGER)]
    columns += [Column(f"t{i}", ColumnType.TEXT) for i in range(1, width + 1)]
    made = ", ".join(
        f"CASE WHEN i % {i + 1} <> 1 THEN (i * {i}) || 'x' END AS c{i}" for i in range(1, width + 1)
    )
    engine.execute(
        f"CREATE OR REPLACE TABLE cells AS SELECT nullif(i, 5) AS c0, {made}"  # noqa: S608 - made here
        " FROM range(4000) t(i)"
    )
    texts = {i: f"c{i} = '{3999 * i}x'" for i in range(1, width + 1)}
    texts[2] = "c2 = 'y'"
    found = digest.count_rows(engine, columns, texts)
    plain = digest.count_rows(engine, columns)
    assert (found.digest, found.duplicates) == (plain.digest, plain.duplicates)
    assert found.present == plain.present
    assert found.present[:3] == (3999, 2000, 2667)
    # The last row has no text where 3999 leaves 1.
    assert found.kept == {i for i in texts if i != 2 and 3999 % (i + 1) != 1}
    assert found.longest == len(f"{3999 * width}x")
    if keys or len(columns) > digest.DRAWN_MAX:
        assert not found.drawn
        return
    some = ", ".join(f"c{i}" for i in range(len(columns)))
    rows = engine.execute(
        f"SELECT {some} FROM cells WHERE {digest.evenly(4000, digest.SAMPLED)} ORDER BY rowid"  # noqa: S608 - the same
    ).fetchall()
    assert len(rows) == 1984
    assert found.drawn == dict(enumerate(map(list, zip(*rows, strict=True))))


def test_a_table_without_texts_is_counted_on_the_way(
    engine: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", 0)
    columns = (Column("n", ColumnType.INTEGER), Column("ok", ColumnType.BOOLEAN))
    _filled(engine, columns, [(1, None), (1, None), (None, True)])
    found = digest.count_rows(engine, columns, {})
    assert found.drawn == {0: [1, 1, None], 1: [None, None, True]}
    assert replace(found, drawn={}) == digest.count_rows(engine, columns)
    assert (found.present, found.duplicates, found.longest) == ((2, 1), 1, 0)


@settings(max_examples=40, deadline=None)
@example([(0.1 + 0.2, -(2**63), True), (5e-324, 2**63 - 1, None), (-0.0, None, False)])
@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(allow_nan=False, allow_infinity=False),
            st.none() | st.integers(-(2**63), 2**63 - 1),
            st.none() | st.booleans(),
        ),
        min_size=1,
        max_size=20,
    )
)
def test_what_is_drawn_is_what_stands_in_the_cells(
    rows: list[tuple[float | bool | None, ...]],
) -> None:
    kinds = (ColumnType.DECIMAL, ColumnType.INTEGER, ColumnType.BOOLEAN)
    columns = tuple(Column(str(kind), kind) for kind in kinds)
    with duckdb.connect() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(digest, "KEYS_AT_ONCE", 0)
        _filled(engine, columns, rows)
        drawn = digest.count_rows(engine, columns, {}).drawn
    assert [repr(cell) for cell in drawn[0]] == [repr(row[0]) for row in rows]  # a zero has a sign
    assert [drawn[1], drawn[2]] == [[row[1] for row in rows], [row[2] for row in rows]]


@pytest.mark.parametrize("in_part", [1, 300, 1_000, 10_000])
def test_keys_of_very_many_rows_are_told_apart_in_parts(
    engine: DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, in_part: int
) -> None:
    columns = (Column("n", ColumnType.INTEGER), Column("t", ColumnType.TEXT))
    engine.execute(
        "CREATE OR REPLACE TABLE cells AS SELECT i % 700 AS c0, 'x' || i % 350 AS c1"
        " FROM range(1000) t(i)"
    )
    plain = digest.count_rows(engine, columns)
    assert plain.duplicates == 300
    monkeypatch.setattr(digest, "KEYS_AT_ONCE", 0)
    monkeypatch.setattr(digest, "KEYS_IN_PART", in_part)
    for texts in (None, {1: "c1 = 'x3'"}):
        found = digest.count_rows(engine, columns, texts)
        assert (found.digest, found.duplicates) == (plain.digest, plain.duplicates)
        assert found.present == plain.present
    assert engine.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'keys'"
    ).fetchall() == [(0,)]
