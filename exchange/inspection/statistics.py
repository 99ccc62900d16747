"""What the engine keeps of a column as statistics, for which nothing has to be read.

They choose the quicker of two ways to one result, and never are a result: an estimate may be off,
and an update leaves the old extremes.  Of rows that are read in place the engine keeps nothing, and
their reader says what it knows under the same names.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duckdb import DuckDBPyConnection

from exchange.inspection.asking import some_at_once

TOGETHER: Final = (
    "rows_together"  # as many rows as are best read at a time, where they lie in a file
)
REPEATED: Final = 16  # times that a value is there, or more, in a column that repeats itself


def statistics(connection: DuckDBPyConnection, count: int) -> tuple[dict[str, Any], ...]:
    """Return what is kept of each of `count` columns, nothing where the engine keeps nothing."""
    row: list[object] = []
    for some in some_at_once([f"stats(c{i})" for i in range(count)]):
        found = connection.execute(f"SELECT {', '.join(some)} FROM cells LIMIT 1").fetchall()
        row += found[0] if found else [None] * len(some)
    return tuple(known if isinstance(known, dict) else {} for known in row)


def repeats(known: Mapping[str, Any], rows: int) -> bool:
    """Whether a column has so few different values that grouping by them costs little."""
    return bool(known.get("approx_unique", rows) * REPEATED <= rows)
