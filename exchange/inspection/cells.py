"""The cells of one column as detectors read them: bytes and positions, seldom texts.

A batch of `Cells` is a buffer of UTF-8 and the offsets at which cells begin.  What several
detectors ask for (where digits stand, where cells begin) is worked out once and kept.  Everything
that is done to every byte is a comparison or an "and" of whole arrays, some 0.05 ns a byte; what
looks a byte up in a table, or a cell up by its position, costs thirty times as much and is kept
for the places that such comparisons leave.
"""

# ruff: noqa: S608 - queries are made of column numbers and of numbers we measured
from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection

from exchange.inspection import arrow
from exchange.inspection.reader import Column
from exchange.inspection.statistics import TOGETHER, repeats
from exchange.profile import ColumnType

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Numbers = TypeVar("Numbers", npt.NDArray[np.int64], npt.NDArray[np.uint64])

BATCH_BYTES: Final = 2 << 20  # of text in one batch, some five times that while it is examined
BATCH_ROWS: Final = 32_768
READ_BYTES: Final = 32 << 20  # of text that the engine hands over at a time
FEW_BYTES: Final = 1 << 16  # of different texts that are handed over as such
READ_ROWS: Final = 1_228_800  # ten row groups as the engine writes them
BLOCK: Final = 16_384  # rows whose size is added up at a time, where cells differ much in length
MANY: Final = 65_536  # rows from which on it pays to look at a repeated cell only once
EVEN: Final = 4_096  # bytes; no cell of an even column is longer
WORDS_FROM: Final = 18  # letters and digits of an organisation's code
NUMBERS_FROM: Final = 10**10  # no identifier of a person has fewer than eleven digits
NUMBERS_BELOW: Final = 9_200_000_000_000_000_000  # what a BIGINT made of a DOUBLE holds
WHOLE_SHARE: Final = 0.99

DIGIT: Final = np.zeros(256, bool)
DIGIT[48:58] = True
LETTER: Final = np.zeros(256, bool)
LETTER[65:91] = LETTER[97:123] = True
ALNUM: Final = DIGIT | LETTER

# Written between digits by people and by programs that make cells hard to search: other spaces
# and dashes, and characters of no width.
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—−－﹣"), "-")
_WIDTHLESS: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_PLAIN: Final = {chr(each): plain or "" for each, plain in (_DASHES | _WIDTHLESS).items()}
_ODD: Final = re.compile(f"[{''.join(_PLAIN)}]")
# The same as bytes: full-width digits, letters and ＠; dashes, odd spaces, the widthless.
_UNUSUAL: Final = (
    *(chr(each) for each in (*range(0xFF10, 0xFF1A), *range(0xFF20, 0xFF3B))),
    *(chr(each) for each in range(0xFF41, 0xFF5B)),
    *(chr(each) for each in (*range(0x2000, 0x2016), 0x202F, 0x2212, 0x2060, 0xFEFF, 0x3000)),
    *(chr(each) for each in (0xFF0D, 0xFE63, 0xA0, 0xAD)),
)
_LEADS: Final = sorted({each.encode()[0] for each in _UNUSUAL})
_SECOND: Final = np.zeros((256, 256), bool)  # by first and second byte
# By lead, second and third byte, of those of three bytes, whose leads are E0 to EF.
_THIRD: Final = np.zeros((16, 256, 256), bool)
for _each in map(str.encode, _UNUSUAL):
    _SECOND[_each[0], _each[1]] = True
    if len(_each) == 3:
        _THIRD[_each[0] & 15, _each[1], _each[2]] = True
_PAIR: Final = 0xC2  # the only lead of two bytes among them
_WORD: Final = 4  # bytes
_ALL_MARKED: Final = 0x01010101  # each of a word


def normal(text: str) -> str:
    """Return text in NFKC with plain dashes and spaces and without characters of no width."""
    if text.isascii():
        return text
    return _ODD.sub(_in_plain, unicodedata.normalize("NFKC", _ODD.sub(_in_plain, text)))


