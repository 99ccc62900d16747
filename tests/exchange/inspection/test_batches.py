"""The cells of a column on their way to the detectors: batches, runs and repeated cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import duckdb
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exchange.inspection import arrow
from exchange.inspection import cells as module
from exchange.inspection.cells import Cells, batches, normal
from exchange.inspection.chances import LOOKED_AT, ONE_IN, Looks
from exchange.inspection.reader import Column
from exchange.inspection.statistics import statistics
from exchange.profile import ColumnType

TEXT = Column("x", ColumnType.TEXT)
# Texts in which every kind of byte that detectors look for meets every other.
texts = st.lists(st.text("0019aZX-_. @★密＠１\u00a0\u200b", max_size=12), max_size=8)


@pytest.fixture
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def arriving(connection: duckdb.DuckDBPyConnection, column: Column = TEXT) -> Iterator[Cells]:
    ((rows,),) = connection.execute("SELECT count(*) FROM cells").fetchall()
    return batches(connection, 0, column, rows=rows, known=statistics(connection, 1)[0])


def read(connection: duckdb.DuckDBPyConnection, column: Column = TEXT) -> Counter[str]:
    """Return the cells that arrive, each as often as it stands for one."""
    found: Counter[str] = Counter()
    for each in arriving(connection, column):
        for i in range(len(each)):
            found[each.text(i)] += each.stand_for(i)
    return found


def naive_runs(cells: Sequence[str], pattern: str, least: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    offset = 0
    for cell in cells:
        data = cell.encode()
        matches = re.finditer(b"[%s]{%d,}" % (pattern.encode(), least), data)
        found += [(offset + match.start(), offset + match.end()) for match in matches]
        offset += len(data)
    return found


@example(["12", "34"], 3)
@example(["", "123", ""], 3)
@example(["a", "12345678901", "1"], 11)  # wherever it begins, and with a digit behind its cell
@example(["abcd", "12345678901"], 11)
@example(["12345678", "12345678"], 11)
@given(st.one_of(texts, st.lists(st.text("0019aZ-", max_size=40), max_size=4)), st.integers(1, 24))
def test_runs_are_those_of_a_pattern_and_end_with_their_cell(cells: list[str], least: int) -> None:
    batch = Cells.of(cells)
    for mask, pattern in ((batch.digits, "0-9"), (batch.alnum, "0-9A-Za-z")):
        starts, ends = batch.runs(mask, least)
        found = list(zip(starts.tolist(), ends.tolist(), strict=True))
        assert found == naive_runs(cells, pattern, least)


@example(["a@", "@b"])
@example(["@@", "b"])  # as many as there are cells, and not one in each
@example(["", "@", "@"])
@given(texts)
def test_positions_are_held_by_their_cells(cells: list[str]) -> None:
    batch = Cells.of(cells)
    places = np.flatnonzero(batch.data == ord("@"))
    found = batch.holders(places).tolist()
    assert found == [i for i, cell in enumerate(cells) for _ in range(cell.count("@"))]


@example(["a:", "//b", "a://"], "://")
@given(texts, st.sampled_from(["@", "00", "密", "-_", "019aZ"]))
def test_cells_that_contain_a_literal(cells: list[str], literal: str) -> None:
    found = Cells.of(cells).containing(literal.encode()).tolist()
    assert found == [i for i, cell in enumerate(cells) if literal in cell]


@example(["１３", "13", "1\u200b3"])
@given(texts)
def test_unusual_characters_are_made_plain_and_nothing_is_seen_twice(cells: list[str]) -> None:
    plain: Counter[str] = Counter()
    for batch in Cells.of(cells).plain():
        plain.update(batch.text(i).strip("\0") for i in range(len(batch)))
    expected = Counter(
        normal(cell) if re.search("[＠１\u00a0\u200b]", cell) else cell for cell in cells
    )
    plain.pop("", None)
    expected.pop("", None)
    assert plain == expected


def test_a_full_stop_is_nothing_unusual() -> None:
    """Its last bytes are those of an odd space, whose first is another."""
    assert "。".encode()[1:] == "\u2002".encode()[1:]
    assert Cells.of(["请致电。", "a\u2002b", "，了"]).unusual.tolist() == [1]


@given(texts, st.data())
def test_some_cells_are_a_batch_of_their_own(cells: list[str], data: st.DataObject) -> None:
    chosen = [i for i in range(len(cells)) if data.draw(st.booleans())]
    batch = Cells.of(cells, np.arange(len(cells))).some(np.array(chosen, np.int64))
    assert [batch.text(i) for i in range(len(batch))] == [cells[i] for i in chosen]
    assert [batch.stand_for(i) for i in range(len(batch))] == chosen


def test_every_cell_arrives_whatever_the_size_of_batches(
    engine: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.execute(
        "CREATE TABLE cells AS SELECT CASE WHEN i % 5 = 0 THEN NULL"
        " ELSE repeat(chr(97 + CAST(i AS INTEGER) % 26), i % 40) END AS c0 FROM range(3000) AS t(i)"
    )
    rows = engine.execute("SELECT coalesce(c0, '') FROM cells").fetchall()
    expected = Counter(cell for (cell,) in rows)
    assert read(engine) == expected
    for name, size in (("BATCH_ROWS", 7), ("BATCH_BYTES", 90), ("READ_BYTES", 500), ("EVEN", 3)):
        monkeypatch.setattr(module, name, size)
        assert read(engine) == expected


def test_no_piece_is_read_that_holds_many_long_cells(
    engine: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long cells side by side among many short ones do not come in one piece."""
    engine.execute(
        "CREATE TABLE cells AS SELECT CASE WHEN i BETWEEN 500 AND 520 THEN repeat('x', 5000)"
        " ELSE 'y' END AS c0 FROM range(3000) AS t(i)"
    )
    monkeypatch.setattr(module, "READ_BYTES", 20_000)
    read_at_once = []
    original = arrow.strings

    def watched(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[module.Bytes, module.Places]]:
        for data, offsets in original(relation):
            read_at_once.append(len(data))
            yield data, offsets

    monkeypatch.setattr(arrow, "strings", watched)
    assert read(engine) == {"x" * 5000: 21, "y": 2979}
    assert max(read_at_once) <= 20_000 + 5_000


