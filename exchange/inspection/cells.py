"""The cells of one column as detectors read them: bytes and positions, seldom texts.

A batch of `Cells` is a buffer of UTF-8 and the offsets at which cells begin.  What several
detectors ask for (where digits stand, where a byte occurs) is worked out once and kept.
"""

# ruff: noqa: S608 - queries are made of column numbers and of numbers we measured
from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection

from exchange.inspection import arrow
from exchange.inspection.reader import Column
from exchange.profile import ColumnType

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BLOCK: Final = 16_384  # rows whose size is added up at a time
BATCH_BYTES: Final = 4 << 20  # of text in one batch, some ten times that while it is examined
BATCH_ROWS: Final = 131_072
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
_PLAIN: Final = _DASHES | _WIDTHLESS
# The same as bytes: full-width digits, letters and ＠; dashes, odd spaces, the widthless.
_UNUSUAL: Final = re.compile(
    rb"\xef\xbc[\x90-\x99\xa0-\xba]|\xef\xbd[\x81-\x9a]|\xe2\x80[\x80-\x95\xaf]|\xe2\x88\x92"
    rb"|\xe2\x81\xa0|\xef\xbb\xbf|\xc2[\xa0\xad]|\xe3\x80\x80|\xef\xbc\x8d|\xef\xb9\xa3"
)


def normal(text: str) -> str:
    """Return text in NFKC with plain dashes and spaces and without characters of no width."""
    return unicodedata.normalize("NFKC", text.translate(_PLAIN)).translate(_PLAIN)


class Cells:
    """A batch of one column's cells; missing cells are empty."""

    def __init__(self, data: Bytes, offsets: Places) -> None:
        """Take UTF-8 bytes and the offsets of the cells in them, one more than there are."""
        self.data = data
        self.offsets = offsets

    @classmethod
    def of(cls, texts: Sequence[str]) -> Cells:
        """Return the batch of these texts."""
        parts = [text.encode("utf-8", "replace") for text in texts]
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        return cls(np.frombuffer(b"".join(parts), np.uint8), offsets)

    def __len__(self) -> int:
        """Return how many cells there are."""
        return len(self.offsets) - 1

    @functools.cached_property
    def lengths(self) -> Places:
        """The length of each cell in bytes."""
        return np.diff(self.offsets)

    @functools.cached_property
    def raw(self) -> bytes:
        """All cells in one string of bytes, for searches that bytes do faster than arrays."""
        return self.data.tobytes()

    @functools.cached_property
    def digit_runs(self) -> tuple[Places, Places]:
        """Where runs of ASCII digits begin and end; no run crosses from cell to cell."""
        return self.runs(DIGIT)

    @functools.cached_property
    def word_runs(self) -> tuple[Places, Places]:
        """Where runs of ASCII letters and digits begin and end."""
        return self.runs(ALNUM)

    def runs(self, kind: Mask) -> tuple[Places, Places]:
        """Return where runs of the bytes that `kind` marks begin and end."""
        inside = kind[self.data]
        if not inside.any():
            none = np.zeros(0, np.int64)
            return none, none
        edge = np.empty(len(inside) + 1, bool)
        np.not_equal(inside[1:], inside[:-1], out=edge[1:-1])
        edge[0], edge[-1] = inside[0], inside[-1]
        # Where one cell ends in a run and the next begins in one, there is an edge of both.
        borders = self.offsets[1:-1]
        borders = borders[(borders > 0) & (borders < len(inside))]
        joined = np.unique(borders[inside[borders - 1] & inside[borders]])
        places = np.flatnonzero(edge)
        starts, ends = places[0::2], places[1::2]
        if joined.size:
            starts = np.sort(np.concatenate((starts, joined)))
            ends = np.sort(np.concatenate((ends, joined)))
        return starts, ends

    def holders(self, places: Places) -> Places:
        """Return the number of the cell in which each byte position lies."""
        return np.searchsorted(self.offsets, places, side="right") - 1

    def before(self, places: Places) -> Bytes:
        """Return the byte before each position, 0 where a cell begins."""
        found = self.data[np.maximum(places - 1, 0)].copy()
        found[places == self.offsets[self.holders(places)]] = 0
        return found

    def at(self, places: Places) -> Bytes:
        """Return the byte at each position that ends something, 0 where the cell ends there."""
        if not len(self.data):
            return np.zeros(len(places), np.uint8)
        found = self.data[np.minimum(places, len(self.data) - 1)].copy()
        found[places >= self.offsets[self.holders(places - 1) + 1]] = 0
        return found

    def matrix(self, starts: Places, length: int) -> Bytes:
        """Return `length` bytes from each start, a row each."""
        return np.asarray(self.data[starts[:, None] + np.arange(length)])

    def text(self, i: int) -> str:
        """Return one cell as text."""
        return bytes(self.data[self.offsets[i] : self.offsets[i + 1]]).decode("utf-8", "replace")

    def span(self, start: int, end: int) -> str:
        """Return what stands between two byte positions, as text."""
        return bytes(self.data[max(0, start) : end]).decode("utf-8", "ignore")

    def containing(self, literal: bytes) -> list[int]:
        """Return the numbers of the cells in which a string of bytes occurs."""
        found, place = [], self.raw.find(literal)
        while place >= 0:
            cell = int(np.searchsorted(self.offsets, place, side="right")) - 1
            end = int(self.offsets[cell + 1])
            if place + len(literal) <= end:
                found.append(cell)
            place = self.raw.find(literal, max(place + 1, end - len(literal) + 1))
        return found

    def normalised(self) -> Cells | None:
        """Return the cells with full-width or hidden characters, made plain; None if none."""
        if not self.data.size or int(self.data.max()) < 128:
            return None
        places = np.fromiter((m.start() for m in _UNUSUAL.finditer(self.raw)), np.int64)
        if not places.size:
            return None
        return Cells.of([normal(self.text(i)) for i in np.unique(self.holders(places)).tolist()])


