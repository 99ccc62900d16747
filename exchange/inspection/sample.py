"""Rows to be shown: read by their places, masked, and looked at by the detectors again."""

# ruff: noqa: S608 - queries are made of column numbers and of places alone
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from duckdb import DuckDBPyConnection

from exchange.inspection import sensitive
from exchange.inspection.anonymity import suggested_quasi_identifiers
from exchange.inspection.database import beside
from exchange.inspection.detector import Detector
from exchange.inspection.lexicon import says_name, suggests_anything
from exchange.inspection.reader import Column, Table
from exchange.profile import ColumnType
from exchange.quality.sampling import MASK, Sample
from exchange.records import printable

CELL_MAX: Final = 200  # characters of one cell; more is no longer looked at by anyone


def show_rows(
    connection: DuckDBPyConnection,
    table: Table,
    places: Sequence[int],
    private: Collection[str],
    detectors: Sequence[Detector],
) -> Sample:
    """Return the rows at these places of a loaded table, the private columns masked.

    So are those of words or numbers whose name alone says that they hold something sensitive: a
    sample is too short for a detector that judges by shares; and those that may single a person
    out together, though whoever is named outright is masked.  What the detectors still find in
    the masked sample is masked too, until they find nothing.
    """
    cells = ", ".join(f"CAST(c{i} AS VARCHAR)" for i in range(len(table.columns)))
    wanted = ", ".join(str(place) for place in places)
    found = connection.execute(
        f"SELECT {cells} FROM cells WHERE rowid IN ({wanted}) ORDER BY rowid"
    ).fetchall()
    names = [column.name.strip() for column in table.columns]
    private = {*private, *suggested_quasi_identifiers(table.columns)}
    masked = {i for i, each in enumerate(table.columns) if each.name in private or _named(each)}
    rows = [[None if cell is None else _short(cell) for cell in row] for row in found]
    while more := _still_sensitive(connection, table, rows, masked, detectors):
        masked |= more
    return Sample(
        columns=tuple(names),
        places=tuple(places),
        rows=tuple(tuple(_masked(row, masked)) for row in rows),
        masked=tuple(names[i] for i in sorted(masked)),
    )


def _named(column: Column) -> bool:
    words = column.type in {ColumnType.TEXT, ColumnType.INTEGER}
    return words and (suggests_anything(column.name) or says_name(column.name))


def _masked(row: Sequence[str | None], masked: Collection[int]) -> list[str | None]:
    return [MASK if i in masked and cell is not None else cell for i, cell in enumerate(row)]


def _short(cell: str) -> str:
    text = printable(cell).strip()  # as a record reads it
    return text if len(text) <= CELL_MAX else text[:CELL_MAX] + "…"


def _still_sensitive(
    connection: DuckDBPyConnection,
    table: Table,
    rows: Sequence[Sequence[str | None]],
    masked: Collection[int],
    detectors: Sequence[Detector],
) -> set[int]:
    """Return the columns, not masked yet, in which a detector finds something."""
    shown = Table(tuple(replace(each, type=ColumnType.TEXT) for each in table.columns))
    with beside(connection) as scratch:
        kept = [_masked(row, masked) for row in rows]
        block = {
            f"c{i}": np.array([row[i] for row in kept], dtype=object)
            for i in range(len(table.columns))
        }
        columns = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in block)
        scratch.register("rows", block)
        scratch.execute(f"CREATE TABLE cells AS SELECT {columns} FROM rows").fetchall()
        scratch.unregister("rows")
        present = [sum(cell is not None for cell in cells) for cells in block.values()]
        examined = sensitive.examine(scratch, shown, detectors, rows=len(rows), present=present)
        private = sensitive.private_columns(examined.found)
    return {i for i, each in enumerate(shown.columns) if each.name in private} - set(masked)
