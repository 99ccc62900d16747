"""Identifiers cut into pieces over neighbouring columns (rule I-10).

Two to four neighbouring columns whose cells have one length each are put together, for a sample
of rows first and for many more where the sample passes.  An identity number has a check digit
to prove it; a telephone number needs headers that say of what the pieces are, or the three pieces
in which it is read out, every prefix assigned to persons, over many rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from exchange.inspection import identifiers
from exchange.inspection.chances import CERTAIN, Trials, chance
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import header_suggests
from exchange.profile import ColumnType, SensitiveFinding, SensitiveKind

RESIDENT, MOBILE = SensitiveKind.RESIDENT_ID, SensitiveKind.MOBILE
_PIECES_MAX: Final = 4
_ROWS: Final = 2_000
_SHARE: Final = 0.9
_AS_READ: Final = (3, 4, 4)  # the lengths of the pieces of a mobile number
_ROWS_MANY: Final = 100
_PREFIXES_MIN: Final = 3
_LENGTHS: Final = {RESIDENT: 18, MOBILE: 11}
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
        for kind, length in _LENGTHS.items():
            for first in range(len(order)):
                for count in range(2, _PIECES_MAX + 1):
                    some = order[first : first + count]
                    if len(some) < count or some[-1] - some[0] != count - 1 or taken & {*some}:
                        continue
                    if sum(max(widths[i]) for i in some) != length:
                        continue
                    found = list(self._joined(examined, kind, some, widths))
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
            cells = [str(cell) for cell in examined.cells(i, 200)]
            if not cells or not all({*cell} <= _LETTERS for cell in cells):
                continue
            lengths = sorted({len(cell) for cell in cells})
            if column.type is ColumnType.INTEGER or len(lengths) == 1:
                found[i] = tuple(lengths)
        return found

    def _joined(
        self,
        examined: Examined,
        kind: SensitiveKind,
        some: list[int],
        widths: dict[int, tuple[int, ...]],
    ) -> Iterator[SensitiveFinding]:
        columns = [examined.table.columns[i] for i in some]
        named = any(header_suggests(each.name, kind) for each in columns)
        if kind is MOBILE and not named and [max(widths[i]) for i in some] != [*_AS_READ]:
            return
        rows = [row for row in examined.sample(some, _ROWS) if None not in row]
        texts = [
            "".join(_piece(cell, max(widths[i])) for cell, i in zip(row, some, strict=True))
            for row in rows
        ]
        length = _LENGTHS[kind]
        texts = [text for text in texts if len(text) == length and text.isascii()]
        if not texts or len(texts) < _SHARE * len(rows):
            return
        codes = identifiers.matrix(texts, length)
        if kind is RESIDENT:
            shaped, passed = identifiers.resident(codes)
        else:
            shaped = passed = identifiers.mobile(codes)
        trials = Trials()
        trials.add(codes, shaped, passed)
        if trials.passed < _SHARE * trials.tried:
            return
        if kind is MOBILE and not named and not _plainly(texts, trials):
            return
        if kind is RESIDENT and (
            chance(trials.shaped, trials.passed, identifiers.CHECK_BY_CHANCE) >= CERTAIN
        ):
            return
        evidence = f"{len(some)} neighbouring columns together make {kind.value} numbers"
        for column, i in zip(columns, some, strict=True):
            present = examined.present[i]
            yield SensitiveFinding(
                column.name, kind, present, present, certain=False, evidence=evidence
            )


def _plainly(texts: list[str], trials: Trials) -> bool:
    """Whether pieces under any header are telephone numbers: many, of several prefixes, and all."""
    prefixes = {text[: _AS_READ[0]] for text in texts}
    ends = {text[_AS_READ[0] :] for text in texts}
    return (
        len(texts) >= _ROWS_MANY
        and trials.passed == trials.tried
        and len(prefixes) >= _PREFIXES_MIN
        and len(ends) >= _SHARE * len(texts)
    )


def _piece(cell: object, width: int) -> str:
    if hasattr(cell, "strftime"):
        return str(cell.strftime("%Y%m%d"))
    return str(cell).strip().rjust(width, "0")  # a number has lost its zeros in front