def batches(
    connection: DuckDBPyConnection, i: int, column: Column, *, short: bool = False
) -> Iterator[Cells]:
    """Yield the cells of column `i` that may hold something, in batches of bounded size.

    Numbers arrive as their digits, and unless `short` only those long enough for an identifier.
    A column of decimals counts as numbers of persons only where hardly any has a fraction.
    """
    if column.type is ColumnType.TEXT:
        for first, last in _strides(connection, i):
            yield from _read(
                connection, f"SELECT c{i} FROM cells WHERE rowid >= {first} AND rowid < {last}"
            )
    elif column.type in {ColumnType.INTEGER, ColumnType.DECIMAL}:
        least = 0 if short else NUMBERS_FROM
        ((high,),) = connection.execute(f"SELECT max(c{i}) FROM cells").fetchall()
        if high is None or high < max(1, least):
            return
        whole = f"c{i} >= {least} AND c{i} < {NUMBERS_BELOW} AND c{i} = floor(c{i})"
        if column.type is ColumnType.DECIMAL:
            ((share,),) = connection.execute(
                f"SELECT avg(CASE WHEN c{i} = floor(c{i}) THEN 1 ELSE 0 END) FROM cells"
                f" WHERE c{i} IS NOT NULL"
            ).fetchall()
            if share < WHOLE_SHARE:
                return
        yield from _read(
            connection, f"SELECT CAST(CAST(c{i} AS BIGINT) AS VARCHAR) FROM cells WHERE {whole}"
        )


def _read(connection: DuckDBPyConnection, query: str) -> Iterator[Cells]:
    for data, offsets in arrow.strings(connection.sql(query)):
        for first in range(0, len(offsets) - 1, BATCH_ROWS):
            part = offsets[first : first + BATCH_ROWS + 1]
            yield Cells(data[part[0] : part[-1]], part - part[0])


def _strides(connection: DuckDBPyConnection, i: int) -> Iterable[tuple[int, int]]:
    """Cut the rows so that no piece holds many times `BATCH_BYTES`."""
    sizes = connection.execute(
        f"SELECT rowid // {BLOCK} AS block, sum(strlen(c{i})) FROM cells GROUP BY block"
        " ORDER BY block"
    ).fetchall()
    first, held = 0, 0
    for block, held_there in sizes:
        begin, size = block * BLOCK, int(held_there or 0)
        if held and (held + size > BATCH_BYTES or begin - first >= BATCH_ROWS):
            yield first, begin
            first, held = begin, 0
        if size > 4 * BATCH_BYTES:
            step = max(1, BLOCK * BATCH_BYTES // size)
            for part in range(begin, begin + BLOCK, step):
                yield part, min(part + step, begin + BLOCK)
            first, held = begin + BLOCK, 0
        else:
            held += size
    if sizes and first < (sizes[-1][0] + 1) * BLOCK:
        yield first, (sizes[-1][0] + 1) * BLOCK
