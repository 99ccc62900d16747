"""Fingerprints of data: samples of hashes by which copies know each other.

A fingerprint is made of the contents of cells, whatever the names and the order of columns, the
order of rows, the format of the file and the way numbers and dates are written
(`exchange.inspection.fingerprint` makes it).  It holds, for the rows, for every column, and for a
few anchors, the smallest of their hashes: a sample that two files draw in the same places, so
that the share of one that stands in the other can be estimated even where one is a small sample
of the other (bottom-k sketches: Beyer and others, SIGMOD 2007; coordinated as in Cohen and
Kaplan, PODC 2007).

An anchor is a column, or a pair of columns, whose values hardly repeat.  Around it whole rows are
kept, so that a copy is found that has lost or gained columns, or had cells changed.

Hashes of cells can be tried out: who has a fingerprint can tell whether a telephone number is in
the data.  It is as confidential as the data, and only what a comparison finds is ever shown
(docs/decisions/0020-fingerprints-stay-private.md).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from exchange.errors import Broken

ROWS_KEPT: Final = 2_048  # a hundredth of a file leaves some twenty of them in common
VALUES_KEPT: Final = 128  # of a column, and rows around an anchor
ANCHORS_KEPT: Final = 4
ROWS_PROBED: Final = 512  # of a registered file's rows, and of its anchors' rows below:
ANCHORED_PROBED: Final = 32  # what a search looks up

PPM: Final = 1_000_000
SHARED_LEAST: Final = 5  # hashes; fewer may be shared by chance
NOTABLE_PPM: Final = 200_000  # of either file; less in common is not worth a word
COLUMNS_LEAST: Final = 3  # columns that must agree where whole rows do not, and more than
COLUMNS_SHARE: Final = 0.75  # of the narrower file's: places and times alone are everybody's
AGREEING: Final = 0.5  # of the rows around shared anchors, for two columns to correspond
ROW_AGREES: Final = 0.75  # of the columns that correspond, for a row to be the same row
CHANCE_MOST: Final = 0.05  # that strangers' cells agree in all columns but the anchor's
RANGE: Final = 2**64

_MAGIC: Final = b"fingerprint 1\n"


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
    """One column: its name, its values, and how often two rows have the same one (in ppm)."""

    name: str
    values: Sketch
    repeats_ppm: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """Rows under the smallest hashes of one column or of two: a 32-bit hash for every cell."""

    columns: tuple[int, ...]
    values: Sketch
    cells: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a file to know its copies by; `rows` counts duplicates once."""

    rows: Sketch
    columns: tuple[ColumnSketch, ...]
    anchors: tuple[Anchor, ...] = ()

    @cached_property
    def probes(self) -> frozenset[int]:
        """The keys under which the file is found: signed, of 64 bits."""
        keys = {*self.rows.keys[:ROWS_PROBED], *self._anchored(ANCHORED_PROBED)}
        return frozenset(_signed(key) for key in keys)

    @cached_property
    def questions(self) -> frozenset[int]:
        """The keys to look up when files like this one are searched for."""
        keys = {*self.rows.keys, *self._anchored(VALUES_KEPT)}
        return frozenset(_signed(key) for key in keys)

    def _anchored(self, count: int) -> Iterator[int]:
        """Yield what an anchor's value and another anchor's cell in the same row make together."""
        for anchor in self.anchors:
            beside = {
                other.columns[0] for other in self.anchors if other.columns[0] not in anchor.columns
            }
            for key, cells in zip(anchor.values.keys[:count], anchor.cells, strict=False):
                for column in beside:
                    yield (key + cells[column] * 0x9E3779B97F4A7C15) % RANGE

    def to_bytes(self) -> bytes:
        """Return a compact form that `from_bytes` reads."""
        head = {
            "rows": [len(self.rows.keys), self.rows.whole],
            "columns": [
                [each.name, len(each.values.keys), each.values.whole, each.repeats_ppm]
                for each in self.columns
            ],
            "anchors": [
                [list(each.columns), len(each.values.keys), each.values.whole]
                for each in self.anchors
            ],
        }
        sketches = [self.rows, *(each.values for each in self.columns)]
        sketches += [each.values for each in self.anchors]
        keys = [key for sketch in sketches for key in sketch.keys]
        cells = [cell for each in self.anchors for row in each.cells for cell in row]
        words = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        return _MAGIC + words + struct.pack(f"<{len(keys)}Q{len(cells)}I", *keys, *cells)

    @classmethod
    def from_bytes(cls, data: bytes) -> Fingerprint:
        """Read what `to_bytes` wrote, or raise `Broken`."""
        try:
            magic, words, packed = data.split(b"\n", 2)
            if magic + b"\n" != _MAGIC:
                raise Broken("a stored fingerprint is of another form")
            return _unpacked(json.loads(words), packed)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            raise Broken("a stored fingerprint cannot be read") from error


