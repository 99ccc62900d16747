"""What is measured over all rows of each column: spread, distinct values and extremes.

The same rows give the same strings, whatever their order and however many threads count them:
sums are taken over whole numbers, since a sum of floats depends on its order.  Each cell is
laid on a grid of 2^53 steps between the column's minimum and maximum, which is as fine as a
float is.  Decimal strings carry at most 12 significant digits; whole numbers keep all of theirs
as minimum and maximum.
"""

# ruff: noqa: S608 - queries are made of column numbers and of numbers we measured
from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection

from exchange.inspection.asking import aggregated
from exchange.inspection.reader import Column, Table
from exchange.inspection.statistics import repeats
from exchange.profile import ColumnProfile, ColumnType

DIGITS: Final = 12
BINS: Final = 10
QUARTILES: Final = (0.25, 0.5, 0.75)
SORTED_ROWS: Final = 2_097_152  # values that are sorted in memory, 16 MiB; the engine takes more
BUCKETS: Final = 4_096  # in which more numbers are counted to find a quartile
_AT_ONCE: Final = 65_536
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
PLAIN_MAX: Final = 20  # power of ten of what is written out, which leaves all whole numbers so
_HUGE: Final = (
    1e19  # 1e20 and 9.96921e36 are fill values at any distance; oceans hold no such number
)


def plain(value: float | Decimal) -> str:
    """Return a number with at most 12 significant digits, no trailing zeros.

    In plain notation, but for what has more than 21 digits before the point or a dozen noughts
    behind it, which nobody counts: `1e+308`.
    """
    if isinstance(value, int):
        return str(value)
    rounded = Context(prec=DIGITS).create_decimal(Decimal(value))
    if rounded and not -DIGITS <= rounded.adjusted() <= PLAIN_MAX:
        return f"{rounded.normalize():e}"
    text = f"{rounded:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def instant(value: dt.datetime) -> str:
    """Return a UTC instant in ISO 8601, with a fraction of a second only where there is one."""
    return value.replace(tzinfo=None).isoformat() + "Z"


@dataclass(frozen=True, slots=True)
class Assumed:
    """What was read as missing, and what would have been but for its supplier's word.

    By column: what stood there and how often, and the least and the greatest number that is left,
    of columns of numbers.
    """

    values: Mapping[int, tuple[str, int]]
    declared: Mapping[int, tuple[str, int]]
    extremes: Mapping[int, tuple[Any, Any]]


def extremes_of(
    connection: DuckDBPyConnection, table: Table, numbers: Sequence[int]
) -> list[tuple[Any, Any]]:
    """Return the least and the greatest number of some columns; None twice where all are missing.

    What the table has already is not asked for again.
    """
    if all(i in table.extremes for i in numbers):
        return [table.extremes[i] for i in numbers]
    asked = [f"{which}(c{i})" for i in numbers for which in ("min", "max")]
    found = aggregated(connection, asked)
    return list(zip(found[::2], found[1::2], strict=True))


def assume_fill_values(
    connection: DuckDBPyConnection, table: Table, no_fill_value: Collection[str]
) -> Assumed:
    """Make cells missing that can only be an undeclared fill value.

    Those of the columns in `no_fill_value` stay, since their supplier declares them to be values.
    """
    assumed: dict[int, tuple[str, int]] = {}
    declared: dict[int, tuple[str, int]] = {}
    missing: dict[int, float] = {}
    columns = table.columns
    numbers = [i for i, each in enumerate(columns) if each.type in _NUMBERS]
    if not numbers:
        return Assumed({}, {}, {})
    extremes = dict(zip(numbers, extremes_of(connection, table, numbers), strict=True))
    for i, both in list(extremes.items()):
        for extreme in both:
            if extreme is None or not (extreme in SENTINELS or abs(extreme) > _HUGE):
                continue
            if columns[i].type is ColumnType.INTEGER and abs(extreme) > _HUGE:
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
                if columns[i].name in no_fill_value:
                    declared[i] = plain(extreme), count
                else:
                    assumed[i], missing[i] = (plain(extreme), count), extreme
                    extremes[i] = rest_low, rest_high
                break
    _make_missing(connection, missing, len(columns), stored=not table.known)
    return Assumed(assumed, declared, extremes)


def _make_missing(
    connection: DuckDBPyConnection, values: Mapping[int, float], count: int, *, stored: bool
) -> None:
    if not values:
        return
    if stored:
        for i, value in values.items():
            connection.execute(f"UPDATE cells SET c{i} = NULL WHERE c{i} = $1", [value]).fetchall()
        return
    cells = (
        f"nullif(c{i}, {values[i]!r}) AS c{i}" if i in values else f"c{i}" for i in range(count)
    )
    connection.execute("ALTER VIEW cells RENAME TO cells_as_read").fetchall()
    connection.execute(
        f"CREATE VIEW cells AS SELECT {', '.join(cells)}, rowid FROM cells_as_read"
    ).fetchall()


