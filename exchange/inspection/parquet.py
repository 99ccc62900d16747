"""Apache Parquet, its frame checked before the engine allocates anything from it.

`parquet_frame` holds the metadata against the file (rule F-08).  Encrypted files (magic PARE) are
refused.  Nested and binary columns become text, which a remark says.
"""

# ruff: noqa: S608 - queries are made of our own path and column numbers, names quoted
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.inspection.intake import Intake
from exchange.inspection.parquet_frame import MAGIC, Claims, examine
from exchange.inspection.reader import SQL_TYPES, Column, Table
from exchange.inspection.statistics import statistics
from exchange.profile import ColumnType

_KINDS: Final = {
    "BOOLEAN": ColumnType.BOOLEAN,
    "TINYINT": ColumnType.INTEGER,
    "SMALLINT": ColumnType.INTEGER,
    "INTEGER": ColumnType.INTEGER,
    "BIGINT": ColumnType.INTEGER,
    "UTINYINT": ColumnType.INTEGER,
    "USMALLINT": ColumnType.INTEGER,
    "UINTEGER": ColumnType.INTEGER,
    "FLOAT": ColumnType.DECIMAL,
    "DOUBLE": ColumnType.DECIMAL,
    "VARCHAR": ColumnType.TEXT,
    "DATE": ColumnType.TIMESTAMP,
}
_KEY_VALUES_MAX: Final = 100
TEXT_FLOOR: Final = 1 << 30  # bytes; words that repeat in ten million rows are no bomb


class ParquetReader:
    """One Parquet file; its key-value metadata become attributes."""

    name = "parquet"
    media_type = "application/vnd.apache.parquet"
    suffixes: tuple[str, ...] = (".parquet", ".pq")
    text = False

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the magic says it all
        """Whether the head is Parquet's magic."""
        return head.startswith(MAGIC)

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Check the frame and copy the rows into the scratch database."""
        claims = examine(intake)
        place = str(intake.linked).replace("'", "''")
        try:
            return _load(intake, connection, place, claims)
        except duckdb.OutOfMemoryException:
            raise  # which has its own rule
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:120].replace(str(intake.linked), intake.name)
            raise intake.refusal(f"not a whole Parquet file: {reason}", "F-08") from error


def _load(intake: Intake, connection: DuckDBPyConnection, place: str, claims: Claims) -> Table:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{place}')").fetchall()
    if len(described) > intake.limits.columns:
        raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
    if claims.rows * len(described) * 8 > intake.limits.expanded:
        raise intake.refusal(f"expands to more than {intake.limits.expanded} bytes", "F-02")
    columns, cells, texts, unbounded, remarks = [], [], [], [], []
    # The pages bound a text that is one in the file, and no part of another cell.
    bounds = claims.text if len(claims.text) == len(described) else ()
    bounded = 0
    for i, (name, engine_type, *_) in enumerate(described):
        kind = _kind(engine_type)
        quoted = '"' + name.replace('"', '""') + '"'
        if kind is ColumnType.TEXT:
            texts.append(quoted)
            if bounds and engine_type == "VARCHAR" and bounded + bounds[i] <= _most(intake) // 2:
                bounded += bounds[i]
            else:
                unbounded.append(quoted)
            if engine_type != "VARCHAR":
                remarks.append(f"column {name}: {engine_type.split('(')[0]} read as text")
        columns.append(Column(name, kind))
        cells.append(f"{_cell(quoted, engine_type, kind)} AS c{i}")
    if bounded + _text_bytes(connection, place, unbounded, intake) > _most(intake):
        exactly = _text_bytes(connection, place, texts, intake)
        if exactly > _most(intake):
            raise intake.refusal(f"its texts expand to more than {_most(intake)} bytes", "F-02")
    connection.execute(
        f"CREATE TABLE cells AS SELECT {', '.join(cells)} FROM read_parquet('{place}')"
    ).fetchall()
    for known in statistics(connection, len(cells)):
        _allow_cell(known.get("max_string_length"), intake)
    pairs = connection.execute(
        f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{place}')"
        f" WHERE octet_length(value) < 4096 LIMIT {_KEY_VALUES_MAX}"
    ).fetchall()
    return Table(tuple(columns), attributes=tuple(pairs), remarks=tuple(remarks))


def _text_bytes(
    connection: DuckDBPyConnection, place: str, texts: Sequence[str], intake: Intake
) -> int:
    """Return how long some texts are before they are written: a dictionary makes many of a few."""
    if not texts:
        return 0
    lengths = [f"strlen(CAST({each} AS VARCHAR))" for each in texts]
    total = " + ".join(f"coalesce(sum({each}), 0)" for each in lengths)
    longest = ", ".join(f"max({each})" for each in lengths)
    ((found, *most),) = connection.execute(
        f"SELECT {total}, {longest} FROM read_parquet('{place}')"
    ).fetchall()
    for each in most:
        _allow_cell(each, intake)
    return int(found)


def _allow_cell(longest: int | None, intake: Intake) -> None:
    if longest is not None and longest > intake.limits.cell:
        raise intake.refusal(f"a cell of more than {intake.limits.cell} bytes", "F-06")


def _most(intake: Intake) -> int:
    """Return to how many bytes the texts of a file may expand."""
    return min(max(TEXT_FLOOR, intake.limits.ratio * intake.bytes), intake.limits.expanded)


def _kind(engine_type: str) -> ColumnType:
    if engine_type.startswith("TIMESTAMP"):
        return ColumnType.TIMESTAMP
    if engine_type.startswith("DECIMAL(") and not engine_type.endswith("]"):
        return ColumnType.DECIMAL
    # Whole numbers beyond 64 bits stay text, as they do in a delimited file.
    return _KINDS.get(engine_type, ColumnType.TEXT)


def _cell(quoted: str, engine_type: str, kind: ColumnType) -> str:
    if kind is ColumnType.DECIMAL:
        as_double = f"CAST({quoted} AS DOUBLE)"
        return f"CASE WHEN isfinite({as_double}) THEN {as_double} END"
    if engine_type == "TIMESTAMP WITH TIME ZONE":
        return f"make_timestamp(epoch_us({quoted}))"
    return f"CAST({quoted} AS {SQL_TYPES[kind]})"
