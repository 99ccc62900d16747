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

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from exchange.fingerprint import (
    ANCHORS_KEPT,
    NO_NUMBER,
    PPM,
    ROWS_KEPT,
    VALUES_KEPT,
    Anchor,
    ColumnSketch,
    Fingerprint,
    Sketch,
)
from exchange.inspection.cells import NUMBERS_FROM, different
from exchange.inspection.reader import Column
from exchange.inspection.spelling import plain_numbers
from exchange.profile import ColumnProfile, ColumnType

Hashes = NDArray[np.uint64]

CHUNK: Final = 262_144  # rows; of 20 columns they take 50 MB
EXACT: Final = 2**53  # beyond it a float skips whole numbers
DIGITS: Final = 6  # significant ones, which single-precision floats keep
ANCHOR_CANDIDATES: Final = 8
MANY: Final = 16_384  # rows from which on it pays to hash a repeated text only once
REPEATED: Final = 8  # times, on average
COLUMNS_MAX: Final = 512  # sketched one by one; rows are hashed over all columns

# Ways of writing a date that the readers leave as text or as a number, tried in this order.
_DATES: Final = (
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y.%m.%d",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%b-%Y",
    "%d %b %Y",
)
_DATES_AS_NUMBERS: Final = _DATES[:2]
_SIGNS: Final = re.compile(r"(?<!%)[^%\s\w]|[年月日]")
_FIRST: Final = 64  # cells that are looked at before a whole column is
_EARLIEST, _LATEST = 1900, 2100  # years; numbers of eight digits outside them are no dates

_NUMBER: Final = np.uint64(0xD1B54A32D192ED03)
_FRACTION: Final = np.uint64(0x8CB92BA72F3D8DD7)
_MICROSECONDS: Final = 1e11  # since 1970, from where on instants are no seconds
_POWERS: Final = np.array([float(f"1e{power}") for power in range(-300, 309)])


def take_fingerprint(
    connection: DuckDBPyConnection, columns: Sequence[Column], measured: Sequence[ColumnProfile]
) -> Fingerprint:
    """Return the fingerprint of `cells`; `measured` says how often values repeat.

    The same content gives the same fingerprint whatever the order of rows.  Memory is bounded by
    `CHUNK` rows and does not grow with the file.
    """
    select, joins = [], ""
    for i, column in enumerate(columns):
        if column.type is ColumnType.TEXT and _repeating(measured[i]):
            names = _hash_different(connection, i)
            select += [f"hashes{i}.{name}" for name in names]
            joins += f" LEFT JOIN hashes{i} ON hashes{i}.said = cells.c{i}"
        else:
            select += [f"{said} AS {name}" for name, said in _selected(connection, i, column)]
    tally = _Tally(_anchor_candidates(measured), len(columns))
    for chunk in _chunks(connection, select, joins):
        tally.add([_hashed(chunk, i) for i in range(len(columns))], _told(chunk))
    return tally.fingerprint([column.name for column in columns])


def _repeating(measured: ColumnProfile) -> bool:
    """Whether it pays to hash the different texts of a column and look up the others."""
    return measured.rows >= MANY and measured.distinct * REPEATED <= measured.rows


