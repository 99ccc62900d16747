"""Identifiers cut into pieces over neighbouring columns (rule I-10).

Two to four neighbouring columns whose cells have one length each are put together, for a sample
of rows first and for many more where the sample passes; two pieces of an identity number may have
other columns between them.  An identity number and a bank card have a check digit to prove them; a
telephone number needs headers that say of what the pieces are, or pieces in which it is read out or
assigned, every prefix a person's, over many rows, and the rest anything that digits can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from exchange.inspection import identifiers
from exchange.inspection.chances import CERTAIN, Trials, chance
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

RESIDENT, MOBILE, CARD = (
    SensitiveKind.RESIDENT_ID,
    SensitiveKind.MOBILE,
    SensitiveKind.BANK_CARD,
)
_PIECES_MAX: Final = 4
_ROWS: Final = 2_000
_SHARE: Final = 0.9
# The lengths of the pieces of a mobile number, and how many prefixes there are at least: in two
# pieces it is an exchange of ten thousand and a number, or a prefix and eight digits, as heights
# beside days are.
_AS_READ: Final = {(3, 4, 4): 3, (3, 8): 10, (7, 4): 10}
_PREFIX: Final = 3
_ROWS_MANY: Final = 100
_LENGTHS: Final = ((RESIDENT, 18), (MOBILE, 11), (CARD, 19), (CARD, 16))
_APART_MAX: Final = 4  # columns from one piece to the other
_DIGITS_MIN: Final = 8  # of ten; areas begin with 0, and days with 1 or 2
_FEW: Final = 50  # rows that say whether more are worth it
_LETTERS: Final = frozenset("0123456789Xx")


class PieceDetector:
    """Finds identity and telephone numbers that neighbouring columns make together."""

    name = "pieces"
    rank = 1

    def relate(self, examined: Examined) -> Iterator[SensitiveFinding]:
        """Put together the columns that may be pieces."""
        widths = self._widths(examined)
        order = sorted(widths)
        taken: set[int] = set()
        for kind, length in _LENGTHS:
            for some in [*_neighbours(order), *(_apart(order) if kind is RESIDENT else ())]:
                if taken & {*some} or sum(max(widths[i]) for i in some) != length:
                    continue
                found = list(self._joined(examined, (kind, length), some, widths))
                if found:
                    taken |= {*some}
                yield from found

    def _widths(self, examined: Examined) -> dict[int, tuple[int, ...]]:
        """Return the columns of digits whose cells have one length, numbers up to their longest."""
        found: dict[int, tuple[int, ...]] = {}
        for i, column, _ in examined.held():
            if column.type is ColumnType.TIMESTAMP:
                found[i] = (8,)  # a birthday is a date to a reader
                continue
            if column.type not in (ColumnType.TEXT, ColumnType.INTEGER):
                continue
            cells = examined.texts(i, 200)
            if not cells or not all({*cell} <= _LETTERS for cell in cells):
                continue
            lengths = sorted({len(cell) for cell in cells})
            if column.type is ColumnType.INTEGER or len(lengths) == 1:
                found[i] = tuple(lengths)
        return found

    def _joined(
        self,
        examined: Examined,
        number: tuple[SensitiveKind, int],
        some: list[int],
        widths: dict[int, tuple[int, ...]],
    ) -> Iterator[SensitiveFinding]:
        kind, length = number
        columns = [examined.table.columns[i] for i in some]
        named = any(header_suggests(each.name, kind) for each in columns)
        cut = tuple(max(widths[i]) for i in some)
        if kind is MOBILE and not named and cut not in _AS_READ:
            return
        for rows in (_FEW, _ROWS):
            texts = _texts(examined.sample(some, rows), cut)
            trials = _tried(texts, kind, length)
            if not texts or trials.passed < _SHARE * trials.tried:
                return
        if kind is MOBILE and not named and not _plainly(texts, trials, cut):
            return
        by_chance = {RESIDENT: identifiers.CHECK_BY_CHANCE, CARD: identifiers.LUHN_BY_CHANCE}
        if kind in by_chance and (chance(trials.shaped, trials.passed, by_chance[kind]) >= CERTAIN):
            return
        near = "neighbouring " if some[-1] - some[0] == len(some) - 1 else ""
        evidence = f"{len(some)} {near}columns together make {kind.value} numbers"
        for column, i in zip(columns, some, strict=True):
            present = examined.present[i]
            yield SensitiveFinding(
                column.name, kind, present, present, certain=False, evidence=evidence
            )


def _neighbours(order: list[int]) -> Iterator[list[int]]:
    """Yield two to four columns that follow one another."""
    for first in range(len(order)):
        for count in range(2, _PIECES_MAX + 1):
            some = order[first : first + count]
            if len(some) == count and some[-1] - some[0] == count - 1:
                yield some


def _apart(order: list[int]) -> Iterator[list[int]]:
    """Yield two columns between which others stand."""
    for at, first in enumerate(order):
        for other in order[at + 1 :]:
            if other - first > _APART_MAX:
                break
            if other - first > 1:
                yield [first, other]


def _texts(rows: list[tuple[object, ...]], cut: tuple[int, ...]) -> list[str]:
    """Return the pieces of rows together, nothing where many of them are of another length."""
    whole = [row for row in rows if None not in row]
    texts = [
        "".join(_piece(cell, width) for cell, width in zip(row, cut, strict=True)) for row in whole
    ]
    texts = [text for text in texts if len(text) == sum(cut) and text.isascii()]
    return texts if len(texts) >= _SHARE * len(whole) else []


def _tried(texts: list[str], kind: SensitiveKind, length: int) -> Trials:
    """Return how many of some numbers are right."""
    trials = Trials()
    codes = identifiers.matrix(texts, length)
    if kind is MOBILE:
        shaped = passed = identifiers.mobile(codes)
    elif kind is RESIDENT:
        shaped, passed = identifiers.resident(codes)
    else:
        shaped, passed = identifiers.bank_card(codes)
    trials.add(codes, shaped, passed)
    return trials


def _plainly(texts: list[str], trials: Trials, cut: tuple[int, ...]) -> bool:
    """Whether pieces under any header are telephone numbers: many, of several prefixes, and all."""
    prefixes = {text[:_PREFIX] for text in texts}
    ends = {text[_PREFIX:] for text in texts}
    last = {text[-cut[-1]] for text in texts}  # the last piece begins with any digit
    return (
        len(texts) >= _ROWS_MANY
        and trials.passed == trials.tried
        and len(prefixes) >= _AS_READ[cut]
        and len(ends) >= _SHARE * len(texts)
        and (len(cut) > 2 or len(last) >= _DIGITS_MIN)
    )


def _piece(cell: object, width: int) -> str:
    if hasattr(cell, "strftime"):
        return str(cell.strftime("%Y%m%d"))
    return str(cell).strip().rjust(width, "0")  # a number has lost its zeros in front
