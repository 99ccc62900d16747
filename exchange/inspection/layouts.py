"""Tables that may be others written otherwise: cells glued together, columns melted into rows.

A column of texts of which every cell is as many parts, set apart by one sign, is read as so many
columns; a table that tells one number a row, and what number it is, as a table with a column for
each.  They are beside the table as it stands, and of no account where it is compared as that.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own signs
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.dates import DATES, date_form
from exchange.inspection.reader import Column
from exchange.inspection.spelling import plain_numbers
from exchange.profile import ColumnType

SIGNS: Final = ("/", ";", "|", "\t", "_", ",", " ")
PARTS: Final = (3, 32)  # of a cell, at least and at most: two are often a name's
MELTED_KINDS: Final = (2, 64)  # of numbers
MELTED_ROWS: Final = 500_000  # more of them are not turned into columns: it takes them all at once
DIGITS_MOST: Final = 7  # of a cell without a decimal point: more are of a telephone
FULL: Final = 0.5  # of the cells that the kinds and the rest make, for rows to be melted columns
_FIRST: Final = 64  # cells that are looked at before a whole column is
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})


@dataclass(frozen=True, slots=True)
class Cells:
    """A table of the engine with columns c0, c1 and so on, and how many values each has."""

    table: str
    columns: tuple[Column, ...]
    distinct: tuple[int, ...]
    rows: int


def layouts_of(connection: DuckDBPyConnection, cells: Cells) -> Iterator[Cells]:
    """Yield the tables that this one may be, each to be read before the next is asked for."""
    for find in (_unglued, _pivoted):
        found = find(connection, cells)
        if found:
            yield found


def _unglued(connection: DuckDBPyConnection, cells: Cells) -> Cells | None:
    """Return the table with the parts of glued cells for columns, if any are glued."""
    apart = {
        i: found
        for i, each in enumerate(cells.columns)
        if each.type is ColumnType.TEXT and (found := _parts(connection, cells.table, i))
    }
    if not apart:
        return None
    made: list[str] = []
    columns: list[Column] = []
    for i, each in enumerate(cells.columns):
        if i in apart:
            sign, count = apart[i]
            made += [f"split_part(c{i}, '{sign}', {part + 1})" for part in range(count)]
            columns += [Column(f"{each.name} {part + 1}", ColumnType.TEXT) for part in range(count)]
        else:
            made.append(f"c{i}")
            columns.append(each)
    select = ", ".join(f"{said} AS c{place}" for place, said in enumerate(made))
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW unglued AS SELECT {select}, rowid FROM {cells.table}"
    )
    counts = ", ".join(f"approx_count_distinct(c{place})" for place in range(len(made)))
    (distinct,) = connection.execute(f"SELECT {counts} FROM unglued").fetchall()
    return Cells("unglued", tuple(columns), distinct, cells.rows)


def _parts(connection: DuckDBPyConnection, table: str, i: int) -> tuple[str, int] | None:
    """Return the sign that parts all cells of a column into as many parts, most of them numbers.

    Dates and large numbers are parted by such signs too.  So are telephone and card numbers, of
    which each part would be kept as a number: what has as many digits is left whole.
    """
    first = connection.execute(
        f"SELECT c{i} FROM {table} WHERE c{i} IS NOT NULL LIMIT {_FIRST}"
    ).fetchall()
    for sign in SIGNS:
        count = _parted([text for (text,) in first], sign)
        if count is None:
            continue
        plain = f"replace(c{i}, '{sign}', '')"
        digits = f"length(regexp_replace(c{i}, '[^0-9]', '', 'g'))"
        ((others,),) = connection.execute(
            f"SELECT count(*) FROM {table} WHERE len(string_split(c{i}, '{sign}')) <> {count}"
            f" OR regexp_matches({plain}, '[0-9]{{11,}}')"
            f" OR (NOT contains(c{i}, '.') AND {digits} >= {DIGITS_MOST})"
        ).fetchall()
        if others or date_form(connection, f"trim(c{i})", i, DATES, table):
            continue
        if not plain_numbers(connection, i, table):
            return sign, count
    return None


def _parted(texts: Sequence[str], sign: str) -> int | None:
    """Return into how many parts a sign parts each of these texts, if half of those are numbers."""
    counts = {text.count(sign) + 1 for text in texts}
    if len(counts) != 1 or not PARTS[0] <= min(counts) <= PARTS[1]:
        return None
    parts = [part for text in texts for part in text.split(sign)]
    return counts.pop() if 2 * sum(map(_number, parts)) >= len(parts) else None


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _pivoted(connection: DuckDBPyConnection, cells: Cells) -> Cells | None:
    """Return a table with a column for each kind of number, if each row tells one and its kind."""
    numbers = [i for i, each in enumerate(cells.columns) if each.type in _NUMBERS]
    if len(numbers) != 1 or cells.rows > MELTED_ROWS:
        return None
    (number,) = numbers
    least, most = MELTED_KINDS
    texts = [i for i, each in enumerate(cells.columns) if each.type is ColumnType.TEXT]
    for kind in sorted(texts, key=lambda i: cells.distinct[i]):
        rest = [i for i in range(len(cells.columns)) if i not in (kind, number)]
        if not least <= cells.distinct[kind] <= most or not rest:
            continue
        keys = ", ".join(f"c{i}" for i in rest)
        ((groups, pairs),) = connection.execute(
            f"SELECT count(*), sum(kinds) FROM (SELECT count(DISTINCT c{kind}) AS kinds"
            f" FROM {cells.table} GROUP BY {keys})"
        ).fetchall()
        cells_made = groups * cells.distinct[kind]
        if pairs == cells.rows and groups > 1 and FULL * cells_made <= cells.rows:
            return _with_kinds(connection, cells, kind=kind, number=number, rest=rest)
    return None


def _with_kinds(
    connection: DuckDBPyConnection, cells: Cells, *, kind: int, number: int, rest: list[int]
) -> Cells:
    kinds = connection.execute(
        f"SELECT DISTINCT c{kind} FROM {cells.table} WHERE c{kind} IS NOT NULL ORDER BY 1"
    ).fetchall()
    keys = [f"c{i} AS c{place}" for place, i in enumerate(rest)]
    told = [
        f"any_value(c{number}) FILTER (WHERE c{kind} = ?) AS c{len(rest) + place}"
        for place in range(len(kinds))
    ]
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE pivoted AS SELECT {', '.join([*keys, *told])}"
        f" FROM {cells.table} GROUP BY {', '.join(f'c{i}' for i in rest)}",
        [text for (text,) in kinds],
    )
    # A kind may be called as somebody is, and names of columns are told.
    name = cells.columns[number].name
    columns = [cells.columns[i] for i in rest]
    columns += [
        replace(cells.columns[number], name=f"{name} {place + 1}") for place in range(len(kinds))
    ]
    counts = ", ".join(f"approx_count_distinct(c{place})" for place in range(len(columns)))
    ((rows, *distinct),) = connection.execute(f"SELECT count(*), {counts} FROM pivoted").fetchall()
    return Cells("pivoted", tuple(columns), tuple(distinct), rows)
