"""Apache Parquet, its frame checked before the engine allocates anything from it.

`parquet_frame` holds the metadata against the file (rule F-08).  Encrypted files (magic PARE) are
refused.  Nested and binary columns become text, which a remark says.

The rows of a large file stay in it, where each question reads the columns that it is about: to
copy them takes three times as long as to read all of them once.  That pays where row groups are
small enough to be gone through one after the other; else the rows are copied.
"""

# ruff: noqa: S608 - queries are made of our own path and column numbers, names quoted
from __future__ import annotations

import shutil
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.inspection.asking import aggregated
from exchange.inspection.cells import READ_BYTES, READ_ROWS
from exchange.inspection.database import KEPT_IN_MEMORY
from exchange.inspection.intake import Intake
from exchange.inspection.parquet_frame import MAGIC, Claims, examine
from exchange.inspection.reader import SQL_TYPES, Column, Table, infinities_told
from exchange.inspection.statistics import TOGETHER, statistics
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
_FLOATS: Final = ("FLOAT", "DOUBLE")
_KEY_VALUES_MAX: Final = 100
TEXT_FLOOR: Final = 1 << 30  # bytes; words that repeat in ten million rows are no bomb
# Of a row group that is read in place.  What goes through the rows takes some at a time, and for
# each time the engine unpacks the whole of a group.
GROUP_ROWS: Final = 262_144
GROUP_BYTES: Final = 64 << 20  # of the texts of one column


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
        """Check the frame, and make the rows `cells`: where they lie, or a copy of them."""
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
    columns = [Column(name, _kind(engine_type)) for name, engine_type, *_ in described]
    quoted = ['"' + name.replace('"', '""') + '"' for name, *_ in described]
    cells = ", ".join(
        f"{_cell(quoted[i], engine_type, columns[i].type)} AS c{i}"
        for i, (_, engine_type, *_) in enumerate(described)
    )
    remarks = tuple(
        f"column {name}: {engine_type.split('(')[0]} read as text"
        for name, engine_type, *_ in described
        if _kind(engine_type) is ColumnType.TEXT and engine_type != "VARCHAR"
    )
    at_once = _require_bounded(intake, connection, place, described, claims)
    known: tuple[Mapping[str, Any], ...] = ()
    if (
        intake.bytes > KEPT_IN_MEMORY
        and not remarks
        and claims.group <= GROUP_ROWS
        and max(at_once.values(), default=0) <= GROUP_BYTES
        and not any(name.casefold() == "file_row_number" for name, *_ in described)
    ):
        connection.execute(
            f"CREATE VIEW cells AS SELECT {cells}, file_row_number AS rowid"
            f" FROM read_parquet('{_bare(intake, claims)}', file_row_number = true)"
        ).fetchall()
        known = tuple(_known(claims, i, at_once.get(i, 0)) for i in range(len(columns)))
    else:
        connection.execute(
            f"CREATE TABLE cells AS SELECT {cells} FROM read_parquet('{place}')"
        ).fetchall()
        for kept in statistics(connection, len(columns)):
            _allow_cell(kept.get("max_string_length"), intake)
    pairs = connection.execute(
        f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{place}')"
        f" WHERE octet_length(value) < 4096 LIMIT {_KEY_VALUES_MAX}"
    ).fetchall()
    floats = [i for i, (_, engine_type, *_) in enumerate(described) if engine_type in _FLOATS]
    asked = [f"count(*) FILTER (WHERE isinf({quoted[i]}))" for i in floats]
    infinite = aggregated(connection, asked, f"read_parquet('{place}')")
    told = infinities_told(zip((columns[i].name for i in floats), infinite, strict=True))
    return Table(tuple(columns), attributes=tuple(pairs), remarks=remarks + told, known=known)


def _require_bounded(
    intake: Intake,
    connection: DuckDBPyConnection,
    place: str,
    described: Sequence[tuple[str, str]],
    claims: Claims,
) -> Mapping[int, int]:
    """Return how many bytes of each column of texts a row group has at most, if all are bearable.

    The pages bound a text that is one in the file, and no part of another cell.  Where that is too
    much, the texts are measured before they are written: a dictionary makes many of a few.
    """
    leaves = claims.leaves if len(claims.leaves) == len(described) else ()
    texts = [i for i, (_, kind, *_) in enumerate(described) if _kind(kind) is ColumnType.TEXT]
    at_once: dict[int, int] = {}
    bounded = 0
    for i in texts:
        if (
            leaves
            and described[i][1] == "VARCHAR"
            and leaves[i].at_once <= GROUP_BYTES
            and bounded + leaves[i].text <= _most(intake) // 2
        ):
            bounded += leaves[i].text
            at_once[i] = leaves[i].at_once

    def measured(some: Sequence[int]) -> int:
        total, longest = _lengths(connection, place, [described[i][0] for i in some], intake)
        at_once.update((i, each * claims.group) for i, each in zip(some, longest, strict=True))
        return total

    if bounded + measured([i for i in texts if i not in at_once]) > _most(intake) and (
        measured(texts) > _most(intake)
    ):
        raise intake.refusal(f"its texts expand to more than {_most(intake)} bytes", "F-02")
    return at_once


def _lengths(
    connection: DuckDBPyConnection, place: str, names: Sequence[str], intake: Intake
) -> tuple[int, Sequence[int]]:
    """Return how long all texts of some columns are, and the longest of each."""
    if not names:
        return 0, ()
    cells = ('"' + name.replace('"', '""') + '"' for name in names)
    lengths = [f"strlen(CAST({cell} AS VARCHAR))" for cell in cells]
    asked = [f"coalesce({which}({each}), 0)" for each in lengths for which in ("sum", "max")]
    found = aggregated(connection, asked, f"read_parquet('{place}')")
    for each in found[1::2]:
        _allow_cell(each, intake)
    return int(sum(found[::2])), found[1::2]


def _bare(intake: Intake, claims: Claims) -> str:
    """Copy the rows to where nobody else writes, under a footer that says nothing of the values."""
    place = intake.scratch / "rows.parquet"
    shutil.copyfile(intake.linked, place)
    with place.open("r+b") as file:
        file.truncate(claims.end)
        file.seek(claims.end)
        file.write(claims.footer + struct.pack("<I", len(claims.footer)) + MAGIC)
    return str(place).replace("'", "''")


def _known(claims: Claims, i: int, at_once: int) -> Mapping[str, Any]:
    """Return what chooses the quicker way to read a column in place; see `statistics`."""
    groups = max(1, min(READ_BYTES // max(1, at_once), READ_ROWS // max(1, claims.group)))
    known = {TOGETHER: groups * claims.group}
    different = claims.leaves[i].different
    return known if different is None else known | {"approx_unique": different}


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