def _in_plain(found: re.Match[str]) -> str:
    return _PLAIN[found[0]]


class Cells:
    """A batch of one column's cells; missing cells are empty.

    Where a column repeats itself, a cell stands for all that say the same.
    """

    def __init__(self, data: Bytes, offsets: Places, weights: Places | None = None) -> None:
        """Take UTF-8 bytes and the offsets of the cells in them, one more than there are.

        `weights` say for how many cells of the column each of these stands, one if not given.
        """
        self.data = data
        self.offsets = offsets
        self.weights = weights
        self._containing: dict[bytes, Places] = {}

    @classmethod
    def of(cls, texts: Sequence[str], weights: Places | None = None) -> Cells:
        """Return the batch of these texts."""
        parts = [text.encode("utf-8", "replace") for text in texts]
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        return cls(np.frombuffer(b"".join(parts), np.uint8), offsets, weights)

    def some(self, cells: Places) -> Cells:
        """Return the batch of the cells with these numbers."""
        lengths = self.lengths[cells]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        places = np.repeat(self.offsets[cells] - offsets[:-1], lengths) + np.arange(offsets[-1])
        weights = None if self.weights is None else self.weights[cells]
        return Cells(self.data[places], offsets, weights)

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.offsets) - 1

    def stand_for(self, cells: Places | int) -> int:
        """Return for how many cells of the column the cells with these numbers stand."""
        if self.weights is None:
            return 1 if isinstance(cells, int) else len(cells)
        return int(self.weights[cells].sum())

    @functools.cached_property
    def lengths(self) -> Places:
        """The length of each cell in bytes."""
        return np.diff(self.offsets)

    @functools.cached_property
    def longest(self) -> int:
        """The length of the longest cell in bytes, 0 where there is none."""
        return int(self.lengths.max(initial=0))

    @functools.cached_property
    def raw(self) -> bytes:
        """All cells in one string of bytes, for searches that bytes do faster than arrays."""
        return self.data.tobytes()

    @functools.cached_property
    def ascii(self) -> bool:
        """Whether no byte is beyond ASCII."""
        return self.raw.isascii()

    @functools.cached_property
    def shape(self) -> int | None:
        """The one length of all cells, where they are of letters and digits and stand for one."""
        length = self.longest
        if not length or self.weights is not None or len(self.data) != length * len(self):
            return None
        return length if self.alnum.all() else None

    @functools.cached_property
    def first(self) -> Mask:
        """At which positions a cell begins or the last one ends, one more than there are bytes."""
        first = np.zeros(len(self.data) + 1, bool)
        first[self.offsets] = True
        return first

    @functools.cached_property
    def digits(self) -> Mask:
        """Which bytes are ASCII digits."""
        return (self.data - np.uint8(48)) < 10

    @functools.cached_property
    def numeric(self) -> bool:
        """Whether there is nothing but ASCII digits."""
        return bool(self.digits.all())

    @functools.cached_property
    def letters(self) -> Mask:
        """Which bytes are ASCII letters."""
        if self.numeric:
            return np.zeros(len(self.data), bool)
        return ((self.data | np.uint8(32)) - np.uint8(97)) < 26

    @functools.cached_property
    def alnum(self) -> Mask:
        """Which bytes are ASCII letters or digits."""
        return self.digits if self.numeric else self.digits | self.letters

    @functools.cached_property
    def words(self) -> tuple[Places, Places]:
        """Where runs of at least `WORDS_FROM` ASCII letters and digits begin and end."""
        return self.runs(self.alnum, WORDS_FROM)

    def runs(self, inside: Mask, least: int = 1) -> tuple[Places, Places]:
        """Return where runs of at least `least` marked bytes begin and end.

        No run crosses from cell to cell.
        """
        size = len(inside)
        if inside.all():  # every cell is a run
            long = self.lengths >= least
            return self.offsets[:-1][long], self.offsets[1:][long]
        if size < least or not may_run(inside, least):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        # Where a byte goes on with the run of the byte before it, and where that goes on so long.
        goes_on = np.zeros(size + 1, bool)
        np.logical_and(inside[1:], inside[:-1], out=goes_on[1:size])
        goes_on[1:size] &= ~self.first[1:size]
        if not may_run(goes_on[:size], least - 1):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        whole = unbroken(goes_on[1:size], least - 1) if least > 1 else inside
        starts = np.flatnonzero(whole & ~goes_on[: size - least + 1])
        ends = np.flatnonzero(whole & ~goes_on[least:]) + least
        return starts, ends

    def holders(self, places: Places) -> Places:
        """Return the number of the cell in which each byte position lies."""
        if len(places) == len(self) and bool(
            ((places >= self.offsets[:-1]) & (places < self.offsets[1:])).all()
        ):
            return np.arange(len(self))  # one in each, which need not be looked for
        return np.asarray(np.searchsorted(self.offsets, places, side="right") - 1)

    def before(self, places: Places) -> Bytes:
        """Return the byte before each position, 0 where a cell begins."""
        found = self.data[np.maximum(places - 1, 0)]
        found[self.first[places]] = 0
        return found

    def at(self, places: Places) -> Bytes:
        """Return the byte at each position that ends something, 0 where the cell ends there."""
        if not len(self.data):
            return np.zeros(len(places), np.uint8)
        found = self.data[np.minimum(places, len(self.data) - 1)]
        found[self.first[places]] = 0
        return found

    def matrix(self, starts: Places, length: int) -> Bytes:
        """Return `length` bytes from each start, a row each."""
        if len(starts) * length == len(self.data) and len(starts) == len(self):
            return self.data.reshape(-1, length)  # each cell is one of these, and nothing else
        if not len(starts):
            return np.zeros((0, length), np.uint8)
        # Items that overlap: taking one copies `length` bytes at once.
        overlapping = np.ndarray(
            (len(self.data) - length + 1,), f"V{length}", np.ascontiguousarray(self.data), 0, (1,)
        )
        return overlapping[starts].view(np.uint8).reshape(-1, length)

    def text(self, i: int) -> str:
        """Return one cell as text."""
        return bytes(self.data[self.offsets[i] : self.offsets[i + 1]]).decode("utf-8", "replace")

    def span(self, start: int, end: int) -> str:
        """Return what stands between two byte positions, as text."""
        return bytes(self.data[max(0, start) : end]).decode("utf-8", "ignore")

    def containing(self, literal: bytes) -> Places:
        """Return the numbers of the cells in which a string of bytes occurs, in their order."""
        if literal not in self._containing:
            self._containing[literal] = self._search(literal)
        return self._containing[literal]

    def _search(self, literal: bytes) -> Places:
        data, size = self.data, len(self.data) - len(literal) + 1
        # To look for a byte costs a tenth of comparing all, and most texts lack one of them.
        if size <= 0 or not all(each in self.raw for each in literal):
            return np.zeros(0, np.int64)
        found = data[:size] == literal[0]
        for i, each in enumerate(literal[1:4], start=1):
            found &= data[i : size + i] == each
        places = np.flatnonzero(found)
        for i, each in enumerate(literal[4:], start=4):
            places = places[data[places + i] == each]
        holders = self.holders(places)
        return once(holders[places + len(literal) <= self.offsets[holders + 1]])

    @functools.cached_property
    def unusual(self) -> Places:
        """The numbers of the cells with full-width or hidden characters."""
        data = self.data
        there = [] if self.ascii else [each for each in _LEADS if each in self.raw]
        if not there or len(data) < 2:
            return np.zeros(0, np.int64)
        leads = data == there[0]
        for each in there[1:]:
            leads |= data == each
        places = np.flatnonzero(leads[:-1])
        places = places[_SECOND[data[places], data[places + 1]]]
        lead, third = data[places], data[np.minimum(places + 2, len(data) - 1)]
        places = places[(lead == _PAIR) | _THIRD[lead & 15, data[places + 1], third]]
        return once(self.holders(places))

    def plain(self) -> Iterator[Cells]:
        """Yield the cells as they are written, those with unusual characters made plain."""
        return self.rewritten(self.unusual, normal)

    def rewritten(self, some: Places, read: Callable[[str], str]) -> Iterator[Cells]:
        """Yield the cells as they are written, and some of them apart as they read."""
        if not some.size:
            yield self
            return
        # Overwritten where they stand: to copy the others costs more than to look at them.
        lengths = self.lengths[some]
        behind = np.cumsum(lengths)
        places = np.arange(behind[-1])
        places += np.repeat(self.offsets[some] - behind + lengths, lengths)
        usual = self.data.copy()
        usual[places] = 0
        yield Cells(usual, self.offsets, self.weights)
        weights = None if self.weights is None else self.weights[some]
        yield Cells.of([read(self.text(i)) for i in some.tolist()], weights)


