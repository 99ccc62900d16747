"""CSV and its relatives: checked, decoded, and only then handed to the engine.

Encoding (`encoding`) and structure (`structure`) are settled before DuckDB sees the text, and
DuckDB gets no freedom: dialect and columns are given, nothing is sniffed, and the number of
rows it finds must be the number we counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.inspection import encoding, preamble, structure
from exchange.inspection.inference import text_columns, type_cells
from exchange.inspection.intake import Intake
from exchange.inspection.reader import BINARY_MAGIC, Column, Table
from exchange.profile import ColumnType

_COMPARED: Final = 16  # columns, which are enough to know a header by


class DelimitedReader:
    """Comma, tab, semicolon or bar separated text with a header, in any encoding we know.

    Every cell is tested to find its column's type; see `inference` for what counts as missing.
    Remarks before the header are attributes (`preamble`).
    A header without a row is refused: a product without data cannot be assessed.
    """

    name = "csv"
    media_type = "text/csv"
    suffixes: tuple[str, ...] = (".csv", ".tsv", ".txt")
    text = True

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the suffix says nothing more
        """Whether the head is of no known binary format; text has no magic number."""
        return not head.startswith(BINARY_MAGIC)

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Check the whole text and load it as typed columns."""
        codec = encoding.detect(intake)
        direct = codec == encoding.UTF8 and intake.compression is None
        text = intake.pieces() if direct else encoding.transcoded(intake, codec)
        before, text = preamble.split(text, intake)
        preamble.refuse_formulas(connection, before, intake)
        direct = direct and not before.lines
        path = intake.linked if direct else intake.scratch / "decoded.csv"
        pieces = text if direct else _kept(text, path)
        line = 1 + len(before.lines)
        found = structure.examine(pieces, intake, line=line, delimiter=before.delimiter)
        source = text_columns(path, found.delimiter, len(found.header), found.longest)
        try:
            typed = type_cells(
                connection,
                source,
                len(found.header),
                longest=found.longest,
                comma=found.delimiter != ",",
                units=True,
            )
            ((rows,),) = connection.execute("SELECT count(*) FROM cells").fetchall()
        except duckdb.OutOfMemoryException:
            raise  # which has its own rule
        except duckdb.Error as error:
            raise intake.refusal(f"the engine cannot read it: {_brief(error)}", "F-06") from error
        if rows + bool(typed.units) != found.records:
            raise intake.refusal(
                f"{found.records} rows were counted and the engine reads {rows}", "F-06"
            )
        if not direct:
            path.unlink()
        columns = typed.columns(found.header)
        remarks = [] if codec == encoding.UTF8 else [f"read as {codec}"]
        if before.remarks:
            remarks.append(f"lines of remarks before the header: {len(before.remarks)}")
        remarks += typed.remarks(found.header)
        remarks += _repeated(connection, columns)
        return Table(
            columns,
            encoding=codec,
            attributes=before.attributes,
            remarks=tuple(remarks),
            first_line=None if found.multiline else line + 1 + bool(typed.units),
        )


def _kept(pieces: Iterator[bytes], path: Path) -> Iterator[bytes]:
    """Pass the pieces on, keeping a copy of them in `path`."""
    with path.open("wb") as copy:
        for piece in pieces:
            copy.write(piece)
            yield piece


def _repeated(connection: DuckDBPyConnection, columns: Sequence[Column]) -> Iterator[str]:
    """Say how many rows repeat the header: they make texts of all columns."""
    if all(column.type is ColumnType.TEXT for column in columns):
        some = columns[:_COMPARED]
        alike = " AND ".join(f"c{i} = ?" for i in range(len(some)))
        ((count,),) = connection.execute(
            f"SELECT count(*) FROM cells WHERE {alike}",  # noqa: S608 - numbers of columns
            [column.name for column in some],
        ).fetchall()
        if count:
            yield f"rows that repeat the header: {count}; files joined to one?"


def _brief(error: duckdb.Error) -> str:
    # The engine quotes cells and paths in the lines that follow.
    return str(error).splitlines()[0][:120]
