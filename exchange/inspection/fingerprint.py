"""Making fingerprints: what every cell says, as a hash that no way of writing it changes.

A cell's content is one of

    number      whole ones up to 2^53 exactly, others to six significant digits; true is 1
    instant     the whole seconds since 1970, as a number: so 2026-01-05 and 20260105 agree
    text        in NFC, trimmed and in lower case; a text that reads as a number is that number,
                and so is one of a column that reads so as a whole: with marks between thousands,
                a decimal comma, a sign of money before it or one unit behind it
    nothing     a missing cell, which counts for nothing

and is hashed by means that are fixed here: MD5 of texts and SplitMix64 (Steele and others, OOPSLA
2014) of numbers.  DuckDB's own hash() may change with its version, and would part old fingerprints
from new ones.  A row's hash is that of the sum of its cells' hashes, in which order and names of
columns are lost.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own patterns
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from exchange.fingerprint import Fingerprint
from exchange.inspection.cells import different
from exchange.inspection.dates import AS_NUMBERS, DATES, date_form
from exchange.inspection.layouts import Cells, layouts_of
from exchange.inspection.reader import Column
from exchange.inspection.sketching import (
    COLUMNS_MAX,
    Hashes,
    Tally,
    anchor_candidates,
    as_told,
    mixed,
)
from exchange.inspection.spelling import plain_numbers
from exchange.profile import ColumnProfile, ColumnType

CHUNK: Final = 262_144  # rows; of 20 columns they take 50 MB
EXACT: Final = 2**53  # beyond it a float skips whole numbers
DIGITS: Final = 6  # significant ones, which single-precision floats keep
MANY: Final = 16_384  # rows from which on it pays to hash a repeated text only once
REPEATED: Final = 8  # times, on average
TURNED_MOST: Final = 64  # rows of a table that may have been turned, and
TURNED_LEAST: Final = 4  # times as many columns of numbers

_NUMBER: Final = np.uint64(0xD1B54A32D192ED03)
_FRACTION: Final = np.uint64(0x8CB92BA72F3D8DD7)
_POWERS: Final = np.array([float(f"1e{power}") for power in range(-300, 309)])


def take_fingerprint(
    connection: DuckDBPyConnection, columns: Sequence[Column], measured: Sequence[ColumnProfile]
) -> Fingerprint:
    """Return the fingerprint of `cells`; `measured` says how often values repeat.

    The same content gives the same fingerprint whatever the order of rows.  Memory is bounded by
    `CHUNK` rows and does not grow with the file.  A table that may be another one written
    otherwise is fingerprinted in that layout as well (`exchange.inspection.layouts`).
    """
    plain = Cells(
        "cells",
        tuple(columns),
        tuple(each.distinct for each in measured),
        measured[0].rows if measured else 0,
    )
    whole = _sketched(connection, plain)
    laid = [_sketched(connection, each) for each in layouts_of(connection, plain)]
    turned = _turned(connection, plain)
    return replace(whole, layouts=(*laid, *([turned] if turned else ())))


def _sketched(connection: DuckDBPyConnection, cells: Cells) -> Fingerprint:
    tally = Tally(anchor_candidates(cells.distinct, cells.rows), len(cells.columns))
    for chunk in _read(connection, cells):
        tally.add([_hashed(chunk, i) for i in range(len(cells.columns))], _told(chunk))
    return tally.fingerprint([column.name for column in cells.columns])


def _turned(connection: DuckDBPyConnection, cells: Cells) -> Fingerprint | None:
    """Return the fingerprint of a table with its rows for columns, if it has few rows and many.

    Columns that are no numbers are left out: they name what each row holds.
    """
    numbers = [
        i
        for i, each in enumerate(cells.columns)
        if each.type in (ColumnType.DECIMAL, ColumnType.INTEGER)
    ]
    least = TURNED_LEAST * cells.rows
    if not 1 < cells.rows <= TURNED_MOST or len(numbers) < least:
        return None
    (chunk,) = _read(connection, cells)
    numbers = [i for i in numbers if f"n{i}" in chunk]  # others are dates after all
    if len(numbers) < least:
        return None
    hashes = np.stack([_hashed(chunk, i) for i in numbers])
    told = np.stack([as_told(chunk[f"n{i}"], instant=False) for i in numbers])
    width = hashes.shape[1]
    tally = Tally(
        anchor_candidates([len(different(hashes[:, row])) for row in range(width)], len(numbers)),
        width,
    )
    tally.add(
        [np.ascontiguousarray(hashes[:, row]) for row in range(width)],
        {row: (told[:, row], False) for row in range(width)},
    )
    return tally.fingerprint([f"row {row + 1}" for row in range(width)])


def _read(connection: DuckDBPyConnection, cells: Cells) -> Iterator[dict[str, Any]]:
    """Yield what the cells say, some rows at a time: see `_selected`."""
    select, joins = [], ""
    for i, column in enumerate(cells.columns):
        if column.type is ColumnType.TEXT and _repeating(cells, i):
            names = _hash_different(connection, i, cells.table)
            select += [f"hashes{i}.{name}" for name in names]
            joins += f" LEFT JOIN hashes{i} ON hashes{i}.said = {cells.table}.c{i}"
        else:
            said = _selected(connection, i, column, cells.table)
            select += [f"{each} AS {name}" for name, each in said]
    return _chunks(connection, select, joins, cells.table)


def _repeating(cells: Cells, i: int) -> bool:
    """Whether it pays to hash the different texts of a column and look up the others."""
    return cells.rows >= MANY and cells.distinct[i] * REPEATED <= cells.rows


def _hash_different(connection: DuckDBPyConnection, i: int, source: str) -> list[str]:
    """Make a table of what the different texts of a column say, and return its columns' names."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE words{i} AS"
        f" SELECT DISTINCT c{i} FROM {source} WHERE c{i} IS NOT NULL"
    )
    parts = list(_text(connection, i, f"words{i}"))
    made = ", ".join(f"{said} AS {name}" for name, said in parts)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE hashes{i} AS SELECT c{i} AS said, {made} FROM words{i}"
    )
    return [name for name, _ in parts]


