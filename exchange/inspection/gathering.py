"""Rows of text cells on their way into the scratch database, a batch at a time.

For formats whose cells come one by one, and whose columns may show only as the rows go by.
Memory is that of one batch, whatever the number of rows.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from duckdb import DuckDBPyConnection

from exchange.inspection.inference import Typed, type_cells
from exchange.inspection.intake import Intake

BATCH_CELLS: Final = 1 << 18  # missing ones too: they take eight bytes each
BATCH_BYTES: Final = 8 << 20


class Gathering:
    """Text rows in the making; `typed` turns them into the table `cells`."""

    def __init__(self, intake: Intake, connection: DuckDBPyConnection, columns: int = 0) -> None:
        self.rows = 0
        self._intake = intake
        self._connection = connection
        self._batch: list[list[str | None]] = []
        self._held = 0  # rows in the batch
        self._bytes = 0
        self._stored = 0  # columns of the table
        self._whole = 0  # characters of all cells
        connection.execute("CREATE TABLE gathered (n BOOLEAN)").fetchall()
        self.widen(columns)

    def widen(self, columns: int) -> None:
        """Have as many columns from here on; the rows before miss the new ones."""
        while len(self._batch) < columns:
            self._batch.append([None] * self._held)

    def add(self, cells: Mapping[int, str]) -> None:
        """Add a row; a cell that is not given is missing."""
        for cell in self._batch:
            cell.append(None)
        size = 0
        for i, text in cells.items():
            self._batch[i][-1] = text
            size += len(text)
        self.rows += 1
        self._held += 1
        self._bytes += size
        self._whole += size
        if self._held * len(self._batch) >= BATCH_CELLS or self._bytes >= BATCH_BYTES:
            self._flush()

    def typed(self, text: Collection[int] = (), *, units: bool = False) -> Typed:
        """Create `cells`, the columns in `text` left as they are; see `type_cells`."""
        self._flush()
        typed = type_cells(self._connection, "gathered", len(self._batch), text=text, units=units)
        self._connection.execute("DROP TABLE gathered").fetchall()
        return typed

    def _flush(self) -> None:
        if self._whole > self._intake.limits.expanded:
            raise self._intake.refusal(
                f"expands to more than {self._intake.limits.expanded} bytes", "F-02"
            )
        while self._stored < len(self._batch):
            self._connection.execute(
                f"ALTER TABLE gathered ADD COLUMN c{self._stored} VARCHAR"
            ).fetchall()
            self._stored += 1
        if not self._held:
            return
        block = {f"c{i}": np.array(cells, dtype=object) for i, cells in enumerate(self._batch)}
        block["n"] = np.zeros(self._held, dtype=bool)
        names = ", ".join(["n", *(f"CAST(c{i} AS VARCHAR)" for i in range(self._stored))])
        self._connection.register("batch", block)
        self._connection.execute(f"INSERT INTO gathered SELECT {names} FROM batch").fetchall()
        self._connection.unregister("batch")
        self._batch = [[] for _ in self._batch]
        self._held = self._bytes = 0
