"""One table on every engine, and what is expected of it with the counts a person takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from exchange.expectations import Expectation, Expectations
from exchange.inspection.engine import Frame
from exchange.inspection.reader import SQL_TYPES, Column
from exchange.profile import ColumnType
from exchange.quality.measured import Flags
from exchange.records import read_record

Row = tuple[int | None, str | None, dt.datetime | None, float | None, str | None, bool | None]

NEW_YEAR = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - instants of a table are in UTC
COLUMNS = (
    Column("id", ColumnType.INTEGER),
    Column("code", ColumnType.TEXT),
    Column("time", ColumnType.TIMESTAMP),
    Column("value", ColumnType.DECIMAL),
    Column("station", ColumnType.TEXT),
    Column("good", ColumnType.BOOLEAN),
)


def after(hours: float) -> dt.datetime:
    return NEW_YEAR + dt.timedelta(hours=hours)


ROWS: tuple[Row, ...] = (
    (1, "91370200MA00000015", after(0), 1.5, "a", True),
    (2, "91370200MA00000016", after(1), float("nan"), "a", None),
    (2, None, after(2), 2.0, "a", False),
    (4, "4111111111111111", after(2), 9.0, "b", False),
    (9074729, "2026-02-29", after(9), 2.5, "a", True),
    (None, "2024-02-29", None, 2.5, "b", True),
    (7, "x", after(10), 2.5, "a", True),
    (366053209, "x\n", after(11), 2.5, "a", True),
)

_SPIKE = {"check": "spike", "column": "value", "time": "time", "suspect": 1, "fail": 3}
_FLAT = {"check": "flat-line", "column": "value", "time": "time", "tolerance": 0}
# What is expected, and the two counts that somebody takes by hand.
COUNTED: tuple[tuple[Mapping[str, Any], tuple[int, int]], ...] = (
    ({"check": "type", "column": "code", "type": "integer"}, (1, 7)),
    ({"check": "type", "column": "code", "type": "timestamp"}, (1, 7)),
    ({"check": "type", "column": "value", "type": "integer"}, (2, 7)),
    ({"check": "type", "column": "id", "type": "decimal"}, (7, 7)),
    ({"check": "pattern", "column": "code", "pattern": "x"}, (1, 7)),
    ({"check": "pattern", "column": "id", "pattern": "[0-9]{1,2}"}, (5, 7)),
    ({"check": "code-table", "column": "station", "values": ["a", "c"]}, (6, 8)),
    ({"check": "code-table", "column": "id", "values": ["2", "x", "4.0", "1.5"]}, (3, 7)),
    ({"check": "code-table", "column": "id", "values": ["x"]}, (0, 7)),
    ({"check": "length", "column": "code", "minimum": 2, "maximum": 10}, (3, 7)),
    ({"check": "not-missing", "column": "value"}, (7, 8)),
    (
        {
            "check": "coverage",
            "column": "time",
            "first": "2026-01-01T00:00:00Z",
            "last": "2026-01-01T19:00:00+08:00",
            "step_seconds": 3600,
        },
        (6, 12),
    ),
    ({"check": "range", "column": "value", "minimum": 2, "maximum": "2.5"}, (5, 7)),
    ({"check": "range", "column": "id", "minimum": "1.5"}, (6, 7)),
    ({"check": "range", "column": "id", "maximum": "2.5"}, (3, 7)),
    ({"check": "checksum", "column": "code", "scheme": "credit-code"}, (1, 7)),
    ({"check": "checksum", "column": "code", "scheme": "luhn"}, (1, 7)),
    ({"check": "checksum", "column": "code", "scheme": "iso-8601"}, (1, 7)),
    ({"check": "checksum", "column": "id", "scheme": "imo"}, (1, 7)),
    ({"check": "checksum", "column": "id", "scheme": "mmsi"}, (1, 7)),
    ({"check": "unique", "key": ["id"]}, (6, 7)),
    ({"check": "unique", "key": ["station", "time"]}, (7, 7)),
    ({"check": "unique", "key": ["station"]}, (2, 8)),
    ({"check": "reference", "column": "value", "values": ["2.5", "9"]}, (5, 7)),
    ({"check": "compare", "left": "id", "operator": "<", "right": "value"}, (2, 6)),
    ({"check": "compare", "left": "id", "operator": "!=", "right": "value"}, (5, 6)),
    (
        {"check": "compare", "left": "id", "operator": "==", "right": "value", "tolerance": 1},
        (2, 6),
    ),
    (
        {"check": "compare", "left": "id", "operator": "<", "right": "value", "tolerance": 1},
        (1, 6),
    ),
    ({"check": "compare", "left": "station", "operator": "<=", "right": "code"}, (2, 7)),
    ({"check": "determines", "key": ["station"], "column": "id"}, (1, 7)),
    ({"check": "determines", "key": ["id"], "column": "station"}, (7, 7)),
    ({"check": "sum", "parts": ["id"], "total": "value", "tolerance": 1}, (2, 6)),
    ({"check": "readable", "columns": ["id", "good", "nothing"]}, (2, 3)),
)
FLAGGED: tuple[tuple[Mapping[str, Any], Flags], ...] = (
    ({"check": "gap", "column": "time", "seconds": 3600}, Flags(4, 1, 0, 1, 1)),
    (
        {"check": "gap", "column": "time", "seconds": 30_000, "suspect_seconds": 3600},
        Flags(4, 1, 1, 0, 1),
    ),
    (
        {"check": "gap", "column": "time", "seconds": 3600, "series": ["station"]},
        Flags(4, 2, 0, 1, 1),
    ),
    (
        {
            "check": "gross-range",
            "column": "value",
            "fail_minimum": 0,
            "fail_maximum": 8,
            "suspect_minimum": 2,
        },
        Flags(5, 0, 1, 1, 1),
    ),
    (_SPIKE, Flags(1, 2, 0, 3, 2)),
    (_SPIKE | {"series": ["station"]}, Flags(3, 3, 0, 0, 2)),
    (
        {"check": "rate-of-change", "column": "value", "time": "time", "per_hour": 1},
        Flags(4, 1, 1, 0, 2),
    ),
    (_FLAT | {"suspect_repeats": 1, "fail_repeats": 2}, Flags(3, 1, 1, 1, 2)),
    (
        {
            "check": "location",
            "longitude": "value",
            "latitude": "id",
            "west": 0,
            "south": 0,
            "east": 3,
            "north": 3,
        },
        Flags(2, 0, 2, 2, 2),
    ),
)
FAULTS: tuple[tuple[Mapping[str, Any], str], ...] = (
    ({"check": "range", "column": "depth", "minimum": 0}, "no column depth"),
    ({"check": "range", "column": "code", "minimum": 0}, "code is of type text"),
    ({"check": "type", "column": "good", "type": "integer"}, "good is of type boolean"),
    ({"check": "pattern", "column": "value", "pattern": "x"}, "value is of type decimal"),
    ({"check": "unique", "key": ["id", "depth"]}, "no column depth"),
    ({"check": "gap", "column": "id", "seconds": 1}, "id is of type integer"),
    (
        {"check": "compare", "left": "time", "operator": "<", "right": "value"},
        "do not compare",
    ),
    ({"check": "determines", "key": ["id"], "column": "depth"}, "no column depth"),
    (
        {"check": "compare", "left": "code", "operator": "<", "right": "station", "tolerance": 1},
        "texts are no distance apart",
    ),
)

# Numbers as people write them, with sums that doubles miss, and texts that only look like values.
WRITTEN_COLUMNS = (
    *(Column(name, ColumnType.INTEGER) for name in ("i", "j", "k")),
    *(Column(name, ColumnType.DECIMAL) for name in ("x", "y", "z")),
    Column("time", ColumnType.TIMESTAMP),
    Column("text", ColumnType.TEXT),
)
WrittenRow = tuple[
    int | None,
    int | None,
    int | None,
    float | None,
    float | None,
    float | None,
    dt.datetime | None,
    str | None,
]
_MOST = 2**63 - 1
WRITTEN: tuple[WrittenRow, ...] = (
    (1, 2, 3, 0.1, 0.2, 0.3, after(0), "2024-02-29"),
    (2**53, 1, 2**53 + 1, 1.1, 1.11, 2.21, after(1), "2026-02-29"),
    (2**53, 1, 2**53, 1.2, 100.11, 101.31, after(2), "2026-01-01T25:61:00Z"),
    (_MOST, _MOST, -2, 1.3, 1.32, 2.63, after(3), "2026/1/5 7:05"),
    (-_MOST, -_MOST, 2, 1.2, 1.2, 2.41, after(4), "1e999"),
    (-_MOST - 1, _MOST, -1, 1.0, 1e308, 1e308, after(5), "-1.5e308"),
    (_MOST, -_MOST - 1, -1, 1e308, 1e308, 7.0, None, "2026-01-01T24:00:01"),
)
_ADDS: dict[str, Any] = {"check": "sum", "parts": ["i", "j"], "total": "k"}
_ADDS_DECIMALS: dict[str, Any] = {"check": "sum", "parts": ["x", "y"], "total": "z"}
_LIES: dict[str, Any] = {"check": "compare", "left": "i", "operator": "==", "right": "k"}
_LIES_DECIMAL: dict[str, Any] = {"check": "compare", "left": "x", "right": "y"}
_SERIES: dict[str, Any] = {"column": "x", "time": "time"}
WRITTEN_COUNTED: tuple[tuple[Mapping[str, Any], tuple[int, int]], ...] = (
    (_ADDS, (4, 7)),
    (_ADDS | {"tolerance": "1.9"}, (5, 7)),
    (_ADDS | {"parts": ["i"], "tolerance": 1}, (2, 7)),
    (_ADDS_DECIMALS, (4, 7)),
    (_ADDS_DECIMALS | {"tolerance": "0.01"}, (6, 7)),
    (_ADDS_DECIMALS | {"parts": ["i", "y"], "tolerance": "0.9"}, (2, 7)),
    (_LIES, (1, 7)),
    (_LIES | {"tolerance": 1}, (2, 7)),
    (_LIES | {"operator": "<=", "tolerance": 1}, (5, 7)),
    (_LIES | {"operator": "!=", "tolerance": "1e18"}, (4, 7)),
    (_LIES_DECIMAL | {"operator": "==", "tolerance": "0.01"}, (3, 7)),
    (_LIES_DECIMAL | {"operator": "<", "tolerance": "0.01"}, (4, 7)),
    (_LIES_DECIMAL | {"operator": "<="}, (7, 7)),
    (_SERIES | {"check": "rate-of-change", "per_hour": "0.1"}, (3, 5)),
    (_SERIES | {"check": "flat-line", "tolerance": "0.1", "suspect_repeats": 1}, (2, 5)),
    (_SERIES | {"check": "flat-line", "tolerance": 0, "suspect_repeats": 1}, (5, 5)),
    (_SERIES | {"check": "spike", "suspect": "0.1", "fail": "0.1"}, (3, 4)),
    (_SERIES | {"check": "spike", "suspect": "0.45", "fail": "0.45"}, (4, 4)),
    ({"check": "type", "column": "text", "type": "timestamp"}, (2, 7)),
    ({"check": "type", "column": "text", "type": "decimal"}, (1, 7)),
)


@dataclass(frozen=True)
class _Asked:
    quality: Expectations


def expected(*told: Mapping[str, Any]) -> tuple[Expectation, ...]:
    return read_record(_Asked, {"quality": list(told)}).quality


@contextmanager
def on_duckdb(
    rows: Sequence[tuple[Any, ...]], columns: Sequence[Column] = COLUMNS
) -> Iterator[Frame]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        typed = ", ".join(f"c{i} {SQL_TYPES[each.type]}" for i, each in enumerate(columns))
        connection.execute(f"CREATE TABLE cells ({typed})")
        if rows:
            marks = ", ".join("?" for _ in columns)
            connection.executemany(f"INSERT INTO cells VALUES ({marks})", rows)  # noqa: S608
        yield Frame(connection.table("cells"), columns)


POLARS_TYPES: Mapping[ColumnType, Any] = {
    ColumnType.INTEGER: pl.Int64,
    ColumnType.TEXT: pl.String,
    ColumnType.TIMESTAMP: pl.Datetime("us"),
    ColumnType.DECIMAL: pl.Float64,
    ColumnType.BOOLEAN: pl.Boolean,
}


def on_polars(rows: Sequence[tuple[Any, ...]], columns: Sequence[Column] = COLUMNS) -> Frame:
    schema = pl.Schema({f"c{i}": POLARS_TYPES[each.type] for i, each in enumerate(columns)})
    return Frame(pl.LazyFrame(list(rows), schema=schema, orient="row"), columns)
