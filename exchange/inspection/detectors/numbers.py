"""Numbers of persons and organisations that can be checked: identity, telephone, card, code.

- resident identity numbers: GB 11643 (province, date of birth, check digit), plain or grouped,
  alone in a cell or within a text; the old form of fifteen digits has no check digit and counts
  by its share
- mobile numbers: an assigned prefix; no check digit exists, so a column's share, its name or
  words beside the number decide
- bank cards: ISO/IEC 7812 prefix and Luhn digit
- unified social credit codes: GB 32100 check character (an organisation, not a person)

A hit is not yet evidence: of random 18-digit serial numbers, one in 60,000 passes for an
identity number.  A column is judged by how many of its candidates pass, against how many would
by chance.  One identity number among very many serial numbers of the same length is therefore
not found; one in any number of rows of other text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from exchange.inspection import glued, identifiers
from exchange.inspection.cells import (
    ALNUM,
    DIGIT,
    Bytes,
    Cells,
    Mask,
    Places,
    different,
    once,
    unbroken,
)
from exchange.inspection.chances import CERTAIN, REPORTED, Trials, chance, worth_reporting
from exchange.inspection.detector import Watch
from exchange.inspection.identifiers import Codes
from exchange.inspection.lexicon import header_suggests
from exchange.inspection.reader import Column
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

SHORTEST: Final = 11  # digits of a telephone number
RESIDENT_DIGITS: Final = 17  # before the check character
DISABLED_LENGTH: Final = 20  # of a card of the disabled
MOST: Final = 0.6  # of candidates; what fills a column less is a mixture or chance
NEARLY_ALL: Final = 0.95
_BACKED_ENOUGH: Final = 200  # words beside a number are looked for no further
NEIGHBOURHOOD: Final = 24  # bytes before a number
_SERIAL_STEP: Final = 100  # mean distance of neighbouring numbers below which they count up

RESIDENT, MOBILE, CARD, CODE = (
    SensitiveKind.RESIDENT_ID,
    SensitiveKind.MOBILE,
    SensitiveKind.BANK_CARD,
    SensitiveKind.CREDIT_CODE,
)
# Lengths of the groups in which people write the digits.
_GROUPED: Final = {
    (3, 4, 4): MOBILE,
    (3, 3, 5): MOBILE,
    (4, 4, 3): MOBILE,
    (6, 8, 4): RESIDENT,
    (6, 8, 3): RESIDENT,  # and an X
    (6, 4, 4, 4): RESIDENT,
    (6, 4, 4, 3): RESIDENT,
    (4, 4, 4, 4): CARD,
    (4, 4, 4, 4, 3): CARD,
    (6, 13): CARD,
    (4, 4, 4, 4, 2): CARD,
}
_JOINTS: Final = np.zeros(256, bool)
_JOINTS[list(b" -.")] = True
_POINT: Final = ord(".")

CALLS: Final = re.compile(
    r"电话|手机|联系|致电|来电|拨打|短信|微信|tel|phone|mobile|call|cell|contact|sms|whatsapp|dial|тел|\+?86",
    re.IGNORECASE,
)
_PAYS: Final = re.compile(
    r"银行|卡|账[号户]|付款|转账|退款|card|bank|account|acct|pay|refund|pan\b", re.IGNORECASE
)
_X: Final = np.frombuffer(b"Xx", np.uint8)
_MOBILES_KEPT: Final = 20_000


@dataclass(slots=True)
class _Count:
    """Cells in which one kind stands, and different values of it."""

    cells: int = 0
    embedded: int = 0
    backed: int = 0  # by a word beside the number
    whole: Trials = field(default_factory=Trials)
    within: Trials = field(default_factory=Trials)
    short: Trials = field(default_factory=Trials)  # cards of sixteen digits within texts


class NumberDetector:
    """Finds numbers that a standard gives a check digit or a numbering plan a prefix."""

    name = "numbers"

    def watch(self, column: Column) -> Watch:
        """Watch any column: numbers of persons hide in numeric columns and in texts."""
        return NumberWatch(column)


class NumberWatch:
    """Counts over the cells of one column."""

    def __init__(self, column: Column) -> None:
        """Begin with nothing counted."""
        self.column = column
        self.counts = {kind: _Count() for kind in (RESIDENT, MOBILE, CARD, CODE)}
        self.old = Trials()
        self.old_cells = 0
        self.old_years: set[int] = set()
        self.prefixes: set[int] = set()
        self.mobiles = np.zeros(0, np.int64)  # some of them, to tell numbers that count up

    def take(self, cells: Cells) -> None:
        """Count the numbers in a batch, however they are spelled."""
        for plain in cells.plain():
            for each in glued.unescaped(plain):
                self._take(each)

    def findings(self, tested: int) -> Iterator[SensitiveFinding]:
        """Judge each kind by what passed against what would by chance."""
        for judge in (self._resident, self._mobile, self._card, self._credit_code):
            yield from judge(tested)

    # -- counting ------------------------------------------------------------------------------

    def _take(self, cells: Cells) -> None:
        if cells.longest < SHORTEST:
            return
        starts, ends = cells.runs(cells.digits, SHORTEST)
        residents = self._take_plain(cells, starts, ends) if starts.size else starts
        self._take_codes(cells, residents)
        grouped = _grouped(cells)
        if grouped.size:
            self._take_grouped(cells.some(grouped))

    def _take_plain(self, cells: Cells, starts: Places, ends: Places) -> Places:
        """Count numbers without joints; return where residents' identity numbers begin."""
        lengths = ends - starts
        after, lettered, free, ending_x = _surroundings(cells, starts, ends)
        present = set(np.flatnonzero(np.bincount(np.minimum(lengths, 20))).tolist())
        if 11 in present:
            called = free & (lengths == 11) & (after != ord("@"))  # else the name of a mailbox
            self._number(cells, starts[called], 11, MOBILE)
            behind = starts[(lengths == 11) & ~free]  # a letter, or another sign
            self._number(cells, glued.worded(cells, behind), 11, MOBILE)
        for prefix, length in ((b"86", 13), (b"0086", 15)):
            if length in present:
                some = starts[(lengths == length) & free]
                led = np.all(
                    cells.matrix(some, len(prefix)) == np.frombuffer(prefix, np.uint8), axis=1
                )
                self._number(cells, some[led] + len(prefix), 11, MOBILE, lead=len(prefix))
        if 15 in present:
            self._old(cells, starts[(lengths == 15) & free])
        taken = starts[:0]
        if present & {17, 18}:
            taken = self._number(
                cells, starts[((lengths == 18) | ending_x) & lettered], 18, RESIDENT
            )
        if present & {RESIDENT_DIGITS, DISABLED_LENGTH}:
            self._disabled(cells, starts, lengths, lettered)
        for length in identifiers.CARD_LENGTHS:
            if length in present:
                some = starts[(lengths == length) & free & ~ending_x]
                if length == 18 and taken.size:
                    some = some[~_among(cells, some, taken)]
                self._number(cells, some, length, CARD)
        return taken

    def _take_grouped(self, cells: Cells) -> None:
        """Read numbers written in groups of digits with one joint between them."""
        starts, ends = cells.runs(cells.digits)
        lengths = ends - starts
        near = np.flatnonzero((starts[1:] - ends[:-1]) == 1)
        joint = np.zeros(len(starts), bool)
        joint[near] = _JOINTS[cells.data[ends[near]]]
        holders = cells.holders(starts)
        joint[:-1] &= holders[:-1] == holders[1:]
        for groups, kind in _GROUPED.items():
            first = np.flatnonzero(lengths == groups[0])
            for step, length in enumerate(groups[1:], start=1):
                first = first[first + step < len(starts)]
                first = first[joint[first + step - 1] & (lengths[first + step] == length)]
            if not first.size:
                continue
            last = first + len(groups) - 1
            led = (first > 0) & joint[first - 1]
            if kind is MOBILE:  # +86 139 …
                country = _is_country(cells, starts[first - 1], lengths[first - 1])
                led &= ~(country & ~((first > 1) & joint[first - 2]))
            alone = ~led & ~joint[last] & ~ALNUM[cells.before(starts[first])]
            after = cells.at(ends[last])
            with_x = kind is RESIDENT and groups[-1] == 3
            alone &= np.isin(after, _X) if with_x else ~ALNUM[after]
            first, last = first[alone], last[alone]
            if not first.size:
                continue
            places = np.concatenate(
                [
                    starts[first + i][:, None] + np.arange(length)
                    for i, length in enumerate((*groups[:-1], groups[-1] + with_x))
                ],
                axis=1,
            )
            self._count(cells, kind, cells.data[places], starts[first], ends[last] + with_x)

    def _take_codes(self, cells: Cells, residents: Places) -> None:
        """Count codes; what is somebody's identity number is no organisation's code."""
        starts, ends = cells.words
        some = starts[(ends - starts) == 18]
        if residents.size:
            some = some[~_among(cells, some, residents)]
        self._number(cells, some, 18, CODE)

    def _disabled(self, cells: Cells, starts: Places, lengths: Places, lettered: Mask) -> None:
        """Count cards of the disabled: an identity number, the kind and the level behind it."""
        with_x = starts[lengths == RESIDENT_DIGITS]
        with_x = with_x[np.isin(cells.at(with_x + RESIDENT_DIGITS), _X)]
        some = np.concatenate((starts[lettered & (lengths == DISABLED_LENGTH)], with_x))
        if not some.size:
            return
        for ahead, last in ((18, b"7"), (19, b"4")):
            behind = cells.at(some + ahead)
            some = some[(behind >= ord("1")) & (behind <= last[0])]
        some = np.sort(some[~ALNUM[cells.at(some + DISABLED_LENGTH)]])
        if some.size:
            codes = cells.matrix(some, DISABLED_LENGTH)[:, :18]
            self._count(cells, RESIDENT, codes, some, some + DISABLED_LENGTH)

    def _old(self, cells: Cells, starts: Places) -> None:
        if starts.size:
            codes = cells.matrix(starts, 15)
            shaped = identifiers.resident_old(codes)
            self.old.add(codes, shaped, shaped)
            self.old_cells += cells.stand_for(once(cells.holders(starts[shaped])))
            years = codes[shaped][:1000, 6:8].astype(int) - 48
            self.old_years.update((years @ np.array([10, 1])).tolist())

    def _number(
        self, cells: Cells, starts: Places, length: int, kind: SensitiveKind, *, lead: int = 0
    ) -> Places:
        """Count numbers of one length; return where those that pass begin."""
        if not starts.size:
            return starts
        return self._count(
            cells, kind, cells.matrix(starts, length), starts - lead, starts + length
        )

    def _count(
        self, cells: Cells, kind: SensitiveKind, codes: Codes, starts: Places, ends: Places
    ) -> Places:
        if kind is MOBILE:
            shaped = passed = identifiers.mobile(codes)
            tried = codes[:, 0] == 49
            codes, starts, ends = codes[tried], starts[tried], ends[tried]
            shaped = passed = passed[tried]
        elif kind is RESIDENT:
            shaped, passed = identifiers.resident(codes)
        elif kind is CARD:
            shaped, passed = identifiers.bank_card(codes)
        else:
            shaped, passed = identifiers.credit_code(codes)
        if not len(codes):
            return starts
        count = self.counts[kind]
        # A number fills its cell, but for a quote or a space on either side.
        whole = cells.first[starts] & cells.first[ends]
        rest = np.flatnonzero(~whole)
        holders = cells.holders(starts[rest])
        whole[rest] = cells.lengths[holders] <= (ends - starts)[rest] + 2
        within = count.short if kind is CARD and codes.shape[1] == 16 else count.within
        if len(rest):
            inside = ~whole
            within.add(codes[inside], shaped[inside], passed[inside])
            count.whole.add(codes[whole], shaped[whole], passed[whole])
        else:
            count.whole.add(codes, shaped, passed)
        # Numbers that fill their cells are as many as these, if each stands for itself.
        alone = not len(rest) and cells.weights is None
        filled = starts[passed] if alone else once(cells.holders(starts[passed]))
        count.cells += cells.stand_for(filled)
        embedded = passed[rest] & ~whole[rest]
        count.embedded += cells.stand_for(once(holders[embedded]))
        self._remember(kind, codes, passed)
        if kind in {MOBILE, CARD} and count.backed < _BACKED_ENOUGH and embedded.any():
            words = CALLS if kind is MOBILE else _PAYS
            for start, cell in zip(
                starts[rest][embedded][:_BACKED_ENOUGH].tolist(),
                holders[embedded][:_BACKED_ENOUGH].tolist(),
                strict=True,
            ):
                first = max(int(cells.offsets[cell]), start - NEIGHBOURHOOD)
                count.backed += words.search(cells.span(first, start)) is not None
        return starts[passed]

    def _remember(self, kind: SensitiveKind, codes: Codes, passed: npt.NDArray[np.bool_]) -> None:
        if kind is MOBILE and len(self.mobiles) < _MOBILES_KEPT:
            some = codes[np.flatnonzero(passed)[:_MOBILES_KEPT]].astype(np.int64) - 48
            self.prefixes.update((some[:, :3] @ np.array([100, 10, 1])).tolist())
            numbers = some @ (10 ** np.arange(10, -1, -1))
            self.mobiles = different(self.mobiles, numbers)

    # -- judging -------------------------------------------------------------------------------

    def _finding(
        self, kind: SensitiveKind, tested: int, evidence: str, *, certain: bool
    ) -> SensitiveFinding:
        count = self.counts[kind]
        people = count.whole.passed + count.within.passed + count.short.passed
        subjects = None if kind is CODE else people
        return SensitiveFinding(
            self.column.name,
            kind,
            count.cells,
            tested,
            certain,
            evidence,
            embedded=count.embedded,
            subjects=subjects,
        )

    def _resident(self, tested: int) -> Iterator[SensitiveFinding]:
        count, named = self.counts[RESIDENT], header_suggests(self.column.name, RESIDENT)
        tried = count.whole.tried + count.within.tried
        shaped = count.whole.shaped + count.within.shaped
        passed = count.whole.passed + count.within.passed
        by_chance = chance(tried, passed, identifiers.RESIDENT_BY_CHANCE)
        if passed < shaped:
            # Numbers made of a region and a date that are something else pass one in eleven.
            by_chance = max(by_chance, chance(shaped, passed, identifiers.CHECK_BY_CHANCE))
        if named:
            by_chance /= 100
        if passed and by_chance < REPORTED:
            evidence = f"{passed} of {tried} pass province, date and check digit (GB 11643)"
            yield self._finding(RESIDENT, tested, evidence, certain=by_chance < CERTAIN)
            return
        yield from self._resident_old(tested, named=named)

    def _resident_old(self, tested: int, *, named: bool) -> Iterator[SensitiveFinding]:
        """Judge fifteen digits: without a check digit, only a header makes them certain."""
        old = self.old
        if not old.passed or old.passed < NEARLY_ALL * old.tried:
            return
        if chance(old.tried, old.passed, identifiers.OLD_BY_CHANCE) >= CERTAIN:
            return
        # Persons are born in many years; what counts days or orders keeps to one or two.
        if not named and len(self.old_years) < 10:
            return
        evidence = f"{old.passed} of {old.tried} have province and birthday (GB 11643-1989)"
        yield SensitiveFinding(
            self.column.name,
            RESIDENT,
            self.old_cells,
            tested,
            named,
            evidence,
            subjects=old.passed,
        )

    def _counts_up(self) -> bool:
        """Whether the mobile numbers stand as close together as numbers given out in turn."""
        numbers = self.mobiles
        return len(numbers) > 2 and int(numbers[-1] - numbers[0]) < _SERIAL_STEP * len(numbers)

    def _in_steps(self) -> bool:
        """Whether the mobile numbers differ by multiples of some step, as measurements do."""
        return len(self.mobiles) > 2 and int(np.gcd.reduce(np.diff(self.mobiles))) > 1

    def _mobile(self, tested: int) -> Iterator[SensitiveFinding]:
        count, named = self.counts[MOBILE], header_suggests(self.column.name, MOBILE)
        tried = count.whole.tried + count.within.tried
        passed = count.whole.passed + count.within.passed
        if not passed or passed < MOST * tried:
            return
        evidence = f"{passed} of {tried} have an assigned prefix"
        filled = passed >= NEARLY_ALL * tried and (
            chance(tried, passed, identifiers.MOBILE_BY_CHANCE) < CERTAIN
        )
        if self._counts_up() and not count.backed:
            if len(self.mobiles) > 20:
                yield self._finding(MOBILE, tested, evidence + ", counting up", certain=False)
            return
        # Of a city's or an operator's people all numbers begin alike, and so do those of a count
        # or a frequency, which goes in steps.
        alike = not named and filled and len(self.prefixes) < 5 and not count.backed
        if alike and self._in_steps():
            return
        certain = (named or filled or count.backed > 0) and not alike
        numeric = self.column.type is not ColumnType.TEXT
        if numeric and not (certain or alike or count.within.passed):
            return  # a few measurements
        yield self._finding(MOBILE, tested, evidence, certain=certain)

    def _card(self, tested: int) -> Iterator[SensitiveFinding]:
        count, named = self.counts[CARD], header_suggests(self.column.name, CARD)
        parts = (count.whole, count.within, count.short)
        # In a column, numbers of one maker may all begin as a bank's do; in texts they do not.
        alone = chance(count.whole.shaped, count.whole.passed, identifiers.LUHN_BY_CHANCE)
        inside = min(
            _in_texts(count.within, identifiers.CARD_BY_CHANCE),
            _in_texts(count.short, identifiers.SHORT_CARD_BY_CHANCE),
        )
        if count.backed:
            inside /= 1000
        by_chance = min(alone, inside) / (1000 if named else 1)
        passed, shaped = sum(part.passed for part in parts), sum(part.shaped for part in parts)
        if passed and worth_reporting(by_chance, count.whole.tried):
            evidence = f"{passed} of {shaped} with an issuer's prefix pass Luhn (ISO/IEC 7812)"
            yield self._finding(CARD, tested, evidence, certain=by_chance < CERTAIN)

    def _credit_code(self, tested: int) -> Iterator[SensitiveFinding]:
        count, named = self.counts[CODE], header_suggests(self.column.name, CODE)
        passed = count.whole.passed + count.within.passed
        shaped = count.whole.shaped + count.within.shaped
        by_chance = chance(shaped, passed, identifiers.CREDIT_BY_CHANCE) / (1000 if named else 1)
        if passed and worth_reporting(by_chance, count.whole.tried):
            evidence = f"{passed} of {shaped} pass the check character of GB 32100"
            yield self._finding(CODE, tested, evidence, certain=by_chance < CERTAIN)