def _chunks(
    connection: DuckDBPyConnection, select: Sequence[str], joins: str, source: str
) -> Iterator[dict[str, Any]]:
    ((last,),) = connection.execute(f"SELECT max(rowid) FROM {source}").fetchall()
    for start in range(0, (last or 0) + 1, CHUNK):
        yield connection.execute(
            f"SELECT {', '.join(select)} FROM {source}{joins}"  # in whatever order
            f" WHERE {source}.rowid >= {start} AND {source}.rowid < {start + CHUNK}"
        ).fetchnumpy()


def _selected(
    connection: DuckDBPyConnection, i: int, column: Column, source: str
) -> Iterator[tuple[str, str]]:
    """Yield the parts of the query that give column i, each with its name.

    They are s<i> for instants, n<i> for numbers, t<i> for hashed texts.
    """
    cell = f"c{i}"
    if column.type is ColumnType.TIMESTAMP:
        yield f"s{i}", _seconds(cell)
    elif column.type is ColumnType.BOOLEAN:
        yield f"n{i}", f"CAST({cell} AS BIGINT)"
    elif column.type is ColumnType.DECIMAL:
        yield f"n{i}", cell
    elif column.type is ColumnType.INTEGER:
        form = date_form(connection, f"CAST({cell} AS VARCHAR)", i, AS_NUMBERS, source)
        if form:
            yield f"s{i}", _seconds(f"try_strptime(CAST({cell} AS VARCHAR), '{form}')")
            return
        # The least whole number of 64 bits has no absolute value among them.
        exact = f"{cell} BETWEEN -{EXACT} AND {EXACT}"
        yield f"n{i}", f"CASE WHEN {exact} THEN {cell} END"
        large = _md5(f"CAST({cell} AS VARCHAR)")
        yield f"t{i}", f"CASE WHEN NOT ({exact}) THEN {large} END"
    else:
        yield from _text(connection, i, source)


