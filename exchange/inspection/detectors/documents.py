"""Passports, permits to travel and plates of cars: shapes without a check digit.

- passports of the People's Republic: a letter and eight digits, or two letters and seven
  (ICAO Doc 9303 leaves the form to the state); any other state's only under a header
- permits to travel to and from Hong Kong, Macau and Taiwan: a letter and eight digits, or ten;
  Taiwan's are eight digits, which only a header makes a permit
- plates: GA 36-2018, province, office letter, five characters, six for new energy (`plates` has
  those of other states)

Passports and permits are certain under a header that says so, and reported without one where
they fill a column whose letters are few.  A Chinese plate begins with a province's character and
needs no header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from exchange.inspection.cells import ALNUM, DIGIT, Cells, Places, normal, once
from exchange.inspection.chances import Looks, Trials
from exchange.inspection.detector import Watch
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

PASSPORT, PERMIT, PLATE = SensitiveKind.PASSPORT, SensitiveKind.PERMIT, SensitiveKind.PLATE

_FILLED: Final = 0.95
_MOST: Final = 0.5
_FEW_LETTERS: Final = 4  # a maker's part numbers run through the alphabet
_DISTINCT_MIN: Final = 20

_ANY_PASSPORT: Final = re.compile(rb"[A-Z0-9]{0,3}[0-9]{5,8}[A-Z0-9]?")
_ANY_PERMIT: Final = re.compile(
    rb"[CWHMTL]?[0-9]{8}(?:[0-9]{2})?|[CWT][A-Z][0-9]{7}|[A-Z]{3}[0-9]{12}|[0-9]{10}[A-Z]?"
)

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE: Final = re.compile(
    rf"(?<![一-鿿])[{_PROVINCES}][A-HJ-Z][·•.\s-]?(?:[0-9DF][A-HJ-NP-Z0-9][0-9]{{4}}"
    r"|[0-9]{5}[DF]|(?=[A-HJ-NP-Z0-9]*[0-9])[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使])"
    r"(?![A-Za-z0-9/])"
)
_PLATE_INSIDE: Final = re.compile(_PLATE.pattern.replace("(?<![一-鿿])", "", 1))
_INITIALS: Final = {PASSPORT: b"EGDSPHKM", PERMIT: b"CWHMTL"}
_INITIAL: Final = np.zeros(256, bool)
for _letter in b"".join(_INITIALS.values()):
    _INITIAL[[_letter, _letter | 32]] = True
_ENOUGH: Final = 200  # plates, with which there is no doubt that others are


class DocumentDetector:
    """Finds passports and permits under their headers, or alike enough to ask."""

    name = "documents"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts, and numbers where the header names a document."""
        named = any(header_suggests(column.name, kind) for kind in (PASSPORT, PERMIT))
        return DocumentWatch(column) if named or column.type is ColumnType.TEXT else None


