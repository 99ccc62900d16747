"""What is measured over all rows: spread, distinct values, duplicates and the rows' digest.

The same rows give the same strings, whatever their order and however many threads count them:
sums are taken over whole numbers, since a sum of floats depends on its order.  Each cell is
laid on a grid of 2^53 steps between the column's minimum and maximum, which is as fine as a
float is.  Decimal strings carry at most 12 significant digits; whole numbers keep all of theirs
as minimum and maximum.
"""

# ruff: noqa: S608 - queries are made of column numbers and of numbers we measured
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Context, Decimal
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.reader import Column
from exchange.profile import ColumnProfile, ColumnType

DIGITS: Final = 12
BINS: Final = 10
_STEPS: Final = 2**53
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)

# What instruments and programs write for "no value": a fill value is assumed only when one of
# these is the extreme of its column, stands there more than once, and lies further from the
# next value than all other values lie apart.
SENTINELS: Final = (
    *(-9.0, -99.0, -999.0, -9999.0, -99999.0, -32768.0, -2147483648.0),
    *(99.0, 999.0, 9999.0, 99999.0, 32767.0, 999999.0, 2147483647.0),
    *(-999.9, -99.9, 99.9, 999.9, 999.99, 9999.99, -9999.99),
)
_HUGE: Final = (
    1e19  # 1e20 and 9.96921e36 are fill values at any distance; oceans hold no such number
)


def plain(value: float | Decimal) -> str:
    """Return a number in plain notation with at most 12 significant digits, no trailing zeros."""
    if isinstance(value, int):
        return str(value)
    rounded = Context(prec=DIGITS).create_decimal(Decimal(value))
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def instant(value: dt.datetime) -> str:
    """Return a UTC instant in ISO 8601, with a fraction of a second only where there is one."""
    return value.replace(tzinfo=None).isoformat() + "Z"


def assume_fill_values(connection: DuckDBPyConnection, columns: Sequence[Column]) -> dict[int, str]:
    """Make cells that can only be an undeclared fill value missing; returns them by column."""
    assumed = {}
    for i, column in enumerate(columns):
        if column.type not in _NUMBERS:
            continue
        ((low, high),) = connection.execute(f"SELECT min(c{i}), max(c{i}) FROM cells").fetchall()
        for extreme in (low, high):
            if extreme is None or not (extreme in SENTINELS or abs(extreme) > _HUGE):
                continue
            if column.type is ColumnType.INTEGER and abs(extreme) > _HUGE:
                continue
            ((count, rest_low, rest_high),) = connection.execute(
                f"SELECT count(*) FILTER (WHERE c{i} = $1),"
                f" min(c{i}) FILTER (WHERE c{i} <> $1), max(c{i}) FILTER (WHERE c{i} <> $1)"
                " FROM cells",
                [extreme],
            ).fetchall()
            if count < 2 or rest_low is None:
                continue
            distance = min(abs(extreme - rest_low), abs(extreme - rest_high))
            if abs(extreme) > _HUGE or distance > max(rest_high - rest_low, abs(rest_high)):
                connection.execute(
                    f"UPDATE cells SET c{i} = NULL WHERE c{i} = $1", [extreme]
                ).fetchall()
                assumed[i] = plain(extreme)
                break
    return assumed


def rows_digest(connection: DuckDBPyConnection, columns: Sequence[Column]) -> tuple[int, int, str]:
    """Return the number of rows, of duplicate rows, and a digest that ignores their order.

    The digest is the SHA-256 of the number of rows and the sum, modulo 2^128, of their MD5s.
    It recognises a shuffled copy; it is no proof against someone who makes rows to collide,
    for which there is the digest of the bytes.
    """
    held = ", ".join(f"count(c{i})" for i in range(len(columns)))
    ((all_rows, *present),) = connection.execute(f"SELECT count(*), {held} FROM cells").fetchall()
    parts = ", ".join(_part(i, full=count == all_rows) for i, count in enumerate(present))
    ((rows, distinct, low, high),) = connection.execute(
        "SELECT count(*), count(DISTINCT h), sum(CAST(h & 18446744073709551615 AS UBIGINT)),"
        " sum(CAST(h >> 64 AS UBIGINT))"
        f" FROM (SELECT md5_number(concat({parts})) AS h FROM cells)"
    ).fetchall()
    total = ((int(high or 0) << 64) + int(low or 0)) % 2**128
    digest = hashlib.sha256(f"{rows}:{total:032x}".encode()).hexdigest()
    return rows, rows - distinct, digest