def _hash_different(connection: DuckDBPyConnection, i: int) -> list[str]:
    """Make a table of what the different texts of a column say, and return its columns' names."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE words{i} AS"
        f" SELECT DISTINCT c{i} FROM cells WHERE c{i} IS NOT NULL"
    )
    parts = list(_text(connection, i, f"words{i}"))
    made = ", ".join(f"{said} AS {name}" for name, said in parts)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE hashes{i} AS SELECT c{i} AS said, {made} FROM words{i}"
    )
    return [name for name, _ in parts]


def _chunks(
    connection: DuckDBPyConnection, select: Sequence[str], joins: str
) -> Iterator[dict[str, Any]]:
    ((last,),) = connection.execute("SELECT max(rowid) FROM cells").fetchall()
    for start in range(0, (last or 0) + 1, CHUNK):
        yield connection.execute(
            f"SELECT {', '.join(select)} FROM cells{joins}"  # in whatever order
            f" WHERE cells.rowid >= {start} AND cells.rowid < {start + CHUNK}"
        ).fetchnumpy()


def _selected(connection: DuckDBPyConnection, i: int, column: Column) -> Iterator[tuple[str, str]]:
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
        form = _date_form(connection, f"CAST({cell} AS VARCHAR)", i, _DATES_AS_NUMBERS)
        if form:
            yield f"s{i}", _seconds(f"try_strptime(CAST({cell} AS VARCHAR), '{form}')")
            return
        # The least whole number of 64 bits has no absolute value among them.
        exact = f"{cell} BETWEEN -{EXACT} AND {EXACT}"
        yield f"n{i}", f"CASE WHEN {exact} THEN {cell} END"
        large = _md5(f"CAST({cell} AS VARCHAR)")
        yield f"t{i}", f"CASE WHEN NOT ({exact}) THEN {large} END"
    else:
        yield from _text(connection, i, "cells")


def _text(connection: DuckDBPyConnection, i: int, source: str) -> Iterator[tuple[str, str]]:
    form = _date_form(connection, f"trim(c{i})", i, _DATES, source)
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


def _date_form(
    connection: DuckDBPyConnection, cell: str, i: int, forms: Sequence[str], source: str = "cells"
) -> str | None:
    """Return the first form by which every cell of column i reads as a date, or None."""
    first = connection.execute(
        f"SELECT {cell} FROM {source} WHERE c{i} IS NOT NULL LIMIT {_FIRST}"
    ).fetchall()
    # To try a form costs the engine half a millisecond, whatever the number of cells.
    forms = [form for form in forms if all(_could_be(text, form) for (text,) in first)]
    years = f"year(try_strptime({cell}, '{{form}}')) BETWEEN {_EARLIEST} AND {_LATEST}"
    some = f"(SELECT c{i} FROM {source} WHERE c{i} IS NOT NULL LIMIT {_FIRST})"
    for rows_of in (some, source):
        if not first or not forms:
            return None
        tests = ", ".join(f"count(*) FILTER (WHERE {years.format(form=form)})" for form in forms)
        (found,) = connection.execute(f"SELECT count(c{i}), {tests} FROM {rows_of}").fetchall()
        rows, *fitting = found
        forms = [form for form, count in zip(forms, fitting, strict=True) if count == rows]
    return forms[0] if forms else None


def _could_be(text: str, form: str) -> bool:
    """Whether a text has the signs that a form is written with, or digits alone as it has."""
    if "%b" in form and not re.search("[A-Za-z]{3}", text):
        return False
    if form in _DATES_AS_NUMBERS:
        return text.strip().isdigit()
    return all(sign in text for sign in _SIGNS.findall(form))


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


def _as_told(values: NDArray[Any], *, instant: bool) -> NDArray[np.float64]:
    """Return numbers in double precision, of instants the seconds; what is none is `NO_NUMBER`.

    So is what has as many digits as a person's number: what is kept tells it to the last of them.
    """
    missing = np.ma.getmaskarray(values)
    told = np.ma.getdata(values).astype(np.float64)
    if instant:
        told = np.where(np.abs(told) >= _MICROSECONDS, told / 1e6, told)
    return np.where(missing | ~(np.abs(told) < NUMBERS_FROM), NO_NUMBER, told)


def _whole(values: NDArray[Any]) -> Hashes:
    return values.astype(np.uint64)


def _number(values: NDArray[Any]) -> Hashes:
    if values.dtype.kind in "iub":
        return _mixed(values.astype(np.int64).view(np.uint64) ^ _NUMBER)
    floats = values.astype(np.float64)
    whole = (floats == np.rint(floats)) & (np.abs(floats) <= EXACT)
    hashes = _mixed(np.where(whole, floats, 0).astype(np.int64).view(np.uint64) ^ _NUMBER)
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
    digits = _mixed(scaled.astype(np.int64).view(np.uint64))
    hashes = _mixed(digits + power.view(np.uint64) * _FRACTION)
    hashes[whole] = _mixed(back[whole].astype(np.int64).view(np.uint64) ^ _NUMBER)
    return hashes


def _mixed(values: Hashes) -> Hashes:
    """SplitMix64's finaliser: every bit of the input moves half the bits of the output."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed = mixed ^ (mixed >> np.uint64(31))
    return np.where(mixed == 0, np.uint64(1), mixed)  # 0 stands for a missing cell


