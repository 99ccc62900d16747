"""Sketches of rows, columns and anchors, drawn from the hashes of cells chunk by chunk.

What is kept is the smallest hashes and what stood beside them, whatever the order of rows
(`exchange.fingerprint`); memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from exchange.fingerprint import (
    ANCHORS_KEPT,
    NO_NUMBER,
    PAIRED_KEPT,
    PAIRS_KEPT,
    PPM,
    ROWS_KEPT,
    VALUES_KEPT,
    Anchor,
    ColumnSketch,
    Fingerprint,
    Sketch,
)
from exchange.inspection.cells import NUMBERS_FROM, different

Hashes = NDArray[np.uint64]

COLUMNS_MAX: Final = 512  # sketched one by one; rows are hashed over all columns
ANCHOR_CANDIDATES: Final = 8
LOOKED_INTO: Final = 8  # times as many hashes as are kept, before all are
PAIRED: Final = 3  # columns that repeat, of which pairs are anchors beside columns that do not
_MICROSECONDS: Final = 1e11  # since 1970, from where on instants are no seconds


def mixed(values: Hashes) -> Hashes:
    """SplitMix64's finaliser: every bit of the input moves half the bits of the output."""
    spread = values + np.uint64(0x9E3779B97F4A7C15)
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread = spread ^ (spread >> np.uint64(31))
    return np.where(spread == 0, np.uint64(1), spread)  # 0 stands for a missing cell


def anchor_candidates(distinct: Sequence[int], rows: int) -> list[tuple[int, ...]]:
    """Return the columns whose values hardly repeat, and pairs of columns that repeat.

    `distinct` says how many different values each column has in so many rows.
    A copy may have changed all columns of the one sort, and not those of the other.
    """
    order = sorted(range(min(COLUMNS_MAX, len(distinct))), key=lambda i: -distinct[i])
    single = [i for i in order if 2 * distinct[i] >= rows]
    candidates: list[tuple[int, ...]] = [(i,) for i in single[:ANCHOR_CANDIDATES]]
    few = len(single) < 2  # the loss of one would leave none, nor a pair that it is in
    others = [i for i in order if i not in single][: 4 - len(single) if few else PAIRED]
    candidates += [
        (min(i, j), max(i, j))
        for i, j in combinations(others, 2)
        if few or 2 * distinct[i] * distinct[j] >= rows
    ]
    return candidates if len(distinct) > 1 else []


@dataclass
class Smallest:
    """The smallest distinct hashes seen so far, and what stood beside them."""

    count: int
    keys: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    ranks: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    beside: NDArray[Any] | None = None
    alone: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    whole: bool = True

    def add(self, keys: Hashes, order: Hashes, beside: Callable[[Any], NDArray[Any]]) -> None:
        """Take in hashes; of rows with the same one, the first by `order` stays.

        It is `alone` as long as no row with the same one is another by `order`.
        """
        chosen = np.flatnonzero(keys)
        if not self.whole:
            chosen = chosen[keys[chosen] <= self.keys[-1]]
        elif len(chosen) > self.count:  # what is beyond the smallest of these need not be sorted in
            least = _least(keys[chosen], self.count)
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
        # What is among the smallest in the end was so whenever it was seen.
        alone = np.concatenate([self.alone, np.ones(len(chosen), np.bool_)])[sort]
        alone[1:] &= first[1:] | (ranks[sort][1:] == ranks[sort][:-1])
        alone = np.logical_and.reduceat(alone, np.flatnonzero(first))
        self.whole = self.whole and len(distinct) <= self.count
        kept = distinct[: self.count]
        self.keys, self.ranks, self.beside = every[kept], ranks[kept], rows[kept]
        self.alone = alone[: self.count]

    def cut(self, count: int) -> None:
        """Keep no more than so many."""
        if self.beside is not None and len(self.keys) > count:
            self.keys, self.beside, self.whole = self.keys[:count], self.beside[:count], False
            self.alone = self.alone[:count]

    @property
    def sketch(self) -> Sketch:
        """The hashes as a fingerprint holds them."""
        return _sketch(self.keys, whole=self.whole)


def _least(keys: Hashes, count: int) -> Hashes:
    """Return the smallest distinct hashes."""
    few = LOOKED_INTO * count  # to sort them all takes most of the time that an anchor does
    if len(keys) > few:
        least: Hashes = different(keys[keys <= np.partition(keys, few)[few]])
        if len(least) > count:
            return least[:count]
    every: Hashes = different(keys)
    return every[:count]


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
        """The hashes as a fingerprint holds them."""
        return _sketch(self.keys, whole=self.whole)


def _sketch(keys: Hashes, *, whole: bool) -> Sketch:
    return Sketch(tuple(int(key) for key in keys), whole)


class Tally:
    """Sketches of rows, columns and anchors, growing chunk by chunk."""

    def __init__(self, candidates: Sequence[tuple[int, ...]], width: int) -> None:
        self._rows = Smallest(ROWS_KEPT)
        self._columns = [_Values() for _ in range(min(width, COLUMNS_MAX))]
        self._anchors = {candidate: Smallest(VALUES_KEPT) for candidate in candidates}
        self._told: dict[int, bool] = {}

    def add(self, cells: Sequence[Hashes], told: Mapping[int, tuple[NDArray[Any], bool]]) -> None:
        """Take in the hashes of some rows, column by column, and the numbers behind them."""
        self._told = {i: instant for i, (_, instant) in told.items()}
        rows = np.zeros(len(cells[0]), np.uint64)
        for column in cells:
            rows += column
        rows = mixed(rows)

        def vectors(chosen: NDArray[Any]) -> NDArray[Any]:
            return np.stack([column[chosen] for column in cells[:COLUMNS_MAX]], axis=1)

        def with_numbers(chosen: NDArray[Any]) -> NDArray[Any]:
            numbers = [
                as_told(values[chosen], instant=instant).view(np.uint64)[:, np.newaxis]
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
                keys = np.where(both, mixed(cells[of[0]] + cells[of[1]]), 0)
            kept.add(keys, rows, with_numbers)

    def fingerprint(self, names: Sequence[str]) -> Fingerprint:
        """Return what was gathered, under the names of the columns."""
        sample, width = self._rows.beside, len(self._columns)
        # By what they hold and not by where they stand, so that a copy picks the same ones.
        held = sorted(
            ((of, kept) for of, kept in self._anchors.items() if kept.beside is not None),
            key=lambda each: (len(each[0]), int(each[1].keys[0])),
        )
        more = [each for each in held[ANCHORS_KEPT:] if len(each[0]) > 1][:PAIRS_KEPT]
        for _, kept in more:
            kept.cut(PAIRED_KEPT)
        ranked = [
            (of, kept, kept.beside)
            for of, kept in [*held[:ANCHORS_KEPT], *more]
            if kept.beside is not None
        ]
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
            Anchor(
                of,
                kept.sketch,
                _short(beside, width),
                self._above(bases, here),
                tuple(kept.alone.tolist()),
            )
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


def as_told(values: NDArray[Any], *, instant: bool) -> NDArray[np.float64]:
    """Return numbers in double precision, of instants the seconds; what is none is `NO_NUMBER`.

    So is what has as many digits as a person's number: what is kept tells it to the last of them.
    """
    missing = np.ma.getmaskarray(values)
    told = np.ma.getdata(values).astype(np.float64)
    if instant:
        told = np.where(np.abs(told) >= _MICROSECONDS, told / 1e6, told)
    return np.where(missing | ~(np.abs(told) < NUMBERS_FROM), NO_NUMBER, told)
