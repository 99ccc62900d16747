"""Fingerprints of data: samples of hashes by which copies know each other.

A fingerprint is made of the contents of cells, whatever the names and the order of columns, the
order of rows, the format of the file and the way numbers and dates are written
(`exchange.inspection.fingerprint` makes it).  It holds, for the rows, for every column, and for a
few anchors, the smallest of their hashes: a sample that two files draw in the same places, so
that the share of one that stands in the other can be estimated even where one is a small sample
of the other (bottom-k sketches: Beyer and others, SIGMOD 2007; coordinated as in Cohen and
Kaplan, PODC 2007).

An anchor is a column, or a pair of columns, whose values hardly repeat.  Around it whole rows are
kept, so that a copy is found that has lost or gained columns, or had cells changed.  Of columns of
numbers the numbers themselves are kept there, in single precision, so that a copy is found in
other units or with a constant added (`exchange.conversion`).

Hashes of cells can be tried out: who has a fingerprint can tell whether a telephone number is in
the data.  It is as confidential as the data, and only what a comparison finds is ever shown
(docs/decisions/0020-fingerprints-stay-private.md).
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from exchange.errors import Broken

ROWS_KEPT: Final = 2_048  # a hundredth of a file leaves some twenty of them in common
VALUES_KEPT: Final = 128  # of a column, and rows around an anchor
ANCHORS_KEPT: Final = 4
PAIRS_KEPT: Final = 3  # anchors of two columns more, with
PAIRED_KEPT: Final = 64  # rows around each, looked up with the cells of
PAIRED_TELLING: Final = 4  # columns
ROWS_PROBED: Final = 512  # of a registered file's rows, and of its anchors' rows below:
ANCHORED_PROBED: Final = 16  # what a search looks up, each with the cells of
TELLING_KEPT: Final = 8  # columns, those in which two rows most rarely have the same value

PPM: Final = 1_000_000
TELLING_PPM: Final = 100_000  # a column whose values meet more often says little of a row
WINDOW: Final = 16  # rows around an anchor, of which the upper half stays so in other units
WINDOWS: Final = 4
NO_NUMBER: Final = math.inf
RANGE: Final = 2**64

FORM: Final = b"fingerprint 5\n"
# The fourth did not say which values of an anchor stand in one row alone, and had no anchors of two
# columns beside columns that hardly repeat.  In the third, numbers with marks between thousands,
# signs and units are texts; the second kept numbers of any length, telephone numbers among them;
# the first kept none, so that copies in other units are not found.
_READ: Final = (FORM, *(b"fingerprint %d\n" % form for form in (4, 3, 2, 1)))


@dataclass(frozen=True, slots=True)
class Sketch:
    """The smallest distinct hashes of a set, ascending; all of them if `whole`."""

    keys: tuple[int, ...]
    whole: bool

    @property
    def bound(self) -> int:
        """Up to where the sketch has every hash of its set."""
        return RANGE if self.whole or not self.keys else self.keys[-1]


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of two sets is in both, told from the part of their range that both sketches see."""

    shared: int
    of_this: int
    of_other: int

    @property
    def this_ppm(self) -> int:
        """The share of the first set that stands in the second, in parts per million."""
        return self.shared * PPM // self.of_this if self.of_this else 0

    @property
    def other_ppm(self) -> int:
        """The share of the second set that stands in the first, in parts per million."""
        return self.shared * PPM // self.of_other if self.of_other else 0

    @property
    def most_ppm(self) -> int:
        """The larger of the two."""
        return max(self.this_ppm, self.other_ppm)


def overlap(this: Sketch, other: Sketch) -> Overlap:
    """Estimate how much of two sets is in both."""
    bound = min(this.bound, other.bound)
    ours = {key for key in this.keys if key <= bound}
    theirs = {key for key in other.keys if key <= bound}
    return Overlap(len(ours & theirs), len(ours), len(theirs))