def _surroundings(cells: Cells, starts: Places, ends: Places) -> tuple[Bytes, Mask, Mask, Mask]:
    """Return what follows runs of digits, which end as numbers do, stand free, and go on in X."""
    if cells.numeric:  # each is all of its cell
        free = np.ones(len(starts), bool)
        return np.zeros(len(starts), np.uint8), free, free, ~free
    before, after = cells.before(starts), cells.at(ends)
    # A fraction is no number of anybody: 0.13912345678, 139123456789.5.
    part = np.zeros(len(starts), bool)
    pointed = np.flatnonzero(before == _POINT)
    part[pointed] = DIGIT[cells.before(starts[pointed] - 1)]
    pointed = np.flatnonzero(after == _POINT)
    part[pointed] |= DIGIT[cells.at(ends[pointed] + 1)]
    closed = ~ALNUM[after]
    ending_x = (ends - starts == 17) & ((after | np.uint8(32)) == ord("x"))
    with_x = np.flatnonzero(ending_x)
    closed[with_x] = ~ALNUM[cells.at(ends[with_x] + 1)]
    # Letters right before an identity number (ID3702…) do not hide it: it has a check digit.
    lettered = closed & ~part
    return after, lettered, lettered & ~ALNUM[before], ending_x


def _grouped(cells: Cells) -> Places:
    """Return the cells in which a joint stands between three digits and three more.

    Every way of writing a number in groups has such a joint, the first one.
    """
    data, digits = cells.data, cells.digits
    if not any(joint in cells.raw for joint in (b" ", b"-", b".")):
        return np.zeros(0, np.int64)
    joints = (data == ord(" ")) | (data == ord("-")) | (data == _POINT)
    if len(data) < 7 or not (joints[3:-3] & digits[2:-4] & digits[4:-2]).any():
        return np.zeros(0, np.int64)
    three = unbroken(digits, 3)
    places = np.flatnonzero(joints[3:-3] & three[:-4] & three[4:]) + 3
    holders = cells.holders(places)
    # Both sides in one cell: numbers of neighbouring cells are no groups.
    inside = (places - 3 >= cells.offsets[holders]) & (places + 4 <= cells.offsets[holders + 1])
    return once(holders[inside])


def _among(cells: Cells, places: Places, others: Places) -> npt.NDArray[np.bool_]:
    """Return which byte positions are among others."""
    marked = np.zeros(len(cells.data), bool)
    marked[others] = True
    return marked[places]


def _in_texts(trials: Trials, probability: float) -> float:
    """Return how likely chance passes as many of these, whatever they begin with."""
    by_chance = chance(trials.tried, trials.passed, probability)
    if trials.passed < trials.shaped:
        luhn = chance(trials.shaped, trials.passed, identifiers.LUHN_BY_CHANCE)
        by_chance = max(by_chance, luhn)
    return by_chance


def _is_country(cells: Cells, starts: Places, lengths: Places) -> npt.NDArray[np.bool_]:
    """Tell groups of digits that are China's prefix, 86 or 0086, from others."""
    found = np.zeros(len(starts), bool)
    for prefix in (b"86", b"0086"):
        some = np.flatnonzero(lengths == len(prefix))
        codes = cells.matrix(starts[some], len(prefix))
        found[some] = np.all(codes == np.frombuffer(prefix, np.uint8), axis=1)
    return found