class DocumentWatch:
    """Counts cells that a number of a document fills."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.named = {kind: header_suggests(column.name, kind) for kind in (PASSPORT, PERMIT)}
        self.trials = {PASSPORT: Trials(), PERMIT: Trials()}
        self.cells = {PASSPORT: 0, PERMIT: 0}
        self.letters: set[int] = set()
        self.taken = 0
        self.looks = Looks()

    def take(self, cells: Cells) -> None:
        """Count cells of so many bytes as documents have, capitals or not."""
        lengths = cells.lengths
        self.taken += cells.stand_for(np.flatnonzero(lengths))
        some = np.flatnonzero((lengths >= 7) & (lengths <= 17))
        if any(self.named.values()):
            for i in self.looks.choose(cells, some, lambda: True):
                cell = bytes(cells.data[cells.offsets[i] : cells.offsets[i + 1]])
                cell = cell.replace(b" ", b"").upper()
                self._take_named(cell, cells.stand_for(i))
            return
        for length in (9, 11):
            self._take_alike(cells, np.flatnonzero(lengths == length), length)

    def _take_named(self, cell: bytes, alike: int) -> None:
        for kind, form in ((PASSPORT, _ANY_PASSPORT), (PERMIT, _ANY_PERMIT)):
            if self.named[kind] and form.fullmatch(cell):
                self.cells[kind] += alike
                found = np.ones(1, bool)
                code = np.frombuffer(cell.ljust(17), np.uint8).reshape(1, -1)
                self.trials[kind].add(code, found, found)

    def _take_alike(self, cells: Cells, some: Places, length: int) -> None:
        """Count letter and digits, without a header to go by: all cells of one length at once."""
        some = some[_INITIAL[cells.data[cells.offsets[some]]]]
        if not some.size:
            return
        codes = cells.matrix(cells.offsets[some], length)
        upper = np.where(codes >= 97, codes & 0xDF, codes)
        shaped = DIGIT[upper[:, 2:]].all(axis=1) & ALNUM[upper[:, 1]]
        for kind, letters in _INITIALS.items():
            found = shaped & np.isin(upper[:, 0], np.frombuffer(letters, np.uint8))
            found &= DIGIT[upper[:, 1]] if kind is PERMIT else length == 9
            self.cells[kind] += cells.stand_for(some[found])
            self.trials[kind].add(upper[found], found[found], found[found])
            self.letters.update(np.unique(upper[found, 0]).tolist())

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Judge by the header, or by how full the column is and of how few letters."""
        for kind in (PASSPORT, PERMIT):
            if (
                self.named[kind]
                and self.looks.stand_for(self.cells[kind]) >= _MOST * self.taken > 0
            ):
                yield self._finding(kind, tested, certain=True)
                return
        for kind in (PERMIT, PASSPORT):
            if (
                not any(self.named.values())
                and self.cells[kind] >= _FILLED * self.taken > 0
                and self.trials[kind].passed >= _DISTINCT_MIN
                and 1 <= len(self.letters) <= _FEW_LETTERS
            ):
                yield self._finding(kind, tested, certain=False)
                return

    def _finding(self, kind: SensitiveKind, tested: int, *, certain: bool) -> SensitiveFinding:
        return SensitiveFinding(
            self.column.name,
            kind,
            self.looks.stand_for(self.cells[kind]),
            tested,
            certain,
            "the form of a document, under its header" if certain else "the form of a document",
            # Of how many persons, nobody knows who has not looked at all of them.
            subjects=None if self.looks.beyond else self.trials[kind].passed,
        )


class PlateDetector:
    """Finds plates of cars, in cells and in texts."""

    name = "plates"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts: a plate begins with a Chinese character."""
        return PlateWatch(column) if column.type is ColumnType.TEXT else None


class PlateWatch:
    """Counts cells with plates."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.looks = Looks()
        self.matched = 0
        self.embedded = 0

    def take(self, cells: Cells) -> None:
        """Count the cells in which a province's character stands before letter and digits."""
        # With thousands found one by one, the rest only adds to the count.
        for i in self.looks.choose(cells, _after_han(cells), lambda: self.matched >= _ENOUGH):
            text = normal(cells.text(i)).upper()
            found = _PLATE_INSIDE.search(text)
            if found is not None:
                alike = cells.stand_for(i)
                self.matched += alike
                self.embedded += alike * (len(text.strip()) > len(found[0]))

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Report plates; so particular a shape leaves no doubt."""
        if self.matched:
            yield SensitiveFinding(
                self.column.name,
                PLATE,
                self.looks.stand_for(self.matched),
                tested,
                certain=True,
                evidence="province, office letter and number of a plate (GA 36)",
                embedded=self.looks.stand_for(self.embedded),
            )


_LAST_BYTES: Final = np.zeros(65_536, bool)
for _each in _PROVINCES:
    _code = _each.encode()
    _LAST_BYTES[_code[1] * 256 + _code[2]] = True


def _after_han(cells: Cells) -> Places:
    """Return the cells in which a letter follows one of the provinces' characters."""
    data = cells.data
    if cells.ascii or len(data) < 8:
        return np.zeros(0, np.int64)
    places = np.flatnonzero(cells.letters[3:] & (data[2:-1] >= 128)) + 3
    pairs = data[places - 2].astype(np.int64) * 256 + data[places - 1]
    places = places[_LAST_BYTES[pairs] & (data[places - 3] >= 0xE4)]
    return once(cells.holders(places))
