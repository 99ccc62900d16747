"""Wide tables, asked about some columns at a time.

At work on a column, the engine holds a batch of rows for each step of an expression: of two
thousand columns at once that is more than all the memory it has.
"""

# ruff: noqa: S608 - queries are made of column numbers and of our own conditions
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from duckdb import DuckDBPyConnection

AT_ONCE: Final = 128  # columns
T = TypeVar("T")


def some_at_once(asked: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut what is asked for, a piece for each column, into as much as is asked for at once."""
    return (asked[first : first + AT_ONCE] for first in range(0, len(asked), AT_ONCE))


def aggregated(
    connection: DuckDBPyConnection,
    asked: Sequence[str],
    source: str = "cells",
    given: Mapping[str, object] | None = None,
) -> tuple[Any, ...]:
    """Return what each of some aggregates comes to over a table."""
    found: list[Any] = []
    for some in some_at_once(asked):
        (row,) = connection.execute(f"SELECT {', '.join(some)} FROM {source}", given).fetchall()
        found += row
    return tuple(found)