def _unpacked(head: dict[str, Any], packed: bytes) -> Fingerprint:
    width = len(head["columns"])
    counts = [head["rows"][0], *(each[1] for each in head["columns"])]
    counts += [each[1] for each in head["anchors"]]
    rows_kept = sum(each[1] for each in head["anchors"])
    found = struct.unpack(f"<{sum(counts)}Q{rows_kept * width}I", packed)
    keys, cells = iter(found[: sum(counts)]), iter(found[sum(counts) :])

    def sketch(count: int, whole: bool) -> Sketch:  # noqa: FBT001 - as it stands in the head
        return Sketch(tuple(next(keys) for _ in range(count)), whole)

    rows = sketch(*head["rows"])
    columns = tuple(
        ColumnSketch(name, sketch(count, whole), repeats)
        for name, count, whole, repeats in head["columns"]
    )
    anchors = tuple(
        Anchor(
            tuple(of),
            sketch(count, whole),
            tuple(tuple(next(cells) for _ in range(width)) for _ in range(count)),
        )
        for of, count, whole in head["anchors"]
    )
    return Fingerprint(rows, columns, anchors)


def _signed(key: int) -> int:
    """Return an unsigned number of 64 bits as the signed one that databases hold."""
    return key - RANGE if key >= RANGE // 2 else key


@dataclass(frozen=True, slots=True)
class Likeness:
    """How one file is like another: shares of rows in ppm, and the columns that correspond.

    `by_rows` says that whole rows were found again; else rows agree in the columns named.  The
    shares are estimates from `compared` rows: of n rows, give or take about 1/√n.
    """

    this_ppm: int
    other_ppm: int
    compared: int
    by_rows: bool
    columns: tuple[tuple[str, str], ...]

    @property
    def how(self) -> str:
        """In one word: `rows` or `columns`."""
        return "rows" if self.by_rows else "columns"

    @property
    def renamed(self) -> int:
        """How many of the columns that correspond are called otherwise."""
        return sum(1 for ours, theirs in self.columns if ours != theirs)


