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
    ({"check": "type", "column": "code", "type": "timestamp"}, (2, 7)),
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
)


@dataclass(frozen=True)
class _Asked:
    quality: Expectations


def expected(*told: Mapping[str, Any]) -> tuple[Expectation, ...]:
    return read_record(_Asked, {"quality": list(told)}).quality


@contextmanager
def on_duckdb(rows: Sequence[Row]) -> Iterator[Frame]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        columns = ", ".join(f"c{i} {SQL_TYPES[each.type]}" for i, each in enumerate(COLUMNS))
        connection.execute(f"CREATE TABLE cells ({columns})")
        if rows:
            marks = ", ".join("?" for _ in COLUMNS)
            connection.executemany(f"INSERT INTO cells VALUES ({marks})", rows)  # noqa: S608
        yield Frame(connection.table("cells"), COLUMNS)


POLARS_TYPES: tuple[Any, ...] = (
    pl.Int64,
    pl.String,
    pl.Datetime("us"),
    pl.Float64,
    pl.String,
    pl.Boolean,
)


def on_polars(rows: Sequence[Row]) -> Frame:
    schema = pl.Schema({f"c{i}": kind for i, kind in enumerate(POLARS_TYPES)})
    return Frame(pl.LazyFrame(list(rows), schema=schema, orient="row"), COLUMNS)
