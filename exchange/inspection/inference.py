"""Types of text cells, decided over every row, and the typed table made of them.

The engine's own casts are too willing: they read 1.5 as the integer 2, 0x1F as 31, 1_000 as
1000, and drop the offset of 2026-01-05T00:00:00+08:00.  So a pattern decides and the cast only
follows.  A number with a leading zero (0013) or beyond 64 bits is a name of something, not an
amount, and stays text, as does a column where any cell is not a number.

The first rows say where on the ladder of types each column starts; then every row is tested,
and a column that fails goes one step up and is tested again.
"""

# ruff: noqa: S608 - queries are made of our own patterns and column numbers alone
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.profile import ColumnType

SAMPLE_ROWS: Final = 2_000
LINE_LEAST: Final = 128 << 10
BUFFER_LEAST: Final = 4 << 20

# "NA" is a word in a column of words (Namibia, a surname), so only numbers, instants and
# booleans take it for a missing cell.
_MISSING_TEXT: Final = "('', 'null', 'NULL')"
_MISSING: Final = "('', 'null', 'NULL', 'NaN', 'nan', 'NAN', 'NA', 'N/A')"

# The integer part of a decimal is short, so that a long serial number is not rounded to one.
_INTEGER: Final = "[ ]*[+-]?(0|[1-9][0-9]{0,18})[ ]*"
_DECIMAL: Final = "[ ]*[+-]?((0|[1-9][0-9]{0,17})([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?[ ]*"
_INSTANT: Final = (
    "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
    "([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_OFFSET: Final = ":[0-9]{2}.*[+-][0-9]{2}:?[0-9]{2}$"


@dataclass(frozen=True, slots=True)
class _Rule:
    """How one type is recognised and cast; CELL stands for the cell."""

    fits: str
    cast: str
    missing: str = _MISSING


# In the order in which they are tried; everything fits the last.
_RULES: Final = {
    ColumnType.BOOLEAN: _Rule("lower(CELL) IN ('true', 'false')", "try_cast(CELL AS BOOLEAN)"),
    ColumnType.INTEGER: _Rule(
        # The way there and back is many times quicker than the pattern.
        "CASE WHEN CAST(try_cast(CELL AS BIGINT) AS VARCHAR) = CELL THEN true ELSE"
        f" regexp_full_match(CELL, '{_INTEGER}') AND try_cast(CELL AS BIGINT) IS NOT NULL END",
        "try_cast(CELL AS BIGINT)",
    ),
    ColumnType.TIMESTAMP: _Rule(
        f"regexp_full_match(CELL, '{_INSTANT}') AND try_cast(CELL AS TIMESTAMP) IS NOT NULL",
        f"CASE WHEN regexp_matches(CELL, '{_OFFSET}')"
        " THEN make_timestamp(epoch_us(try_cast(CELL AS TIMESTAMPTZ)))"
        " ELSE try_cast(CELL AS TIMESTAMP) END",
    ),
    ColumnType.DECIMAL: _Rule(
        f"regexp_full_match(CELL, '{_DECIMAL}') AND isfinite(try_cast(CELL AS DOUBLE))",
        "try_cast(CELL AS DOUBLE)",
    ),
    ColumnType.TEXT: _Rule("true", "CELL", _MISSING_TEXT),
}
_LADDER: Final = tuple(_RULES)
_MISFIT: Final = "a cell does not fit the type its column began with"


def text_columns(path: Path, delimiter: str, count: int, longest: int) -> str:
    """Return the table expression that reads a checked text as text columns c0 onwards.

    `longest` is the size of its longest record in bytes.  The engine takes several buffers of
    many times that size, so one that merely might be as long would cost all the memory there is.
    """
    line = max(longest, LINE_LEAST) + 16
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(count))
    place = str(path).replace("'", "''")
    return (
        f"read_csv('{place}', auto_detect = false, header = true, delim = '{delimiter}',"
        " quote = '\"', escape = '\"', null_padding = false, strict_mode = true,"
        f" max_line_size = {line}, buffer_size = {max(BUFFER_LEAST, 3 * line)},"
        f" columns = {{{columns}}})"
    )


def type_cells(
    connection: DuckDBPyConnection, source: str, count: int, *, text: Collection[int] = ()
) -> tuple[ColumnType, ...]:
    """Create `cells` from `source`, a table expression of `count` text columns.

    Returns the type of each column; one without any value is text, and so are those in `text`,
    whose cells the file itself calls of several types.
    """
    step = {i: _LADDER.index(ColumnType.TEXT) if i in text else 0 for i in range(count)}
    _climb(connection, f"(SELECT * FROM {source} LIMIT {SAMPLE_ROWS})", step)
    try:
        _load(connection, source, step)
    except duckdb.InvalidInputException as error:
        if _MISFIT not in str(error):
            raise
        _climb(connection, source, step)
        _load(connection, source, step)
    held = ", ".join(f"count(c{i})" for i in range(count))
    (values,) = connection.execute(f"SELECT {held} FROM cells").fetchall()
    types = []
    for i, present in enumerate(values):
        kind = _LADDER[step[i]] if present else ColumnType.TEXT
        if kind is not _LADDER[step[i]]:
            connection.execute(f"ALTER TABLE cells ALTER c{i} TYPE VARCHAR").fetchall()
        types.append(kind)
    return tuple(types)


def _load(connection: DuckDBPyConnection, source: str, step: dict[int, int]) -> None:
    """Create `cells` with the types of `step`; stops with `_MISFIT` at a cell that does not fit."""
    cells = ", ".join(
        f"CASE WHEN {_present(i, step)} THEN"
        f" CASE WHEN {_fits(i, step)} THEN {_cast(i, step)} ELSE error('{_MISFIT}') END END AS c{i}"
        for i in step
    )
    connection.execute(f"CREATE TABLE cells AS SELECT {cells} FROM {source}").fetchall()


def _climb(connection: DuckDBPyConnection, source: str, step: dict[int, int]) -> None:
    """Move every column up the ladder until all of its cells fit."""
    tested = list(step)
    while tested:
        counts = ", ".join(
            f"count(*) FILTER (WHERE {_present(i, step)} AND NOT coalesce({_fits(i, step)}, false))"
            for i in tested
        )
        (failures,) = connection.execute(f"SELECT {counts} FROM {source}").fetchall()
        tested = [i for i, failed in zip(tested, failures, strict=True) if failed]
        for i in tested:
            step[i] += 1


def _present(position: int, step: dict[int, int]) -> str:
    rule = _RULES[_LADDER[step[position]]]
    return f"c{position} IS NOT NULL AND c{position} NOT IN {rule.missing}"


def _fits(position: int, step: dict[int, int]) -> str:
    return _RULES[_LADDER[step[position]]].fits.replace("CELL", f"c{position}")


def _cast(position: int, step: dict[int, int]) -> str:
    return _RULES[_LADDER[step[position]]].cast.replace("CELL", f"c{position}")