def test_a_cell_that_repeats_is_looked_at_once_and_counts_for_all(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    engine.execute(
        "CREATE TABLE cells AS SELECT CASE WHEN i % 9 = 0 THEN NULL ELSE 'v' || i % 100 END AS c0"
        " FROM range($1) AS t(i)",
        [module.MANY],
    )
    counted = engine.execute(
        "SELECT c0, count(*) FROM cells WHERE c0 IS NOT NULL GROUP BY c0"
    ).fetchall()
    assert sum(map(len, arriving(engine))) == len(counted)
    assert read(engine) == dict(counted)


def test_numbers_arrive_as_their_digits(engine: duckdb.DuckDBPyConnection) -> None:
    engine.execute("CREATE TABLE cells AS SELECT * FROM (VALUES (1), (13800000001), (NULL)) t(c0)")
    assert read(engine, Column("x", ColumnType.INTEGER)) == {"13800000001": 1}


def test_every_row_is_handed_over_whatever_its_columns_are(
    engine: duckdb.DuckDBPyConnection,
) -> None:
    pieces = list(
        arrow.lengths(
            engine.sql(
                "SELECT i, i / 3, 'x' || i, TIMESTAMP '2026-01-05' + INTERVAL 1 MINUTE * i,"
                " CASE WHEN i % 2 = 0 THEN true END FROM range(300_000) AS t(i)"
            )
        )
    )
    assert len(pieces) > 1
    assert sum(pieces) == 300_000


def test_of_thousands_alike_one_in_so_many_is_looked_at() -> None:
    cells = Cells.of(["x"] * 50_000)
    every = np.arange(50_000)
    looks = Looks()
    assert len(list(looks.choose(cells, every, lambda: False))) == looks.at == 50_000
    looks = Looks()
    chosen = list(looks.choose(cells, every, lambda: True))
    assert chosen[:LOOKED_AT] == list(range(LOOKED_AT))
    assert len(chosen) == looks.at == LOOKED_AT + -(-(50_000 - LOOKED_AT) // ONE_IN)
    assert looks.at + looks.beyond == 50_000
    assert looks.stand_for(looks.at) == 50_000