def _text(connection: DuckDBPyConnection, i: int, source: str) -> Iterator[tuple[str, str]]:
    form = date_form(connection, f"trim(c{i})", i, DATES, source)
    if form:
        yield f"s{i}", _seconds(f"try_strptime(trim(c{i}), '{form}')")
        return
    spelt = plain_numbers(connection, i, source)
    if spelt:
        number = f"try_cast({spelt} AS DOUBLE)"  # which none is of four hundred digits
        small = f"coalesce(abs({number}) <= {EXACT}, false)"
        yield f"n{i}", f"CASE WHEN {small} THEN {number} END"
        yield f"t{i}", f"CASE WHEN NOT ({small}) THEN {_md5(spelt)} END"
        return
    plain = f"lower(trim(nfc_normalize(c{i})))"
    small = f"abs(try_cast(c{i} AS DOUBLE)) <= {EXACT}"
    some = 0
    # The pattern, which keeps out what only the engine takes for a number, is slow to make ready.
    for begun in ("", f" AND c{i} SIMILAR TO '[ ]*[-+.]?[0-9].*'"):
        ((some,),) = connection.execute(  # of which the first is enough
            f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {small}{begun} LIMIT 1)"
        ).fetchall()
        if not some:
            break
    if not some:
        yield f"t{i}", f"CASE WHEN {plain} <> '' THEN {_md5(plain)} END"
        return
    number = f"try_cast(c{i} AS DOUBLE)"
    yield f"n{i}", f"CASE WHEN abs({number}) <= {EXACT} THEN {number} END"
    none = f"coalesce(abs({number}) <= {EXACT}, false) OR {plain} = ''"
    yield f"t{i}", f"CASE WHEN {none} THEN NULL ELSE {_md5(plain)} END"


def _md5(text: str) -> str:
    """Return the expression of the second half of a text's MD5, its lowest byte first."""
    # The engine takes four times as long for md5_number_lower, which says the same.
    return f"CAST(md5_number({text}) >> 64 AS UBIGINT)"


def _seconds(instant: str) -> str:
    # Microseconds where there are any: fractions of a second would be lost to six digits.
    return (
        f"CASE WHEN epoch_us({instant}) % 1000000 = 0 THEN epoch_us({instant}) // 1000000"
        f" ELSE epoch_us({instant}) END"
    )


def _hashed(chunk: dict[str, Any], i: int) -> Hashes:
    """Return the hash of every cell of a column; 0 for a missing one."""
    hashes: Hashes | None = None
    for name, hashing in ((f"s{i}", _number), (f"n{i}", _number), (f"t{i}", _whole)):
        if name not in chunk:
            continue
        values, missing = chunk[name], None
        if isinstance(values, np.ma.MaskedArray):
            values, missing = values.filled(0), np.ma.getmaskarray(values)
        made = hashing(values)
        if missing is not None:
            made[missing] = 0
        hashes = made if hashes is None else hashes | made  # a cell is one or the other
    if hashes is None:
        raise AssertionError(f"column {i} was not selected")
    return hashes


def _told(chunk: dict[str, Any]) -> dict[int, tuple[NDArray[Any], bool]]:
    """Return the columns of numbers in their order, and whether they are instants."""
    told = {
        int(name[1:]): (values, name[0] == "s") for name, values in chunk.items() if name[0] in "ns"
    }
    return {i: told[i] for i in sorted(told) if i < COLUMNS_MAX}


def _whole(values: NDArray[Any]) -> Hashes:
    return values.astype(np.uint64)


def _number(values: NDArray[Any]) -> Hashes:
    if values.dtype.kind in "iub":
        return mixed(values.astype(np.int64).view(np.uint64) ^ _NUMBER)
    floats = values.astype(np.float64)
    whole = (floats == np.rint(floats)) & (np.abs(floats) <= EXACT)
    hashes = mixed(np.where(whole, floats, 0).astype(np.int64).view(np.uint64) ^ _NUMBER)
    rest = ~whole
    if rest.any():
        hashes[rest] = _fraction(floats[rest])
    return hashes


def _fraction(values: NDArray[np.float64]) -> Hashes:
    """Hash by six significant digits and the power of ten they stand at."""
    size = np.abs(values)
    with np.errstate(divide="ignore"):  # what is nearer to zero than 1e-290 is hashed as that
        power = np.floor(np.log10(np.maximum(size, 1e-290))).astype(np.int64)
    power -= size < _POWERS[power + 300]  # a logarithm may round up to the next power
    scaled = np.rint(values / _POWERS[power + 300 - (DIGITS - 1)])
    over = np.abs(scaled) >= 10**DIGITS
    scaled[over] /= 10
    power = power + over
    # 1.5 at any precision is 150000 at power 0; where rounding makes it whole, so is the number.
    shift = power - (DIGITS - 1)
    back = scaled * _POWERS[np.maximum(shift, 0) + 300] / _POWERS[np.maximum(-shift, 0) + 300]
    whole = (back == np.rint(back)) & (np.abs(back) <= EXACT)
    digits = mixed(scaled.astype(np.int64).view(np.uint64))
    hashes = mixed(digits + power.view(np.uint64) * _FRACTION)
    hashes[whole] = mixed(back[whole].astype(np.int64).view(np.uint64) ^ _NUMBER)
    return hashes