def _part(i: int, *, full: bool) -> str:
    """Return what a cell adds to its row: its length and its text, or a dash for a missing one.

    Lengths before texts, so that no cell can pretend to end where it does not.  A column without
    a missing cell is spared the test, which costs as much as the digest of it.
    """
    text = f"CAST(c{i} AS VARCHAR)"
    return (
        f"length({text}), ':', {text}"
        if full
        else f"CASE WHEN c{i} IS NULL THEN '-' ELSE concat(length({text}), ':', {text}) END"
    )


def profile_columns(
    connection: DuckDBPyConnection, columns: Sequence[Column], private: frozenset[str]
) -> tuple[ColumnProfile, ...]:
    """Measure every column; those in `private` give no value, since it could be a person's."""
    profiles = []
    for i, column in enumerate(columns):
        # A column at a time: one table of distinct values in memory, and half the work of many.
        ((rows, present, distinct),) = connection.execute(
            f"SELECT count(*), count(c{i}), count(DISTINCT c{i}) FROM cells"
        ).fetchall()
        spread = ColumnProfile(column.name, column.type, rows, rows - present, distinct)
        if present and column.name not in private:
            if column.type in _NUMBERS:
                spread = _numbers(connection, i, spread)
            elif column.type is ColumnType.TIMESTAMP:
                spread = _instants(connection, i, spread)
        profiles.append(_described(spread, column))
    return tuple(profiles)


def _described(spread: ColumnProfile, column: Column) -> ColumnProfile:
    return ColumnProfile(
        name=column.name,
        type=column.type,
        rows=spread.rows,
        missing=spread.missing,
        distinct=spread.distinct,
        unit=column.unit,
        standard_name=column.standard_name,
        fill_value=column.fill_value,
        minimum=spread.minimum,
        maximum=spread.maximum,
        mean=spread.mean,
        deviation=spread.deviation,
        quartiles=spread.quartiles,
        histogram=spread.histogram,
    )


def _instants(connection: DuckDBPyConnection, i: int, spread: ColumnProfile) -> ColumnProfile:
    ((low, high),) = connection.execute(f"SELECT min(c{i}), max(c{i}) FROM cells").fetchall()
    return ColumnProfile(
        spread.name,
        spread.type,
        spread.rows,
        spread.missing,
        spread.distinct,
        minimum=instant(low),
        maximum=instant(high),
    )


def _numbers(connection: DuckDBPyConnection, i: int, spread: ColumnProfile) -> ColumnProfile:
    ((low, high, quartiles),) = connection.execute(
        f"SELECT min(c{i}), max(c{i}), quantile_cont(CAST(c{i} AS DOUBLE), [0.25, 0.5, 0.75])"
        " FROM cells"
    ).fetchall()
    mean, deviation, histogram = _moments(connection, i, float(low), float(high))
    return ColumnProfile(
        spread.name,
        spread.type,
        spread.rows,
        spread.missing,
        spread.distinct,
        minimum=plain(low),
        maximum=plain(high),
        mean=plain(mean),
        deviation=plain(deviation),
        quartiles=tuple(plain(value) for value in quartiles),
        histogram=histogram,
    )


def _moments(
    connection: DuckDBPyConnection, i: int, low: float, high: float
) -> tuple[Decimal, Decimal, tuple[int, ...]]:
    """Return mean, population deviation and histogram, all from sums of whole numbers."""
    cell = f"CAST(c{i} AS DOUBLE)"
    # Halves, because the span of two huge floats of opposite sign is not a float.
    span = high / 2 - low / 2
    if span == 0:
        ((count,),) = connection.execute(f"SELECT count(c{i}) FROM cells").fetchall()
        return Decimal(low), Decimal(0), (count, *[0] * (BINS - 1))
    part = f"(({cell} / 2 - $low) / $span)"  # from 0 to 1
    given = {"low": low / 2, "span": span}
    place = f"least({BINS - 1}, CAST(floor({part} * {BINS}) AS BIGINT))"
    bins = connection.execute(
        f"SELECT {place} AS place, count(*), sum(CAST(round({part} * {_STEPS}) AS BIGINT))"
        f" FROM cells WHERE c{i} IS NOT NULL GROUP BY place",
        given,
    ).fetchall()
    count, total = (sum(each[which] for each in bins) for which in (1, 2))
    filled = {place: held for place, held, _ in bins}
    histogram = tuple(filled.get(each, 0) for each in range(BINS))
    share = Decimal(int(total)) / Decimal(count * _STEPS)
    ((squares,),) = connection.execute(
        f"SELECT sum(CAST(round(pow({part} - $mean, 2) * {2**62}) AS BIGINT))"
        f" FROM cells WHERE c{i} IS NOT NULL",
        {**given, "mean": float(share)},
    ).fetchall()
    width = 2 * Decimal(span)
    variance = Decimal(int(squares)) / Decimal(count * 2**62)
    return Decimal(low) + share * width, variance.sqrt() * width, histogram
