"""The support: databases that differ from the true one in one cell, drawn from a seed.

A query tells a buyer that those of them are not the truth whose answer differs.  Which values a
cell may have instead is taken from its own column, as Qirana does (SIGMOD 2017, section on
support sets; the reading implemented changes one cell, and swaps none).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pricing.chance import Stream
from pricing.domain import require_count
from pricing.errors import BadInput

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one relation."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise BadInput(f"tables: a row of {self.name} has not {len(self.columns)} cells")


@dataclass(frozen=True, slots=True)
class Change:
    """A neighbour: the database with another value in one cell."""

    table: str
    row: int
    column: int
    value: Cell

    def of(self, tables: Sequence[Table]) -> tuple[Table, ...]:
        """Return the changed database."""
        return tuple(
            replace(table, rows=self._rows(table)) if table.name == self.table else table
            for table in tables
        )

    def _rows(self, table: Table) -> tuple[tuple[Cell, ...], ...]:
        row = table.rows[self.row]
        changed = (*row[: self.column], self.value, *row[self.column + 1 :])
        return (*table.rows[: self.row], changed, *table.rows[self.row + 1 :])


def support(tables: Sequence[Table], size: int, seed: int) -> tuple[Change, ...]:
    """Draw neighbours, each cell of the database as likely as another, and no neighbour twice.

    Raises `BadInput` where there are not that many: a column of one value cannot change.
    """
    require_count("size", size, 1)
    values = {
        (table.name, column): sorted({row[column] for row in table.rows}, key=repr)
        for table in tables
        for column in range(len(table.columns))
    }
    cells = [
        (table.name, row, column, table.rows[row][column])
        for table in tables
        for row in range(len(table.rows))
        for column in range(len(table.columns))
        if len(values[table.name, column]) > 1
    ]
    possible = sum(len(values[name, column]) - 1 for name, _, column, _ in cells)
    if size > possible:
        raise BadInput(f"size: {size} of {possible} neighbours")
    stream, drawn = Stream(seed), dict[Change, None]()
    while len(drawn) < size:
        which, what = stream.uniforms(2)
        name, row, column, held = cells[int(which * len(cells))]
        others = [value for value in values[name, column] if value != held]
        drawn[Change(name, row, column, others[int(what * len(others))])] = None
    return tuple(drawn)


def conflicts(
    ask: Callable[[Sequence[Table]], object], tables: Sequence[Table], neighbours: Sequence[Change]
) -> tuple[int, ...]:
    """Return the numbers of the neighbours whose answer differs; an error of `ask` is its own."""
    truth = ask(tables)
    return tuple(i for i, change in enumerate(neighbours) if ask(change.of(tables)) != truth)
