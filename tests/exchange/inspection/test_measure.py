"""What is measured over all rows is the same whichever way it is counted."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from decimal import Context, Decimal
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.inspection import coverage, measure
from exchange.inspection.coverage import time_coverage
from exchange.inspection.digest import count_rows
from exchange.inspection.measure import count_distinct, plain, profile_columns
from exchange.inspection.reader import Column, Table
from exchange.inspection.statistics import statistics
from exchange.profile import ColumnProfile, ColumnType, TimeCoverage

# No subnormal floats: half of the least of them is none, so a span between two of them is zero.
numbers = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), max_size=30),
    st.lists(st.one_of(st.none(), st.floats(-1e300, 1e300, allow_subnormal=False)), max_size=30),
    st.lists(st.sampled_from([0.0, 0.1, 0.3, 2.5]), max_size=30),
)
words = st.one_of(st.none(), st.text("ab:-1\0", max_size=3))
tables = st.lists(st.tuples(words, words, words), min_size=1, max_size=6)


def loaded(rows: Sequence[Sequence[object]], kinds: Sequence[str]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    columns = ", ".join(f"c{i} {kind}" for i, kind in enumerate(kinds))
    connection.execute(f"CREATE TABLE cells ({columns})")
    if rows:
        marks = ", ".join("?" for _ in kinds)
        insert = f"INSERT INTO cells VALUES ({marks})"  # noqa: S608 - question marks alone
        connection.executemany(insert, [list(row) for row in rows])
    return connection


def different(connection: duckdb.DuckDBPyConnection, kind: ColumnType) -> int:
    ((rows,),) = connection.execute("SELECT count(*) FROM cells").fetchall()
    return count_distinct(connection, 0, kind, rows, statistics(connection, 1)[0])


def profile(values: Sequence[object], kind: ColumnType) -> ColumnProfile:
    sql = "BIGINT" if kind is ColumnType.INTEGER else "DOUBLE"
    with loaded([[value] for value in values], [sql]) as connection:
        held = sum(value is not None for value in values)
        (found,) = profile_columns(
            connection,
            [Column("x", kind)],
            (len(values), [held]),
            frozenset(),
            lambda _: different(connection, kind),
        )
    return found


@settings(max_examples=60, deadline=None)
@example([3])
@example([1, 2])
@example([-(2**63), 2**63 - 1])
@example([0.1, 0.1, None])
@example([0, 1, 1, -2])  # a third and two thirds of 2^53: above 2^52 a half cannot be added
@given(numbers)
def test_numbers_that_are_sorted_and_those_the_engine_measures_are_measured_alike(
    values: list[int | float | None],
) -> None:
    whole = all(value is None or isinstance(value, int) for value in values)
    kind = ColumnType.INTEGER if whole else ColumnType.DECIMAL
    by_sorting = profile(values, kind)
    with patch.object(measure, "SORTED_ROWS", 0):
        by_the_engine = profile(values, kind)
    assert by_sorting == by_the_engine
    present = {value for value in values if value is not None}
    assert (by_sorting.distinct, by_sorting.missing) == (len(present), values.count(None))


@settings(max_examples=60, deadline=None)
@example([[-999.0, -999.0, 1.0, 2.5], [9999, 7, 8, 9999]])
@example([[-999.0, -999.0], []])
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.sampled_from([-999.0, 0.5, 2.5, 99.0])), max_size=5),
        min_size=2,
        max_size=2,
    )
)
def test_extremes_are_those_that_are_left(values: list[list[float | None]]) -> None:
    rows = list(itertools.zip_longest(*values)) or [(None, None)]
    columns = (Column("a", ColumnType.DECIMAL), Column("b", ColumnType.DECIMAL))
    with loaded(rows, ["DOUBLE", "DOUBLE"]) as connection:
        found = measure.assume_fill_values(connection, Table(columns), ()).extremes
        (left,) = connection.execute(
            "SELECT min(c0), max(c0), min(c1), max(c1) FROM cells"
        ).fetchall()
    assert found == {0: left[:2], 1: left[2:]}


@settings(max_examples=60, deadline=None)
@example([-999.0, -999.0, 1.0, 2.5])
@given(st.lists(st.sampled_from([None, -999.0, 0.5, 2.5, 99.0, 1e20]), max_size=6))
def test_what_a_supplier_declares_is_what_would_have_been_missing(
    values: list[float | None],
) -> None:
    rows, table = (
        [(each, each) for each in values],
        Table((Column("a", ColumnType.DECIMAL), Column("b", ColumnType.DECIMAL))),
    )
    with loaded(rows, ["DOUBLE", "DOUBLE"]) as connection:
        found = measure.assume_fill_values(connection, table, {"a"})
        left = connection.execute("SELECT c0 FROM cells ORDER BY rowid").fetchall()
    assert left == [(each,) for each in values]
    assert found.declared.get(0) == found.values.get(1)
    assert (0 in found.values, 1 in found.declared) == (False, False)


def test_a_column_by_example() -> None:
    found = profile([1, 2, 3, 4, None, 4], ColumnType.INTEGER)
    assert (found.minimum, found.maximum, found.mean) == ("1", "4", "2.8")
    assert (found.quartiles, found.distinct) == (("2", "3", "4"), 4)
    assert found.histogram == (1, 0, 0, 1, 0, 0, 1, 0, 0, 2)
    assert found.deviation == "1.16619037897"


@pytest.mark.parametrize("rows", [0, 40])
def test_different_texts_are_counted_by_every_way(rows: int) -> None:
    cells: list[list[object]] = [[None]]
    cells += [[f"v{i % 17}"] for i in range(rows)]
    with loaded(cells, ["VARCHAR"]) as connection:
        assert different(connection, ColumnType.TEXT) == min(rows, 17)
        with patch.object(measure, "SORTED_ROWS", 0):
            assert different(connection, ColumnType.TEXT) == min(rows, 17)
        with patch.object(measure, "repeats", lambda *_: True):
            assert different(connection, ColumnType.TEXT) == min(rows, 17)


def test_more_numbers_and_instants_than_the_engine_may_hold_are_measured(tmp_path: Path) -> None:
    """Its own quantiles hold every value, and so does the way of few rows: both fail here."""
    rows = 3_000_000
    columns = (Column("x", ColumnType.INTEGER), Column("time", ColumnType.TIMESTAMP))
    with duckdb.connect(
        str(tmp_path / "many.duckdb"),
        config={"memory_limit": "64MB", "threads": "2", "temp_directory": str(tmp_path / "spill")},
    ) as connection:
        connection.execute(
            "CREATE TABLE cells AS SELECT v AS c0, TIMESTAMP '2026-01-01' + INTERVAL 1 SECOND * v"
            " AS c1 FROM (SELECT i * 7919 % $rows AS v FROM range($rows) AS t(i))",
            {"rows": rows},
        )
        number, _ = profile_columns(
            connection, columns, (rows, [rows, rows]), frozenset(), lambda _: rows
        )
        covered = time_coverage(connection, Table(columns))
    assert number.quartiles == ("749999.75", "1499999.5", "2249999.25")
    assert covered == TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-02-04T17:19:59Z", 1, 0)


FIRST = dt.datetime.fromisoformat("2026-01-01")
moments = st.one_of(
    st.none(),
    st.datetimes(),
    st.integers(0, 5).map(lambda day: FIRST + dt.timedelta(days=day)),
)


@settings(max_examples=60, deadline=None)
@example([FIRST])
@given(st.lists(moments, max_size=12))
def test_time_is_covered_alike_by_sorting_and_by_the_engine(
    values: list[dt.datetime | None],
) -> None:
    table = Table((Column("time", ColumnType.TIMESTAMP),))
    with loaded([[value] for value in values], ["TIMESTAMP"]) as connection:
        by_sorting = time_coverage(connection, table)
        with patch.object(coverage, "SORTED_ROWS", 0):
            assert time_coverage(connection, table) == by_sorting
    assert (by_sorting is None) == (set(values) <= {None})


@pytest.mark.parametrize(
    "written", ["{}", "{} 00:00", "{} 00:00:00", "{}T00:00:00", "{}T00:00:00Z", "{} 00:00:00.000"]
)
@pytest.mark.parametrize("sorted_rows", [0, 3])
def test_texts_that_a_file_types_as_texts_cover_time(written: str, sorted_rows: int) -> None:
    days = [[written.format(day)] for day in ("2026-01-05", "2026-01-06", "2026-01-06")]
    with (
        loaded([*days, [None]], ["VARCHAR"]) as connection,
        patch.object(coverage, "SORTED_ROWS", sorted_rows),
    ):
        found = time_coverage(connection, Table((Column("time", ColumnType.TEXT),)))
    assert found == TimeCoverage("time", "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z", 86400, 0)


def test_gaps_by_example() -> None:
    days = [[FIRST + dt.timedelta(days=day)] for day in (0, 1, 2, 6, 7, 7)]
    with loaded(days, ["TIMESTAMP"]) as connection:
        found = time_coverage(connection, Table((Column("time", ColumnType.TIMESTAMP),)))
    assert found == TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-01-08T00:00:00Z", 86400, 1)


@settings(max_examples=60, deadline=None)
@example([("a", "b", None)], [("a", None, "b")])
@example([("a\0b", "c", "d")], [("a", "b\0c", "d")])
@example([("", "-", None)], [(None, "", "-")])
@given(tables, tables)
def test_two_tables_have_one_digest_only_if_they_have_the_same_rows(
    one: list[tuple[str | None, ...]], other: list[tuple[str | None, ...]]
) -> None:
    columns = [Column(name, ColumnType.TEXT) for name in "abc"]
    digests = []
    for rows in (one, other):
        with loaded(rows, ["VARCHAR"] * 3) as connection:
            found = count_rows(connection, columns)
            digests.append(found.digest)
        assert (found.rows, found.duplicates) == (len(rows), len(rows) - len(set(rows)))
        assert found.present == tuple(sum(row[i] is not None for row in rows) for i in range(3))
    assert (digests[0] == digests[1]) == (sorted(one, key=repr) == sorted(other, key=repr))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e308, "1e+308"),
        (-1.7976931348623157e308, "-1.79769313486e+308"),
        (9.96921e36, "9.96921e+36"),
        (1e21, "1e+21"),
        (123456789012345678901.0, "123456789012000000000"),
        (2**63, "9223372036854775808"),
        (1e-12, "0.000000000001"),
        (-1.5e-13, "-1.5e-13"),
        (-0.0, "0"),
    ],
)
def test_what_nobody_counts_the_digits_of_is_written_by_its_power_of_ten(
    value: float, written: str
) -> None:
    assert plain(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_is_short_and_tells_twelve_digits(value: float) -> None:
    written = plain(value)
    assert len(written) <= 26
    assert Decimal(written) == Context(prec=12).create_decimal(Decimal(value))
