"""What a detector of sensitive values promises, in the two forms there are.

A `ColumnDetector` reads cells: for each column that may hold what it looks for it gives a
`Watch`, which takes the cells batch by batch and then says what it counted.  A `TableDetector`
relates columns to each other and to what was found in them, after all cells were read.

Both return findings of counts and never a value.  Registered under the entry-point group
`exchange.detectors`; `conformance.ColumnDetectorContract` and `TableDetectorContract` test one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from duckdb import DuckDBPyConnection

from exchange.inspection.cells import Cells
from exchange.inspection.reader import Column, Table
from exchange.profile import SensitiveFinding


class Watch(Protocol):
    """Counts over the cells of one column."""

    def take(self, cells: Cells) -> None:
        """Count a batch; keep no value and no reference to the batch."""
        ...

    def findings(self, tested: int) -> Iterable[SensitiveFinding]:
        """Say what was counted, `tested` being the cells of the column that are not missing.

        Cells that cannot hold an identifier (short numbers) are tested and were not taken.
        """
        ...


@runtime_checkable
class ColumnDetector(Protocol):
    """Looks for something in the cells of single columns."""

    name: str

    def watch(self, column: Column) -> Watch | None:
        """Return a fresh watch for a column, None where the column need not be read for it."""
        ...


@dataclass(frozen=True, slots=True)
class Examined:
    """A table all cells of which were read: `cells` in the engine, and what was found so far.

    `present[i]` counts the cells of column `i` that are not missing.
    """

    connection: DuckDBPyConnection
    table: Table
    rows: int
    present: tuple[int, ...]
    found: tuple[SensitiveFinding, ...]

    def held(self) -> Iterator[tuple[int, Column, int]]:
        """Yield number, column and cells of each column that is not empty."""
        for i, (column, cells) in enumerate(zip(self.table.columns, self.present, strict=True)):
            if cells:
                yield i, column, cells

    def sample(self, columns: Sequence[int], rows: int) -> list[tuple[object, ...]]:
        """Return at most `rows` rows of some columns, taken evenly from the whole table.

        For deciding whether a whole scan is worth while, never for saying that nothing is there.
        """
        names = ", ".join(f"c{i}" for i in columns)
        step = max(1, self.rows // rows)
        found: list[tuple[object, ...]] = self.connection.execute(
            f"SELECT {names} FROM cells WHERE rowid % $1 = 0 LIMIT $2",  # noqa: S608
            [step, rows],
        ).fetchall()
        return found


@runtime_checkable
class TableDetector(Protocol):
    """Looks for something that only several columns together, or a column's name, give away."""

    name: str
    rank: int  # lower ranks relate first, and higher ones see what they found

    def relate(self, examined: Examined) -> Iterable[SensitiveFinding]:
        """Return further findings; the columns were read by every `ColumnDetector` before."""
        ...


Detector = ColumnDetector | TableDetector