@dataclass(frozen=True, slots=True)
class ColumnSketch:
    """One column: its name, its values, and how often two rows have the same one (in ppm).

    `base` is what numbers kept of it are told from, None for a column without any; `instant` says
    that they are seconds since 1970.
    """

    name: str
    values: Sketch
    repeats_ppm: int
    instant: bool = False
    base: float | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """Rows under the smallest hashes of one column or of two: a 32-bit hash for every cell.

    `numbers` has, for every row, what the columns of numbers are above their base, in the order
    of the columns; `NO_NUMBER` for a cell that is none.  `alone` says of each value whether all
    the rows that it stands in are the same; it is empty where that is not known.
    """

    columns: tuple[int, ...]
    values: Sketch
    cells: tuple[tuple[int, ...], ...]
    numbers: tuple[tuple[float, ...], ...] = ()
    alone: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a file to know its copies by; `rows` counts duplicates once.

    `layouts` are of the same table as it may have been before it was written otherwise: its cells
    glued together, its columns melted into rows, or turned.
    """

    rows: Sketch
    columns: tuple[ColumnSketch, ...]
    anchors: tuple[Anchor, ...] = ()
    layouts: tuple[Fingerprint, ...] = ()

    @cached_property
    def probes(self) -> frozenset[int]:
        """The keys under which the file is found: signed, of 64 bits."""
        keys = {*self.rows.keys[:ROWS_PROBED], *self._anchored(ANCHORED_PROBED), *self._halved()}
        return frozenset(_signed(key) for key in keys).union(
            *(each.probes for each in self.layouts)
        )

    @cached_property
    def questions(self) -> frozenset[int]:
        """The keys to look up when files like this one are searched for."""
        keys = {*self.rows.keys, *self._anchored(VALUES_KEPT), *self._halved()}
        asked = frozenset(_signed(key) for key in keys)
        return asked.union(*(each.questions for each in self.layouts))

    @cached_property
    def _telling(self) -> list[int]:
        """The columns in which two rows most rarely have the same value."""
        order = sorted(range(len(self.columns)), key=lambda i: (self.columns[i].repeats_ppm, i))
        return [i for i in order if self.columns[i].repeats_ppm < TELLING_PPM][:TELLING_KEPT]

    @cached_property
    def _of_numbers(self) -> dict[int, int]:
        """The columns of numbers, each with its place among them."""
        numbered = (i for i, each in enumerate(self.columns) if each.base is not None)
        return {column: place for place, column in enumerate(numbered)}

    def numbers_of(self, anchor: Anchor, column: int) -> tuple[float, ...] | None:
        """Return the numbers of a column in the rows around an anchor, None if it has none."""
        place, base = self._of_numbers.get(column), self.columns[column].base
        if place is None or base is None or not anchor.numbers:
            return None
        return tuple(base + row[place] for row in anchor.numbers)

    def _halved(self) -> Iterator[int]:
        """Yield what some rows and which of them have the greater numbers make together."""
        for anchor in self.anchors:
            for column in self._telling:
                if column in anchor.columns:
                    continue
                numbers = self.numbers_of(anchor, column) or ()
                for start in range(0, WINDOW * WINDOWS, WINDOW):
                    window = slice(start, start + WINDOW)
                    pattern = _halves(numbers[window])
                    if pattern is not None:
                        rows = sum(anchor.values.keys[window])
                        yield (rows + pattern * 0xBF58476D1CE4E5B9) % RANGE

    def _anchored(self, count: int) -> Iterator[int]:
        """Yield what an anchor's value and a telling cell in the same row make together.

        Two cells that tell are enough where they are the anchor, unless one is a time.
        """
        for place, anchor in enumerate(self.anchors):
            keys = anchor.values.keys[:count]
            beside = [i for i in self._telling if i not in anchor.columns]
            if place >= ANCHORS_KEPT:
                beside = beside[:PAIRED_TELLING]
            for key, cells in zip(keys, anchor.cells, strict=False):
                for column in beside:
                    yield (key + cells[column] * 0x9E3779B97F4A7C15) % RANGE
            if len(anchor.columns) > 1 and all(
                i in self._telling and not self.columns[i].instant for i in anchor.columns
            ):
                yield from keys

    def to_bytes(self) -> bytes:
        """Return a compact form that `from_bytes` reads."""
        layouts = [each.to_bytes() for each in self.layouts]
        head = {
            "layouts": [len(each) for each in layouts],
            "rows": [len(self.rows.keys), self.rows.whole],
            "columns": [
                [
                    each.name,
                    len(each.values.keys),
                    each.values.whole,
                    each.repeats_ppm,
                    each.instant,
                    each.base,
                ]
                for each in self.columns
            ],
            "anchors": [
                [list(each.columns), len(each.values.keys), each.values.whole, _bits(each.alone)]
                for each in self.anchors
            ],
        }
        sketches = [self.rows, *(each.values for each in self.columns)]
        sketches += [each.values for each in self.anchors]
        keys = [key for sketch in sketches for key in sketch.keys]
        cells = [cell for each in self.anchors for row in each.cells for cell in row]
        numbers = [each for anchor in self.anchors for row in anchor.numbers for each in row]
        words = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        form = f"<{len(keys)}Q{len(cells)}I{len(numbers)}f"
        return FORM + words + struct.pack(form, *keys, *cells, *numbers) + b"".join(layouts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """Read what `to_bytes` wrote, in this form or an older one, or raise `Broken`."""
        try:
            magic, words, packed = data.split(b"\n", 2)
            if magic + b"\n" not in _READ:
                raise Broken("a stored fingerprint is of another form")
            head = json.loads(words)
            layouts = head.get("layouts", ())
            own = len(packed) - sum(layouts)
            pieces = _Slices(packed[own:])
            laid = tuple(cls.from_bytes(bytes(pieces.next(length))) for length in layouts)
            return _unpacked(head, packed[:own], laid)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise Broken("a stored fingerprint cannot be read") from error


def _unpacked(head: dict[str, Any], packed: bytes, layouts: tuple[Fingerprint, ...]) -> Fingerprint:
    width = len(head["columns"])
    counts = [head["rows"][0], *(each[1] for each in head["columns"])]
    counts += [each[1] for each in head["anchors"]]
    rows_kept = sum(each[1] for each in head["anchors"])
    numbered = sum(1 for each in head["columns"] if each[5:] and each[5] is not None)
    form = f"<{sum(counts)}Q{rows_kept * width}I{rows_kept * numbered}f"
    found = struct.unpack(form, packed)
    keys = _Slices(found[: sum(counts)])
    cells = _Slices(found[sum(counts) : sum(counts) + rows_kept * width])
    numbers = _Slices(found[sum(counts) + rows_kept * width :])
    rows = Sketch(keys.next(head["rows"][0]), whole=head["rows"][1])
    columns = tuple(
        ColumnSketch(name, Sketch(keys.next(count), whole), *more)
        for name, count, whole, *more in head["columns"]
    )
    anchors = tuple(
        Anchor(
            tuple(of),
            Sketch(keys.next(count), whole),
            tuple(cells.next(width) for _ in range(count)),
            tuple(numbers.next(numbered) for _ in range(count * bool(numbered))),
            tuple(digit == "1" for bits in alone for digit in bits),
        )
        for of, count, whole, *alone in head["anchors"]
    )
    return Fingerprint(rows, columns, anchors, layouts)


class _Slices:
    """What was unpacked, handed out in pieces one after the other."""

    def __init__(self, of: Sequence[Any]) -> None:
        self._of, self._at = of, 0

    def next(self, count: int) -> tuple[Any, ...]:
        """Return the next so many."""
        self._at += count
        return tuple(self._of[self._at - count : self._at])


def _bits(each: Sequence[bool]) -> str:
    return "".join("1" if one else "0" for one in each)


def _halves(numbers: Sequence[float]) -> int | None:
    """Return which numbers are in the half that the first is not in: the same ones in any unit.

    None for too few, and where a number is in both halves, since rounding decides there.
    """
    order = sorted(numbers)
    if len(order) < WINDOW or order[-1] == NO_NUMBER:
        return None
    middle = order[WINDOW // 2]
    if order[WINDOW // 2 - 1] == middle:
        return None
    upper = [each >= middle for each in numbers]
    return sum(1 << i for i, each in enumerate(upper) if each is not upper[0])


def _signed(key: int) -> int:
    """Return an unsigned number of 64 bits as the signed one that databases hold."""
    return key - RANGE if key >= RANGE // 2 else key