def count_distinct(
    connection: DuckDBPyConnection, i: int, kind: ColumnType, rows: int, known: Mapping[str, Any]
) -> int:
    """Return how many different values column `i` has, missing ones not counted.

    `known` are the statistics of the column, which has so many `rows`.  Values are told apart by
    64-bit hashes: of 10^8 values, one file in some 4,000 has one more.
    """
    if repeats(known, rows) or rows > SORTED_ROWS:
        ((distinct,),) = connection.execute(
            f"SELECT count(DISTINCT hash(c{i})) FROM cells WHERE c{i} IS NOT NULL"
        ).fetchall()
        return int(distinct)
    # Instants stand in order as a rule.
    value = f"epoch_us(c{i})" if kind is ColumnType.TIMESTAMP else f"hash(c{i})"
    return _different(in_order(connection, value, i))


def in_order(connection: DuckDBPyConnection, value: str, i: int) -> npt.NDArray[Any]:
    """Return what an expression makes of the cells of column `i` that are not missing, sorted."""
    found = connection.execute(f"SELECT {value} AS v FROM cells WHERE c{i} IS NOT NULL")
    values: npt.NDArray[Any] = found.fetchnumpy()["v"]
    if not (values[1:] >= values[:-1]).all():
        values.sort()  # where they stand, since a copy of as many is 16 MiB
    return values


def _different(ordered: npt.NDArray[Any]) -> int:
    return (len(ordered) > 0) + int(np.count_nonzero(ordered[1:] != ordered[:-1]))


def profile_columns(
    connection: DuckDBPyConnection,
    columns: Sequence[Column],
    counted: tuple[int, Sequence[int]],
    private: frozenset[str],
    distinct: Callable[[int], int],
) -> tuple[ColumnProfile, ...]:
    """Measure every column; those in `private` give no value, since it could be a person's.

    `counted` are the rows, and the cells of each column that are not missing; `distinct` says how
    many different values a column has, where they need not be sorted.
    """
    rows, present = counted
    profiles = []
    for i, (column, count) in enumerate(zip(columns, present, strict=True)):
        spread = ColumnProfile(column.name, column.type, rows, rows - count, 0)
        shown = count > 0 and column.name not in private
        if shown and column.type in _NUMBERS and count <= SORTED_ROWS:
            spread = _sorted_numbers(connection, i, spread)
        else:
            spread = replace(spread, distinct=distinct(i))
            if shown and column.type in _NUMBERS:
                spread = _numbers(connection, i, spread)
            elif shown and column.type is ColumnType.TIMESTAMP:
                spread = _instants(connection, i, spread)
        profiles.append(
            replace(
                spread,
                unit=column.unit,
                standard_name=column.standard_name,
                fill_value=column.fill_value,
            )
        )
    return tuple(profiles)


def _instants(connection: DuckDBPyConnection, i: int, spread: ColumnProfile) -> ColumnProfile:
    ((low, high),) = connection.execute(f"SELECT min(c{i}), max(c{i}) FROM cells").fetchall()
    return replace(spread, minimum=instant(low), maximum=instant(high))


def _sorted_numbers(connection: DuckDBPyConnection, i: int, spread: ColumnProfile) -> ColumnProfile:
    """Measure a column of numbers by sorting them, for as many as fit in memory."""
    values = in_order(connection, f"c{i}", i)
    low, high = values[0].item(), values[-1].item()
    mean, deviation, histogram = _sorted_moments(values, float(low), float(high))
    return replace(
        spread,
        distinct=_different(values),
        minimum=plain(low),
        maximum=plain(high),
        mean=plain(mean),
        deviation=plain(deviation),
        quartiles=tuple(plain(_quantile(values, share)) for share in QUARTILES),
        histogram=histogram,
    )


def _quantile(ordered: npt.NDArray[Any], share: float) -> float:
    """Interpolate between the two nearest ranks, as SQL's percentile_cont does."""
    place = (len(ordered) - 1) * share
    return _between(
        place, *(float(ordered[each]) for each in (math.floor(place), math.ceil(place)))
    )


def _between(place: float, below: float, above: float) -> float:
    return below + (above - below) * (place - math.floor(place))


