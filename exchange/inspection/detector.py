"""What a detector of sensitive values promises, in the two forms there are.

A `ColumnDetector` reads cells: for each column that may hold what it looks for it gives a
`Watch`, which takes the cells batch by batch and then says what it counted.  A `TableDetector`
relates columns to each other and to what was found in them, after all cells were read.

Both return findings of counts and never a value.  Registered under the entry-point group
`exchange.detectors`; `conformance.ColumnDetectorContract` and `TableDetectorContract` test one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, runtime_checkable

from duckdb import DuckDBPyConnection

from exchange.inspection.cells import Cells
from exchange.inspection.digest import DRAWN_MAX, SAMPLED, evenly
from exchange.inspection.measure import count_distinct
from exchange.inspection.position import Position
from exchange.inspection.reader import Column, Table
from exchange.profile import SensitiveFinding, Track


class Watch(Protocol):
    """Counts over the cells of one column."""

    def take(self, cells: Cells) -> None:
        """Count a batch; keep no value and no reference to the batch.

        A cell counts for as many as it stands for (`Cells.stand_for`).
        """
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

    `present[i]` counts the cells of column `i` that are not missing.  `drawn` has the cells of
    `sample` of columns of which they were drawn before.  `tracked` keeps the tracks
    (`traces.tracks`) by the columns that name persons, `placed` the positions
    (`whereabouts.positions`), once they were looked for.
    """

    connection: DuckDBPyConnection
    table: Table
    rows: int
    present: tuple[int, ...]
    known: tuple[Mapping[str, Any], ...]  # the engine's statistics of each column
    found: tuple[SensitiveFinding, ...]
    drawn: Mapping[int, list[object]] = field(default_factory=dict, repr=False, compare=False)
    _drawn: dict[int, list[object]] = field(default_factory=dict, repr=False, compare=False)
    _distinct: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    tracked: dict[frozenset[str], tuple[Track, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    placed: list[tuple[Position, ...]] = field(default_factory=list, repr=False, compare=False)

    def and_found(self, more: Iterable[SensitiveFinding]) -> Examined:
        """Return the same with further findings; what was drawn and counted is kept."""
        return replace(self, found=(*self.found, *more))

    def held(self) -> Iterator[tuple[int, Column, int]]:
        """Yield number, column and cells of each column that is not empty."""
        for i, (column, cells) in enumerate(zip(self.table.columns, self.present, strict=True)):
            if cells:
                yield i, column, cells

    def sample(self, columns: Sequence[int], rows: int = SAMPLED) -> list[tuple[object, ...]]:
        """Return at most `rows` rows of some columns, taken evenly from the whole table.

        For deciding whether a whole scan is worth while, never for saying that nothing is there.
        """
        if any(i not in self._drawn and i not in self.drawn for i in columns):
            # Many columns at once cost the engine hardly more than one does.
            near = [i for i, _, _ in self.held() if abs(i - columns[0]) < DRAWN_MAX // 2]
            wanted = sorted({*columns, *near}.difference(self.drawn))
            names = ", ".join(f"c{i}" for i in wanted)
            found = self.connection.execute(
                f"SELECT {names} FROM cells WHERE {evenly(self.rows, SAMPLED)}"  # noqa: S608
            ).fetchall()
            self._drawn.clear()
            self._drawn.update((i, [row[at] for row in found]) for at, i in enumerate(wanted))
        step = max(1, min(self.rows, SAMPLED) // rows)
        drawn = {**self._drawn, **self.drawn}
        return list(zip(*(drawn[i][::step] for i in columns), strict=True))[:rows]

    def cells(self, i: int, rows: int = SAMPLED) -> list[object]:
        """Return the cells of one column in the rows of `sample` that are not missing."""
        return [cell for (cell,) in self.sample([i], rows) if cell is not None]

    def texts(self, i: int, rows: int = SAMPLED) -> list[str]:
        """Return the same cells as texts."""
        return [str(cell) for cell in self.cells(i, rows)]

    def distinct(self, i: int) -> int:
        """Return how many different values column `i` has, not counting missing ones."""
        if i not in self._distinct:
            kind = self.table.columns[i].type
            self._distinct[i] = count_distinct(self.connection, i, kind, self.rows, self.known[i])
        return self._distinct[i]


@runtime_checkable
class TableDetector(Protocol):
    """Looks for something that only several columns together, or a column's name, give away."""

    name: str
    rank: int  # lower ranks relate first, and higher ones see what they found

    def relate(self, examined: Examined) -> Iterable[SensitiveFinding]:
        """Return further findings; the columns were read by every `ColumnDetector` before."""
        ...


Detector = ColumnDetector | TableDetector
