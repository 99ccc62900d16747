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
from exchange.inspection.parquet_frame import MAGIC, examine
from exchange.inspection.reader import SQL_TYPES, Column, Table
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
        rows = examine(intake)
        place = str(intake.linked).replace("'", "''")
        try:
            return _load(intake, connection, place, rows)
        except duckdb.OutOfMemoryException:
            raise  # which has its own rule
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:120].replace(str(intake.linked), intake.name)
            raise intake.refusal(f"not a whole Parquet file: {reason}", "F-08") from error


def _load(intake: Intake, connection: DuckDBPyConnection, place: str, rows: int) -> Table:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{place}')").fetchall()
    if len(described) > intake.limits.columns:
        raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
    if rows * len(described) * 8 > intake.limits.expanded:
        raise intake.refusal(f"expands to more than {intake.limits.expanded} bytes", "F-02")
    columns, cells, texts, remarks = [], [], [], []
    for i, (name, engine_type, *_) in enumerate(described):
        kind = _kind(engine_type)
        quoted = '"' + name.replace('"', '""') + '"'
        if kind is ColumnType.TEXT:
            texts.append(quoted)
            if engine_type != "VARCHAR":
                remarks.append(f"column {name}: {engine_type.split('(')[0]} read as text")
        columns.append(Column(name, kind))
        cells.append(f"{_cell(quoted, engine_type, kind)} AS c{i}")
    _allow_texts(connection, place, texts, intake)
    connection.execute(
        f"CREATE TABLE cells AS SELECT {', '.join(cells)} FROM read_parquet('{place}')"
    ).fetchall()
    pairs = connection.execute(
        f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{place}')"
        f" WHERE octet_length(value) < 4096 LIMIT {_KEY_VALUES_MAX}"
    ).fetchall()
    return Table(tuple(columns), attributes=tuple(pairs), remarks=tuple(remarks))


def _allow_texts(
    connection: DuckDBPyConnection, place: str, texts: Sequence[str], intake: Intake
) -> None:
    """Refuse texts that a dictionary of a few makes out of nothing, before they are written."""
    if not texts:
        return
    lengths = [f"strlen(CAST({each} AS VARCHAR))" for each in texts]
    total = " + ".join(f"coalesce(sum({each}), 0)" for each in lengths)
    longest = ", ".join(f"max({each})" for each in lengths)
    ((total_bytes, *most),) = connection.execute(
        f"SELECT {total}, {longest} FROM read_parquet('{place}')"
    ).fetchall()
    if max((each for each in most if each is not None), default=0) > intake.limits.cell:
        raise intake.refusal(f"a cell of more than {intake.limits.cell} bytes", "F-06")
    limit = min(max(TEXT_FLOOR, intake.limits.ratio * intake.bytes), intake.limits.expanded)
    if total_bytes > limit:
        raise intake.refusal(f"its texts expand to more than {limit} bytes", "F-02")


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