def _sorted_moments(
    ordered: npt.NDArray[Any], low: float, high: float
) -> tuple[Decimal, Decimal, tuple[int, ...]]:
    """Return what `_moments` does, of numbers that are at hand, some thousands at a time."""
    span = high / 2 - low / 2
    if span == 0:
        return Decimal(low), Decimal(0), (len(ordered), *[0] * (BINS - 1))

    def parts() -> Iterator[npt.NDArray[np.float64]]:
        for first in range(0, len(ordered), _AT_ONCE):
            yield (ordered[first : first + _AT_ONCE].astype(np.float64) / 2 - low / 2) / span

    histogram = np.zeros(BINS, np.int64)
    total = squares = 0
    for part in parts():
        place = np.minimum(np.floor(part * BINS).astype(np.int64), BINS - 1)
        histogram += np.bincount(place, minlength=BINS)
        total += _whole_sum(part * _STEPS)
    share = Decimal(total) / Decimal(len(ordered) * _STEPS)
    for part in parts():
        squares += _whole_sum(np.square(part - float(share)) * 2**62)
    return _scaled(low, span, share, Decimal(squares) / Decimal(len(ordered) * 2**62), histogram)


def _whole_sum(values: npt.NDArray[np.float64]) -> int:
    """Add up numbers rounded half up to whole ones, in two halves that do not overflow."""
    below = np.floor(values)
    # The part is compared and a half is not added: beyond 2^52 that sum is no float, and rounds.
    whole = (below + (values - below >= 0.5)).astype(np.int64)
    return (int((whole >> 32).sum()) << 32) + int((whole & 0xFFFFFFFF).sum())


def _scaled(
    low: float, span: float, share: Decimal, variance: Decimal, histogram: Iterable[int]
) -> tuple[Decimal, Decimal, tuple[int, ...]]:
    width = 2 * Decimal(span)
    return (
        Decimal(low) + share * width,
        variance.sqrt() * width,
        tuple(int(each) for each in histogram),
    )


def _numbers(connection: DuckDBPyConnection, i: int, spread: ColumnProfile) -> ColumnProfile:
    """Measure a column of more numbers than fit in memory."""
    ((count, low, high),) = connection.execute(
        f"SELECT count(c{i}), min(c{i}), max(c{i}) FROM cells"
    ).fetchall()
    places = [(count - 1) * share for share in QUARTILES]
    ranks = [(math.floor(place), math.ceil(place)) for place in places]
    cell, wanted = f"CAST(c{i} AS DOUBLE)", {*chain(*ranks)}
    found = dict(ranked(connection, "cells", cell, wanted, low=float(low), high=float(high)))
    quartiles = [
        _between(place, found[below], found[above])
        for place, (below, above) in zip(places, ranks, strict=True)
    ]
    mean, deviation, histogram = _moments(connection, i, float(low), float(high))
    return replace(
        spread,
        minimum=plain(low),
        maximum=plain(high),
        mean=plain(mean),
        deviation=plain(deviation),
        quartiles=tuple(plain(value) for value in quartiles),
        histogram=histogram,
    )


def ranked(
    connection: DuckDBPyConnection,
    source: str,
    cell: str,
    ranks: Collection[int],
    *,
    low: float,
    high: float,
    before: int = 0,
) -> Iterator[tuple[int, float]]:
    """Yield each rank with the number that has it, of those of a source from `low` to `high`.

    So many are `before` them.  They are counted by where they lie, and sorted where a rank is:
    the engine's own quantiles hold every number, and ten million fill its memory.
    """
    span = high / 2 - low / 2
    given = {"low": low, "high": high}
    place = cell  # of numbers that lie so close there are few
    if span:
        # Grows with the cell, however its parts are rounded, so that buckets are in order.
        place = f"least({BUCKETS - 1}, floor(({cell} / 2 - $half) / $span * {BUCKETS}))"
        given |= {"half": low / 2, "span": span}
    buckets = connection.execute(
        f"SELECT {place} AS place, count(*), min({cell}), max({cell}) FROM {source}"
        f" WHERE {cell} BETWEEN $low AND $high GROUP BY place ORDER BY place",
        given,
    ).fetchall()
    for _, count, least, greatest in buckets:
        inside = [rank for rank in ranks if before <= rank < before + count]
        if inside and least == greatest:
            yield from ((rank, least) for rank in inside)
        elif inside and count <= SORTED_ROWS:
            found = connection.execute(
                f"SELECT {cell} AS v FROM {source} WHERE {cell} BETWEEN $1 AND $2",
                [least, greatest],
            )
            ordered = found.fetchnumpy()["v"]
            ordered.sort()
            yield from ((rank, ordered[rank - before].item()) for rank in inside)
        elif inside:
            yield from ranked(
                connection, source, cell, inside, low=least, high=greatest, before=before
            )
        before += count


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
    histogram = [filled.get(each, 0) for each in range(BINS)]
    share = Decimal(int(total)) / Decimal(count * _STEPS)
    ((squares,),) = connection.execute(
        f"SELECT sum(CAST(round(pow({part} - $mean, 2) * {2**62}) AS BIGINT))"
        f" FROM cells WHERE c{i} IS NOT NULL",
        {**given, "mean": float(share)},
    ).fetchall()
    return _scaled(low, span, share, Decimal(int(squares)) / Decimal(count * 2**62), histogram)