def once(ordered: Numbers) -> Numbers:
    """Return each of some ordered numbers once."""
    fresh = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    found: Numbers = ordered[fresh]
    return found


def different(*numbers: Numbers) -> Numbers:
    """Return the different ones of some numbers, in their order.

    numpy.unique looks each one up in a table, which takes seven times as long as sorting.
    """
    return once(np.sort(np.concatenate(numbers)))


def may_run(inside: Mask, least: int) -> bool:
    """Whether as many marked ones may follow each other: if not, they do nowhere.

    Wherever so many begin, they cover some whole words of four, which are looked at as such.
    """
    words = (least - _WORD + 1) // _WORD
    if words < 1:
        return True
    whole = inside[: len(inside) // _WORD * _WORD].view(np.uint32) == _ALL_MARKED
    return bool(unbroken(whole, words).any())


def unbroken(inside: Mask, width: int) -> Mask:
    """Return where `width` marked ones follow each other, by the place of the first."""
    done = 1
    while done < width:
        step = min(done, width - done)
        inside = inside[:-step] & inside[step:]
        done += step
    return inside


def batches(
    connection: DuckDBPyConnection,
    i: int,
    column: Column,
    *,
    rows: int,
    known: Mapping[str, Any],
    short: bool = False,
) -> Iterator[Cells]:
    """Yield the cells of column `i` that may hold something, in batches of bounded size.

    `known` are the statistics of the column, which has so many `rows`.
    Numbers arrive as their digits, and unless `short` only those long enough for an identifier.
    A column of decimals counts as numbers of persons only where hardly any has a fraction.
    """
    if column.type is ColumnType.TEXT:
        if rows >= MANY and repeats(known, rows):
            yield from _different(connection, i, known)
        elif rows * known.get("max_string_length", FEW_BYTES) < FEW_BYTES:
            # A stream takes longer to set up than as few texts to be handed over one by one.
            found = connection.execute(f"SELECT coalesce(c{i}, '') FROM cells").fetchall()
            yield Cells.of([text for (text,) in found])
        else:
            yield from _read(connection, "cells", f"c{i}", "", rows, known)
    elif column.type in {ColumnType.INTEGER, ColumnType.DECIMAL}:
        least = 0 if short else NUMBERS_FROM
        # What the engine keeps as the greatest number is never less than that is.
        if known.get("max", math.inf) < max(1, least):
            return
        whole = f"c{i} >= {least} AND c{i} < {NUMBERS_BELOW} AND c{i} = floor(c{i})"
        if column.type is ColumnType.DECIMAL:
            ((share,),) = connection.execute(
                f"SELECT avg(CASE WHEN c{i} = floor(c{i}) THEN 1 ELSE 0 END) FROM cells"
                f" WHERE c{i} IS NOT NULL"
            ).fetchall()
            if share < WHOLE_SHARE:
                return
        digits = f"SELECT CAST(CAST(c{i} AS BIGINT) AS VARCHAR) FROM cells WHERE {whole}"
        # The engine holds all that it hands over at a time.
        step = known.get(TOGETHER, READ_ROWS)
        for first in range(0, rows, step):
            part = f"rowid >= {first} AND rowid < {first + step}"
            for data, offsets in arrow.strings(connection.sql(f"{digits} AND {part}")):
                yield from cut(data, offsets)


def _different(connection: DuckDBPyConnection, i: int, known: Mapping[str, Any]) -> Iterator[Cells]:
    """Yield the different cells of a column that repeats itself, with how often each is there."""
    longest = known.get("max_string_length")
    if longest is not None and longest * known.get("approx_unique", MANY) <= FEW_BYTES:
        found = connection.execute(
            f"SELECT c{i} AS v, count(*) FROM cells WHERE c{i} IS NOT NULL GROUP BY v ORDER BY v"
        ).fetchall()
        yield Cells.of([text for text, _ in found], np.array([n for _, n in found], np.int64))
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE different AS SELECT c{i} AS v, count(*) AS n FROM cells"
        f" WHERE c{i} IS NOT NULL GROUP BY v"
    ).fetchall()
    counts = connection.execute("SELECT n FROM different ORDER BY rowid").fetchnumpy()["n"]
    done = 0
    for cells in _read(connection, "different", "v", " ORDER BY rowid", len(counts), {}):
        cells.weights = counts[done : done + len(cells)]
        done += len(cells)
        yield cells
    connection.execute("DROP TABLE different").fetchall()