def _anchor_candidates(measured: Sequence[ColumnProfile]) -> list[tuple[int, ...]]:
    """Return the columns whose values hardly repeat, and pairs of columns where those are few."""
    order = sorted(range(min(COLUMNS_MAX, len(measured))), key=lambda i: -measured[i].distinct)
    single = [i for i in order if 2 * measured[i].distinct >= measured[i].rows]
    candidates: list[tuple[int, ...]] = [(i,) for i in single[:ANCHOR_CANDIDATES]]
    if len(single) < 2:  # the loss of one would leave none, nor a pair that it is in
        others = [i for i in order if i not in single][: 4 - len(single)]
        candidates += [tuple(sorted(pair)) for pair in combinations(others, 2)]
    return candidates if len(measured) > 1 else []


@dataclass
class _Smallest:
    """The smallest distinct hashes seen so far, and what stood beside them."""

    count: int
    keys: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    ranks: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    beside: NDArray[Any] | None = None
    whole: bool = True

    def add(self, keys: Hashes, order: Hashes, beside: Callable[[Any], NDArray[Any]]) -> None:
        """Take in hashes; of rows with the same one, the first by `order` stays."""
        chosen = np.flatnonzero(keys)
        if not self.whole:
            chosen = chosen[keys[chosen] <= self.keys[-1]]
        elif len(chosen) > self.count:  # what is beyond the smallest of these need not be sorted in
            least = different(keys[chosen])[: self.count]
            chosen = chosen[keys[chosen] <= least[-1]]
            self.whole = len(least) < self.count
        if not len(chosen):
            return
        every = np.concatenate([self.keys, keys[chosen]])
        ranks = np.concatenate([self.ranks, order[chosen]])
        rows = beside(chosen)
        rows = rows if self.beside is None else np.vstack([self.beside, rows])
        sort = np.lexsort((ranks, every))
        first = np.ones(len(sort), bool)
        first[1:] = every[sort][1:] != every[sort][:-1]
        distinct = sort[first]
        self.whole = self.whole and len(distinct) <= self.count
        kept = distinct[: self.count]
        self.keys, self.ranks, self.beside = every[kept], ranks[kept], rows[kept]

    @property
    def sketch(self) -> Sketch:
        return _sketch(self.keys, whole=self.whole)


@dataclass
class _Values:
    """The smallest distinct hashes of one column."""

    keys: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    whole: bool = True

    def add(self, cells: Hashes) -> None:
        """Take in the hashes of some cells."""
        if not self.whole:
            cells = cells[cells < self.keys[-1]]
        elif len(self.keys):  # a column of few values brings the same ones again and again
            places = np.minimum(np.searchsorted(self.keys, cells), len(self.keys) - 1)
            cells = cells[self.keys[places] != cells]
        merged = different(self.keys, cells[cells != 0])
        self.whole = self.whole and len(merged) <= VALUES_KEPT
        self.keys = merged[:VALUES_KEPT]

    @property
    def sketch(self) -> Sketch:
        return _sketch(self.keys, whole=self.whole)


def _sketch(keys: Hashes, *, whole: bool) -> Sketch:
    return Sketch(tuple(int(key) for key in keys), whole)


