"""Accounts by their IBAN: ISO 13616, a country, two digits of ISO 7064 MOD 97-10 and the account.

Looked for in every cell, written as one or in groups of four, alone or within a text; in small
letters under a header for accounts alone.  The number of characters is the country's own (SWIFT's
registry); of random ones of that form one in 97 passes.  Whose account it is, a table of firms
leaves open (`firms`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from exchange.inspection.cells import ALNUM, LETTER, Cells, Places, once
from exchange.inspection.chances import CERTAIN, Trials, chance, worth_reporting
from exchange.inspection.detector import Watch
from exchange.inspection.firms import IBAN
from exchange.inspection.identifiers import Codes, Mask
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

SHORTEST: Final = 15  # Norway's
BY_CHANCE: Final = 1 / 97
_HEADED: Final = 1_000  # times as sure, under a header or behind a word for accounts
_NEARLY_ALL: Final = 0.95
_BACKED_ENOUGH: Final = 200
_NEIGHBOURHOOD: Final = 24  # bytes before a number
_LENGTHS_OF: Final = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25
QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
_LENGTHS: Final = np.zeros((32, 32), np.uint8)  # by the letters of a country, a and A alike
for _country in _LENGTHS_OF.split():
    _LENGTHS[ord(_country[0]) & 31, ord(_country[1]) & 31] = int(_country[2:])
_JOINT: Final = ord(" ")
_PAYS: Final = re.compile(
    r"iban|konto|account|acct|compte|cuenta|conto|rekening|conta|bank|账[号户]|счет", re.IGNORECASE
)


class IbanDetector:
    """Finds international numbers of bank accounts."""

    name = "ibans"

    def watch(self, column: Column) -> Watch | None:
        """Watch texts: an IBAN begins with letters."""
        return IbanWatch(column) if column.type is ColumnType.TEXT else None


class IbanWatch:
    """Counts over the cells of one column."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.named = header_suggests(column.name, SensitiveKind.BANK_CARD)
        self.trials = Trials()
        self.matched = self.embedded = self.backed = self.shaped = 0

    def take(self, cells: Cells) -> None:
        """Count the accounts in a batch, however they are spelled."""
        for each in cells.plain():
            if each.longest >= SHORTEST and not each.numeric:
                self._take(each)

    def _take(self, cells: Cells) -> None:
        digits, data = cells.digits, cells.data
        # Mailboxes have digits behind small letters in every cell, and accounts hardly anywhere.
        letters = cells.letters if self.named else (data - np.uint8(65)) < 26
        if cells.shape is not None:  # each begins where its cell does
            starts = cells.offsets[:-1][letters[:: cells.shape] & digits[2 :: cells.shape]]
        else:
            # Where a digit follows a letter, which is seldom; the rest is looked up there.
            starts = np.flatnonzero(letters[1:-2] & digits[2:-1])
        starts = starts[letters[starts] & letters[starts + 1]]
        starts = starts[digits[starts + 2] & digits[starts + 3]]
        lengths = _LENGTHS[data[starts] & 31, data[starts + 1] & 31]
        some = (lengths > 0) & ~ALNUM[cells.before(starts)]
        starts, lengths = starts[some], lengths[some].astype(np.int64)
        ends = cells.offsets[1:][cells.holders(starts)] if starts.size else starts
        some = starts + lengths <= ends
        starts, lengths, ends = starts[some], lengths[some], ends[some]
        for length in np.flatnonzero(np.bincount(lengths)).tolist():
            of_length = lengths == length
            self._take_length(cells, starts[of_length], ends[of_length], length)

    def _take_length(self, cells: Cells, starts: Places, ends: Places, length: int) -> None:
        """Count candidates of one length, as one word and in groups of four."""
        groups = (length - 1) // 4
        spaced = length + groups
        joints = [4 + 5 * i for i in range(groups)]
        wide = starts[starts + spaced <= ends]
        wide = wide[cells.data[wide + 4] == _JOINT]
        codes = cells.matrix(wide, spaced)
        in_groups = (codes[:, joints] == _JOINT).all(axis=1)
        for some, width, numbers in (
            (starts, length, cells.matrix(starts, length)),
            (wide[in_groups], spaced, np.delete(codes[in_groups], joints, axis=1)),
        ):
            whole = ALNUM[numbers].all(axis=1) & ~ALNUM[cells.at(some + width)]
            if whole.any():
                self._count(cells, some[whole], numbers[whole], width)

    def _count(self, cells: Cells, starts: Places, numbers: Codes, width: int) -> None:
        passed = valid(numbers)
        self.shaped += cells.stand_for(once(cells.holders(starts)))
        self.trials.add(numbers, np.ones(len(numbers), bool), passed)
        starts = starts[passed]
        holders = cells.holders(starts)
        self.matched += cells.stand_for(once(holders))
        inside = cells.lengths[holders] > width + 2  # but for a quote on either side
        self.embedded += cells.stand_for(once(holders[inside]))
        if self.backed < _BACKED_ENOUGH:
            for start, cell in zip(
                starts[inside][:_BACKED_ENOUGH].tolist(),
                holders[inside][:_BACKED_ENOUGH].tolist(),
                strict=True,
            ):
                first = max(int(cells.offsets[cell]), start - _NEIGHBOURHOOD)
                self.backed += _PAYS.search(cells.span(first, start)) is not None

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Judge by what passed against what would by chance."""
        tried, passed = self.trials.tried, self.trials.passed
        by_chance = chance(tried, passed, BY_CHANCE)
        if self.backed or self.named:
            by_chance /= _HEADED
        if passed and worth_reporting(by_chance, tried):
            words = f"{passed} of {tried} pass MOD 97-10"
            yield self._finding(self.matched, tested, words, certain=by_chance < CERTAIN)
        elif self.named and self.shaped >= _NEARLY_ALL * tested:
            # Somebody may have changed digits, and the header says what they are.
            words = "the form, and not the check digits"
            yield self._finding(self.shaped, tested, words, certain=False)

    def _finding(self, matched: int, tested: int, words: str, *, certain: bool) -> SensitiveFinding:
        return SensitiveFinding(
            self.column.name,
            SensitiveKind.BANK_CARD,
            min(matched, tested),
            tested,
            certain,
            f"{IBAN}: {words}",
            embedded=min(self.embedded, tested),
            subjects=self.trials.tried,
        )


def valid(numbers: Codes) -> Mask:
    """Return which rows of letters and digits pass ISO 7064 MOD 97-10, the first four put last."""
    remainder = np.zeros(len(numbers), np.int64)
    for each in (*numbers[:, 4:].T, *numbers[:, :4].T):
        letter = LETTER[each]
        value = np.where(letter, (each & 31) + 9, each & 15).astype(np.int64)
        remainder = (remainder * np.where(letter, 100, 10) + value) % 97
    found: Mask = remainder == 1
    return found
