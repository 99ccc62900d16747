"""Apache Parquet, its frame checked before the engine allocates anything from it.

Both ends must carry the magic and the footer must fit into the file (rule F-08).  Encrypted
files (magic PARE) are refused.  Nested and binary columns become text, which a remark says.
"""

# ruff: noqa: S608 - queries are made of our own path and column numbers, names quoted
from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.inspection.intake import Intake
from exchange.inspection.reader import SQL_TYPES, Column, Table
from exchange.profile import ColumnType

MAGIC: Final = b"PAR1"
FRAME: Final = 12  # two magics and the length of the footer

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
        _require_frame(intake)
        place = str(intake.linked).replace("'", "''")
        try:
            return _load(intake, connection, place)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0][:120].replace(str(intake.linked), intake.name)
            raise intake.refusal(f"not a whole Parquet file: {reason}", "F-08") from error


def _require_frame(intake: Intake) -> None:
    with intake.path.open("rb") as stream:
        stream.seek(max(0, intake.bytes - 8))
        tail = stream.read(8)
    if intake.bytes < FRAME or tail[4:] != MAGIC:
        raise intake.refusal("does not end as a Parquet file does; cut short?", "F-08")
    (footer,) = struct.unpack("<I", tail[:4])
    if footer > intake.bytes - FRAME:
        raise intake.refusal(
            f"claims a footer of {footer} bytes in a file of {intake.bytes}", "F-08"
        )


def _load(intake: Intake, connection: DuckDBPyConnection, place: str) -> Table:
    ((rows,),) = connection.execute(
        f"SELECT num_rows FROM parquet_file_metadata('{place}')"
    ).fetchall()
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet('{place}')").fetchall()
    if len(described) > intake.limits.columns:
        raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
    if rows * len(described) * 8 > intake.limits.expanded:
        raise intake.refusal(f"expands to more than {intake.limits.expanded} bytes", "F-02")
    columns, cells, remarks = [], [], []
    for i, (name, engine_type, *_) in enumerate(described):
        if not name.strip():
            raise intake.refusal(f"column {i + 1} has no name", "F-06")
        kind = _kind(engine_type)
        if kind is ColumnType.TEXT and engine_type != "VARCHAR":
            remarks.append(f"column {name}: {engine_type.split('(')[0]} read as text")
        columns.append(Column(name, kind))
        quoted = '"' + name.replace('"', '""') + '"'
        cells.append(f"{_cell(quoted, engine_type, kind)} AS c{i}")
    connection.execute(
        f"CREATE TABLE cells AS SELECT {', '.join(cells)} FROM read_parquet('{place}')"
    ).fetchall()
    pairs = connection.execute(
        f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{place}')"
        f" WHERE octet_length(value) < 4096 LIMIT {_KEY_VALUES_MAX}"
    ).fetchall()
    return Table(tuple(columns), attributes=tuple(pairs), remarks=tuple(remarks))


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