class _Tally:
    """Sketches of rows, columns and anchors, growing chunk by chunk."""

    def __init__(self, candidates: Sequence[tuple[int, ...]], width: int) -> None:
        self._rows = _Smallest(ROWS_KEPT)
        self._columns = [_Values() for _ in range(min(width, COLUMNS_MAX))]
        self._anchors = {candidate: _Smallest(VALUES_KEPT) for candidate in candidates}
        self._told: dict[int, bool] = {}

    def add(self, cells: Sequence[Hashes], told: Mapping[int, tuple[NDArray[Any], bool]]) -> None:
        """Take in the hashes of some rows, column by column, and the numbers behind them."""
        self._told = {i: instant for i, (_, instant) in told.items()}
        rows = np.zeros(len(cells[0]), np.uint64)
        for column in cells:
            rows += column
        rows = _mixed(rows)

        def vectors(chosen: NDArray[Any]) -> NDArray[Any]:
            return np.stack([column[chosen] for column in cells[:COLUMNS_MAX]], axis=1)

        def with_numbers(chosen: NDArray[Any]) -> NDArray[Any]:
            numbers = [
                _as_told(values[chosen], instant=instant).view(np.uint64)[:, np.newaxis]
                for values, instant in told.values()
            ]
            return np.hstack([vectors(chosen), *numbers])

        self._rows.add(rows, rows, vectors)
        for values, column in zip(self._columns, cells, strict=False):
            values.add(column)
        for of, kept in self._anchors.items():
            if len(of) == 1:
                keys = cells[of[0]]
            else:
                both = (cells[of[0]] != 0) & (cells[of[1]] != 0)
                keys = np.where(both, _mixed(cells[of[0]] + cells[of[1]]), 0)
            kept.add(keys, rows, with_numbers)

    def fingerprint(self, names: Sequence[str]) -> Fingerprint:
        """Return what was gathered, under the names of the columns."""
        sample, width = self._rows.beside, len(self._columns)
        # By what they hold and not by where they stand, so that a copy picks the same ones.
        ranked = sorted(
            (
                (of, kept, kept.beside)
                for of, kept in self._anchors.items()
                if kept.beside is not None
            ),
            key=lambda each: (len(each[0]), int(each[1].keys[0])),
        )[:ANCHORS_KEPT]
        numbers = [beside[:, width:].view(np.float64) for _, _, beside in ranked]
        bases = self._bases(numbers)
        columns = tuple(
            ColumnSketch(
                names[i],
                kept.sketch,
                _repeats(sample[:, i]) if sample is not None else 0,
                instant=self._told.get(i, False),
                base=bases.get(i),
            )
            for i, kept in enumerate(self._columns)
        )
        anchors = tuple(
            Anchor(of, kept.sketch, _short(beside, width), self._above(bases, here))
            for (of, kept, beside), here in zip(ranked, numbers, strict=True)
        )
        return Fingerprint(self._rows.sketch, columns, anchors)

    def _bases(self, numbers: Sequence[NDArray[np.float64]]) -> dict[int, float]:
        """Return the least number kept of every column that has any."""
        bases = {}
        for place, column in enumerate(self._told):
            least = min((float(here[:, place].min()) for here in numbers), default=NO_NUMBER)
            if least != NO_NUMBER:
                bases[column] = least
        return bases

    def _above(
        self, bases: Mapping[int, float], numbers: NDArray[np.float64]
    ) -> tuple[tuple[float, ...], ...]:
        """Return rows of what the numbers are above their bases, in single precision."""
        if not bases:
            return ()
        places = [place for place, column in enumerate(self._told) if column in bases]
        with np.errstate(over="ignore"):  # what single precision cannot hold is as good as none
            above = (numbers[:, places] - np.array(list(bases.values()))).astype(np.float32)
        return tuple(tuple(row) for row in above.tolist())


def _repeats(cells: Hashes) -> int:
    """Return how likely two of these rows have the same value, in ppm; missing ones agree."""
    _, counts = np.unique(cells, return_counts=True)
    total = int(counts.sum())
    squares = int((counts.astype(np.int64) ** 2).sum()) - total
    return squares * PPM // max(1, total * (total - 1))


def _short(beside: NDArray[Any], width: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in (beside[:, :width] >> np.uint64(32)).tolist())