def likeness(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    """Return how one file is like another, or None where it is not to a notable extent."""
    matches = _corresponding(this, other)
    rows = overlap(this.rows, other.rows)
    least = min(SHARED_LEAST, rows.of_this, rows.of_other)
    chance = _chance(this, other, matches, beside=1)
    if rows.shared and rows.shared >= least and rows.most_ppm >= _notable(chance):
        compared = max(rows.of_this, rows.of_other)
        return _found(rows, compared, matches, this, other, by_rows=True)
    return _by_anchors(this, other)


def _notable(chance: float) -> int:
    """Return from which share on rows are not in both files by chance."""
    return max(NOTABLE_PPM, min(int(2 * chance * PPM), int((1 + chance) / 2 * PPM)))


def _found(
    rows: Overlap,
    compared: int,
    matches: Sequence[tuple[int, int]],
    this: Fingerprint,
    other: Fingerprint,
    *,
    by_rows: bool,
) -> Likeness:
    names = tuple((this.columns[i].name, other.columns[j].name) for i, j in matches)
    return Likeness(rows.this_ppm, rows.other_ppm, compared, by_rows, names)


def _corresponding(this: Fingerprint, other: Fingerprint) -> list[tuple[int, int]]:
    """Pair columns by their values, the most alike first; of equals those of one name or place."""
    rated = []
    for i, ours in enumerate(this.columns):
        for j, theirs in enumerate(other.columns):
            found = overlap(ours.values, theirs.values)
            if found.shared and found.most_ppm >= PPM * AGREEING:
                alike = found.shared / (found.of_this + found.of_other - found.shared)
                rated.append((-alike, ours.name != theirs.name, abs(i - j), i, j))
    return _one_to_one((i, j) for *_, i, j in sorted(rated))


def _one_to_one(ranked: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    ours: dict[int, int] = {}
    taken: set[int] = set()
    for i, j in ranked:
        if i not in ours and j not in taken:
            ours[i] = j
            taken.add(j)
    return sorted(ours.items())


def _chance(
    this: Fingerprint, other: Fingerprint, matches: Sequence[tuple[int, int]], *, beside: int
) -> float:
    """Return how likely strangers' rows agree in these columns, but for the `beside` rarest."""
    repeats = sorted(
        max(this.columns[i].repeats_ppm, other.columns[j].repeats_ppm) / PPM for i, j in matches
    )
    chance = 1.0
    for each in repeats[beside:]:
        chance *= each
    return chance


def _by_anchors(this: Fingerprint, other: Fingerprint) -> Likeness | None:
    found = [
        likeness
        for ours in this.anchors
        for theirs in other.anchors
        if len(ours.columns) == len(theirs.columns)
        for likeness in _around(ours, theirs, this, other)
    ]
    # Where an anchor's values repeat, copies keep another of its rows: the best one is nearest.
    return max(
        found, key=lambda each: (len(each.columns), each.this_ppm + each.other_ppm), default=None
    )


def _around(
    ours: Anchor, theirs: Anchor, this: Fingerprint, other: Fingerprint
) -> Iterator[Likeness]:
    """Yield the likeness of the rows around two anchors, if there is any."""
    seen = overlap(ours.values, theirs.values)
    if seen.shared < SHARED_LEAST or seen.most_ppm < NOTABLE_PPM:
        return
    there = dict(zip(theirs.values.keys, theirs.cells, strict=True))
    rows = [
        (cells, there[key])
        for key, cells in zip(ours.values.keys, ours.cells, strict=True)
        if key in there
    ]
    matches = _agreeing(rows, len(this.columns), len(other.columns))
    beyond = [(i, j) for i, j in matches if i not in ours.columns]
    narrower = min(len(this.columns), len(other.columns))
    if len(matches) < COLUMNS_LEAST or len(matches) <= COLUMNS_SHARE * narrower or not beyond:
        return
    if _chance(this, other, beyond, beside=0) > CHANCE_MOST:
        return
    wanted = ROW_AGREES * len(matches)
    same = sum(1 for a, b in rows if sum(a[i] == b[j] for i, j in matches) >= wanted)
    kept = Overlap(same, seen.of_this, seen.of_other)
    if kept.shared >= SHARED_LEAST and kept.most_ppm >= NOTABLE_PPM:
        compared = max(seen.of_this, seen.of_other)
        yield _found(kept, compared, matches, this, other, by_rows=False)


def _agreeing(
    rows: Sequence[tuple[tuple[int, ...], tuple[int, ...]]], ours: int, theirs: int
) -> list[tuple[int, int]]:
    """Pair the columns whose cells agree in most of the rows, the best first."""
    left = list(zip(*(a for a, _ in rows), strict=True))
    right = list(zip(*(b for _, b in rows), strict=True))
    rated = []
    for i in range(ours):
        for j in range(theirs):
            agree = sum(map(int.__eq__, left[i], right[j]))
            if agree >= AGREEING * len(rows) and any(left[i]):
                rated.append((-agree, abs(i - j), i, j))
    return _one_to_one((i, j) for *_, i, j in sorted(rated))
