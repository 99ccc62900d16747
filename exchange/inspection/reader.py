"""What a reader of one file format promises, and the table it leaves behind.

A reader turns a file into a DuckDB table or view called `cells` whose columns are called `c0`,
`c1`, … in the order of `Table.columns`: no name out of a file ever becomes a part of a query.
Column `c<i>` has the DuckDB type `SQL_TYPES[columns[i].type]`, and a missing cell is NULL: never
NaN, never a fill value that the file itself declares.  A view has a column `rowid` besides, which
counts the rows from 0 as a table's does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol, runtime_checkable

from duckdb import DuckDBPyConnection

from exchange.inspection.intake import Intake
from exchange.profile import ColumnType, SpaceCoverage

SQL_TYPES: Final[dict[ColumnType, str]] = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: "DOUBLE",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.TIMESTAMP: "TIMESTAMP",
    ColumnType.BOOLEAN: "BOOLEAN",
}

# Starts of formats that no text reader may claim: images, archives and programs among them, so
# that a file with a borrowed suffix is refused for what it is.
BINARY_MAGIC: Final = (
    b"PAR1",
    b"CDF\x01",
    b"CDF\x02",
    b"CDF\x05",
    b"\x89HDF\r\n\x1a\n",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"SQLite format 3",
    b"\x28\xb5\x2f\xfd",
    b"\x80\x04\x95",
    b"II*\x00",
    b"II+\x00",
    b"MM\x00*",
    b"MM\x00+",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of `cells`: its name in the file, its type, and what the file says of it."""

    name: str
    type: ColumnType
    unit: str | None = None
    standard_name: str | None = None
    fill_value: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What a reader found beside the cells.

    `instant` is the name and value (UTC) of a header entry that dates the whole file, for
    formats without a column of time, `place` where a header says that all of it lies.
    `first_line` is the line of the file on which the first
    row stands, None where rows have no lines of their own.  `remarks` say in words what the
    reader had to assume.  `known` are the statistics of each column where `cells` is a view, and
    none where it is a table, of which the engine keeps them.  `extremes` are the least and the
    greatest number of each column of numbers, once they have been asked for (`measure`).
    """

    columns: tuple[Column, ...]
    encoding: str | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    instant: tuple[str, dt.datetime] | None = None
    first_line: int | None = None
    place: SpaceCoverage | None = None
    known: tuple[Mapping[str, Any], ...] = ()
    extremes: Mapping[int, tuple[Any, Any]] = field(default_factory=dict)


def infinities_told(counts: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return a remark on each column in which so many cells were infinite and are missing now."""
    return tuple(
        f"column {name}: {count} infinite cells are read as missing"
        for name, count in counts
        if count
    )


@runtime_checkable
class Reader(Protocol):
    """A file format that the exchange can inspect; `conformance.ReaderContract` tests one.

    `suffixes` are lower case with their dot.  `text` says that the format is
    read as a stream, which takes a gzip wrapper off; of others `open` is given the content alone.
    """

    name: str
    media_type: str
    suffixes: tuple[str, ...]
    text: bool

    def claims(self, head: bytes, path: Path) -> bool:
        """Whether the first 4 KiB (unwrapped) look like this format; must not open `path`."""
        ...

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Create the table `cells` and describe it, or raise `Unreadable` naming the rule.

        Memory must stay bounded whatever the size of the file, and no other file may be
        opened than `intake.path` (best as `intake.linked`) and those in `intake.scratch`.
        """
        ...