def _read(
    connection: DuckDBPyConnection,
    table: str,
    column: str,
    order: str,
    rows: int,
    known: Mapping[str, Any],
) -> Iterator[Cells]:
    for first, last in _strides(connection, table, column, rows, known):
        part = f"rowid >= {first} AND rowid < {last}{order}"
        for data, offsets in arrow.strings(
            connection.sql(f"SELECT {column} FROM {table} WHERE {part}")
        ):
            yield from cut(data, offsets)


def cut(data: Bytes, offsets: Places) -> Iterator[Cells]:
    """Yield the cells of a buffer in batches of bounded size."""
    first, rows = 0, len(offsets) - 1
    while first < rows:
        enough = int(np.searchsorted(offsets, offsets[first] + BATCH_BYTES, side="right")) - 1
        last = min(first + BATCH_ROWS, max(first + 1, enough), rows)
        part = offsets[first : last + 1]
        yield Cells(data[part[0] : part[-1]], part - part[0])
        first = last


def _strides(
    connection: DuckDBPyConnection, table: str, column: str, rows: int, known: Mapping[str, Any]
) -> Iterator[tuple[int, int]]:
    """Cut the rows so that no piece holds many times `READ_BYTES`.

    Where that is `known`, or the longest text is and not far from the usual, no length is added up.
    """
    longest, step = known.get("max_string_length"), known.get(TOGETHER)
    if step is None and longest is not None and longest <= EVEN:
        step = min(READ_ROWS, READ_BYTES // max(1, longest))
    if step is not None:
        yield from ((first, first + step) for first in range(0, rows, step))
        return
    sizes = connection.execute(
        f"SELECT rowid // {BLOCK} AS block, sum(strlen({column})) FROM {table} GROUP BY block"
        " ORDER BY block"
    ).fetchall()
    for block, size in sizes:
        begin, end = block * BLOCK, (block + 1) * BLOCK
        if (size or 0) <= READ_BYTES:
            yield begin, end
            continue
        lengths = connection.execute(
            f"SELECT coalesce(strlen({column}), 0) AS length FROM {table}"
            f" WHERE rowid >= {begin} AND rowid < {end} ORDER BY rowid"
        ).fetchnumpy()["length"]
        pieces = np.cumsum(lengths) // READ_BYTES
        cuts = (np.flatnonzero(pieces[1:] != pieces[:-1]) + 1 + begin).tolist()
        yield from pairwise([begin, *cuts, end])
